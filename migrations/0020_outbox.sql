-- What is still to be told. Delivered rows are deleted by their exact key. `shard` is a hash of the
-- destination's place; the lease on it (shard_leases) says who may send.
CREATE TABLE outbox (
    shard SMALLINT UNSIGNED NOT NULL,
    dest VARCHAR(64) NOT NULL,
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    notice MEDIUMTEXT NOT NULL,
    due_at DATETIME(6) NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    cause VARCHAR(500) NULL,
    PRIMARY KEY (shard, dest, id),
    UNIQUE KEY outbox_id (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
