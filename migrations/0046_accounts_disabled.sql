-- Since when its owner may do nothing here any more.
ALTER TABLE accounts ADD COLUMN disabled_at DATETIME(6) NULL;
