-- Pages elsewhere that belong to a ticket.
CREATE TABLE ticket_urls (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_id BIGINT UNSIGNED NOT NULL,
    url VARCHAR(1000) NOT NULL,
    KEY ticket_urls_ticket (ticket_id, id),
    CONSTRAINT ticket_urls_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
