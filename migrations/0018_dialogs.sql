-- What Guichet and a person are in the middle of, one dialog per person and place. The row is written even
-- when nothing is going on, so that two updates of one person meet on it.
CREATE TABLE dialogs (
    identity_id BIGINT UNSIGNED NOT NULL,
    spot VARCHAR(65) NOT NULL,
    state MEDIUMTEXT NOT NULL,
    message_id VARCHAR(32) NULL,
    changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (identity_id, spot),
    KEY dialogs_message (spot, message_id),
    CONSTRAINT dialogs_identity_known FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
