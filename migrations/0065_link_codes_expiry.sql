CREATE INDEX link_codes_expiry ON link_codes (expires_at);
