-- Whether something still has that content, when a file is discarded.
CREATE INDEX attachments_content ON attachments (sha256);
