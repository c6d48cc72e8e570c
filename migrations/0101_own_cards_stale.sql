-- Those that show less than is true are looked for every few minutes, and are few.
ALTER TABLE own_cards ADD KEY own_cards_stale (is_stale);
