-- What a ticket is to another: `kind` says it of the first.
CREATE TABLE ticket_links (
    ticket_id BIGINT UNSIGNED NOT NULL,
    kind VARCHAR(16) NOT NULL,
    other_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (ticket_id, kind, other_id),
    KEY ticket_links_other (other_id, kind, ticket_id),
    CONSTRAINT ticket_links_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT ticket_links_other_known FOREIGN KEY (other_id) REFERENCES tickets (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
