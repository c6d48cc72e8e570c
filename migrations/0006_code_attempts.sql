CREATE TABLE code_attempts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identity_id BIGINT UNSIGNED NOT NULL,
    tried_at DATETIME(6) NOT NULL,
    KEY code_attempts_recent (identity_id, tried_at),
    CONSTRAINT code_attempts_identity_known FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
