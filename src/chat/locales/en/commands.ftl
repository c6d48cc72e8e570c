# The commands, as the platforms present them (100 characters at most).
command-start-description = Begin
command-help-description = What you can do here
command-ticket-description = Open a request
command-tickets-description = Your open requests
command-show-description = See a request
command-reply-description = Add a message to a request
command-cancel-description = Withdraw a request
command-take-description = Take a request
command-release-description = Give a request back to the team
command-ask-description = Ask for more information
command-note-description = Write a note that only the team sees
command-resolve-description = Resolve a request with a report
command-reopen-description = Reopen a resolved request
command-close-description = Close a resolved request
command-language-description = Choose the language
command-link-description = Link this chat to your account, with a code
command-setup-description = Make this channel the team's
command-delivery-description = See what could not be delivered, and send it again

option-number-name = number
option-number-description = The number of the request
option-text-name = text
option-text-description = Your message
option-urgency-name = urgency
option-urgency-description = How urgent it is
option-category-name = category
option-category-description = What it is about
option-language-name = language
option-language-description = The language I speak to you in
option-code-name = code
option-code-description = The code you were given

urgency-low = Low
urgency-medium = Medium
urgency-high = High
language-fr = Français
language-en = English
