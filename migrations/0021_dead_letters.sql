-- What could not be told, with the cause.
CREATE TABLE dead_letters (
    id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    dest VARCHAR(64) NOT NULL,
    notice MEDIUMTEXT NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL,
    cause VARCHAR(500) NOT NULL,
    died_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
