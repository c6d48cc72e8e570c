-- `reason` is the cause as the program tells it to people; whom and what the notice is about, for lists.
ALTER TABLE dead_letters
    ADD COLUMN reason VARCHAR(16) NOT NULL DEFAULT 'our-fault',
    ADD COLUMN ticket_id BIGINT UNSIGNED NULL,
    ADD COLUMN identity_id BIGINT UNSIGNED NULL,
    ADD COLUMN place_id BIGINT UNSIGNED NULL,
    ADD KEY dead_letters_identity (identity_id, ticket_id),
    ADD KEY dead_letters_place (place_id, ticket_id);
