-- Of one status, by urgency, in the order of their numbers.
ALTER TABLE tickets DROP KEY tickets_status, ADD KEY tickets_status (status, urgency, id);
