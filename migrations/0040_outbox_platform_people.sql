UPDATE outbox JOIN identities ON outbox.dest = CONCAT('person:', identities.id) SET outbox.platform = identities.platform;
