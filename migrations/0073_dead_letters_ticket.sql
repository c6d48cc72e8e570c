-- Of one ticket, when it is purged.
CREATE INDEX dead_letters_ticket ON dead_letters (ticket_id);
