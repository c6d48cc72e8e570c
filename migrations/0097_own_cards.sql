-- The message in a private chat that shows whoever asked for a ticket how it stands, and is edited as that changes: of several, the newest. `is_whole`: with what was said last. `is_stale`: a change could not be shown there.
CREATE TABLE own_cards (
    ticket_id BIGINT UNSIGNED NOT NULL,
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    is_whole BOOLEAN NOT NULL,
    is_stale BOOLEAN NOT NULL,
    PRIMARY KEY (ticket_id, platform, chat),
    KEY own_cards_chat (platform, chat)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
