# What a request is linked to: other requests, pages elsewhere.

command-relate-description = Link a request to another, or to a page
option-relation-name = relation
option-relation-description = What the request is to the other
option-target-name = target
option-target-description = The number of the other request, or an address in https://
relation-blocks = Blocks
relation-blocked = Blocked by
relation-duplicates = Duplicate of
relation-duplicated = Has a duplicate
relation-relates = Related to
linked-blocks = blocks no. { $number }
linked-blocked = blocked by no. { $number }
linked-duplicates = duplicate of no. { $number }
linked-duplicated = has a duplicate, no. { $number }
linked-relates = related to no. { $number }
linked-nothing = no link
links-more = and { $count ->
        [one] { $count } more link
       *[other] { $count } more links
    }
event-related = Links changed by { $name }
button-links = Links
button-relate = Add a link
button-unlink-this = Remove { $what }
form-relate = Add a link to no. { $number }
question-relate = What shall no. { $number } be linked to? Give the number of another request, or an address that begins with https://
field-target = Number of a request, or https:// address
the-target = What you gave
text-nothing-to-link = I find neither the number of a request nor the address of a page in it. Give for instance 7, “blocks 7” or https://example.org/page
text-with-password = There is a user name or a password in this address, which the whole team would see. Take away what stands before the @.
relate-how = What is no. { $number } ({ $title }) to no. { $other } ({ $theirs })?
relate-unknown = I don't know the link “{ $words }”.
links-heading = Links of no. { $number } ({ $title })
links-none = There are none yet.
done-linked = The link is added to no. { $number } ({ $title }).
done-unlinked = The link is removed from no. { $number } ({ $title }).
refused-itself = No. { $number } can't be linked to itself. Give the number of another request.
refused-linked-already = This link is there already for no. { $number }. To change it, remove it first.
refused-not-linked = This link is not there, or not any more, for no. { $number }.
refused-too-many-links = There are too many links already, on one side or the other, for no. { $number }. Remove one first.
transcript-pages = Pages
