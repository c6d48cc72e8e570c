CREATE INDEX invitations_expiry ON invitations (expires_at);
