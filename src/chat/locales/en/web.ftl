# The pages, in a browser.

## Everywhere
web-languages = Languages
web-back = Back
web-problem = That did not work
web-not-found = There is nothing at this address. Check it, or go back to your account.
web-forged = This page was open for too long, or came from elsewhere: nothing was done. Go back, reload it, then try again. Your browser has to accept cookies from this site.
web-too-large = That is too long: nothing was done. Go back and shorten what you wrote.
web-unreadable = What your browser sent can't be read: nothing was done. Go back and try again.
web-crowded = Too many people are signing in at once. Wait a few seconds, then try again.
web-our-fault = Something went wrong on our side. Try again in a few seconds; if it goes on, tell an administrator.

## Signing in
web-sign-in = Sign in
web-sign-out = Sign out
web-sign-out-everywhere = Sign out everywhere
web-email = E-mail address
web-password = Password
web-wrong = This address and this password don't go together. Check both, then try again.
web-wait = Too many tries. Try again { $minutes ->
        [one] in a minute
       *[other] in { $minutes } minutes
    }.
web-done-out = You are signed out.
web-done-password = Your new password is saved. Other browsers are signed out.
web-done-unlinked = This chat is no longer linked to your account.
web-done-linked = The chat is linked to your account.
web-done-refused = The chat is not linked, and the code is void.

## The password
web-change-password = Change password
web-set-password = Choose a password
web-password-for = For the account of
web-password-what = Other browsers in which you are signed in will be signed out, and your chats told.
web-password-current = Current password
web-password-new = New password
web-password-repeat = The same once more
web-password-hint = At least { $min } characters, whichever you like. A few words make a good password.
web-password-again = To be sure that it is you, type your password.
web-password-wrong = This is not your current password. Try again.
web-password-short = It is too short: at least { $min } characters are needed.
web-password-long = It is too long: a password has { $max } characters at most.
web-password-common = Many people have this one, and it is the first that is tried. Choose another.
web-password-own = This is your name or your address, which others know. Choose another.
web-password-differs = This is not the same as the first. Type both once more.
web-forgot = Forgot your password?
web-forgot-how = An administrator can give you a link that works once: there you choose a new password. Ask one of them, in person or in private.
web-forgot-then = Your chats stay linked, and your tickets where they are.
web-forgot-by-mail = Give the e-mail address of your account. We send a link there, to choose a new password.
web-forgot-send = Send the link
web-forgot-asked = If there is an account with this address, we have just sent a link there to choose a new password. It works once, for { $minutes } minutes.
web-forgot-nothing = Nothing there? Look among your junk mail too, and check that this is the address of your account. An administrator can also give you a link.
web-not-an-address = This is not an e-mail address. One looks like this: lina@exemple.org
web-link-gone = This link is no longer good: it was used, it is too old, or another took its place.
web-link-other = Get another link

## The account
web-account = Your account
web-name = Name
web-role = Role
web-chats = Your chats
web-no-chats = No chat is linked to your account.
web-security = Security
web-link = Link a chat
web-link-what = Link Telegram or Discord: your tickets and their news will be there.
web-show-code = Show the code
web-code-where = On Telegram or Discord, write this to the bot, in private:
web-code-once = This code works once, for { $minutes } minutes. Give it to nobody.
web-code-telegram = Open Telegram, with this code
web-code-then = The bot asks you whether this account is yours: say yes. Then go on here, where you will see which chat asks to be linked.
web-code-done = Continue
web-link-title = Link this chat?
web-link-platform = Chat
web-link-chat = Displayed name
web-link-id = ID
web-link-surely = Somebody typed your code there and asks to link it to your account. If that is you, the bot shows you the same ID there. If not, refuse: they would see your tickets and act in your place.
web-link-yes = Link
web-link-no = Refuse
web-link-waiting = Waiting for your chat
web-link-not-yet = Type the code to the bot, in private, and say yes to its question. This page reloads by itself every five seconds.
web-link-reload = Reload
web-link-over = There is nothing to confirm: the code was used, replaced, or is too old. Your account shows the chats that are linked to it; ask for another code there if you need one.
web-link-asked = A chat asks to be linked to your account.
web-link-answer = See which
web-linked-on = linked on { $year }-{ $month }-{ $day }
web-linked-lately = new
web-linked-hint = A new chat that isn't yours? Unlink it, then change your password.
web-unlink = Unlink
web-keep = Keep
web-unlink-title = Unlink this chat?
web-unlink-surely = Your tickets will no longer be seen there, and their news will go to your other chats.
web-unlink-last = This is your only chat: you will hear no news of your tickets until you have linked another. To come back, you will have this page and your password.
