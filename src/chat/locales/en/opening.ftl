# A request that the team opens for somebody else.

option-for-name = for
option-for-description = For whom, if not for you (team): their name or address

for-person = for { $name }
draft-for = 👤 For { $name }
form-for = { $title } · { $name }
button-for = { $name } · { $platform } ({ $chat })
for-whom = For whom? Add the name behind @, for example: /ticket @lina my screen is black
for-privately = A request for somebody else is opened in private: type /ticket @lina and the problem in our conversation, not here.
for-write = Describe in one message what it is about, with a photo if that helps.
for-several = "{ $words }" may be several people. For whom do you open the request?
for-many = "{ $words }" may be many people, here are some of them. Give the whole name, or the address, to find another.
for-unknown = I know nobody called "{ $words }". Give another part of the name, or the address. Who has no account here yet has to sign up with me in private first, or be invited.
for-gone = This account is deleted: I can't open anything in its name any more. Choose somebody else.
for-disabled = { $name }'s account is disabled: I can't open anything in their name. An admin can enable it again with /users.
for-without-chat = No chat is linked to { $name }'s account, so they would hear nothing of it: I can't open anything in their name. They need a code first, which an admin shows with /users.
draft-for-other = Another request is being prepared here already. Send it or cancel it, then try again.
done-opened-for = Request no. { $number } ({ $title }) is open for { $name }, who finds it among their own and can answer there.
told-opened-for = { $name } has opened request no. { $number } ({ $title }) for you.
card-opened-by = opened by { $name }
refused-for-oneself = Only technicians can open a request for somebody else. For yourself, just describe your problem in one message.

# The menu of a message, on Discord (32 characters at most).
menu-open = Open a ticket
picked-application = This message comes from an application: there is nobody in whose name to open anything. To open a request yourself, describe the problem.
picked-empty = This message has neither text nor a file that I can read. Describe the problem yourself instead.
picked-stranger = I don't know { $name } yet: I can't open anything in their name. They have to sign up with me in private first, or be invited; then try again, their message is still there.
