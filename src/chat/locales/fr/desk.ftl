# Ce que les gens lisent au guichet. Vouvoiement, phrases courtes : d'abord ce qui s'est passé, ensuite ce que
# l'on peut faire.

## Boutons (80 signes au plus)
button-send = Envoyer
button-edit = Modifier
button-category = Catégorie
button-urgency = Urgence
button-drop = Annuler
button-back = Retour
button-new = Nouvelle demande
button-mine = Mes demandes
button-search = Chercher
button-add-to = Ajouter au n° { $number }
button-add = Ajouter
button-answer = Répondre
button-withdraw = Annuler la demande
button-withdraw-yes = Oui, l'annuler
button-withdraw-no = Non, la garder
button-confirm = C'est réglé
button-still = Toujours en panne
button-take = Prendre
button-ask = Demander une précision
button-details = Détails
button-reply = Répondre
button-resolve = Résoudre
button-note = Note interne
button-handover = Passer la main
button-assign = Attribuer
button-release = Rendre à l'équipe
button-reopen = Rouvrir
button-close = Clôturer
button-past = Historique
button-newer = ◀ Plus récent
button-older = Plus ancien ▶
button-follow = Ouvrir une suite
button-restore = Rétablir
button-purge = Effacer pour toujours
button-delete-yes = Oui, la supprimer
button-purge-yes = Oui, l'effacer
button-deleted = Demandes supprimées
button-keep = Garder
button-no-word = Sans mot
button-title = Titre
button-description = Description
button-other-name = Changer le nom
button-stop = Annuler
button-correct = Corriger
button-late-yes = C'est ma réponse
button-late-no = Non, c'est autre chose
button-link-yes = Relier
button-link-no = Ce n'est pas moi
button-resend = Renvoyer { $count }
button-resend-all = Tout renvoyer
button-unknown = Ce bouton n'existe pas. Écrivez-moi ce qu'il vous faut, ou tapez /aide.

## Premier contact
hello = Bonjour ! Ici le guichet : décrivez votre problème en un message, avec une photo si cela aide, et un technicien s'en occupe. Pour l'anglais : /language en
hello-again = Bonjour { $name } ! Décrivez votre problème en un message, ou tapez /tickets pour voir vos demandes.
# Les mots d'un simple bonjour, en minuscules.
greetings = bonjour bonsoir salut coucou allo allô hello bot guichet
hello-keeping = Bonjour ! Je note votre message et je l'envoie dès que je sais qui vous êtes.
welcome = Merci { $name }, c'est noté. Décrivez votre problème en un message quand vous voulez.
welcome-draft = Merci { $name }. Voici votre demande, vérifiez et envoyez :
unknown-person = Je ne vous connais pas encore. Décrivez votre problème en un message : je vous demanderai votre nom en passant. Si l'on vous a donné un code, tapez /link suivi du code.
unknown-person-shared = Je ne vous connais pas encore. Écrivez-moi en privé : décrivez votre problème, ou tapez /link suivi du code que l'on vous a donné.
write-to-me-first = Je vous réponds en privé : ouvrez une conversation avec { $bot }, appuyez sur Démarrer, puis recommencez ici.
just-write = Décrivez votre problème en un message, avec une photo si cela aide.
just-write-privately = Écrivez-moi en privé pour ouvrir une demande : ici, tout le monde vous lirait.
unreadable = Je ne sais pas encore lire ce type de message. Décrivez le problème en quelques mots, ou envoyez une photo.
unknown-command = Je ne connais pas la commande { $name }. Écrivez simplement votre problème, ou tapez /aide pour voir ce que je sais faire.

## Questions
question-name = Quel est votre nom ?
question-email = Merci { $name }. Et votre adresse e-mail ? Elle permet à l'équipe de savoir qui vous êtes.
question-email-again = Quelle est votre adresse e-mail ?
question-title = Quel titre voulez-vous ? Pour l'instant :
question-description = Et la description ? Pour l'instant :
question-words = Que cherchez-vous ? Quelques mots suffisent, par exemple : imprimante salle 3
question-comment = Que voulez-vous ajouter au n° { $number } ?
question-note = Que voulez-vous noter sur le n° { $number } ? Seule l'équipe le lira.
question-ask = Que voulez-vous demander, pour le n° { $number } ?
question-resolve = Comment le n° { $number } a-t-il été résolu ? La personne qui a ouvert la demande lira votre réponse.
question-reopen = Qu'est-ce qui ne va toujours pas, pour le n° { $number } ?
question-retitle = Quel titre voulez-vous pour le n° { $number } ?
question-describe = Quelle description voulez-vous pour le n° { $number } ?
question-handover = Un mot pour qui reprend le n° { $number } ? Seule l'équipe le lira.
reply-to-this = Répondez à ce message.
nothing-asked = Cette question n'attend plus de réponse. Écrivez-moi ce qu'il vous faut.
stopped = C'est annulé. Rien n'a été envoyé.
late-question = Je vous avais posé une question { $ago } :
late-is-it = Votre message y répond-il ? Je l'ai gardé.

## Formulaires (45 signes au plus)
form-signup = Qui êtes-vous ?
form-confirm = Votre code
form-open = Nouvelle demande
form-edit = Modifier la demande
form-search = Chercher des demandes
form-comment = Message sur le n° { $number }
form-note = Note interne sur le n° { $number }
form-ask = Question sur le n° { $number }
form-resolve = Résoudre le n° { $number }
form-reopen = Rouvrir le n° { $number }
form-retitle = Titre du n° { $number }
form-describe = Description du n° { $number }
form-handover = Passer la main pour le n° { $number }
field-name = Votre nom
field-email = Votre adresse e-mail
field-code = Le code reçu par e-mail
field-title = Titre
field-description = Description
field-body = Message
field-words = Ce que vous cherchez

## Le brouillon
draft-heading = Nouvelle demande
draft-files = 📎 { $count ->
        [one] { $count } fichier
       *[other] { $count } fichiers
    }
draft-category = Catégorie : { $name }
draft-urgency = Urgence : { $name }
draft-which-urgency = À quel point est-ce urgent ?
draft-which-category = De quoi s'agit-il ?
draft-needs-words = J'ai gardé votre message. Décrivez le problème en quelques mots pour que je puisse l'envoyer.
draft-needs-words-files = J'ai gardé { $count ->
        [one] votre fichier
       *[other] vos { $count } fichiers
    }. Décrivez le problème en quelques mots pour que je puisse l'envoyer.
added-to-draft = C'est ajouté à votre demande, que j'envoie dès que je sais qui vous êtes.
draft-too-long = Votre demande est trop longue pour être modifiée ici, où d'autres la liraient. Envoyez-la telle quelle, ou annulez-la.
draft-full = Votre demande est pleine : ce dernier message n'y entre plus. Envoyez-la ou raccourcissez-la, puis écrivez-le encore une fois.
draft-none = Il n'y a pas de demande en préparation ici. Décrivez votre problème en un message pour en commencer une.
draft-sent-already = C'est déjà envoyé : c'est le n° { $number }. Pour ajouter quelque chose, répondez à ce message.
draft-dropped = C'est annulé, rien n'a été envoyé.
kept-shorten = Je garde votre texte, modifiez-le avec le bouton.
kept-correct = J'ai gardé ce que vous avez écrit :
kept-for-new = Votre message n'est pas perdu : envoyez-le comme nouvelle demande.
kept-for-follow = Le n° { $number } est clôturé : il ne peut plus changer. Votre message n'est pas perdu, envoyez-le comme suite.
kept-above = Votre texte est encore dans votre message.
kept-split = Votre texte est encore dans votre message : envoyez-le en deux fois.

## La demande
number = n° { $number }
ticket-heading = N° { $number } · { $title }
status-waiting = ⏳ En attente
status-in-progress = 🔧 En cours
status-awaiting-info = ❓ En attente d'informations
status-resolved = ✅ Résolu
status-closed = 🔒 Clôturé
status-deleted = 🗑️ Supprimé
next-waiting = Un technicien va s'en occuper. Pour ajouter quelque chose, répondez à ce message.
next-in-progress = { $technician } s'en occupe. Pour ajouter quelque chose, répondez à ce message.
next-awaiting-info = { $technician } attend votre réponse. Répondez à ce message.
next-resolved = { $technician } l'a résolue. Dites-nous si c'est réglé.
next-closed = C'est terminé. Si cela recommence, ouvrez une suite.
next-deleted = Elle est supprimée. Si c'est une erreur, dites-le à l'équipe.
delete-sure = Supprimer la demande n° { $number } ({ $title }) ? Plus personne ne la verra, sauf les administrateurs, qui pourront la rétablir. La personne qui l'a ouverte est prévenue.
purge-sure = Effacer pour toujours la demande n° { $number } ({ $title }) ? Son historique, tout ce qui y est écrit et ses fichiers disparaîtront : vous ne pourrez pas revenir en arrière.
withdraw-sure = Annuler la demande n° { $number } ({ $title }) ? Personne ne s'en occupera plus.
which-ticket = De quelle demande parlez-vous ? Ajoutez son numéro, par exemple { $example }.
change-what = Que voulez-vous changer au n° { $number } ({ $title }) ?
change-which-urgency = À quel point le n° { $number } ({ $title }) est-il urgent ? Pour l'instant : { $now }.
change-which-category = De quoi s'agit-il pour le n° { $number } ({ $title }) ? Pour l'instant : { $now }.
change-unknown-urgency = Je ne connais pas l'urgence « { $words } ».
change-unknown-category = Je ne connais pas la catégorie « { $words } ».
change-now = Pour l'instant :
change-same = C'était déjà ainsi pour le n° { $number } ({ $title }).
assign-to-whom = À qui attribuer le n° { $number } ({ $title }) ?
handover-to-whom = À qui passer la main pour le n° { $number } ({ $title }) ?
colleagues-none = Il n'y a personne d'autre dans l'équipe à qui confier le n° { $number } ({ $title }). Un administrateur peut inviter quelqu'un avec /inviter.
colleagues-several = « { $words } » peut désigner plusieurs personnes.
colleagues-many = « { $words } » peut désigner beaucoup de personnes, en voici quelques-unes. Donnez le nom en entier pour en trouver une autre.
colleague-unknown = Personne dans l'équipe ne s'appelle « { $words } ».
past-heading = Historique du n° { $number } ({ $title }), du plus récent au plus ancien
event-opened = Ouverte par { $name }
event-taken = Prise par { $name }
event-released = Rendue à l'équipe par { $name }
event-commented = Message de { $name }
event-noted = Note interne de { $name }
event-asked = Précision demandée par { $name }
event-resolved = Résolue par { $name }
event-confirmed = Confirmée par { $name }
event-reopened = Rouverte par { $name }
event-closed = Clôturée par { $name }
event-withdrawn = Annulée par { $name }
event-prioritized = Urgence changée par { $name }
event-categorized = Catégorie changée par { $name }
event-retitled = Titre changé par { $name }
event-described = Description changée par { $name }
event-assigned = Attribuée par { $name }
event-handed-over = Passée à un collègue par { $name }
event-deleted = Supprimée par { $name }
event-restored = Rétablie par { $name }
event-rated = Notée par { $name }
event-change = { $before } → { $after }
event-nobody = personne
an-admin = un administrateur
follow-write = Ce sera la suite du n° { $number } ({ $title }). Décrivez en un message ce qui se passe.
follows = Suite du n° { $number }
followed-by = Suivi par le n° { $number }
deleted-heading = Demandes supprimées
deleted-none = Il n'y a pas de demande supprimée.
deleted-by = supprimée par { $name }
card-removed = 🗑️ N° { $number } · supprimée. Un administrateur peut la rétablir : /corbeille
words-comment = { $name }
words-note = 📝 { $name } (note interne)
words-question = ❓ { $name }
words-report = ✅ { $name }
words-reason = ↩️ { $name }

## Ce qui vient d'être fait
added = { $status ->
        [resolved] C'est ajouté au n° { $number } ({ $title }), qui reste résolu. Si ce n'est pas réglé, appuyez sur « Toujours en panne » ou tapez /rouvrir { $number } : sans cela, personne ne le reprend.
       *[other] C'est ajouté au n° { $number } ({ $title }).
    }
done-taken = Le n° { $number } ({ $title }) est à vous.
done-changed = C'est changé pour le n° { $number } ({ $title }).
done-handed = Le n° { $number } ({ $title }) est confié à { $name }.
done-released = Le n° { $number } ({ $title }) est rendu à l'équipe.
done-deleted = Le n° { $number } ({ $title }) est supprimé. Vous pouvez le rétablir.
done-restored = Le n° { $number } ({ $title }) est rétabli.
done-purged = Le n° { $number } est effacé pour toujours, avec tout ce qui y était écrit et joint.
done-closed = Le n° { $number } ({ $title }) est clôturé.
done-commented = { $pace ->
        [unreachable] C'est gardé, pour le n° { $number }, mais rien n'arrive plus à { $name } ici : joignez cette personne autrement.
        [hourly] C'est gardé pour { $name }, pour le n° { $number } : { $name } reçoit ses nouvelles une fois par heure.
        [never] C'est gardé, pour le n° { $number }. { $name } a coupé les notifications, et le lira en ouvrant sa demande.
       *[each] C'est envoyé à { $name }, pour le n° { $number }.
    }
done-untold = C'est gardé. { $name } a coupé les notifications, et le lira en ouvrant sa demande.
done-noted = C'est noté sur le n° { $number }. Seule l'équipe le voit.
done-asked = { $pace ->
        [unreachable] La question est gardée, pour le n° { $number }, mais rien n'arrive plus à { $name } ici : joignez cette personne autrement.
       *[each] La question est envoyée à { $name }, pour le n° { $number }.
    }
done-resolved = { $pace ->
        [unreachable] Le n° { $number } est résolu, mais rien n'arrive plus à { $name } ici : joignez cette personne autrement.
        [hourly] Le n° { $number } est résolu ; { $name }, qui reçoit ses nouvelles une fois par heure, le lira alors.
        [never] Le n° { $number } est résolu. { $name } a coupé les notifications, et le lira en ouvrant sa demande.
       *[each] Le n° { $number } est résolu ; { $name } va le lire.
    }
done-reopened = Le n° { $number } ({ $title }) est rouvert.{ $by ->
        [requester] {" "}Le technicien est averti.
        [nobody] {" "}L'équipe est avertie.
       *[team] {""}
    }

## Ce que l'on apprend sans l'avoir demandé
told-new = Nouvelle demande :
told-taken = { $name } s'occupe de votre demande n° { $number } ({ $title }).
told-prioritized = { $name } a changé l'urgence de votre demande n° { $number } ({ $title }) : { $after }, au lieu de { $before }.
told-categorized = { $name } a changé la catégorie de votre demande n° { $number } ({ $title }) : { $after }, au lieu de { $before }.
told-retitled = { $name } a donné un autre titre à votre demande n° { $number } : « { $after } », au lieu de « { $before } ».
told-assigned = { $name } vous attribue le n° { $number } ({ $title }).
told-handed-over = { $name } vous passe la main pour le n° { $number } ({ $title }).
told-relieved = { $name } a confié le n° { $number } ({ $title }) à { $technician } : vous n'en avez plus la charge.
told-taken-back = { $name } a rendu le n° { $number } ({ $title }) à l'équipe : vous n'en avez plus la charge.
told-yours-again = { $name } rouvre le n° { $number } ({ $title }), dont vous avez de nouveau la charge : ses détails disent pourquoi.
told-in-other-hands = { $technician } s'occupe maintenant de votre demande n° { $number } ({ $title }).
told-released = Votre demande n° { $number } ({ $title }) est rendue à l'équipe : un autre technicien va la reprendre.
told-commented = { $name } vous répond, pour le n° { $number } ({ $title }) :
told-asked = { $name } vous demande, pour le n° { $number } ({ $title }) :
told-resolved = Votre demande n° { $number } ({ $title }) est résolue :
told-reopened = { $name } rouvre votre demande n° { $number } ({ $title }) :
told-removed = Votre demande n° { $number } ({ $title }) a été supprimée par un administrateur : personne ne s'en occupe plus. Si c'est une erreur, demandez-lui de la rétablir, ou ouvrez une nouvelle demande.
told-restored = Votre demande n° { $number } ({ $title }) est rétablie : elle reprend où elle en était.
told-closed = Votre demande n° { $number } ({ $title }) est clôturée. Si cela recommence, ouvrez une suite.
thread-taken = 🔧 { $name } prend la demande.
thread-prioritized = ✏️ { $name } change l'urgence : { $before } → { $after }
thread-categorized = ✏️ { $name } change la catégorie : { $before } → { $after }
thread-retitled = ✏️ { $name } change le titre : « { $before } » → « { $after } »
thread-described = ✏️ { $name } change la description :
thread-assigned = 👉 { $name } attribue la demande à { $technician }.
thread-handed-over = 👉 { $name } passe la main à { $technician }.
thread-released = { $name } rend la demande à l'équipe : elle est à prendre.
thread-requester = 💬 { $name } écrit (répondez à ce message pour lui répondre) :
thread-commented = ✉️ { $name } répond à la personne qui a ouvert la demande :
thread-noted = 📝 { $name } note, pour l'équipe seulement :
thread-asked = ❓ { $name } pose cette question à la personne qui a ouvert la demande :
thread-resolved = ✅ { $name } a résolu la demande :
thread-confirmed = 🔒 { $name } confirme que c'est réglé. La demande est clôturée.
thread-reopened = ↩️ { $name } rouvre la demande :
thread-closed = 🔒 { $name } a clôturé la demande.
thread-deleted = 🗑️ { $name } a supprimé la demande.
thread-restored = ♻️ { $name } a rétabli la demande.
thread-withdrawn = 🔒 { $name } a annulé sa demande.
thread-unreached = ⚠️ { $name } n'a pas reçu ce message : je ne peux plus lui écrire sur { $platform } ({ $why }). Ce qui manque partira dès que cette personne m'écrira.
told-unread = ⚠️ L'équipe ne peut pas encore lire ce que vous avez écrit sur le n° { $number } ({ $title }) : là où elle travaille, je ne peux plus écrire ({ $why }). C'est gardé, les administrateurs sont prévenus, et l'équipe le lira dès que je le pourrai.
told-instead = Je n'arrive plus à vous écrire sur { $platform } ; je vous écris ici.
digest = { $count ->
        [one] Ce qui s'est passé : un changement
       *[other] Ce qui s'est passé : { $count } changements
    }
digest-line = • { $what }
digest-words = { $what } : { $words }
digest-quote = « { $words } »
digest-to = { $what } → { $name }
digest-next = { $more ->
        [0] Touchez un numéro pour voir la demande et y répondre.
        [one] … et un autre changement, à voir dans vos demandes. Touchez un numéro pour voir la demande et y répondre.
       *[other] … et { $more } autres changements, à voir dans vos demandes. Touchez un numéro pour voir la demande et y répondre.
    }
place-lost-removed = ⚠️ Je ne peux plus écrire dans { $place } ({ $platform }) : je n'en suis plus membre. Remettez-moi dans le groupe, puis tapez-y /setup. Les nouvelles demandes continuent d'arriver ici.
place-lost-no-access = ⚠️ Je ne peux plus écrire dans { $place } ({ $platform }) : je n'y ai plus accès. Rendez-moi l'accès, puis tapez-y /setup. Les nouvelles demandes continuent d'arriver ici.
place-lost-not-allowed = ⚠️ Je ne peux plus travailler dans { $place } ({ $platform }) : il me manque le droit d'y écrire ou d'y ouvrir des fils. Rendez-le-moi, puis tapez-y /setup. Les nouvelles demandes continuent d'arriver ici.
place-lost-no-threads = ⚠️ Je ne peux plus ouvrir de fils ni de sujets dans { $place } ({ $platform }) : il m'en manque le droit. Rendez-le-moi, puis tapez-y /setup. D'ici là, les échanges se suivent sous la carte de chaque demande.
place-lost-forum = ⚠️ Je ne peux plus publier dans le forum { $place } ({ $platform }) : { $why }. Rendez-moi l'accès et le droit d'y écrire, puis tapez /setup dans un autre salon du serveur et choisissez ce forum. Les nouvelles demandes continuent d'arriver ici.
place-lost-needs-tag = ⚠️ Je ne peux plus publier dans { $place } ({ $platform }) : ce forum exige une étiquette sur chaque publication. Retirez cette exigence dans les réglages du forum, puis tapez /setup dans un autre salon du serveur et choisissez-le. Les nouvelles demandes continuent d'arriver ici.
place-lost-deleted = ⚠️ Je ne peux plus écrire dans { $place } ({ $platform }) : ce salon n'existe plus. Tapez /setup dans un autre : les demandes en cours y auront leur carte. Les nouvelles demandes continuent d'arriver ici.

## Ce qui n'a pas pu être remis
delivery-heading = { $count ->
        [0] Tout a été remis : rien n'attend d'être renvoyé
       *[other] Messages non remis ({ $count })
    }
delivery-resent = { $count ->
        [0] C'était déjà renvoyé.
        [one] C'est renvoyé.
       *[other] { $count } messages sont renvoyés.
    }
why-blocked = le bot est bloqué
why-account-gone = ce compte n'existe plus
why-closed = messages privés fermés
why-no-server = plus de serveur en commun
why-not-started = conversation jamais ouverte
why-removed = le bot a été retiré du groupe
why-no-access = le bot n'y a pas accès
why-not-allowed = il manque un droit au bot
why-deleted = cet endroit n'existe plus
why-no-topics = il n'y a plus de sujets
why-no-threads = le bot ne peut pas ouvrir de fils
why-needs-tag = le forum exige une étiquette
why-refused = message refusé par la messagerie
why-our-fault = erreur de notre côté

## Listes
list-mine = { $count ->
        [0] Vous n'avez pas de demande en cours
       *[other] Vos demandes en cours ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-over = { $count ->
        [0] Vous n'avez pas encore de demande terminée
       *[other] Vos demandes terminées ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-queue = { $count ->
        [0] Aucune demande n'attend d'être prise
       *[other] À prendre, les plus urgentes d'abord ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-hand = { $count ->
        [0] Vous n'avez aucune demande en charge
       *[other] Vos demandes en charge, les plus urgentes d'abord ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-team = { $count ->
        [0] Rien à faire : aucune demande n'attend
       *[other] Demandes à traiter, les plus anciennes d'abord ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-resolved = { $count ->
        [0] Aucune demande résolue n'attend sa confirmation
       *[other] Demandes résolues ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-closed = { $count ->
        [0] Aucune demande clôturée
       *[other] Demandes clôturées ({ $whole ->
            [yes] { $count }
           *[no] { $from } à { $to }
        })
    }
list-none-chosen = Aucune demande de cette liste ne correspond à votre choix
button-list-all = Tout voir
button-list-mine = En cours
button-list-over = Terminées
button-list-queue = À prendre
button-list-hand = Les miennes
button-list-team = À traiter
button-list-resolved = Résolues
button-list-closed = Clôturées
button-filter-urgency = Urgence → { $choice }
button-filter-status = Statut → { $choice }
button-filter-age = Ouvertes → { $choice }
# L'âge des demandes, derrière « ouvertes ».
list-opened = ouvertes { $age }
list-unknown = Je ne sais pas lesquelles vous voulez dire par « { $words } ». Quelles demandes voulez-vous voir ?
age-today = aujourd'hui
age-week = cette semaine
age-over-week = il y a plus d'une semaine
age-over-month = il y a plus d'un mois
button-filter-category = Catégorie → { $choice }
button-filter-technician = Technicien → { $choice }
button-list-of = Technicien…
list-of-whom = Les demandes de qui ?
filter-any = { $of ->
        [age] à toute date
        [technician] tous
        [status] tous
       *[other] toutes
    }
button-before = ◀ Précédentes
button-after = Suivantes ▶
search-found = Demandes qui contiennent « { $words } »
search-none = Aucune demande ne contient « { $words } »
search-more = Il y en a d'autres : ajoutez un mot pour préciser.
search-otherwise = Essayez avec moins de mots, ou avec d'autres.
search-too-common = « { $words } » est dans presque toutes les demandes : cherchez un mot plus précis, par exemple le nom d'un appareil ou d'une salle.
button-day = Ma journée
day-heading = Votre journée
day-free = Rien ne vous attend
day-your-answer = { $count ->
        [one] On attend votre réponse :
       *[other] On attend vos réponses ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
day-your-word = { $count ->
        [one] Résolue, à confirmer par vous :
       *[other] Résolues, à confirmer par vous ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
day-your-work = { $count ->
        [one] À vous :
       *[other] À vous ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
day-their-answer = { $count ->
        [one] Vous attendez la réponse :
       *[other] Vous attendez les réponses ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
day-somebody = { $count ->
        [one] À prendre :
       *[other] À prendre ({ $count }{ $more ->
            [yes] {" "}premières
           *[no] {""}
        }) :
    }
card-deleted = ⚠️ Le compte de la personne qui a ouvert cette demande n'existe plus : personne ne lira vos réponses.
card-no-chat = ⚠️ Plus aucune messagerie n'est reliée à ce compte : { $name } ne lira pas vos réponses avant d'en avoir relié une.
gathered = { $count ->
        [one] Une nouvelle demande
       *[other] { $count } nouvelles demandes à la fois
    }
gathered-next = { $more ->
        [0] Touchez un numéro pour voir la demande et la prendre.
       *[other] … et { $more } de plus, dans /tickets. Touchez un numéro pour voir la demande et la prendre.
    }
list-awaiting-you = on attend une réponse

## Aide
help-heading = Ce que vous pouvez faire
help-learner = Décrivez votre problème en un message : une touche l'envoie. Pour ajouter quelque chose à une demande, répondez à l'un de ses messages.
help-staff = Dans le salon de l'équipe, chaque demande a sa carte, avec ses boutons. Ce que vous écrivez dans le fil d'une demande reste dans l'équipe ; pour écrire à la personne qui l'a ouverte, répondez à l'un de ses messages, ou utilisez « Répondre » ou /repondre. Une demande au nom de quelqu'un s'ouvre avec /ticket @lina, ou sur Discord avec l'option « pour » de /ticket.
help-tickets-staff = Les demandes à traiter
help-change = Changer l'urgence, la catégorie, le titre, la description
help-common = Comme tout le monde : { $commands }

## Langue, comptes, salon
language-which = Quelle langue préférez-vous ?
language-chosen = D'accord, je vous parle en français.
account-disabled = Votre compte est désactivé : je ne peux rien faire pour vous ici. Adressez-vous à un administrateur.
me-who = Vous êtes { $name }, { $role }.
me-email = Votre adresse : { $email }
me-email-stated = Votre adresse : { $email } (indiquée par vous, pas vérifiée)
me-chats = Vos messageries :
me-chat = • { $platform } ({ $chat })
me-chat-here = • { $platform } ({ $chat }), celle-ci
me-told-where-used = Je vous préviens dans la messagerie où vous m'avez écrit en dernier.
me-told-everywhere = Je vous préviens dans toutes vos messageries.
button-told-everywhere = Me prévenir partout
button-told-where-used = Me prévenir là où j'écris
notify-heading = Quand et où vous prévenir
notify-done = C'est noté.
notify-done-each = { $waiting ->
        [0] C'est noté.
       *[other] C'est noté. Ce qui attendait arrive tout de suite.
    }
notify-done-never = { $waiting ->
        [0] C'est noté.
       *[other] C'est noté. Ce qui attendait ne sera pas envoyé.
    }
pace-each = Je vous préviens de chaque changement, tout de suite.
pace-hourly = Je vous préviens une fois par heure au plus, en un seul message. Seules les questions qui attendent votre réponse, et ce qui touche à votre compte, arrivent tout de suite.
pace-never = Je ne vous préviens de rien, sauf des questions qui attendent votre réponse et de ce qui touche à votre compte. Le reste se lit dans /tickets.
button-notify = Quand me prévenir
button-pace-each = À chaque changement
button-pace-hourly = Une fois par heure
button-pace-never = Jamais
role-learner = apprenant
role-technician = technicien
role-admin = administrateur
button-show-code = Relier une autre messagerie
button-unlink-chat = { $platform } ({ $chat })
button-unlink = Délier
button-keep-chats = Garder
link-code = Sur l'autre messagerie, écrivez-moi ceci en privé :
link-code-lost = /link (le code s'est perdu : demandez-en un autre ici avec /link)
link-code-telegram = Ou ouvrez ce lien, qui l'écrit pour vous sur Telegram :
link-code-telegram-lost = (le lien s'est perdu avec le code)
link-code-once = Ce code sert une fois, pendant { $minutes } minutes. Ne le donnez à personne : qui l'a peut agir à votre place.
link-in-private = Un code se montre en privé : écrivez-moi /link dans notre conversation.
unlink-which = Quelle messagerie voulez-vous délier de votre compte ?
unlink-surely = Délier { $platform } ({ $chat }) de votre compte ? Vos demandes n'y seront plus visibles, et leurs nouvelles iront dans vos autres messageries.
unlink-last = { $platform } ({ $chat }) est votre seule messagerie : sans elle, il vous faudra un code d'un administrateur pour revenir à votre compte et à vos demandes. La délier quand même ?
unlink-done = C'est fait : { $platform } ({ $chat }) n'est plus reliée à votre compte.
unlink-kept = D'accord, rien n'a changé.
unlink-too-new = Cette messagerie-ci vient d'être reliée : pendant { $hours } heures, elle ne peut pas délier celles qui l'étaient avant elle. Faites-le depuis l'autre, depuis la page, ou demandez à un administrateur.
unlink-not-yours = Cette messagerie n'est pas, ou plus, reliée à votre compte. /me montre celles qui le sont.
told-linked = Une messagerie vient d'être reliée à votre compte : { $platform } ({ $chat }). Si ce n'est pas vous, dites-le tout de suite, ici, et prévenez un administrateur.
button-disown = Ce n'était pas moi
disown-surely = Délier { $platform } ({ $chat }), que quelqu'un d'autre a reliée ? Cette personne ne verra plus vos demandes, vos codes seront annulés et, si le code venait de votre page, tous les navigateurs seront déconnectés.
button-disown-yes = Oui, la délier
button-disown-no = Non, c'était moi
disown-done = C'est fait : { $platform } ({ $chat }) n'est plus reliée à votre compte, et vos codes sont annulés. Qui l'avait reliée a lu un code dans une de vos messageries : prévenez un administrateur.
disown-done-page = C'est fait : { $platform } ({ $chat }) n'est plus reliée à votre compte, vos codes sont annulés et tous les navigateurs déconnectés. Quelqu'un connaît votre mot de passe, ou s'est servi de votre navigateur : demandez à un administrateur un lien pour en choisir un autre.
told-other-unlinked = Une messagerie vient d'être déliée de votre compte { $by ->
       *[chat] depuis { $from }
        [gone] depuis une autre de vos messageries
        [page] depuis votre page
        [admin] par un administrateur
    } : { $platform } ({ $chat }). Pour la relier, demandez un code ici avec /link. Si ce n'est pas vous, prévenez un administrateur.
told-unlinked = Cette messagerie vient d'être déliée de votre compte { $by ->
       *[chat] depuis { $from }
        [gone] depuis une autre de vos messageries
        [page] depuis votre page
        [admin] par un administrateur
    }. Pour la relier, tapez ici /link suivi d'un code, que montrent vos autres messageries, votre page ou un administrateur. Si cela vous étonne, prévenez un administrateur.
told-link-refused = Sur la page, la réponse est non : cette messagerie n'est reliée à aucun compte. Si c'était une erreur, demandez un autre code sur la page, puis tapez /link suivi de ce code.
told-link-lapsed = La page n'a pas confirmé à temps : cette messagerie n'est reliée à aucun compte. Pour recommencer, demandez un autre code sur la page, puis tapez /link suivi de ce code.
button-show-draft = Voir ma demande
told-password = Le mot de passe de votre compte vient d'être changé. Si ce n'est pas vous, prévenez tout de suite un administrateur : il peut vous donner un lien pour en choisir un autre, ce qui déconnecte tout le monde.
link-how = Tapez /link suivi du code que l'on vous a donné, par exemple : /link 7KQ2-M9XD
link-in-public = Un code se tape en privé. S'il était bon, je viens de l'annuler : demandez-en un autre, puis écrivez-moi en privé.
link-already = Votre messagerie { $platform } est déjà reliée au compte de { $name }. Pour la relier à un autre compte, déliez-la d'abord avec /unlink.
link-wrong = Ce code n'est pas bon, ou ne l'est plus. Vérifiez-le, ou demandez-en un nouveau : il ne sert qu'une fois, pendant un temps limité.
link-too-often = Trop d'essais. Attendez { $minutes } minutes, puis réessayez avec un nouveau code.
link-is-it-you = Relier ce compte { $platform } ({ $chat }) à { $name } ({ $email }) ? Ne dites oui que si c'est vous : ce que vous écrivez ici irait sinon à quelqu'un d'autre.
link-is-it-you-stated = Relier ce compte { $platform } ({ $chat }) à un compte que quelqu'un a créé lui-même sous le nom de { $name } ? Ni ce nom ni son adresse ({ $email }) n'ont été vérifiés. Ne dites oui que si vous avez demandé ce code vous-même, dans une autre de vos messageries : vos demandes iraient sinon à quelqu'un d'autre.
link-waits = Encore un pas, sur la page où ce code est affiché : elle montre { $platform } ({ $chat }), identifiant { $id }. Vérifiez-le et confirmez-y dans { $minutes ->
        [one] la minute
       *[other] les { $minutes } minutes
    } : rien n'est relié avant.
link-nothing = Il n'y a rien à relier. Tapez /link suivi du code que l'on vous a donné.
link-refused = D'accord, rien n'a changé. Ne donnez jamais un code à quelqu'un d'autre.
link-done = C'est fait : vous êtes { $name }.
link-next-admin = Pour recevoir les demandes dans un salon de l'équipe, tapez-y /setup.
link-next-technician = Les demandes arrivent dans le salon de l'équipe. /tickets montre celles à traiter.
link-next-learner = Décrivez votre problème en un message quand vous voulez.
setup-where = Tapez /setup dans le salon ou le groupe de l'équipe, pas ici.
setup-which = Tapez /setup dans le salon de l'équipe, pas dans un fil ; ou choisissez le salon, ou le forum, avec l'option « salon » de /setup.
setup-done-there = C'est fait : les demandes arriveront dans { $place }. Chaque demande y aura sa carte. Si rien n'y vient, vérifiez que je vois ce salon et peux y écrire.
setup-done-forum = C'est fait : les demandes arriveront dans le forum { $place }. Chaque demande y aura sa publication, avec sa carte en tête. Si rien n'y vient, vérifiez que je vois ce forum et peux y écrire.
setup-done = C'est fait : les demandes arriveront ici, dans { $place }. Chaque demande y aura sa carte.

## Confirming an address
button-enter-code = Saisir le code
button-new-letter = Renvoyer un code
button-other-email = Changer l'adresse
code-sent = J'envoie un code à { $email }.
code-question = Tapez-le ici quand vous l'avez : il sert une fois, pendant { $minutes } minutes. Rien reçu ? Regardez aussi dans les indésirables.
code-question-shared = Quand vous l'avez, appuyez sur « Saisir le code » : il sert une fois, pendant { $minutes } minutes. Rien reçu ? Regardez aussi dans les indésirables.
code-too-many = J'ai déjà envoyé plusieurs codes à { $email } ou depuis ici. Cherchez le dernier dans vos messages, ou demandez-en un autre dans { $minutes ->
       *[other] { $minutes } minutes
        [1440] un jour
        [43200] un mois
    }.
code-crowded = Beaucoup de codes viennent de partir, et je n'en envoie pas davantage pour le moment. Votre message est gardé : demandez un autre code dans une heure.
code-wrong = Ce code n'est pas le bon. Il vous reste { $count ->
        [one] un essai
       *[other] { $count } essais
    }. Tapez-le encore une fois, ou demandez-en un autre.
code-wrong-last = Ce code n'est pas le bon, et c'était le dernier essai. Attendez dix minutes, puis demandez un autre code.
code-spent = Ce code ne sert plus. Demandez-en un autre.
code-not-sent = Le code n'est pas encore parti : le serveur de messagerie ne répond pas. Votre message est gardé, et le code partira dès que possible.
email-other = D'accord, rien n'est perdu.
told-letter-refused = Le code n'a pas pu être remis : l'adresse { $email } est refusée. Corrigez-la, votre message est gardé.

## Letters
letter-confirm-subject = Votre code pour le guichet
letter-confirm-why = Quelqu'un a donné votre adresse au guichet, sur { $platform }, sous le nom de « { $chat } ». Si c'est vous, voici votre code :
letter-code-how = Tapez-le dans cette conversation. Il sert une fois, pendant { $minutes } minutes. Ne le donnez à personne.
letter-confirm-not-you = Si ce n'est pas vous, ne faites rien : sans ce code, votre adresse n'est pas utilisée.
letter-link-subject = Relier une messagerie à votre compte du guichet ?
letter-link-why = Bonjour { $name }. Vous avez déjà un compte au guichet avec cette adresse. Quelqu'un vient de la donner sur { $platform }, sous le nom de « { $chat } ». Si c'est vous, ce code relie cette messagerie à votre compte :
letter-link-not-you = Si ce n'est pas vous, ne donnez ce code à personne et ne faites rien d'autre : sans lui, votre compte reste comme il est. Si cela se répète, prévenez un administrateur.
letter-password-subject = Choisir un nouveau mot de passe pour le guichet
letter-password-why = Bonjour { $name }. Quelqu'un a demandé à changer le mot de passe de votre compte du guichet. Si c'est vous, ouvrez cette page pour en choisir un autre :
letter-password-how = Ce lien sert une fois, pendant { $minutes } minutes, et annule les précédents. Ne le donnez à personne.
letter-password-not-you = Si ce n'est pas vous, ne faites rien : votre mot de passe reste le même. Si cela se répète, prévenez un administrateur.
letter-disabled-subject = Votre compte du guichet
letter-disabled-why = Quelqu'un a donné votre adresse au guichet, sur { $platform }, sous le nom de « { $chat } ». Un compte existe avec cette adresse, mais il est désactivé.
letter-disabled-next = Si c'est vous, écrivez à un administrateur. Sinon, ne faites rien.
