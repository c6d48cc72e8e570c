-- What whoever opens a ticket of a category is asked. `choices`: one a line, for a question of that kind.
CREATE TABLE category_questions (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    category_id BIGINT UNSIGNED NOT NULL,
    words VARCHAR(45) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    choices TEXT NOT NULL,
    is_required BOOLEAN NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    KEY category_questions_category (category_id, id),
    CONSTRAINT category_questions_category_known FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE RESTRICT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
