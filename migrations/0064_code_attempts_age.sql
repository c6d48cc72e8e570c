CREATE INDEX code_attempts_age ON code_attempts (tried_at);
