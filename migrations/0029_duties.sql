-- What only one replica may do at a time, and who does it until when.
CREATE TABLE duties (
    name VARCHAR(32) NOT NULL PRIMARY KEY,
    owner CHAR(32) NOT NULL,
    until DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
