-- Every update as it came, stored before it is acknowledged. `answer` is written in the transaction that
-- makes its effect; `answered_at` once the platform has the answer.
CREATE TABLE inbox (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    platform VARCHAR(16) NOT NULL,
    update_id VARCHAR(32) NOT NULL,
    lane VARCHAR(80) NOT NULL,
    raw MEDIUMTEXT NOT NULL,
    received_at DATETIME(6) NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    handled_at DATETIME(6) NULL,
    answer MEDIUMTEXT NULL,
    answered_at DATETIME(6) NULL,
    cause VARCHAR(500) NULL,
    UNIQUE KEY inbox_update (platform, update_id),
    KEY inbox_open (answered_at, id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
