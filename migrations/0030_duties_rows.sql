INSERT INTO duties (name, owner, until) VALUES ('telegram-polling', '', '2000-01-01');
