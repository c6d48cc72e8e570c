-- Browsers in which somebody is signed in, by the hash of what their cookie holds.
CREATE TABLE sessions (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    account_id BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    used_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    confirmed_at DATETIME(6) NOT NULL,
    KEY sessions_account (account_id),
    KEY sessions_expiry (expires_at),
    CONSTRAINT sessions_account_known FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
