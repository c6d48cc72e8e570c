-- An owner's id is used by one process at a time, which tells one tenure from another as well.
ALTER TABLE shard_leases DROP COLUMN fence;
