-- The message in which its author wrote a comment. `edited_at`: the moment, as the platform tells it, of the latest edit that was taken.
CREATE TABLE comment_sources (
    platform VARCHAR(16) NOT NULL,
    chat VARCHAR(32) NOT NULL,
    message_id VARCHAR(32) NOT NULL,
    comment_id BIGINT UNSIGNED NOT NULL,
    identity_id BIGINT UNSIGNED NOT NULL,
    edited_at DATETIME(6) NULL,
    PRIMARY KEY (platform, chat, message_id),
    KEY comment_sources_comment (comment_id),
    CONSTRAINT comment_sources_comment_known FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
