-- A person's presence on a platform. Without an account they have written, but not yet said who they are.
-- `language_known`: the platform told their language, or they chose it; until then it is the desk's.
CREATE TABLE identities (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    platform VARCHAR(16) NOT NULL,
    user_id VARCHAR(32) NOT NULL,
    account_id BIGINT UNSIGNED NULL,
    display_name VARCHAR(100) NOT NULL,
    language VARCHAR(8) NOT NULL,
    language_known BOOLEAN NOT NULL,
    private_chat VARCHAR(32) NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY identities_user (platform, user_id),
    KEY identities_account (account_id),
    CONSTRAINT identities_account_known FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
