-- Where a ticket stands in a staff place: its card and its thread.
CREATE TABLE cards (
    ticket_id BIGINT UNSIGNED NOT NULL,
    place_id BIGINT UNSIGNED NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    thread VARCHAR(65) NULL,
    PRIMARY KEY (ticket_id, place_id),
    KEY cards_thread (thread),
    KEY cards_place (place_id),
    CONSTRAINT cards_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT cards_place_known FOREIGN KEY (place_id) REFERENCES places (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
