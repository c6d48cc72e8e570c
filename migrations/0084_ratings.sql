-- What whoever asked thinks of how a ticket was dealt with: 1 to 5 stars, and perhaps a word.
CREATE TABLE ratings (
    ticket_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    stars TINYINT UNSIGNED NOT NULL,
    words TEXT NULL,
    rated_at DATETIME(6) NOT NULL,
    CONSTRAINT ratings_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
