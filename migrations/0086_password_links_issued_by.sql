-- Who was shown a link, where that was an admin: it is good for nothing once they are none.
ALTER TABLE password_links
    ADD COLUMN issued_by BIGINT UNSIGNED NULL,
    ADD KEY password_links_issuer (issued_by),
    ADD CONSTRAINT password_links_issuer_known FOREIGN KEY (issued_by) REFERENCES accounts (id) ON DELETE CASCADE;
