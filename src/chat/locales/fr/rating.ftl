# Comment cela s'est passé, quand c'est terminé.

rate-question = Comment cela s'est-il passé ? De 1 (mal) à 5 (très bien), votre avis aide l'équipe.
rate-which = Quelle note donnez-vous pour le n° { $number } ({ $title }) ? De 1 (mal) à 5 (très bien).
rate-same = C'était déjà votre avis sur le n° { $number } ({ $title }). Vous pouvez le changer pendant { $days } jours après la clôture.
done-rated = Merci pour votre avis sur le n° { $number } ({ $title }). Vous pouvez le changer pendant { $days } jours après la clôture.
rating = { $drawn } { $stars }/5
told-rated = { $name } donne son avis sur le n° { $number } ({ $title }), que vous aviez en charge :
button-stars = { $stars } ★
button-rate-again = Changer la note
button-remark = Ajouter un mot
button-remark-again = Changer le mot
question-remark = Un mot sur le n° { $number } ? L'équipe le lira.
form-remark = Un mot sur le n° { $number }
field-remark = Votre mot
the-remark = Votre mot
command-rate-description = Dire comment une demande terminée s'est passée
option-stars-name = étoiles
option-stars-description = De 1 (mal) à 5 (très bien)
refused-rated-by-requester = Seule la personne qui a ouvert le n° { $number } peut le noter. Son avis se lit dans les détails.
refused-rated-once-closed = Le n° { $number } n'est pas encore clôturé : vous pourrez le noter ensuite.
refused-never-resolved = Le n° { $number } a été clôturé sans avoir été résolu : il n'y a rien à noter. Si cela recommence, ouvrez une suite.
refused-rating-over = Le n° { $number } est clôturé depuis trop longtemps pour être noté. Si cela recommence, ouvrez une suite.
