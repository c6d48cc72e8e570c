-- Tries at passwords that did not succeed, or not yet: each counts for the address that was typed and for the client's,
-- which are kept as keyed hashes.
CREATE TABLE sign_in_attempts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    subject BINARY(32) NOT NULL,
    tried_at DATETIME(6) NOT NULL,
    KEY sign_in_attempts_recent (subject, tried_at),
    KEY sign_in_attempts_age (tried_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
