-- Append-only. `seq` is the ticket's version after the event.
CREATE TABLE history (
    ticket_id BIGINT UNSIGNED NOT NULL,
    seq INT UNSIGNED NOT NULL,
    event VARCHAR(16) NOT NULL,
    status_before VARCHAR(16) NULL,
    status_after VARCHAR(16) NOT NULL,
    technician_before BIGINT UNSIGNED NULL,
    technician_after BIGINT UNSIGNED NULL,
    comment_id BIGINT UNSIGNED NULL,
    actor_id BIGINT UNSIGNED NOT NULL,
    identity_id BIGINT UNSIGNED NOT NULL,
    happened_at DATETIME(6) NOT NULL,
    PRIMARY KEY (ticket_id, seq),
    KEY history_actor (actor_id),
    KEY history_comment (comment_id),
    CONSTRAINT history_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT history_actor_known FOREIGN KEY (actor_id) REFERENCES accounts (id) ON DELETE RESTRICT,
    CONSTRAINT history_comment_known FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
