-- `unreachable_at`: when it was last found that the person can't be written to; `unreachable_cause` says why.
ALTER TABLE identities
    ADD COLUMN unreachable_at DATETIME(6) NULL,
    ADD COLUMN unreachable_cause VARCHAR(16) NULL;
