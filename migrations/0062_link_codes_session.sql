-- The session on whose page a code was shown, by its hash: a link with that code has to be confirmed there.
-- `claimed_by` is the chat that said yes to the bot, and waits for the page.
ALTER TABLE link_codes ADD COLUMN session BINARY(32) NULL, ADD COLUMN claimed_by BIGINT UNSIGNED NULL,
    ADD KEY link_codes_session (session),
    ADD CONSTRAINT link_codes_claimed_by_known FOREIGN KEY (claimed_by) REFERENCES identities (id) ON DELETE CASCADE;
