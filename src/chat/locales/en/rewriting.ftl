# What one wrote, and then corrected or took back.

command-retract-description = Take your message back, in reply to it
retract-how = To take back a message that you wrote on a request: on Telegram, reply to it with /retract; on Discord, delete it.
retracted = Your message on no. { $number } ({ $title }) is taken back: nobody will read it any more. Here it stays in sight; you can delete it.
words-edited = ✏️ Message edited
words-retracted = 🗑️ Message taken back by its author
words-changed = ✏️ A message above, on no. { $number } ({ $title }), was edited; it now says:
words-none = Your edited message has no words any more.
words-kept = No. { $number } keeps what you had written there. Edit your message once more; to take it back, reply to it with /retract on Telegram, or delete it on Discord.
words-stay = No. { $number } is closed: what you wrote there can't change any more, and stays as it was when it was closed. To add something, reply to one of its messages: that opens a follow-up.
event-reworded = Message edited by { $name }
event-retracted = Message taken back by { $name }
opening-stays = { $status ->
        [waiting] What you just changed in your message is not taken over into no. { $number } ({ $title }), which was described otherwise since. Add it, or change the request from its card.
        [resolved] No. { $number } ({ $title }) is resolved: what you just changed in your message is not taken over. If it matters, add it.
       *[other] Somebody is already on no. { $number } ({ $title }): what you just changed in your message is not taken over. Add it, and everybody will read it.
    }
