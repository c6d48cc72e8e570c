-- What an admin deletes can be restored to where it stood. It is neither open nor closed, and so in nobody's list.
ALTER TABLE tickets
    ADD COLUMN status_before VARCHAR(16) NULL,
    ADD COLUMN deleted_at DATETIME(6) NULL,
    ADD KEY tickets_status_before (status_before),
    ADD KEY tickets_deleted (deleted_at),
    ADD CONSTRAINT tickets_status_before_known FOREIGN KEY (status_before) REFERENCES statuses (code)
        ON DELETE RESTRICT,
    MODIFY COLUMN is_open BOOLEAN GENERATED ALWAYS AS (IF(status = 'deleted', NULL, status <> 'closed')) STORED;
