-- A person's open tickets by their last change, from the key alone.
ALTER TABLE tickets DROP KEY tickets_requester, ADD KEY tickets_requester (requester_id, status, changed_at);
