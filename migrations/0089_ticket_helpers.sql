-- Who helps whoever is in charge of a ticket.
CREATE TABLE ticket_helpers (
    ticket_id BIGINT UNSIGNED NOT NULL,
    account_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (ticket_id, account_id),
    KEY ticket_helpers_account (account_id, ticket_id),
    CONSTRAINT ticket_helpers_ticket_known FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT ticket_helpers_account_known FOREIGN KEY (account_id) REFERENCES accounts (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
