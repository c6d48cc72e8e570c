-- Files of purged tickets and of the drafts of deleted people, by the hash of their content. They are removed from the disk once nothing refers to them.
CREATE TABLE discarded_files (
    sha256 CHAR(64) NOT NULL PRIMARY KEY
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
