-- Up to which ticket the words of those are still to be read that were opened before there was a search; the row goes with the last.
CREATE TABLE unread_tickets (
    last_id BIGINT UNSIGNED NOT NULL PRIMARY KEY
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
