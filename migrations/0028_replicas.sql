-- The processes that share this database, and when each was last seen.
CREATE TABLE replicas (
    id CHAR(32) NOT NULL PRIMARY KEY,
    seen_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
