-- What was answered when a ticket was opened, with the question as it was asked then.
CREATE TABLE ticket_answers (
    ticket_id BIGINT UNSIGNED NOT NULL,
    position TINYINT UNSIGNED NOT NULL,
    question VARCHAR(45) NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (ticket_id, position),
    CONSTRAINT ticket_answers_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
