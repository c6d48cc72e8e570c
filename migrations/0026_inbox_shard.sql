-- Which of the shards an update's lane falls into; the lease on it (shard_leases) says who handles it.
ALTER TABLE inbox ADD COLUMN shard SMALLINT UNSIGNED NOT NULL DEFAULT 0 AFTER lane;
