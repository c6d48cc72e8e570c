# Une demande que l'équipe ouvre pour quelqu'un d'autre.

option-for-name = pour
option-for-description = Pour qui, si ce n'est pas pour vous (équipe) : son nom ou son adresse

for-person = pour { $name }
draft-for = 👤 Pour { $name }
form-for = { $title } · { $name }
button-for = { $name } · { $platform } ({ $chat })
for-whom = Pour qui ? Ajoutez le nom derrière @, par exemple : /ticket @lina mon écran est noir
for-write = Décrivez en un message ce dont il s'agit, avec une photo si cela aide.
for-several = « { $words } » peut désigner plusieurs personnes. Pour qui ouvrez-vous la demande ?
for-many = « { $words } » peut désigner beaucoup de personnes, en voici quelques-unes. Donnez le nom en entier, ou l'adresse, pour en trouver une autre.
for-unknown = Je ne connais personne qui s'appelle « { $words } ». Donnez une autre partie du nom, ou l'adresse. Qui n'a pas encore de compte ici en a un dès son premier message.
for-gone = Ce compte est supprimé : je ne peux plus rien ouvrir en son nom. Choisissez quelqu'un d'autre.
for-disabled = Le compte de { $name } est désactivé : je ne peux rien ouvrir en son nom. Un administrateur peut le réactiver avec /personnes.
for-without-chat = Aucune messagerie n'est reliée au compte de { $name }, qui n'en saurait rien : je ne peux rien ouvrir en son nom. Il lui faut d'abord un code, qu'un administrateur montre avec /personnes.
draft-for-other = Une demande est déjà en préparation ici, qui n'est pas pour la même personne. Envoyez-la ou annulez-la, puis recommencez.
done-opened-for = La demande n° { $number } ({ $title }) est ouverte pour { $name }, qui la retrouve parmi les siennes et peut y répondre.
told-opened-for = { $name } a ouvert pour vous la demande n° { $number } ({ $title }).
card-opened-by = ouverte par { $name }
refused-for-oneself = Seuls les techniciens peuvent ouvrir une demande pour quelqu'un d'autre. Pour vous-même, décrivez simplement votre problème en un message.

# Le menu d'un message, sur Discord (32 signes au plus).
menu-open = Ouvrir un ticket
picked-application = Ce message vient d'une application : il n'y a personne au nom de qui l'ouvrir. Pour ouvrir une demande vous-même, décrivez le problème.
picked-empty = Ce message n'a ni texte ni fichier que je sache lire. Décrivez plutôt le problème vous-même.
picked-stranger = Je ne connais pas encore { $name } : je ne peux rien ouvrir en son nom. Il faut d'abord que cette personne m'écrive en privé ; vous pourrez alors recommencer, son message est toujours là.
