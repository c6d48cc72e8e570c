-- Written by whoever takes a role from somebody: of two who would take it from the last two, one waits for the other.
ALTER TABLE roles ADD COLUMN changed_at DATETIME(6) NULL;
