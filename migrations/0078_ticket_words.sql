-- The words by which tickets are found. What stands in notes alone is for staff.
CREATE TABLE ticket_words (
    word VARCHAR(24) COLLATE utf8mb4_bin NOT NULL,
    ticket_id BIGINT UNSIGNED NOT NULL,
    staff_only BOOLEAN NOT NULL,
    PRIMARY KEY (word, ticket_id),
    KEY ticket_words_ticket (ticket_id),
    CONSTRAINT ticket_words_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
