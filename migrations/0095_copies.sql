-- Which lines of a ticket's history, that came with a comment, stand in which message of ours. A long one stands in several messages, and further ones hold nothing but its files.
CREATE TABLE copies (
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    ticket_id BIGINT UNSIGNED NOT NULL,
    seq INT UNSIGNED NOT NULL,
    only_files BOOLEAN NOT NULL,
    PRIMARY KEY (platform, chat, message_id, seq),
    KEY copies_line (ticket_id, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
