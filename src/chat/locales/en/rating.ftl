# How it went, once it is over.

rate-question = How did it go? From 1 (badly) to 5 (very well): what you think helps the team.
rate-which = How many stars would you give no. { $number } ({ $title })? From 1 (badly) to 5 (very well).
rate-same = That was your rating of no. { $number } ({ $title }) already. You can change it for { $days } days after closing.
done-rated = Thank you for rating no. { $number } ({ $title }). You can change it for { $days } days after closing.
rating = { $drawn } { $stars }/5
told-rated = { $name } has rated no. { $number } ({ $title }), which was in your charge:
button-stars = { $stars } ★
button-rate-again = Change the stars
button-remark = Add a word
button-remark-again = Change the word
question-remark = A word about no. { $number }? The team will read it.
form-remark = A word about no. { $number }
field-remark = Your word
the-remark = Your word
command-rate-description = Say how a finished request went
option-stars-name = stars
option-stars-description = From 1 (badly) to 5 (very well)
refused-rated-by-requester = Only the person who opened no. { $number } can rate it. What they think stands in the details.
refused-rated-once-closed = No. { $number } is not closed yet: you can rate it then.
refused-never-resolved = No. { $number } was closed without having been resolved: there is nothing to rate. If it happens again, open a follow-up.
refused-rating-over = No. { $number } was closed too long ago to be rated. If it happens again, open a follow-up.
