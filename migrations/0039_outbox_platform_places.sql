UPDATE outbox JOIN places ON outbox.dest LIKE CONCAT('place:', places.id, ':%') SET outbox.platform = places.platform;
