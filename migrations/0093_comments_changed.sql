-- Since when a comment says something else than at first, and since when its author has taken it back.
ALTER TABLE comments
    ADD COLUMN edited_at DATETIME(6) NULL,
    ADD COLUMN retracted_at DATETIME(6) NULL;
