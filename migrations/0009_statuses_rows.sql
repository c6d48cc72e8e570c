INSERT INTO statuses (code) VALUES ('waiting'), ('in_progress'), ('awaiting_info'), ('resolved'), ('closed');
