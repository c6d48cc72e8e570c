-- `email` is the address that identifies a person, unique, set by who manages accounts. `stated_email` is what was
-- typed, in a chat without any proof: it identifies nobody, so that a sign-up neither reveals another account nor
-- takes it over nor takes its address away.
CREATE TABLE accounts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(254) COLLATE utf8mb4_bin NULL,
    stated_email VARCHAR(254) NOT NULL,
    role VARCHAR(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY accounts_email (email),
    KEY accounts_role (role),
    CONSTRAINT accounts_role_known FOREIGN KEY (role) REFERENCES roles (code) ON DELETE RESTRICT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
