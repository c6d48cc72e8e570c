-- Whether what concerns somebody is told in all of their chats, rather than in the one used last.
ALTER TABLE accounts ADD COLUMN told_everywhere BOOLEAN NOT NULL DEFAULT FALSE;
