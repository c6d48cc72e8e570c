-- Who deleted whom is known by their numbers, whichever of the two is still there.
ALTER TABLE account_history DROP FOREIGN KEY account_history_account_known, DROP FOREIGN KEY account_history_actor_known;
