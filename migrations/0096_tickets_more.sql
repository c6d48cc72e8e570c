-- Whether something may stand beside a ticket: helpers, answers, files, links or pages. A card then asks for them.
ALTER TABLE tickets ADD COLUMN has_more BOOLEAN NOT NULL DEFAULT TRUE;
