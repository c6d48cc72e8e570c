-- The password's hash as a PHC string; with none, nobody signs in on the pages.
ALTER TABLE accounts ADD COLUMN password VARCHAR(255) COLLATE utf8mb4_bin NULL;
