-- The admin who was shown the code of somebody else's account: it is good for as long as they are one.
ALTER TABLE link_codes ADD COLUMN issued_by BIGINT UNSIGNED NULL,
    ADD CONSTRAINT link_codes_issued_by_known FOREIGN KEY (issued_by) REFERENCES accounts (id) ON DELETE CASCADE;
