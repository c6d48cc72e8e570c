-- What is to be mailed, without its words: they are made when it is sent, and so is the code that it carries, of which
-- only a keyed hash is kept. The code is good for the chat `identity_id` alone, until `ended_at` is set: it was used,
-- tried too often, or another letter took its place.
CREATE TABLE letters (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    address VARCHAR(254) COLLATE utf8mb4_bin NOT NULL,
    language VARCHAR(8) NOT NULL,
    identity_id BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    code_hash BINARY(32) NULL,
    expires_at DATETIME(6) NULL,
    tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    ended_at DATETIME(6) NULL,
    KEY letters_identity (identity_id, created_at),
    KEY letters_address (address, created_at),
    CONSTRAINT letters_identity_known FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
