-- `kind`: comment (both sides read it), note (staff only), question, report, reason.
CREATE TABLE comments (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_id BIGINT UNSIGNED NOT NULL,
    author_id BIGINT UNSIGNED NOT NULL,
    kind VARCHAR(16) NOT NULL,
    body TEXT NOT NULL,
    written_at DATETIME(6) NOT NULL,
    KEY comments_ticket (ticket_id, id),
    KEY comments_author (author_id),
    CONSTRAINT comments_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT comments_author_known FOREIGN KEY (author_id) REFERENCES accounts (id) ON DELETE RESTRICT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
