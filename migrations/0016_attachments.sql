CREATE TABLE attachments (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_id BIGINT UNSIGNED NOT NULL,
    comment_id BIGINT UNSIGNED NULL,
    sha256 CHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    media_type VARCHAR(127) NOT NULL,
    size BIGINT UNSIGNED NOT NULL,
    KEY attachments_ticket (ticket_id, comment_id),
    KEY attachments_comment (comment_id),
    CONSTRAINT attachments_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT attachments_comment_known FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
