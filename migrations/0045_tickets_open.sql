-- A person's open tickets by their last change, in one piece of one key.
ALTER TABLE tickets
    ADD COLUMN is_open BOOLEAN GENERATED ALWAYS AS (status <> 'closed') STORED,
    DROP KEY tickets_requester,
    ADD KEY tickets_requester (requester_id, is_open, changed_at, id);
