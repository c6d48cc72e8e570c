-- Invitations, as hashes of one-time codes: with one, somebody without an account gets one. Without `invited_by` it was
-- made from the command line.
CREATE TABLE invitations (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    role VARCHAR(16) NOT NULL,
    email VARCHAR(254) COLLATE utf8mb4_bin NULL,
    invited_by BIGINT UNSIGNED NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6) NULL,
    account_id BIGINT UNSIGNED NULL,
    KEY invitations_invited_by (invited_by),
    KEY invitations_account (account_id),
    CONSTRAINT invitations_role_known FOREIGN KEY (role) REFERENCES roles (code) ON DELETE RESTRICT,
    CONSTRAINT invitations_invited_by_known FOREIGN KEY (invited_by) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT invitations_account_known FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
