# Des collègues en renfort sur une demande.

command-helper-description = Appeler un collègue en renfort sur une demande

button-help = Renfort
# Un nom, pour retirer quelqu'un du renfort.
button-let-go = ✖ { $name }
help-by-whom = Qui appeler en renfort sur le n° { $number } ({ $title }) ?{ $helpers ->
        [0] {""}
       *[other] {" "}Un bouton ✖ libère qui y est déjà.
    }
card-helpers = avec { $names }
event-helped = Renfort changé par { $name }
done-called = { $name } est désormais en renfort sur le n° { $number } ({ $title }).
done-let-go = { $name } n'est plus en renfort sur le n° { $number } ({ $title }).
told-called = { $name } vous appelle en renfort sur le n° { $number } ({ $title }). Vous pouvez y répondre, demander une précision et résoudre.
told-let-go = { $name } vous libère : vous n'êtes plus en renfort sur le n° { $number } ({ $title }).
thread-called = 🤝 { $name } appelle { $after } en renfort.
thread-let-go = 🤝 { $before } n'est plus en renfort.
refused-helps-already = Cette personne est déjà en renfort sur le n° { $number }.
refused-not-helping = Cette personne n'est pas, ou n'est plus, en renfort sur le n° { $number }.
refused-too-many-helpers = { $most } personnes sont déjà en renfort sur le n° { $number }. Libérez-en une d'abord.
day-your-help = { $count ->
        [one] En renfort :
       *[other] En renfort ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
