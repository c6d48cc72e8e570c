-- The message that shows a dialog changes with nearly every update, and was a part of the key each time.
ALTER TABLE dialogs DROP KEY dialogs_message, ADD KEY dialogs_spot (spot);
