-- `name`: as the platform told it when the place was bound. `lost_at`: when it was last found that the place can't be
-- written to; `lost_cause` says why.
ALTER TABLE places
    ADD COLUMN name VARCHAR(200) NULL,
    ADD COLUMN lost_at DATETIME(6) NULL,
    ADD COLUMN lost_cause VARCHAR(16) NULL;
