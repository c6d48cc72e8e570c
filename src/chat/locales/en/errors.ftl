# What people read when something is not as expected. Never a reproach, always a next step.

## Refusals
refused-not-found = I can't find a request no. { $number } among those you can see.
refused-staff-only = Only technicians can do that. To add something to your request, reply to one of its messages.
refused-admin-only = Only administrators can do that. Ask one of them.
refused-requester-only = Only the person who opened no. { $number } can do that. You can write to them with "Reply".
refused-in-charge-only = { $name } is taking care of no. { $number }: leave it to them, or write an internal note.
refused-taken = { $name } took no. { $number } { $ago }.
refused-yours = No. { $number } is yours already.
refused-not-taken = Nobody has taken no. { $number } yet. Take it first.
refused-resolved = That is no longer possible: { $name } resolved no. { $number } { $ago }.
refused-not-resolved = No. { $number } is not resolved at present. To add something, reply to one of its messages.
refused-in-hand = { $name } is taking care of no. { $number } already, so you can't change it any more. To correct something, reply to one of its messages.
refused-theirs = { $name } is taking care of no. { $number } already.
refused-not-of-the-team = That person is not, or no longer, on the team and can't take care of no. { $number }. Choose somebody else.
refused-deleted = No. { $number } is deleted. Restore it first: /deleted shows the deleted requests.
refused-not-deleted = No. { $number } is not deleted.
refused-closed = No. { $number } is closed: it can't change any more. If it happens again, a follow-up can be opened.
refused-not-closed = No. { $number } is not closed, so it needs no follow-up. To add something, reply to one of its messages.

## Durations
ago-seconds = { $count ->
        [one] a second ago
       *[other] { $count } seconds ago
    }
ago-minutes = { $count ->
        [one] a minute ago
       *[other] { $count } minutes ago
    }
ago-hours = { $count ->
        [one] an hour ago
       *[other] { $count } hours ago
    }
ago-days = { $count ->
        [one] yesterday
       *[other] { $count } days ago
    }

## Texts
the-name = Your name
the-email = Your e-mail address
the-code = Your code
the-title = Your title
the-description = Your description
the-body = Your message
the-words = What you are looking for
text-empty = { $field } is empty. Write a few words.
text-no-words = { $field } has neither a letter nor a digit in it. Write a few words.
text-too-long = { $field } has { $length } characters; the most is { $max }.
text-not-an-address = I don't recognise an e-mail address. It looks like this: lina@example.org
text-not-a-code = I don't recognise a code. It has six digits or eight characters, like this: 042 137 or 7KQ2-M9XD
file-too-large = The file { $name } is larger than 20 MB: I could not keep it. Send a smaller one, or describe what it shows.
file-unseen = I have kept { $name } ({ $size } MB), but where your message is copied on { $platform }, nothing but its name will be seen: I can't send more than { $most } MB a file there. Send a smaller one, or a link.
file-heavy = 📎 { $name } ({ $size } MB) is too large for { $platform }, where I can't send more than { $most } MB a file. Ask for a smaller one, or a link.
file-empty = The file { $name } is empty: there was nothing to keep. Send it once more, or describe what it shows.
file-unavailable = I could not receive the file { $name }. Send it once more.
file-with-command = I did not keep the file { $name }: a command takes none. Send it in a message of its own.
our-fault = Something went wrong on our side; your message is kept. Reference: { $reference }
discord-too-slow-for-form = I took too long to answer. Please try again: nothing was lost.
too-many-at-once = { $most ->
        [one] You opened a request less than { $within } minutes ago.
       *[other] You opened { $most } requests within { $within } minutes.
    } { $minutes ->
        [one] Try again in a minute: I keep this one. You can also add it to an open request.
       *[other] Try again in { $minutes } minutes: I keep this one. You can also add it to an open request.
    }
