INSERT INTO unread_tickets (last_id) SELECT MAX(id) FROM tickets HAVING MAX(id) IS NOT NULL;
