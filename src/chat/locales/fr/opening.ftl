# Une demande que l'équipe ouvre pour quelqu'un d'autre.

option-for-name = pour
option-for-description = Pour qui, si ce n'est pas pour vous (équipe) : son nom ou son adresse

for-person = pour { $name }
draft-for = 👤 Pour { $name }
form-for = { $title } · { $name }
button-for = { $name } · { $platform } ({ $chat })
for-whom = Pour qui ? Ajoutez le nom derrière @, par exemple : /ticket @lina mon écran est noir
for-privately = Ouvrir une demande pour quelqu'un se fait en privé : tapez /ticket @lina et le problème dans notre conversation, pas ici.
for-write = Décrivez en un message ce dont il s'agit, avec une photo si cela aide.
for-several = « { $words } » peut désigner plusieurs personnes. Pour qui ouvrez-vous la demande ?
for-many = « { $words } » peut désigner beaucoup de personnes, en voici quelques-unes. Donnez le nom en entier, ou l'adresse, pour en trouver une autre.
for-unknown = Je ne connais personne qui s'appelle « { $words } ». Donnez une autre partie du nom, ou l'adresse. Qui n'a pas encore de compte ici doit d'abord s'inscrire auprès de moi en privé, ou être invité.
for-gone = Ce compte est supprimé : je ne peux plus rien ouvrir en son nom. Choisissez quelqu'un d'autre.
for-disabled = Je ne peux rien ouvrir au nom de cette personne, dont le compte est désactivé : { $name }. Un administrateur peut le réactiver avec /personnes.
for-without-chat = { $name } n'a relié aucune messagerie, et n'en saurait rien : je ne peux rien ouvrir en son nom. Il lui faut d'abord un code, qu'un administrateur montre avec /personnes.
draft-for-other = Une autre demande est déjà en préparation ici. Envoyez-la ou annulez-la, puis recommencez.
done-opened-for = La demande n° { $number } ({ $title }) est ouverte pour { $name }, qui la retrouve parmi les siennes et peut y répondre.
told-opened-for = { $name } a ouvert pour vous la demande n° { $number } ({ $title }).
card-opened-by = ouverte par { $name }
refused-for-oneself = Seuls les techniciens peuvent ouvrir une demande pour quelqu'un d'autre. Pour vous-même, décrivez simplement votre problème en un message.

# Le menu d'un message, sur Discord (32 signes au plus).
menu-open = Ouvrir un ticket
picked-application = Ce message vient d'une application : il n'y a personne au nom de qui l'ouvrir. Pour ouvrir une demande vous-même, décrivez le problème.
picked-empty = Ce message n'a ni texte ni fichier que je sache lire. Décrivez plutôt le problème vous-même.
picked-stranger = Je ne connais pas encore { $name } : je ne peux rien ouvrir en son nom. Il faut d'abord que cette personne s'inscrive auprès de moi en privé, ou qu'elle soit invitée ; vous pourrez alors recommencer, son message est toujours là.
