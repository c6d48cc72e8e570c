# A whole request, as a file.

command-transcript-description = Get a whole request as a file
button-transcript = Transcript
transcript-coming = The transcript of no. { $number } ({ $title }) is on its way here, as a file.
transcript-coming-privately = The transcript of no. { $number } ({ $title }) is on its way to you in private, as a file.
transcript-here = Here is the transcript of no. { $number } ({ $title }). Open it in a browser, even offline: everything is in this file.
transcript-for-staff = For the team only: the internal notes are in it. Whoever asked can get a transcript of their own with /transcript.
transcript-status = Status
transcript-requester = Requested by
transcript-technician = In charge
transcript-category = Category
transcript-urgency = Urgency
transcript-opened = Opened on
transcript-closed = Closed on
transcript-links = Linked requests
transcript-rating = Rating
transcript-description = Description
transcript-exchange = Messages
transcript-history = History
transcript-no-words = Nothing has been written since the description.
transcript-cut = The oldest messages are not in it: there are too many for one file.
transcript-cut-lines = The oldest lines are not in it: there are too many for one file.
transcript-file = 📎 { $name } ({ $size } kB)
transcript-file-too-large = 📎 { $name } ({ $size } kB) is not in it: with this attachment the file would be too large to send. It is still in the conversation.
transcript-file-lost = 📎 { $name } ({ $size } kB) is not in it: this attachment can't be found.
transcript-made = Made on
transcript-zone = times: { $zone }
