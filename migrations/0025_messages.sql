-- Which messages of ours speak of which ticket, so that a reply to one is a word on that ticket.
CREATE TABLE messages (
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    ticket_id BIGINT UNSIGNED NOT NULL,
    relays BOOLEAN NOT NULL,
    PRIMARY KEY (platform, chat, message_id),
    KEY messages_ticket (ticket_id),
    CONSTRAINT messages_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
