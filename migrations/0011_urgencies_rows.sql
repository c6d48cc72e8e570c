INSERT INTO urgencies (code) VALUES ('low'), ('medium'), ('high');
