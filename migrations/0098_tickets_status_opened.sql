-- Of one status and urgency, in the order in which they were opened: also of those of some age, a list begins at its first.
ALTER TABLE tickets DROP KEY tickets_status, ADD KEY tickets_status (status, urgency, opened_at, id);
