-- Since when a notice waits: `due_at` moves with every try.
ALTER TABLE outbox ADD COLUMN created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6);
