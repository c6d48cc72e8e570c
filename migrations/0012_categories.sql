-- `keywords`: words, separated by spaces, that make a message likely to be of this category.
CREATE TABLE categories (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    code VARCHAR(32) NOT NULL,
    name_fr VARCHAR(60) NOT NULL,
    name_en VARCHAR(60) NOT NULL,
    keywords VARCHAR(2000) NOT NULL,
    UNIQUE KEY categories_code (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
