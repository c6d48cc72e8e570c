-- What was changed, before and after: words, or the code of what was chosen.
ALTER TABLE history
    ADD COLUMN detail_before TEXT NULL,
    ADD COLUMN detail_after TEXT NULL;
