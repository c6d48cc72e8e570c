-- One-time links by which a password is set, by the hash of what they hold.
CREATE TABLE password_links (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    account_id BIGINT UNSIGNED NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6) NULL,
    KEY password_links_account (account_id),
    KEY password_links_expiry (expires_at),
    CONSTRAINT password_links_account_known FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
