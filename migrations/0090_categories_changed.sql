-- Names are unique without regard to case and accents; a retired category is offered no more. `version` counts the changes.
ALTER TABLE categories
    ADD COLUMN version INT UNSIGNED NOT NULL DEFAULT 1,
    ADD COLUMN retired_at DATETIME(6) NULL,
    ADD UNIQUE KEY categories_name_fr (name_fr),
    ADD UNIQUE KEY categories_name_en (name_en);
