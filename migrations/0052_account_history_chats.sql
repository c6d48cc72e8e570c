-- Which chat was linked or unlinked.
ALTER TABLE account_history ADD COLUMN identity_id BIGINT UNSIGNED NULL,
    ADD CONSTRAINT account_history_identity_known FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE SET NULL;
