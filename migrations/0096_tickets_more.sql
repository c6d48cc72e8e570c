-- Whether something may stand beside a ticket: helpers, answers, files, links, pages, or that somebody else opened it. A card then asks for them.
ALTER TABLE tickets ADD COLUMN has_more BOOLEAN NOT NULL DEFAULT TRUE;
