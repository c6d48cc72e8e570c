-- The same of one category.
ALTER TABLE tickets DROP KEY tickets_category, ADD KEY tickets_category (category_id, status, urgency, opened_at, id);
