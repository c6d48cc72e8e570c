-- Whoever answers a message about a purged ticket is told that it is not there any more.
ALTER TABLE messages DROP FOREIGN KEY messages_ticket_known;
