-- Texts that the team sends often, by the name under which they are found; `{name}` and the like are filled when used.
CREATE TABLE canned_replies (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    body TEXT NOT NULL,
    UNIQUE KEY canned_replies_name (name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
