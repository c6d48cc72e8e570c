UPDATE accounts SET chat_id = (SELECT MAX(id) FROM identities WHERE account_id = accounts.id);
