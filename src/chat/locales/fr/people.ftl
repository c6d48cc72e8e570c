# Les personnes : qui elles sont, ce qu'elles peuvent faire, et leurs invitations.

## L'annuaire
people-heading = Personnes
people-found = Personnes dont le nom ou l'adresse contient « { $words } »
people-none = Personne ne porte ce nom ni cette adresse. /personnes tout seul montre tout le monde ; /inviter invite quelqu'un.
people-more = Il y en a d'autres : précisez ce que vous cherchez.
button-person = { $name } · { $role }
button-person-disabled = { $name } · désactivé
button-people-before = ‹ Précédentes
button-people-after = Suivantes ›
button-people = Toutes les personnes

## Une personne
person-unknown = Ce compte n'existe plus. /personnes montre ceux qui existent.
person-role = Rôle : { $role }
person-is-disabled = Compte désactivé : cette personne ne peut rien faire ici, et n'est prévenue de rien.
person-email = Adresse : { $email }
person-email-stated = Adresse : { $email } (indiquée par cette personne, pas vérifiée)
person-work = Demandes en cours : { $asked }. Demandes à sa charge : { $led }.
person-chats = Messageries :
    { $chats }
person-no-chats = Aucune messagerie n'est reliée à ce compte : un code permet d'en relier une.
history-role = ▸ { $ago } : rôle { $role }, donné par { $by }
history-disabled = ▸ { $ago } : désactivé par { $by }
history-enabled = ▸ { $ago } : réactivé par { $by }
history-password = ▸ { $ago } : mot de passe choisi par { $by }
history-code = ▸ { $ago } : code d'accès montré à { $by }
history-reset = ▸ { $ago } : lien de mot de passe remis à { $by }
history-mailed = ▸ { $ago } : lien de mot de passe envoyé par e-mail
history-joined = ▸ { $ago } : a accepté une invitation, faite par { $by }
history-linked = ▸ { $ago } : { $platform } ({ $chat }) reliée par { $by }
history-linked-page = ▸ { $ago } : { $platform } ({ $chat }) reliée par { $by }, depuis sa page
history-unlinked = ▸ { $ago } : { $platform } ({ $chat }) déliée par { $by }
by-operator = l'exploitant
button-give = Rôle { $role }
button-disable = Désactiver
button-enable = Réactiver
button-person-code = Code d'accès
button-person-link = Lien de mot de passe
button-unlink-all = Délier ses messageries
button-delete = Supprimer

## Ce qu'on lui fait, demandé deux fois
surely-give = Donner à { $name } le rôle « { $role } » ?
surely-disable = Désactiver ce compte : { $name } ? Cette personne ne pourra plus rien faire ici et ne sera plus prévenue de rien ; ses demandes restent. Vous pourrez le réactiver.
surely-enable = Réactiver ce compte : { $name } ? Cette personne pourra de nouveau faire tout ce que permet son rôle.
surely-unlink-all = Délier toutes les messageries de ce compte : { $name } ? Il lui faudra un code pour revenir à son compte.
surely-show-code = Montrer un code qui relie une messagerie à ce compte : { $name } ? Qui l'a peut agir à sa place : ne le donnez qu'à cette personne.
surely-show-link = Montrer un lien par lequel on choisit le mot de passe de ce compte : { $name } ? Qui l'a peut se connecter à sa place : ne le donnez qu'à cette personne.
button-surely = Oui
button-leave = Ne rien changer
person-given = C'est fait : { $name } a le rôle « { $role } ».
person-disabled-now = C'est fait : ce compte est désactivé ({ $name }).
person-enabled-now = C'est fait : ce compte est de nouveau actif ({ $name }).
person-unlinked-now = C'est fait : plus aucune messagerie n'est reliée à ce compte ({ $name }).
person-deleted-now = C'est fait : ce compte est supprimé. Ses demandes restent, sans son nom.
person-erased-now = C'est fait : ce compte est supprimé, et ses demandes avec lui.
person-too-much = Cela concerne trop de demandes pour le faire d'ici. Qui gère le serveur le peut, avec guichet admin delete { $number }.
person-last-admin = C'est le seul administrateur qui puisse agir. Donnez d'abord ce rôle à quelqu'un d'autre.
person-code-lost = /link (le code s'est perdu : demandez-en un autre avec /personnes)
person-code = Transmettez ceci à { $name }, à m'écrire en privé sur la messagerie à relier, dans les { $minutes } minutes :
person-link-lost = (le lien s'est perdu : demandez-en un autre avec /personnes)
person-link = Transmettez ce lien à { $name } : il permet de choisir un mot de passe, une seule fois, dans les { $minutes } minutes :
person-no-pages = Les pages n'ont pas d'adresse, donc aucun lien n'y mène : qui gère le serveur règle web.public_url, ou crée un lien avec guichet admin reset. Vous pouvez aussi donner un code d'accès.
person-no-address = L'adresse de ce compte n'est pas vérifiée : personne ne peut se connecter avec. Donnez plutôt un code d'accès, qui relie une messagerie.
told-role = Votre rôle a changé : { $role }.
told-deleted = Votre compte au guichet vient d'être supprimé par un administrateur : je ne garde rien qui vous y rattache. Si vous m'écrivez de nouveau, nous referons connaissance.

## Une personne supprimée
person-deleted = Personne supprimée
delete-how = Supprimer ce compte : { $name } ? Son nom, son adresse, son mot de passe et ses messageries disparaîtront. Que deviennent ses demandes ?
button-erase = Effacer avec ses demandes
button-keep-tickets = Garder ses demandes, sans la personne
surely-erase = { $count ->
        [0] Supprimer { $name } ? Cette personne n'a pas de demande.
        [one] Supprimer { $name }, et effacer sa demande ({ $numbers }) avec tout ce qui y est écrit et joint ?
       *[other] Supprimer { $name }, et effacer ses { $count } demandes ({ $numbers }) avec tout ce qui y est écrit et joint ?
    }
surely-delete = { $count ->
        [0] Supprimer { $name } ? Cette personne n'a pas de demande.
        [one] Supprimer { $name }, et garder sa demande ({ $numbers }) sans son nom ?
       *[other] Supprimer { $name }, et garder ses { $count } demandes ({ $numbers }) sans son nom ?
    }
surely-handed-back = { $count ->
        [one] La demande à sa charge ({ $numbers }) sera rendue à l'équipe.
       *[other] Les { $count } demandes à sa charge ({ $numbers }) seront rendues à l'équipe.
    }
surely-for-ever = C'est pour toujours : vous ne pourrez pas revenir en arrière.
ticket-purged = N° { $number } · supprimée

## Invitations
invite-how = Écrivez /inviter suivi d'un rôle (apprenant, technicien ou administrateur) et, si vous la connaissez, de l'adresse de la personne. Par exemple : /inviter technicien moussa@exemple.org
invite-in-private = Une invitation se prépare en privé : écrivez-moi /inviter dans notre conversation.
invite-here-already = { $name } a déjà un compte avec cette adresse.
button-show-person = Voir ce compte
invite-code = Transmettez ceci à la personne que vous invitez (rôle : { $role }). Elle me l'écrit en privé, sur Telegram ou sur Discord :
invite-code-lost = /link (le code s'est perdu : préparez une autre invitation avec /inviter)
invite-once = Cette invitation sert une fois, pendant { $days } jours. Ne la donnez qu'à cette personne : qui l'a peut la prendre.
invited-by = { $by } vous invite, avec le rôle « { $role } ». Créer votre compte ici, sur { $platform } ? Si vous avez déjà un compte, répondez non et tapez /link dans la messagerie que vous avez déjà reliée : un code s'y affiche.
invited-here = Vous êtes invité, avec le rôle « { $role } ». Créer votre compte ici, sur { $platform } ? Si vous avez déjà un compte, répondez non et tapez /link dans la messagerie que vous avez déjà reliée : un code s'y affiche.
invited-only = Ce guichet est réservé aux personnes invitées. Si l'on vous a donné un code, tapez /link suivi du code ; sinon, demandez-en un à un administrateur. Ce que vous écrivez ici est gardé jusque-là.
button-join-yes = Créer mon compte
button-join-no = Non
join-refused = D'accord, rien n'a changé. L'invitation reste valable jusqu'à son terme.
joined = Bienvenue { $name }, votre compte est créé.
form-join = Qui êtes-vous ?
