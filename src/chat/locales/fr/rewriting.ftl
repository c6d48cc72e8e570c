# Ce que l'on a écrit, puis corrigé ou retiré.

command-retract-description = Retirer votre message, en réponse à celui-ci
retract-how = Pour retirer un message que vous avez écrit sur une demande : sur Telegram, répondez à ce message par /retirer ; sur Discord, supprimez-le.
retracted = Votre message sur le n° { $number } ({ $title }) est retiré : plus personne ne le lira. Ici il reste affiché ; vous pouvez le supprimer.
words-edited = ✏️ Message modifié
words-retracted = 🗑️ Message retiré par son auteur
words-changed = ✏️ Un message plus haut, sur le n° { $number } ({ $title }), a été modifié ; il dit maintenant :
words-none = Votre message modifié n'a plus de texte.
words-kept = Le n° { $number } garde ce que vous y aviez écrit. Modifiez encore votre message ; pour le retirer, répondez-y par /retirer sur Telegram, ou supprimez-le sur Discord.
words-stay = Le n° { $number } est clôturé : ce que vous y avez écrit ne peut plus changer, et reste comme au moment de la clôture. Pour ajouter quelque chose, répondez à l'un de ses messages : ce sera une suite.
event-reworded = Message modifié par { $name }
event-retracted = Message retiré par { $name }
opening-stays = { $status ->
        [waiting] Ce que vous venez de changer dans votre message n'est pas repris dans le n° { $number } ({ $title }), qui a été décrit autrement depuis. Ajoutez-le, ou modifiez la demande depuis sa carte.
        [resolved] Le n° { $number } ({ $title }) est résolu : ce que vous venez de changer dans votre message n'y est pas repris. Si c'est important, ajoutez-le.
       *[other] Quelqu'un s'occupe déjà du n° { $number } ({ $title }) : ce que vous venez de changer dans votre message n'y est pas repris. Ajoutez-le, et tout le monde le lira.
    }
