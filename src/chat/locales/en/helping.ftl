# Colleagues who help with a request.

command-helper-description = Call a colleague to help with a request

button-help = Helpers
# A name, to have somebody help no more.
button-let-go = ✖ { $name }
help-by-whom = Whom would you like to help with no. { $number } ({ $title })?{ $helpers ->
        [0] {""}
       *[other] {" "}A ✖ button lets go somebody who does.
    }
card-helpers = with { $names }
event-helped = Helpers changed by { $name }
done-called = { $name } helps with no. { $number } ({ $title }) from now on.
done-let-go = { $name } helps with no. { $number } ({ $title }) no more.
told-called = { $name } calls you to help with no. { $number } ({ $title }). You can reply, ask for details and resolve it.
told-let-go = { $name } lets you go: you help with no. { $number } ({ $title }) no more.
thread-called = 🤝 { $name } calls { $after } to help.
thread-let-go = 🤝 { $before } helps no more.
refused-helps-already = They help with no. { $number } already.
refused-not-helping = They don't help with no. { $number }, or not any more.
refused-too-many-helpers = { $most } people help with no. { $number } already. Let one go first.
day-your-help = { $count ->
        [one] You help with:
       *[other] You help with ({ $more ->
            [yes] first { $count }
           *[no] { $count }
        }):
    }
