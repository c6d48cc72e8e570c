-- Whether the words stand where their readers are: whoever wrote them is told once.
ALTER TABLE comment_sources ADD COLUMN delivered BOOLEAN NOT NULL DEFAULT FALSE;
