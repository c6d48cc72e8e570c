# People: who they are, what they may do, and their invitations.

## The directory
people-heading = People
people-found = People whose name or address contains “{ $words }”
people-none = Nobody has that name or address. /users with nothing after it shows everybody; /invite invites somebody.
people-more = There are more: add to what you are looking for.
button-person = { $name } · { $role }
button-person-disabled = { $name } · disabled
button-people-before = ‹ Previous
button-people-after = Next ›
button-people = Everybody

## Somebody
person-unknown = That account does not exist any more. /users shows those that do.
person-role = Role: { $role }
person-is-disabled = Account disabled: this person can do nothing here, and is told nothing.
person-email = Address: { $email }
person-email-stated = Address: { $email } (given by this person, not verified)
person-work = Open requests: { $asked }. Requests in their charge: { $led }.
person-chats = Chats:
    { $chats }
person-no-chats = No chat is linked to this account: a code links one.
history-role = ▸ { $ago }: role { $role }, given by { $by }
history-disabled = ▸ { $ago }: disabled by { $by }
history-enabled = ▸ { $ago }: enabled by { $by }
history-password = ▸ { $ago }: password chosen by { $by }
history-code = ▸ { $ago }: access code shown to { $by }
history-reset = ▸ { $ago }: password link given to { $by }
history-mailed = ▸ { $ago }: password link sent by e-mail
history-joined = ▸ { $ago }: accepted an invitation, made by { $by }
history-linked = ▸ { $ago }: { $platform } ({ $chat }) linked by { $by }
history-linked-page = ▸ { $ago }: { $platform } ({ $chat }) linked by { $by }, from their page
history-unlinked = ▸ { $ago }: { $platform } ({ $chat }) unlinked by { $by }
by-operator = the operator
button-give = Role { $role }
button-disable = Disable
button-enable = Enable
button-person-code = Access code
button-person-link = Password link
button-unlink-all = Unlink their chats
button-delete = Delete

## What is done to them, asked twice
surely-give = Give { $name } the role “{ $role }”?
surely-disable = Disable the account of { $name }? They will be able to do nothing here and be told nothing; their requests stay. You can enable it again.
surely-enable = Enable the account of { $name }? They will be able again to do all that their role permits.
surely-unlink-all = Unlink all chats of { $name }? They will need a code to come back to their account.
surely-show-code = Show a code that links a chat to the account of { $name }? Whoever has it can act as them: give it to nobody else.
surely-show-link = Show a link by which the password of the account of { $name } is chosen? Whoever has it can sign in as them: give it to nobody else.
button-surely = Yes
button-leave = Change nothing
person-given = Done: { $name } has the role “{ $role }”.
person-disabled-now = Done: the account of { $name } is disabled.
person-enabled-now = Done: the account of { $name } is active again.
person-unlinked-now = Done: no chat is linked to the account of { $name } any more.
person-deleted-now = Done: the account is deleted. Its requests stay, without a name.
person-erased-now = Done: the account is deleted, and its requests with it.
person-too-much = This concerns too many requests to be done from here. Whoever runs the server can, with guichet admin delete { $number }.
person-last-admin = That is the only admin who can do anything. Give that role to somebody else first.
person-code-lost = /link (the code was lost: ask for another with /users)
person-code = Pass this on to { $name }, who writes it to me in private, in the chat to be linked, within { $minutes } minutes:
person-link-lost = (the link was lost: ask for another with /users)
person-link = Pass this link on to { $name }: it lets them choose a password, once, within { $minutes } minutes:
person-no-pages = The pages have no address, so no link leads there: whoever runs the server sets web.public_url, or makes a link with guichet admin reset. You can also give an access code.
person-no-address = The address of this account is not verified: nobody can sign in with it. Give an access code instead, which links a chat.
told-role = Your role has changed: { $role }.
told-deleted = An admin has just deleted your account here: I keep nothing that leads to you. If you write to me again, we start afresh.

## A deleted person
person-deleted = Deleted person
delete-how = Delete the account of { $name }? Their name, address, password and chats will be gone. What becomes of their requests?
button-erase = Erase with their requests
button-keep-tickets = Keep their requests, without the person
surely-erase = { $count ->
        [0] Delete { $name }? They have no request.
        [one] Delete { $name }, and erase their request ({ $numbers }) with all that is written on it and attached?
       *[other] Delete { $name }, and erase their { $count } requests ({ $numbers }) with all that is written on them and attached?
    }
surely-delete = { $count ->
        [0] Delete { $name }? They have no request.
        [one] Delete { $name }, and keep their request ({ $numbers }) without their name?
       *[other] Delete { $name }, and keep their { $count } requests ({ $numbers }) without their name?
    }
surely-handed-back = { $count ->
        [one] The request in their charge ({ $numbers }) will go back to the team.
       *[other] The { $count } requests in their charge ({ $numbers }) will go back to the team.
    }
surely-for-ever = This is for ever: it can't be undone.
ticket-purged = No. { $number } · deleted

## Invitations
invite-how = Write /invite followed by a role (learner, technician or admin) and, if you know it, the person's address. For example: /invite technician moussa@example.org
invite-in-private = An invitation is prepared in private: write /invite to me in our conversation.
invite-here-already = { $name } has an account with that address already.
button-show-person = Show this account
invite-code = Hand this to the person you invite (role: { $role }). They write it to me in private, on Telegram or Discord:
invite-code-lost = /link (the code was lost: prepare another invitation with /invite)
invite-once = This invitation works once, for { $days } days. Give it to nobody else: whoever has it can take it.
invited-by = { $by } invites you, with the role “{ $role }”. Create your account here, on { $platform }? If you have an account already, say no and type /link in the chat that is linked already: a code is shown there.
invited-here = You are invited, with the role “{ $role }”. Create your account here, on { $platform }? If you have an account already, say no and type /link in the chat that is linked already: a code is shown there.
invited-only = This desk is for people who were invited. If you were given a code, type /link followed by the code; otherwise ask an administrator for one. What you write here is kept until then.
button-join-yes = Create my account
button-join-no = No
join-refused = All right, nothing has changed. The invitation stays good until it ends.
joined = Welcome { $name }, your account is made.
form-join = Who are you?
