-- Whose a private chat is.
CREATE INDEX identities_private_chat ON identities (platform, private_chat);
