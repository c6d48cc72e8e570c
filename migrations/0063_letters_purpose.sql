-- A letter by which a password is set is for no chat: what it carries is a link (`password_links`), whose hash is in
-- `code_hash` too. By their age letters are counted and deleted.
ALTER TABLE letters MODIFY COLUMN identity_id BIGINT UNSIGNED NULL, ADD KEY letters_age (created_at);
