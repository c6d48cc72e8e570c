INSERT INTO categories (code, name_fr, name_en, keywords) VALUES
    ('hardware', 'Matériel', 'Hardware', 'chargeur ordinateur pc écran clavier souris imprimante batterie câble casque micro webcam projecteur disque charger computer laptop screen keyboard mouse printer battery cable headset camera projector disk'),
    ('software', 'Logiciel', 'Software', 'logiciel application programme mise jour installer installation licence word excel windows plateforme compte mot passe connexion bug erreur software program update install license platform account password login error'),
    ('network', 'Réseau', 'Network', 'réseau internet wifi wi-fi vpn ethernet débit lent connexion coupée serveur proxy routeur network slow server router disconnected'),
    ('other', 'Autre', 'Other', '');
