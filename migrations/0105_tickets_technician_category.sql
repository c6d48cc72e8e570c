-- Somebody's tickets of one category, without going through all of theirs.
ALTER TABLE tickets ADD KEY tickets_technician_category (technician_id, category_id, status, urgency, opened_at, id);
