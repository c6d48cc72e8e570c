-- Since when nobody is behind an account any more. Its row stays, disabled, with an empty name and address, for as long
-- as tickets, comments or history refer to it.
ALTER TABLE accounts ADD COLUMN deleted_at DATETIME(6) NULL;
