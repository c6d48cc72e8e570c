-- `email` is the address that identifies a person, unique. `stated_email` is what somebody typed in a chat
-- without proving it: when it already identifies another account, only this column keeps it, so that a
-- sign-up neither reveals that account nor takes it over.
CREATE TABLE accounts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(254) NULL,
    stated_email VARCHAR(254) NOT NULL,
    role VARCHAR(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY accounts_email (email),
    KEY accounts_role (role),
    CONSTRAINT accounts_role_known FOREIGN KEY (role) REFERENCES roles (code) ON DELETE RESTRICT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
