-- The message out of which somebody made a ticket, where nothing else stands in it. `words`: the CRC-32 of what it says, so
-- that an edit that changes no word is told from others, and a ticket that was described otherwise since from one that was
-- not. `edited_at`: the moment, as the platform tells it, of the latest edit that was taken.
CREATE TABLE opening_messages (
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    ticket_id BIGINT UNSIGNED NOT NULL,
    account_id BIGINT UNSIGNED NOT NULL,
    words INT UNSIGNED NOT NULL,
    edited_at DATETIME(6) NULL,
    PRIMARY KEY (platform, chat, message_id),
    CONSTRAINT opening_messages_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
