# Les commandes, telles que les messageries les présentent (100 signes au plus).
command-start-description = Commencer
command-help-description = Ce que vous pouvez faire ici
command-ticket-description = Ouvrir une demande
command-tickets-description = Vos demandes en cours
command-show-description = Voir une demande
command-reply-description = Ajouter un message à une demande
command-cancel-description = Annuler une demande
command-take-description = Prendre une demande
command-release-description = Rendre une demande à l'équipe
command-ask-description = Demander une précision
command-note-description = Écrire une note que seule l'équipe voit
command-resolve-description = Résoudre une demande avec un compte rendu
command-reopen-description = Rouvrir une demande résolue
command-close-description = Clôturer une demande résolue
command-language-description = Choisir la langue
command-link-description = Relier cette messagerie à votre compte, avec un code
command-setup-description = Faire de ce salon celui de l'équipe
command-delivery-description = Voir ce qui n'a pas pu être remis, et le renvoyer

option-number-name = numéro
option-number-description = Le numéro de la demande
option-text-name = texte
option-text-description = Votre message
option-urgency-name = urgence
option-urgency-description = À quel point c'est urgent
option-category-name = catégorie
option-category-description = De quoi il s'agit
option-language-name = langue
option-language-description = La langue dans laquelle je vous parle
option-code-name = code
option-code-description = Le code que l'on vous a donné

urgency-low = Faible
urgency-medium = Moyenne
urgency-high = Haute
language-fr = Français
language-en = English
