INSERT INTO roles (code) VALUES ('learner'), ('technician'), ('admin');
