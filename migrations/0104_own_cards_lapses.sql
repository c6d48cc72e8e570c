-- The moment from which the card shows buttons of no more use, if it does; looked for every few minutes, as what is stale is.
ALTER TABLE own_cards ADD COLUMN lapses_at DATETIME(6) NULL, ADD KEY own_cards_lapses (lapses_at);
