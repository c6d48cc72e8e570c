# What people read at the desk. Polite, short: what happened first, then what one can do.

## Buttons (80 characters at most)
button-send = Send
button-edit = Edit
button-category = Category
button-urgency = Urgency
button-drop = Cancel
button-back = Back
button-new = New request
button-mine = My requests
button-search = Search
button-add-to = Add to no. { $number }
button-add = Add
button-answer = Answer
button-withdraw = Withdraw the request
button-withdraw-yes = Yes, withdraw it
button-withdraw-no = No, keep it
button-confirm = It's fixed
button-still = Still broken
button-take = Take
button-ask = Ask for details
button-details = Details
button-reply = Reply
button-resolve = Resolve
button-note = Internal note
button-handover = Hand over
button-assign = Assign
button-release = Hand back
button-reopen = Reopen
button-close = Close
button-past = History
button-newer = ◀ Newer
button-older = Older ▶
button-follow = Open a follow-up
button-restore = Restore
button-purge = Erase for ever
button-delete-yes = Yes, delete it
button-purge-yes = Yes, erase it
button-deleted = Deleted requests
button-keep = Keep
button-no-word = Without a word
button-title = Title
button-description = Description
button-other-name = Change the name
button-stop = Cancel
button-correct = Correct
button-late-yes = It's my answer
button-late-no = No, it's something else
button-link-yes = Link
button-link-no = That's not me
button-resend = Send { $count } again
button-resend-all = Send all again
button-unknown = This button does not exist. Write to me what you need, or type /help.

## First contact
hello = Hello! This is the help desk: describe your problem in one message, with a photo if that helps, and a technician takes care of it. Pour le français : /language fr
hello-again = Hello { $name }! Describe your problem in one message, or type /tickets to see your requests.
# The words of a mere hello, in lower case.
greetings = hello hi hey good morning afternoon evening there
hello-keeping = Hello! I have noted your message and will send it as soon as I know who you are.
welcome = Thank you { $name }, you are signed up. Describe your problem in one message whenever you like.
welcome-draft = Thank you { $name }. Here is your request, check it and send it:
unknown-person = I don't know you yet. Describe your problem in one message: I will ask for your name on the way. If you were given a code, type /link followed by the code.
unknown-person-shared = I don't know you yet. Write to me in private: describe your problem, or type /link followed by the code you were given.
write-to-me-first = I answer in private: open a conversation with { $bot }, press Start, then try again here.
just-write = Describe your problem in one message, with a photo if that helps.
just-write-privately = Write to me in private to open a request: here, everybody would read it.
unreadable = I can't read this kind of message yet. Describe the problem in a few words, or send a photo.
unknown-command = I don't know the command { $name }. Just write your problem, or type /help to see what I can do.

## Questions
question-name = What is your name?
question-email = Thank you { $name }. And your e-mail address? It lets the team know who you are.
question-email-again = What is your e-mail address?
question-title = Which title would you like? At present:
question-description = And the description? At present:
question-words = What are you looking for? A few words are enough, for example: printer room 3
question-comment = What would you like to add to no. { $number }?
question-note = What would you like to note on no. { $number }? Only the team will read it.
question-ask = What would you like to ask, about no. { $number }?
question-resolve = How was no. { $number } resolved? The person who asked will read your answer.
question-reopen = What is still wrong, about no. { $number }?
question-retitle = What title would you like for no. { $number }?
question-describe = What description would you like for no. { $number }?
question-handover = A word for whoever takes over no. { $number }? Only the team will read it.
reply-to-this = Reply to this message.
nothing-asked = This question no longer waits for an answer. Write to me what you need.
stopped = Cancelled. Nothing was sent.
late-question = I asked you something { $ago }:
late-is-it = Does your message answer it? I have kept it.

## Forms (45 characters at most)
form-signup = Who are you?
form-confirm = Your code
form-open = New request
form-edit = Edit the request
form-search = Look for requests
form-comment = Message on no. { $number }
form-note = Internal note on no. { $number }
form-ask = Question on no. { $number }
form-resolve = Resolve no. { $number }
form-reopen = Reopen no. { $number }
form-retitle = Title of no. { $number }
form-describe = Description of no. { $number }
form-handover = Hand over no. { $number }
field-name = Your name
field-email = Your e-mail address
field-code = The code you received by e-mail
field-title = Title
field-description = Description
field-body = Message
field-words = What you are looking for

## The draft
draft-heading = New request
draft-files = 📎 { $count ->
        [one] { $count } file
       *[other] { $count } files
    }
draft-category = Category: { $name }
draft-urgency = Urgency: { $name }
draft-which-urgency = How urgent is it?
draft-which-category = What is it about?
draft-needs-words = I have kept your message. Describe the problem in a few words so that I can send it.
draft-needs-words-files = I have kept { $count ->
        [one] your file
       *[other] your { $count } files
    }. Describe the problem in a few words so that I can send it.
added-to-draft = That is added to your request, which I will send as soon as I know who you are.
draft-too-long = Your request is too long to be edited here, where others would read it. Send it as it is, or cancel it.
draft-full = Your request is full: this last message no longer fits in. Send it or shorten it, then write the message once more.
draft-none = No request is being prepared here. Describe your problem in one message to start one.
draft-sent-already = It is sent already: it is no. { $number }. To add something, reply to this message.
draft-dropped = Cancelled, nothing was sent.
kept-shorten = I keep your text; edit it with the button.
kept-correct = I have kept what you wrote:
kept-for-new = Your message is not lost: send it as a new request.
kept-for-follow = No. { $number } is closed: it can't change any more. Your message is not lost, send it as a follow-up.
kept-above = Your text is still in your message.
kept-split = Your text is still in your message: send it in two parts.

## The request
number = no. { $number }
ticket-heading = No. { $number } · { $title }
status-waiting = ⏳ Waiting
status-in-progress = 🔧 In progress
status-awaiting-info = ❓ Waiting for information
status-resolved = ✅ Resolved
status-closed = 🔒 Closed
status-deleted = 🗑️ Deleted
next-waiting = A technician will take care of it. To add something, reply to this message.
next-in-progress = { $technician } is taking care of it. To add something, reply to this message.
next-awaiting-info = { $technician } is waiting for your answer. Reply to this message.
next-resolved = { $technician } has resolved it. Tell us whether it's fixed.
next-closed = It's over. If it happens again, open a follow-up.
next-deleted = It is deleted. If that is a mistake, tell the team.
delete-sure = Delete request no. { $number } ({ $title })? Nobody will see it any more but administrators, who can restore it. Whoever asked for it is told.
purge-sure = Erase request no. { $number } ({ $title }) for ever? Its history, all that is written on it and its files will be gone: you can't go back.
withdraw-sure = Withdraw request no. { $number } ({ $title })? Nobody will take care of it any more.
which-ticket = Which request do you mean? Add its number, for example { $example }.
change-what = What would you like to change about no. { $number } ({ $title })?
change-which-urgency = How urgent is no. { $number } ({ $title })? At present: { $now }.
change-which-category = What is no. { $number } ({ $title }) about? At present: { $now }.
change-unknown-urgency = I don't know the urgency "{ $words }".
change-unknown-category = I don't know the category "{ $words }".
change-now = At present:
change-same = No. { $number } ({ $title }) was like that already.
assign-to-whom = Whom would you like to assign no. { $number } ({ $title }) to?
handover-to-whom = Whom would you like to hand no. { $number } ({ $title }) over to?
colleagues-none = There is nobody else on the team to take no. { $number } ({ $title }). An administrator can invite somebody with /invite.
colleagues-several = "{ $words }" may be several people.
colleagues-many = "{ $words }" may be many people, here are some of them. Give the whole name to find another.
colleague-unknown = Nobody on the team is called "{ $words }".
past-heading = History of no. { $number } ({ $title }), newest first
event-opened = Opened by { $name }
event-taken = Taken by { $name }
event-released = Handed back by { $name }
event-commented = Message from { $name }
event-noted = Internal note by { $name }
event-asked = Details asked for by { $name }
event-resolved = Resolved by { $name }
event-confirmed = Confirmed by { $name }
event-reopened = Reopened by { $name }
event-closed = Closed by { $name }
event-withdrawn = Withdrawn by { $name }
event-prioritized = Urgency changed by { $name }
event-categorized = Category changed by { $name }
event-retitled = Title changed by { $name }
event-described = Description changed by { $name }
event-assigned = Assigned by { $name }
event-handed-over = Handed over by { $name }
event-deleted = Deleted by { $name }
event-restored = Restored by { $name }
event-rated = Rated by { $name }
event-change = { $before } → { $after }
event-nobody = nobody
an-admin = an administrator
follow-write = This will follow no. { $number } ({ $title }). Describe what is happening in one message.
follows = Follows no. { $number }
followed-by = Followed by no. { $number }
deleted-heading = Deleted requests
deleted-none = There is no deleted request.
deleted-by = deleted by { $name }
card-removed = 🗑️ No. { $number } · deleted. An administrator can restore it: /deleted
words-comment = { $name }
words-note = 📝 { $name } (internal note)
words-question = ❓ { $name }
words-report = ✅ { $name }
words-reason = ↩️ { $name }

## What was just done
added = { $status ->
        [resolved] Added to no. { $number } ({ $title }), which stays resolved. If it is not solved, press “Still broken” or type /reopen { $number }: without that, nobody takes it up again.
       *[other] Added to no. { $number } ({ $title }).
    }
done-taken = No. { $number } ({ $title }) is yours.
done-changed = No. { $number } ({ $title }) is changed.
done-handed = No. { $number } ({ $title }) is in the hands of { $name }.
done-released = No. { $number } ({ $title }) is back with the team.
done-deleted = No. { $number } ({ $title }) is deleted. You can restore it.
done-restored = No. { $number } ({ $title }) is restored.
done-purged = No. { $number } is erased for ever, with all that was written on it and attached to it.
done-closed = No. { $number } ({ $title }) is closed.
done-commented = { $pace ->
        [unreachable] Kept, about no. { $number }, but nothing reaches { $name } here any more: get in touch with them some other way.
        [hourly] Kept for { $name }, about no. { $number }: { $name } gets their news once an hour.
        [never] Kept, about no. { $number }. { $name } has switched notifications off, and will read it when they open their request.
       *[each] Sent to { $name }, about no. { $number }.
    }
done-untold = Kept. { $name } has switched notifications off, and will read it when they open their request.
done-noted = Noted on no. { $number }. Only the team sees it.
done-asked = { $pace ->
        [unreachable] The question is kept, about no. { $number }, but nothing reaches { $name } here any more: get in touch with them some other way.
       *[each] The question is sent to { $name }, about no. { $number }.
    }
done-resolved = { $pace ->
        [unreachable] No. { $number } is resolved, but nothing reaches { $name } here any more: get in touch with them some other way.
        [hourly] No. { $number } is resolved; { $name }, who gets their news once an hour, will read it then.
        [never] No. { $number } is resolved. { $name } has switched notifications off, and will read it when they open their request.
       *[each] No. { $number } is resolved; { $name } will read it.
    }
done-reopened = No. { $number } ({ $title }) is open again.{ $by ->
        [requester] {" "}The technician is being told.
        [nobody] {" "}The team is being told.
       *[team] {""}
    }

## What one hears without having asked
told-new = New request:
told-taken = { $name } is taking care of your request no. { $number } ({ $title }).
told-prioritized = { $name } has changed the urgency of your request no. { $number } ({ $title }): { $after } instead of { $before }.
told-categorized = { $name } has changed the category of your request no. { $number } ({ $title }): { $after } instead of { $before }.
told-retitled = { $name } has given your request no. { $number } another title: "{ $after }" instead of "{ $before }".
told-assigned = { $name } assigns no. { $number } ({ $title }) to you.
told-handed-over = { $name } hands no. { $number } ({ $title }) over to you.
told-relieved = { $name } has put no. { $number } ({ $title }) into the hands of { $technician }: you are no longer in charge of it.
told-taken-back = { $name } has handed no. { $number } ({ $title }) back to the team: you are no longer in charge of it.
told-yours-again = { $name } reopens no. { $number } ({ $title }), which you are in charge of again: its details say why.
told-in-other-hands = { $technician } is now taking care of your request no. { $number } ({ $title }).
told-released = Your request no. { $number } ({ $title }) is back with the team: another technician will take it.
told-commented = { $name } replies to you, about no. { $number } ({ $title }):
told-asked = { $name } asks you, about no. { $number } ({ $title }):
told-resolved = Your request no. { $number } ({ $title }) is resolved:
told-reopened = { $name } reopens your request no. { $number } ({ $title }):
told-removed = Your request no. { $number } ({ $title }) was deleted by an administrator: nobody is dealing with it any more. If that is a mistake, ask them to restore it, or open a new request.
told-restored = Your request no. { $number } ({ $title }) is restored: it goes on where it was.
told-closed = Your request no. { $number } ({ $title }) is closed. If it happens again, open a follow-up.
thread-taken = 🔧 { $name } takes the request.
thread-prioritized = ✏️ { $name } changes the urgency: { $before } → { $after }
thread-categorized = ✏️ { $name } changes the category: { $before } → { $after }
thread-retitled = ✏️ { $name } changes the title: "{ $before }" → "{ $after }"
thread-described = ✏️ { $name } changes the description:
thread-assigned = 👉 { $name } assigns the request to { $technician }.
thread-handed-over = 👉 { $name } hands the request over to { $technician }.
thread-released = { $name } hands it back: the request can be taken.
thread-requester = 💬 { $name } writes (reply to this message to answer them):
thread-commented = ✉️ { $name } replies to the requester:
thread-noted = 📝 { $name } notes, for the team only:
thread-asked = ❓ { $name } asks the requester:
thread-resolved = ✅ { $name } has resolved the request:
thread-confirmed = 🔒 { $name } confirms that it's fixed. The request is closed.
thread-reopened = ↩️ { $name } reopens the request:
thread-closed = 🔒 { $name } has closed the request.
thread-deleted = 🗑️ { $name } deleted the request.
thread-restored = ♻️ { $name } restored the request.
thread-withdrawn = 🔒 { $name } has withdrawn the request.
thread-unreached = ⚠️ { $name } did not get this message: I can't write to them on { $platform } any more ({ $why }). What is missing goes out as soon as they write to me.
told-unread = ⚠️ The team can't read yet what you wrote on no. { $number } ({ $title }): I can't write where they work any more ({ $why }). It is kept, admins have been told, and the team will read it as soon as I can write there.
told-instead = I can't reach you on { $platform } any more, so I'm writing to you here.
digest = { $count ->
        [one] What happened: one change
       *[other] What happened: { $count } changes
    }
digest-line = • { $what }
digest-words = { $what }: { $words }
digest-quote = "{ $words }"
digest-to = { $what } → { $name }
digest-next = { $more ->
        [0] Tap a number to see the request and answer.
        [one] … and one more change, to be seen in your requests. Tap a number to see the request and answer.
       *[other] … and { $more } more changes, to be seen in your requests. Tap a number to see the request and answer.
    }
place-lost-removed = ⚠️ I can't write in { $place } ({ $platform }) any more: I'm no longer a member. Put me back into the group, then type /setup there. New requests keep coming here.
place-lost-no-access = ⚠️ I can't write in { $place } ({ $platform }) any more: I have no access to it. Give me access again, then type /setup there. New requests keep coming here.
place-lost-not-allowed = ⚠️ I can't work in { $place } ({ $platform }) any more: I lack the right to write or to open threads there. Give it back to me, then type /setup there. New requests keep coming here.
place-lost-no-threads = ⚠️ I can't open threads or topics in { $place } ({ $platform }) any more: I lack the right. Give it back to me, then type /setup there. Until then, what is said stands below each request's card.
place-lost-forum = ⚠️ I can't post in the forum { $place } ({ $platform }) any more: { $why }. Give me access and the right to write there, then type /setup in any other channel of the server and choose that forum. New requests keep coming here.
place-lost-needs-tag = ⚠️ I can't post in { $place } ({ $platform }) any more: that forum requires a tag on every post. Switch that off in the forum's settings, then type /setup in any other channel of the server and choose it. New requests keep coming here.
place-lost-deleted = ⚠️ I can't write in { $place } ({ $platform }) any more: it no longer exists. Type /setup in another channel: open requests will have their card there. New requests keep coming here.

## What could not be delivered
delivery-heading = { $count ->
        [0] Everything was delivered: there is nothing to send again
       *[other] Messages not delivered ({ $count })
    }
delivery-resent = { $count ->
        [0] That was sent again already.
        [one] It is sent again.
       *[other] { $count } messages are sent again.
    }
why-blocked = the bot is blocked
why-account-gone = this account no longer exists
why-closed = private messages are closed
why-no-server = no server in common any more
why-not-started = no conversation was ever opened
why-removed = the bot was taken out of the group
why-no-access = the bot has no access
why-not-allowed = the bot lacks a right
why-deleted = this place no longer exists
why-no-topics = there are no topics any more
why-no-threads = the bot can't open threads
why-needs-tag = the forum requires a tag
why-refused = the platform refused the message
why-our-fault = a fault of ours

## Lists
list-mine = { $count ->
        [0] You have no open request
       *[other] Your open requests ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-over = { $count ->
        [0] None of your requests is closed yet
       *[other] Your closed requests ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-queue = { $count ->
        [0] No request is waiting to be taken
       *[other] To be taken, most urgent first ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-hand = { $count ->
        [0] You are in charge of no request
       *[other] In your charge, most urgent first ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-team = { $count ->
        [0] Nothing to do: no request is waiting
       *[other] Requests to work on, oldest first ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-resolved = { $count ->
        [0] No resolved request waits to be confirmed
       *[other] Resolved requests ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-closed = { $count ->
        [0] No closed request
       *[other] Closed requests ({ $whole ->
            [yes] { $count }
           *[no] { $from }–{ $to }
        })
    }
list-none-chosen = No request on this list matches your choice
button-list-all = Show all
button-list-mine = Open
button-list-over = Closed
button-list-queue = To take
button-list-hand = Mine
button-list-team = To do
button-list-resolved = Resolved
button-list-closed = Closed
button-filter-urgency = Urgency → { $choice }
button-filter-status = Status → { $choice }
button-filter-age = Opened → { $choice }
# How old requests are, behind "opened".
list-opened = opened { $age }
list-unknown = I don't know which ones you mean by "{ $words }". Which requests do you want to see?
age-today = today
age-week = this week
age-over-week = more than a week ago
age-over-month = more than a month ago
button-filter-category = Category → { $choice }
button-filter-technician = Technician → { $choice }
button-list-of = Technician…
list-of-whom = Whose requests?
filter-any = { $of ->
        [age] any time
       *[other] any
    }
button-before = ◀ Back
button-after = More ▶
search-found = Requests with “{ $words }”
search-none = No request has “{ $words }” in it
search-more = There are more: add a word to find fewer.
search-otherwise = Try fewer words, or others.
search-too-common = “{ $words }” is in almost every request: look for a more precise word, such as the name of a device or a room.
button-day = My day
day-heading = Your day
day-free = Nothing is waiting for you
day-your-answer = { $count ->
        [one] Your answer is awaited:
       *[other] Your answers are awaited ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
day-your-word = { $count ->
        [one] Resolved, for you to confirm:
       *[other] Resolved, for you to confirm ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
day-your-work = { $count ->
        [one] In your hands:
       *[other] In your hands ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
day-their-answer = { $count ->
        [one] You await an answer:
       *[other] You await answers ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
day-somebody = { $count ->
        [one] To be taken:
       *[other] To be taken ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
card-deleted = ⚠️ The account of who asked is gone: nobody will read your answers.
card-no-chat = ⚠️ No chat is linked to this account any more: { $name } won't read your answers until one is.
gathered = { $count ->
        [one] One new request
       *[other] { $count } new requests at once
    }
gathered-next = { $more ->
        [0] Tap a number to see the request and take it.
       *[other] … and { $more } more, under /tickets. Tap a number to see the request and take it.
    }
list-awaiting-you = waiting for an answer

## Help
help-heading = What you can do
help-learner = Describe your problem in one message: one tap sends it. To add something to a request, reply to one of its messages.
help-staff = In the team's channel every request has its card, with its buttons. What you write in a request's thread stays within the team; to write to the requester, reply to one of their messages, or use "Reply" or /reply. A request in somebody's name is opened with /ticket @lina, or on Discord with the option "for" of /ticket.
help-tickets-staff = The requests to deal with
help-change = Change the urgency, the category, the title, the description
help-common = Like everybody: { $commands }

## Language, accounts, channel
language-which = Which language do you prefer?
language-chosen = All right, I speak English to you.
account-disabled = Your account is disabled, so I can't do anything for you here. Please ask an administrator.
me-who = You are { $name }, { $role }.
me-email = Your address: { $email }
me-email-stated = Your address: { $email } (as you stated it, not verified)
me-chats = Your chats:
me-chat = • { $platform } ({ $chat })
me-chat-here = • { $platform } ({ $chat }), this one
me-told-where-used = I tell you in the chat in which you wrote to me last.
me-told-everywhere = I tell you in all of your chats.
button-told-everywhere = Tell me everywhere
button-told-where-used = Tell me where I write
notify-heading = When and where to tell you
notify-done = Noted.
notify-done-each = { $waiting ->
        [0] Noted.
       *[other] Noted. What was waiting is on its way.
    }
notify-done-never = { $waiting ->
        [0] Noted.
       *[other] Noted. What was waiting won't be sent.
    }
pace-each = I tell you of each change, at once.
pace-hourly = I tell you once an hour at most, in one message. Only questions that wait for your answer, and what concerns your account, come at once.
pace-never = I tell you of nothing but questions that wait for your answer and what concerns your account. The rest is under /tickets.
button-notify = When to tell me
button-pace-each = At each change
button-pace-hourly = Once an hour
button-pace-never = Never
role-learner = learner
role-technician = technician
role-admin = admin
button-show-code = Link another chat
button-unlink-chat = { $platform } ({ $chat })
button-unlink = Unlink
button-keep-chats = Keep
link-code = In the other chat, write this to me in private:
link-code-lost = /link (the code got lost: ask for another here, with /link)
link-code-telegram = Or open this link, which writes it for you on Telegram:
link-code-telegram-lost = (the link got lost with the code)
link-code-once = This code works once, for { $minutes } minutes. Give it to nobody: whoever has it can act in your place.
link-in-private = A code is shown in private: write /link to me in our own conversation.
unlink-which = Which chat do you want to unlink from your account?
unlink-surely = Unlink { $platform } ({ $chat }) from your account? Your tickets won't be visible there any more, and their news will go to your other chats.
unlink-last = { $platform } ({ $chat }) is your only chat: without it, you will need a code from an administrator to get back to your account and your tickets. Unlink it all the same?
unlink-done = Done: { $platform } ({ $chat }) is not linked to your account any more.
unlink-kept = All right, nothing has changed.
unlink-too-new = This chat was linked only now: for { $hours } hours it can't unlink those that were linked before it. Do it from the other one, from the page, or ask an administrator.
unlink-not-yours = That chat is not linked to your account, or not any more. /me shows those that are.
told-linked = A chat has just been linked to your account: { $platform } ({ $chat }). If it wasn't you, say so at once, here, and tell an administrator.
button-disown = It wasn't me
disown-surely = Unlink { $platform } ({ $chat }), which somebody else linked? They will no longer see your tickets, your codes will be void and, if the code came from your page, every browser will be signed out.
button-disown-yes = Yes, unlink it
button-disown-no = No, it was me
disown-done = Done: { $platform } ({ $chat }) is no longer linked to your account, and your codes are void. Whoever linked it read a code in one of your chats: tell an administrator.
disown-done-page = Done: { $platform } ({ $chat }) is no longer linked to your account, your codes are void and every browser is signed out. Somebody knows your password, or used your browser: ask an administrator for a link to choose another.
told-other-unlinked = A chat has just been unlinked from your account { $by ->
       *[chat] from { $from }
        [gone] from another of your chats
        [page] from your page
        [admin] by an administrator
    }: { $platform } ({ $chat }). To link it again, ask for a code here with /link. If it wasn't you, tell an administrator.
told-unlinked = This chat has just been unlinked from your account { $by ->
       *[chat] from { $from }
        [gone] from another of your chats
        [page] from your page
        [admin] by an administrator
    }. To link it again, type /link here followed by a code, which your other chats, your page or an administrator can show. If that surprises you, tell an administrator.
told-link-refused = On the page, the answer is no: this chat is linked to no account. If that was a mistake, ask for another code on the page, then type /link followed by that code.
told-link-lapsed = The page did not confirm in time: this chat is linked to no account. To start again, ask for another code on the page, then type /link followed by that code.
button-show-draft = See my request
told-password = The password of your account has just been changed. If it wasn't you, tell an administrator at once: they can give you a link to choose another, which signs everybody out.
link-how = Type /link followed by the code you were given, for example: /link 7KQ2-M9XD
link-in-public = A code is typed in private. If it was good, I have just cancelled it: ask for another, then write to me in private.
link-already = Your { $platform } chat is already linked to the account of { $name }. To link it to another account, unlink it first with /unlink.
link-wrong = This code is not good, or no longer. Check it, or ask for a new one: it works once, for a limited time.
link-too-often = Too many tries. Wait { $minutes } minutes, then try again with a new code.
link-is-it-you = Link this { $platform } account ({ $chat }) to { $name } ({ $email })? Only say yes if that is you: otherwise what you write here would go to somebody else.
link-is-it-you-stated = Link this { $platform } account ({ $chat }) to an account that somebody made for themselves under the name of { $name }? Neither that name nor its address ({ $email }) has been verified. Only say yes if you asked for this code yourself, in another of your chats: otherwise your tickets would go to somebody else.
link-waits = One more step, on the page that shows this code: it names { $platform } ({ $chat }), ID { $id }. Check it and confirm there within { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    }: nothing is linked before.
link-nothing = There is nothing to link. Type /link followed by the code you were given.
link-refused = All right, nothing has changed. Never give a code to somebody else.
link-done = Done: you are { $name }.
link-next-admin = To receive requests in a team channel, type /setup there.
link-next-technician = Requests arrive in the team's channel. /tickets shows those that are waiting.
link-next-learner = Describe your problem in one message whenever you like.
setup-where = Type /setup in the team's channel or group, not here.
setup-which = Type /setup in the team's channel, not in a thread; or choose the channel, or the forum, with the option "channel" of /setup.
setup-done-there = Done: requests will arrive in { $place }. Each will have its card there. If nothing comes, check that I can see that channel and write in it.
setup-done-forum = Done: requests will arrive in the forum { $place }. Each will have its post there, which begins with its card. If nothing comes, check that I can see that forum and write in it.
setup-done = Done: requests will arrive here, in { $place }. Each will have its card.

## Confirming an address
button-enter-code = Enter the code
button-new-letter = Send another code
button-other-email = Change the address
code-sent = I am sending a code to { $email }.
code-question = Type it here once you have it: it works once, for { $minutes } minutes. Nothing there? Look among your junk mail too.
code-question-shared = Once you have it, press "Enter the code": it works once, for { $minutes } minutes. Nothing there? Look among your junk mail too.
code-too-many = I have sent several codes to { $email } or from here already. Look for the last one in your mail, or ask for another in { $minutes ->
       *[other] { $minutes } minutes
        [1440] a day
        [43200] a month
    }.
code-crowded = Many codes have just left, and I am sending no more of them for now. Your message is kept: ask for another code in an hour.
code-wrong = This is not the right code. You have { $count ->
        [one] one try
       *[other] { $count } tries
    } left. Type it once more, or ask for another.
code-wrong-last = This is not the right code, and it was the last try. Wait for ten minutes, then ask for another code.
code-spent = This code is of no use any more. Ask for another.
code-not-sent = The code has not left yet: the mail server does not answer. Your message is kept, and the code leaves as soon as it can.
email-other = All right, nothing is lost.
told-letter-refused = The code could not be delivered: the address { $email } is refused. Correct it; your message is kept.

## Letters
letter-confirm-subject = Your code for the help desk
letter-confirm-why = Somebody gave your address to the help desk, on { $platform }, under the name of "{ $chat }". If it was you, here is your code:
letter-code-how = Type it in that conversation. It works once, for { $minutes } minutes. Give it to nobody.
letter-confirm-not-you = If it was not you, do nothing: without this code, your address is not used.
letter-link-subject = Link a chat to your help desk account?
letter-link-why = Hello { $name }. You have an account at the help desk with this address already. Somebody has just given it on { $platform }, under the name of "{ $chat }". If it was you, this code links that chat to your account:
letter-link-not-you = If it was not you, give this code to nobody and do nothing else: without it, your account stays as it is. If it happens again, tell an administrator.
letter-password-subject = Choose a new password for the help desk
letter-password-why = Hello { $name }. Somebody asked to change the password of your help desk account. If it was you, open this page to choose another:
letter-password-how = This link works once, for { $minutes } minutes, and voids those before it. Give it to nobody.
letter-password-not-you = If it was not you, do nothing: your password stays the same. If it happens again, tell an administrator.
letter-disabled-subject = Your help desk account
letter-disabled-why = Somebody gave your address to the help desk, on { $platform }, under the name of "{ $chat }". There is an account with this address, but it is disabled.
letter-disabled-next = If it was you, write to an administrator. If not, do nothing.
