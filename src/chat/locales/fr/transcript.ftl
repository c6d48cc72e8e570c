# Une demande entière, en un fichier.

command-transcript-description = Recevoir une demande entière, en un fichier
button-transcript = Transcription
transcript-coming = La transcription du n° { $number } ({ $title }) arrive ici, en un fichier.
transcript-coming-privately = La transcription du n° { $number } ({ $title }) vous arrive en privé, en un fichier.
transcript-here = Voici la transcription du n° { $number } ({ $title }). Ouvrez-la dans un navigateur, même sans connexion : tout est dans ce fichier.
transcript-for-staff = Pour l'équipe seulement : les notes internes y sont. La personne qui a demandé peut recevoir sa propre transcription avec /transcription.
transcript-status = Statut
transcript-requester = Demandée par
transcript-technician = En charge
transcript-category = Catégorie
transcript-urgency = Urgence
transcript-opened = Ouverte le
transcript-closed = Clôturée le
transcript-links = Demandes liées
transcript-rating = Avis
transcript-description = Description
transcript-exchange = Échanges
transcript-history = Historique
transcript-no-words = Rien n'a encore été écrit depuis la description.
transcript-cut = Les messages les plus anciens n'y sont pas : il y en a trop pour un seul fichier.
transcript-cut-lines = Les lignes les plus anciennes n'y sont pas : il y en a trop pour un seul fichier.
transcript-file = 📎 { $name } ({ $size } Ko)
transcript-file-too-large = 📎 { $name } ({ $size } Ko) n'y est pas : avec cette pièce jointe, le fichier serait trop gros pour être envoyé. Elle reste dans la conversation.
transcript-file-lost = 📎 { $name } ({ $size } Ko) n'y est pas : cette pièce jointe est introuvable.
transcript-made = Faite le
transcript-zone = heures : { $zone }
