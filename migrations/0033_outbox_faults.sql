-- How often a fault of ours was in the way: outages and waits are not counted.
ALTER TABLE outbox ADD COLUMN faults SMALLINT UNSIGNED NOT NULL DEFAULT 0;
