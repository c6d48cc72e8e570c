-- Where staff work: a channel or a group.
CREATE TABLE places (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    topics BOOLEAN NOT NULL,
    language VARCHAR(8) NOT NULL,
    bound_by BIGINT UNSIGNED NULL,
    bound_at DATETIME(6) NOT NULL,
    UNIQUE KEY places_chat (platform, chat),
    KEY places_bound_by (bound_by),
    CONSTRAINT places_bound_by_known FOREIGN KEY (bound_by) REFERENCES accounts (id) ON DELETE SET NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
