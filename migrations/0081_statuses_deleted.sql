INSERT INTO statuses (code) VALUES ('deleted');
