-- The chat that somebody used last: they are told things there.
ALTER TABLE accounts ADD COLUMN chat_id BIGINT UNSIGNED NULL,
    ADD CONSTRAINT accounts_chat_known FOREIGN KEY (chat_id) REFERENCES identities (id) ON DELETE SET NULL;
