-- The same of one technician.
ALTER TABLE tickets DROP KEY tickets_technician, ADD KEY tickets_technician (technician_id, status, urgency, opened_at, id);
