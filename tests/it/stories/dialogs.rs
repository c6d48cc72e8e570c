//! A request in the making: added to, changed, cancelled, sent twice, left for a week, and through a restart.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, World};

const BOTH: [Platform; 2] = [Platform::Telegram, Platform::Discord];

/// Changes title and description: in a form, or question by question.
async fn edits(chair: &Chair, draft: &Seen, title: Option<&str>, description: Option<&str>) {
    if let Answer::Form { .. } = chair.presses(draft, "Modifier").await {
        let fields = [("Titre", title), ("Description", description)];
        let typed: Vec<_> = fields
            .iter()
            .filter_map(|(label, text)| Some((*label, (*text)?)))
            .collect();
        chair.submits(&typed).await;
        return;
    }
    for (question, answer) in [("Quel titre", title), ("Et la description", description)] {
        let asked = chair.sees(question).await;
        match answer {
            Some(text) => drop(chair.says(text).await),
            None => drop(chair.presses(&asked, "Garder").await),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_added_to_and_changed_before_it_is_sent() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner)
            .await
            .private;
        lina.says("Le wifi ne marche plus").await;
        lina.sees("Nouvelle demande").await;
        lina.says("Dans la salle 12").await;
        let draft = lina.sees("Dans la salle 12").await;
        lina.presses(&draft, "Urgence").await;
        let choice = lina.sees("À quel point").await;
        lina.presses(&choice, "Haute").await;
        let draft = lina.sees("Haute").await;
        lina.presses(&draft, "Catégorie").await;
        let choice = lina.sees("De quoi s'agit-il").await;
        lina.presses(&choice, "Retour").await;
        let draft = lina.sees("Nouvelle demande").await;
        lina.presses(&draft, "Catégorie").await;
        let choice = lina.sees("De quoi s'agit-il").await;
        lina.presses(&choice, "Logiciel").await;
        let draft = lina.sees("Logiciel").await;
        edits(&lina, &draft, Some("Wifi de la salle 12"), None).await;
        let draft = lina.sees("Wifi de la salle 12").await;
        edits(&lina, &draft, None, Some("Il ne marche plus depuis lundi")).await;
        let draft = lina.sees("depuis lundi").await;
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · Wifi de la salle 12").await;
        lina.sees_nothing_else();
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_draft_is_added_to_and_changed", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_cancelled_by_button_and_by_command() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner)
            .await
            .private;
        lina.says("Une bêtise").await;
        let draft = lina.sees("Une bêtise").await;
        lina.presses(&draft, "Annuler").await;
        lina.sees("rien n'a été envoyé").await;
        lina.says("Une autre bêtise").await;
        let draft = lina.sees("Une autre bêtise").await;
        if on == Platform::Telegram {
            // In the middle of a question, too.
            lina.presses(&draft, "Modifier").await;
            lina.sees("Quel titre").await;
        }
        lina.says("/annuler").await;
        lina.sees("rien n'a été envoyé").await;
        lina.says("Mon écran est noir").await;
        let draft = lina.sees("Mon écran est noir").await;
        assert!(!draft.text.contains("bêtise"), "{draft:?}");
        world.close().await;
        assert_eq!(world.count("tickets").await, 0);
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_draft_is_cancelled", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_sent_twice_is_one_ticket() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner)
            .await
            .private;
        lina.says("Mon écran est noir").await;
        let draft = lina.sees("Mon écran est noir").await;
        let (first, second) = tokio::join!(lina.presses(&draft, "Envoyer"), lina.presses(&draft, "Envoyer"));
        let told = |answer: &Answer| match answer {
            Answer::Toast(text) => text.contains("déjà envoyé"),
            Answer::Message(seen) => seen.text.contains("déjà envoyé"),
            _ => false,
        };
        assert!(told(&first) != told(&second), "{first:?} {second:?}");
        lina.sees("N° 1 · Mon écran est noir").await;
        world.close().await;
        assert_eq!(world.count("tickets").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_somebody_gave_stands_in_the_word_that_a_draft_becomes() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner).await;
    lina.opens("Mon écran est noir", 1).await;
    let lina = lina.private;
    lina.says("Elle bourre").await;
    let draft = lina.sees("Elle bourre").await;
    lina.presses(&draft, "Modifier").await;
    // A title that is left alone is none.
    lina.submits(&[("Description", "Elle bourre encore")]).await;
    let draft = lina.sees("Elle bourre encore").await;
    lina.presses(&draft, "Ajouter au n° 1").await;
    lina.sees("C'est ajouté au n° 1").await;
    lina.says("Elle bourre").await;
    let draft = lina.sees("Elle bourre").await;
    lina.presses(&draft, "Modifier").await;
    lina.submits(&[("Titre", "Imprimante salle 3")]).await;
    let draft = lina.sees("Imprimante salle 3").await;
    lina.presses(&draft, "Ajouter au n° 1").await;
    lina.sees("C'est ajouté au n° 1").await;
    let words = world.tables.texts("SELECT body FROM comments").await;
    assert_eq!(words, ["Elle bourre encore", "Imprimante salle 3\nElle bourre"]);
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_can_become_a_word_on_an_open_ticket() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        lina.opens("Mon écran est noir", 1).await;
        let lina = lina.private;
        lina.says("Il fait aussi du bruit").await;
        let draft = lina.sees("Il fait aussi du bruit").await;
        lina.presses(&draft, "Ajouter au n° 1").await;
        lina.sees("C'est ajouté au n° 1").await;
        lina.uses(
            "voir",
            if on == Platform::Discord {
                &[("numéro", "1")]
            } else {
                &[("number", "1")]
            },
        )
        .await;
        lina.sees("Il fait aussi du bruit").await;
        world.close().await;
        assert_eq!(world.count("tickets").await, 1);
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_draft_can_become_a_word", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_a_week_is_asked_about() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let card = lina.opens("Mon écran est noir", 1).await;
    let lina = lina.private;
    lina.presses(&card, "Ajouter").await;
    lina.sees("Que voulez-vous ajouter").await;
    world.clock.advance(TimeDelta::days(7));
    lina.says("Il fait du bruit").await;
    lina.sees("il y a 7 jours").await;
    lina.says("Et il chauffe").await;
    let asked = lina.sees("il y a 7 jours").await;
    lina.presses(&asked, "C'est ma réponse").await;
    let added = lina.sees("C'est ajouté au n° 1").await;
    lina.presses(&added, "Ajouter").await;
    lina.sees("Que voulez-vous ajouter").await;
    world.clock.advance(TimeDelta::days(7));
    lina.says("Ma souris est morte").await;
    let asked = lina.sees("il y a 7 jours").await;
    lina.presses(&asked, "Non, c'est autre chose").await;
    let draft = lina.sees("Nouvelle demande").await;
    lina.presses(&draft, "Envoyer").await;
    lina.sees("N° 2 · Ma souris est morte").await;
    lina.uses("voir", &[("number", "1")]).await;
    lina.sees("Il fait du bruit\nEt il chauffe").await;
    world.close().await;
    insta::assert_snapshot!("an_answer_after_a_week", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_asked_for_a_name_comes_back_after_a_week() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::new(&world, "Lina Ndiaye", on, "fr");
        lina.private.says("Mon écran est noir").await;
        lina.private.sees("Quel est votre nom").await;
        world.clock.advance(TimeDelta::days(7));
        lina.private.says("Il est toujours noir").await;
        let asked = lina.private.sees("il y a 7 jours").await;
        lina.private.presses(&asked, "Non, c'est autre chose").await;
        lina.signs_up("Lina Ndiaye", "lina@exemple.org", "fr").await;
        lina.private.sees("Mon écran est noir\nIl est toujours noir").await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("somebody_comes_back_after_a_week", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_a_week_old_is_still_there() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner)
            .await
            .private;
        lina.says("Mon écran est noir").await;
        lina.sees("Mon écran est noir").await;
        world.clock.advance(TimeDelta::days(7));
        lina.says("Toujours noir").await;
        let draft = lina.sees("Mon écran est noir\nToujours noir").await;
        world.clock.advance(TimeDelta::days(7));
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · Mon écran est noir").await;
        world.close().await;
        assert_eq!(world.count("tickets").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_nothing_of_a_dialog() {
    for on in BOTH {
        let mut world = World::open().await;
        let lina = Learner::new(&world, "Lina Ndiaye", on, "fr").private;
        lina.says("Mon écran est noir").await;
        lina.sees("Quel est votre nom").await;
        restart(&mut world).await;
        lina.says("Lina Ndiaye").await;
        lina.sees("e-mail").await;
        restart(&mut world).await;
        lina.says("lina@exemple.org").await;
        let draft = lina.sees("Nouvelle demande").await;
        restart(&mut world).await;
        lina.presses(&draft, "Urgence").await;
        let choice = lina.sees("À quel point").await;
        restart(&mut world).await;
        lina.presses(&choice, "Haute").await;
        let draft = lina.sees("Haute").await;
        let form = lina.presses(&draft, "Modifier").await;
        restart(&mut world).await;
        if let Answer::Form { .. } = form {
            lina.submits(&[("Titre", "Écran noir")]).await;
        } else {
            lina.sees("Quel titre").await;
            lina.says("Écran noir").await;
            let asked = lina.sees("Et la description").await;
            restart(&mut world).await;
            lina.presses(&asked, "Garder").await;
        }
        let draft = lina.sees("Écran noir").await;
        restart(&mut world).await;
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · Écran noir").await;
        world.close().await;
        assert_eq!(world.count("tickets").await, 1);
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_restart_forgets_nothing", world.script.text());
        });
    }
}

async fn restart(world: &mut World) {
    world.kill();
    world.start().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_on_another_ticket_leaves_the_draft_as_it_is() {
    for on in [Platform::Telegram, Platform::Discord] {
        let world = World::open().await;
        let lina = Learner::new(&world, "Lina Ndiaye", on, "fr");
        lina.private.says("Mon chargeur ne marche plus").await;
        lina.signs_up("Lina Ndiaye", "lina@exemple.org", "fr").await;
        let first = lina.private.sees("Mon chargeur").await;
        lina.private.presses(&first, "Envoyer").await;
        let card = lina.private.sees("N° 1 · ").await;
        lina.private.says("Et mon écran est noir").await;
        let draft = lina.private.sees("Et mon écran est noir").await;
        lina.private.presses(&card, "Annuler la demande").await;
        let sure = lina.private.sees("Personne ne s'en occupera plus").await;
        lina.private.presses(&sure, "Oui, l'annuler").await;
        lina.private.sees("Clôturé").await;
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 2 · Et mon écran est noir").await;
    }
}

/// Whoever is not of the team opens a few at a time; what they wrote waits with them.
#[tokio::test(flavor = "multi_thread")]
async fn who_opens_too_many_at_once_is_told_when_and_keeps_what_they_wrote() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        world.kill();
        world.most = NonZeroU32::new(2);
        world.start().await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        lina.opens("Le wifi tombe", 1).await;
        world.clock.advance(TimeDelta::minutes(4));
        lina.opens("Mon écran clignote", 2).await;
        world.script.forget();
        lina.private.says("La souris aussi").await;
        let draft = lina.private.sees("Urgence").await;
        lina.private.presses(&draft, "Envoyer").await;
        let told = lina.private.sees("Vous avez ouvert 2 demandes en 10 minutes").await;
        world.clock.advance(TimeDelta::minutes(5));
        lina.private.presses(&told, "Envoyer").await;
        lina.private.sees("Réessayez dans une minute").await;
        world.clock.advance(TimeDelta::minutes(2));
        lina.private.presses(&told, "Envoyer").await;
        lina.private.sees("N° 3 · La souris aussi").await;
        if on == Platform::Discord {
            lina.private.uses("ticket", &[]).await;
            lina.private
                .submits(&[("Titre", "Le clavier"), ("Description", "Il manque des touches")])
                .await;
            let told = lina.private.sees("Vous avez ouvert 2 demandes").await;
            world.clock.advance(TimeDelta::minutes(10));
            lina.private.presses(&told, "Envoyer").await;
            lina.private.sees("N° 4 · Le clavier").await;
        }
        let staff = Learner::with_role(&world, "Moussa Sarr", on, "fr", Role::Technician).await;
        for number in 1..=4 {
            staff.private.says(&format!("Panne {number}")).await;
            let draft = staff.private.sees("Urgence").await;
            staff.private.presses(&draft, "Envoyer").await;
            staff.private.sees(&format!("· Panne {number}")).await;
        }
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("who_opens_too_many", world.script.text());
        });
    }
}
