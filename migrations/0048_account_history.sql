-- What was done to an account, by whom (nobody: from the command line), append-only.
CREATE TABLE account_history (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id BIGINT UNSIGNED NOT NULL,
    event VARCHAR(16) NOT NULL,
    role_before VARCHAR(16) NULL,
    role_after VARCHAR(16) NULL,
    actor_id BIGINT UNSIGNED NULL,
    happened_at DATETIME(6) NOT NULL,
    KEY account_history_account (account_id, id),
    KEY account_history_actor (actor_id),
    CONSTRAINT account_history_account_known FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT account_history_actor_known FOREIGN KEY (actor_id) REFERENCES accounts (id) ON DELETE SET NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
