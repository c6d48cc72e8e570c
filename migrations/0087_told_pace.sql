-- How soon somebody is told what concerns them: 'each' change at once, 'hourly' in one message, or 'never'.
ALTER TABLE accounts ADD COLUMN told_pace VARCHAR(16) NOT NULL DEFAULT 'each';
