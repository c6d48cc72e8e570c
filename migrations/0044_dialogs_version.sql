-- Counts the changes: of two updates of one person at the same time, one sees that it was second.
ALTER TABLE dialogs ADD COLUMN version INT UNSIGNED NOT NULL DEFAULT 0;
