-- A card stands on its platform for some time after its ticket is purged, and may be posted at that very moment.
ALTER TABLE cards DROP FOREIGN KEY cards_ticket_known;
