# Les liens d'une demande : d'autres demandes, des pages ailleurs.

command-relate-description = Lier une demande à une autre, ou à une page
option-relation-name = lien
option-relation-description = Ce que la demande est à l'autre
option-target-name = cible
option-target-description = Le numéro de l'autre demande, ou une adresse en https://
relation-blocks = Bloque
relation-blocked = Bloquée par
relation-duplicates = Doublon de
relation-duplicated = A pour doublon
relation-relates = Liée à
linked-blocks = bloque le n° { $number }
linked-blocked = bloqué par le n° { $number }
linked-duplicates = doublon du n° { $number }
linked-duplicated = a pour doublon le n° { $number }
linked-relates = lié au n° { $number }
linked-nothing = aucun lien
links-more = et { $count ->
        [one] { $count } autre lien
       *[other] { $count } autres liens
    }
event-related = Liens changés par { $name }
button-links = Liens
button-relate = Ajouter un lien
button-unlink-this = Retirer { $what }
form-relate = Ajouter un lien au n° { $number }
question-relate = À quoi lier le n° { $number } ? Donnez le numéro d'une autre demande, ou une adresse qui commence par https://
field-target = Numéro d'une demande, ou adresse https://
the-target = Ce que vous donnez
text-nothing-to-link = Je n'y trouve ni le numéro d'une demande ni l'adresse d'une page. Donnez par exemple 7, « bloque 7 » ou https://exemple.org/page
text-with-password = Cette adresse contient un nom d'utilisateur ou un mot de passe, que toute l'équipe verrait. Retirez ce qui précède le @.
relate-how = Qu'est-ce que le n° { $number } ({ $title }) par rapport au n° { $other } ({ $theirs }) ?
relate-unknown = Je ne connais pas le lien « { $words } ».
links-heading = Liens du n° { $number } ({ $title })
links-none = Il n'y en a pas encore.
done-linked = Le lien est ajouté au n° { $number } ({ $title }).
done-unlinked = Le lien est retiré du n° { $number } ({ $title }).
refused-itself = Le n° { $number } ne peut pas être lié à lui-même. Donnez le numéro d'une autre demande.
refused-linked-already = Ce lien existe déjà pour le n° { $number }. Pour en changer, retirez-le d'abord.
refused-not-linked = Ce lien n'existe pas, ou n'existe plus, pour le n° { $number }.
refused-too-many-links = Il y a déjà trop de liens d'un côté ou de l'autre pour le n° { $number }. Retirez-en un d'abord.
transcript-pages = Pages
