-- Written by whoever holds the account: on a cluster nothing else makes others wait.
ALTER TABLE accounts ADD COLUMN held INT UNSIGNED NOT NULL DEFAULT 0;
