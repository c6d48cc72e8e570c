# Les pages, dans un navigateur.

## Partout
web-languages = Langues
web-back = Revenir
web-problem = Cela n'a pas marché
web-not-found = Il n'y a rien à cette adresse. Vérifiez-la, ou revenez à votre compte.
web-forged = Cette page était ouverte depuis trop longtemps, ou venait d'ailleurs : rien n'a été fait. Revenez en arrière, rechargez-la, puis recommencez. Votre navigateur doit accepter les cookies de ce site.
web-too-large = C'est trop long : rien n'a été fait. Revenez en arrière et raccourcissez ce que vous avez écrit.
web-unreadable = Ce que votre navigateur a envoyé est illisible : rien n'a été fait. Revenez en arrière et recommencez.
web-crowded = Trop de monde se connecte en même temps. Attendez quelques secondes, puis recommencez.
web-our-fault = Quelque chose n'a pas marché chez nous. Recommencez dans quelques secondes ; si cela continue, prévenez un administrateur.

## Se connecter
web-sign-in = Se connecter
web-sign-out = Se déconnecter
web-sign-out-everywhere = Se déconnecter partout
web-email = Adresse e-mail
web-password = Mot de passe
web-wrong = Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez les deux, puis recommencez.
web-wait = Trop d'essais. Réessayez { $minutes ->
        [one] dans une minute
       *[other] dans { $minutes } minutes
    }.
web-done-out = Vous êtes déconnecté.
web-done-password = Votre nouveau mot de passe est enregistré. Les autres navigateurs sont déconnectés.
web-done-unlinked = Cette messagerie n'est plus reliée à votre compte.
web-done-linked = La messagerie est reliée à votre compte.
web-done-refused = La messagerie n'est pas reliée, et le code est annulé.

## Le mot de passe
web-change-password = Changer le mot de passe
web-set-password = Choisir un mot de passe
web-password-for = Pour le compte de
web-password-what = Les autres navigateurs où vous êtes connecté seront déconnectés, et vos messageries averties.
web-password-current = Mot de passe actuel
web-password-new = Nouveau mot de passe
web-password-repeat = Le même encore une fois
web-password-hint = Au moins { $min } caractères, ceux que vous voulez. Quelques mots font un bon mot de passe.
web-password-again = Pour être sûr que c'est vous, tapez votre mot de passe.
web-password-wrong = Ce n'est pas votre mot de passe actuel. Recommencez.
web-password-short = Il est trop court : il faut au moins { $min } caractères.
web-password-long = Il est trop long : un mot de passe a { $max } caractères au plus.
web-password-common = Beaucoup de gens ont celui-ci, et c'est le premier que l'on essaie. Choisissez-en un autre.
web-password-own = C'est votre nom ou votre adresse, que d'autres connaissent. Choisissez-en un autre.
web-password-differs = Ce n'est pas le même que le premier. Tapez les deux encore une fois.
web-forgot = Mot de passe oublié ?
web-forgot-how = Un administrateur peut vous donner un lien, qui sert une fois : vous y choisirez un nouveau mot de passe. Demandez-le à l'un d'eux, de vive voix ou en privé.
web-forgot-then = Vos messageries restent reliées, et vos demandes où elles en sont.
web-forgot-by-mail = Donnez l'adresse e-mail de votre compte. Nous y envoyons un lien pour choisir un nouveau mot de passe.
web-forgot-send = Envoyer le lien
web-forgot-asked = Si un compte a cette adresse, nous venons d'y envoyer un lien pour choisir un nouveau mot de passe. Il sert une fois, pendant { $minutes } minutes.
web-forgot-nothing = Rien reçu ? Regardez aussi dans les indésirables, et vérifiez que c'est bien l'adresse de votre compte. Un administrateur peut aussi vous donner un lien.
web-not-an-address = Ce n'est pas une adresse e-mail. Elle s'écrit comme ceci : lina@exemple.org
web-link-gone = Ce lien ne sert plus : il a déjà servi, il est trop ancien, ou un autre l'a remplacé.
web-link-other = Obtenir un autre lien

## Le compte
web-account = Votre compte
web-name = Nom
web-role = Rôle
web-chats = Vos messageries
web-no-chats = Aucune messagerie n'est reliée à votre compte.
web-security = Sécurité
web-link = Relier une messagerie
web-link-what = Reliez Telegram ou Discord : vos demandes et leurs nouvelles y seront.
web-show-code = Montrer le code
web-code-where = Sur Telegram ou Discord, écrivez ceci au bot, en privé :
web-code-once = Ce code sert une fois, pendant { $minutes } minutes. Ne le donnez à personne.
web-code-telegram = Ouvrir Telegram, avec ce code
web-code-then = Le bot vous demande si ce compte est le vôtre : répondez oui. Puis continuez ici, où vous verrez quelle messagerie demande à être reliée.
web-code-done = Continuer
web-link-title = Relier cette messagerie ?
web-link-platform = Messagerie
web-link-chat = Nom affiché
web-link-id = Identifiant
web-link-surely = Quelqu'un y a tapé votre code et demande à la relier à votre compte. Si c'est vous, le bot vous y montre le même identifiant. Sinon, refusez : cette personne verrait vos demandes et agirait à votre place.
web-link-yes = Relier
web-link-no = Refuser
web-link-waiting = On attend votre messagerie
web-link-not-yet = Tapez le code au bot, en privé, et répondez oui à sa question. Cette page se recharge d'elle-même toutes les cinq secondes.
web-link-reload = Recharger
web-link-over = Il n'y a rien à confirmer : le code a servi, il a été remplacé, ou il est trop ancien. Votre compte montre les messageries qui y sont reliées ; demandez-y un autre code s'il le faut.
web-link-asked = Une messagerie demande à être reliée à votre compte.
web-link-answer = Voir laquelle
web-linked-on = reliée le { $day }/{ $month }/{ $year }
web-linked-lately = récente
web-linked-hint = Une messagerie récente qui n'est pas à vous ? Déliez-la, puis changez votre mot de passe.
web-unlink = Délier
web-keep = Garder
web-unlink-title = Délier cette messagerie ?
web-unlink-surely = Vos demandes n'y seront plus visibles, et leurs nouvelles iront dans vos autres messageries.
web-unlink-last = C'est votre seule messagerie : vous ne recevrez plus de nouvelles de vos demandes tant que vous n'en aurez pas relié une autre. Pour revenir, il vous restera cette page et votre mot de passe.
