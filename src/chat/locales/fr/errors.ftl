# Ce que les gens lisent quand quelque chose ne va pas. Jamais de reproche, toujours une suite.

## Refus
refused-not-found = Je ne trouve pas de demande n° { $number } parmi celles que vous pouvez voir.
refused-staff-only = Seuls les techniciens peuvent faire cela. Pour ajouter quelque chose à votre demande, répondez à l'un de ses messages.
refused-admin-only = Seuls les administrateurs peuvent faire cela. Demandez à l'un d'eux.
refused-requester-only = Seule la personne qui a ouvert le n° { $number } peut faire cela. Vous pouvez lui écrire avec « Répondre ».
refused-in-charge-only = { $name } s'occupe du n° { $number } : laissez-lui la main, ou écrivez une note interne.
refused-taken = { $name } a pris le n° { $number } { $ago }.
refused-yours = Le n° { $number } est déjà à vous.
refused-not-taken = Personne n'a encore pris le n° { $number }. Prenez-le d'abord.
refused-resolved = Ce n'est plus possible : { $name } a résolu le n° { $number } { $ago }.
refused-not-resolved = Le n° { $number } n'est pas résolu pour l'instant. Pour ajouter quelque chose, répondez à l'un de ses messages.
refused-in-hand = { $name } s'occupe déjà du n° { $number }, qui ne se modifie plus d'ici. Pour corriger quelque chose, répondez à l'un de ses messages.
refused-theirs = C'est déjà { $name } qui s'occupe du n° { $number }.
refused-not-of-the-team = Cette personne ne fait pas, ou plus, partie de l'équipe : elle ne peut pas s'occuper du n° { $number }. Choisissez quelqu'un d'autre.
refused-deleted = Le n° { $number } est supprimé. Rétablissez-le d'abord : /corbeille montre les demandes supprimées.
refused-not-deleted = Le n° { $number } n'est pas supprimé.
refused-closed = Le n° { $number } est clôturé : il ne peut plus changer. Si cela recommence, une suite peut être ouverte.
refused-not-closed = Le n° { $number } n'est pas clôturé : il n'a pas besoin d'une suite. Pour ajouter quelque chose, répondez à l'un de ses messages.

## Durées
ago-seconds = { $count ->
        [one] il y a une seconde
       *[other] il y a { $count } secondes
    }
ago-minutes = { $count ->
        [one] il y a une minute
       *[other] il y a { $count } minutes
    }
ago-hours = { $count ->
        [one] il y a une heure
       *[other] il y a { $count } heures
    }
ago-days = { $count ->
        [one] hier
       *[other] il y a { $count } jours
    }

## Textes
the-name = Votre nom
the-email = Votre adresse e-mail
the-code = Votre code
the-title = Votre titre
the-description = Votre description
the-body = Votre message
the-words = Ce que vous cherchez
text-empty = { $field } est vide. Écrivez quelques mots.
text-no-words = { $field } ne contient ni lettre ni chiffre. Écrivez quelques mots.
text-too-long = { $field } fait { $length } signes, le maximum est { $max }.
text-not-an-address = Je ne reconnais pas d'adresse e-mail. Elle ressemble à ceci : lina@exemple.org
text-not-a-code = Je ne reconnais pas de code. Il a six chiffres ou huit caractères, comme ceci : 042 137 ou 7KQ2-M9XD
file-too-large = Le fichier { $name } dépasse 20 Mo : je n'ai pas pu le garder. Envoyez-en un plus petit, ou décrivez ce qu'il montre.
file-unseen = J'ai bien gardé { $name } ({ $size } Mo), mais là où votre message est recopié sur { $platform }, on n'en verra que le nom : je ne peux y envoyer que { $most } Mo par fichier. Envoyez-en un plus petit, ou un lien.
file-heavy = 📎 { $name } ({ $size } Mo) est trop lourd pour { $platform }, où je ne peux envoyer que { $most } Mo par fichier. Demandez-en un plus petit, ou un lien.
file-empty = Le fichier { $name } est vide : je n'ai rien pu en garder. Envoyez-le encore une fois, ou décrivez ce qu'il montre.
file-unavailable = Je n'ai pas pu recevoir le fichier { $name }. Envoyez-le encore une fois.
file-with-command = Je n'ai pas gardé le fichier { $name } : une commande n'en prend pas. Envoyez-le dans un message à part.
our-fault = Quelque chose n'a pas marché chez nous, votre message est gardé. Référence : { $reference }
discord-too-slow-for-form = J'ai mis trop de temps à répondre. Recommencez, s'il vous plaît : rien n'a été perdu.
too-many-at-once = { $most ->
        [one] Vous avez ouvert une demande il y a moins de { $within } minutes.
       *[other] Vous avez ouvert { $most } demandes en { $within } minutes.
    } { $minutes ->
        [one] Réessayez dans une minute : je garde celle-ci. Vous pouvez aussi l'ajouter à une demande ouverte.
       *[other] Réessayez dans { $minutes } minutes : je garde celle-ci. Vous pouvez aussi l'ajouter à une demande ouverte.
    }
