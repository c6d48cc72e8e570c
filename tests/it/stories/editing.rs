//! A ticket is changed: by staff from its card or by command, by whoever asked for it while it waits.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Description, Title};
use guichet::sandbox::{Answer, Seen};

use super::free_fields::{inputs, is_blank, most, refusal};
use crate::harness::{Chair, Learner, Staff, StaffOn, World, office, words};

/// Where one reads what nobody else shall: in the channel on Discord, in private on Telegram.
fn alone(on: StaffOn, staff: &Staff) -> &Chair {
    if on == StaffOn::Discord {
        &staff.channel
    } else {
        &staff.private
    }
}

/// Gives a ticket another title or description, from the choice of what to change.
async fn rewrites(chair: &Chair, choices: &Seen, label: &str, text: &str) {
    if let Answer::Form { fields, .. } = chair.presses(choices, label).await {
        chair.submits(&[(fields[0].label.as_str(), text)]).await;
        return;
    }
    chair.sees("n° 1 ?").await;
    chair.says(text).await;
}

/// What was changed, before and after, line by line.
async fn details(world: &World) -> Vec<String> {
    let lines = "SELECT CONCAT(event, ' ', COALESCE(detail_before, '-'), ' ', COALESCE(detail_after, '-'))
                 FROM history WHERE ticket_id = 1 ORDER BY seq";
    world.tables.texts(lines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_change_a_ticket_on_discord_and_who_asked_hears_of_it() {
    staff_change(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_change_a_ticket_on_telegram_and_who_asked_hears_of_it() {
    staff_change(StaffOn::TelegramTopics, Platform::Discord).await;
}

async fn staff_change(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
    world.script.forget();
    lina.opens("Le wifi ne marche plus", 1).await;
    let (moussa, alone) = (&staff.moussa, alone(on, &staff.moussa));
    let thread = async || moussa.thread(&world, 1);
    let card = moussa.channel.sees("N° 1 · ").await;
    moussa.channel.presses(&card, "Modifier").await;
    let choices = alone.sees("Que voulez-vous changer").await;
    alone.presses(&choices, "Urgence").await;
    let urgencies = alone.sees("À quel point").await;
    alone.presses(&urgencies, "Haute").await;
    alone.sees("C'est changé pour le n° 1").await;
    lina.private.sees("a changé l'urgence").await;
    let card = moussa.channel.sees("🔴 Haute").await;
    thread().await.sees("change l'urgence : Moyenne → Haute").await;
    // What stands on an old message is carried out as things are now.
    if on == StaffOn::Discord {
        alone.presses(&urgencies, "Haute").await;
        alone.sees("C'était déjà ainsi").await;
    }

    moussa.channel.presses(&card, "Modifier").await;
    let choices = alone.sees("Que voulez-vous changer").await;
    alone.presses(&choices, "Catégorie").await;
    let categories = alone.sees("De quoi s'agit-il").await;
    alone.presses(&categories, "Logiciel").await;
    alone.sees("C'est changé pour le n° 1").await;
    lina.private.sees("a changé la catégorie").await;

    let card = moussa.channel.sees("Logiciel").await;
    moussa.channel.presses(&card, "Modifier").await;
    let choices = alone.sees("Que voulez-vous changer").await;
    rewrites(alone, &choices, "Titre", "Wifi de la salle 12").await;
    alone.sees("C'est changé pour le n° 1").await;
    lina.private.sees("un autre titre").await;
    let card = moussa.channel.sees("N° 1 · Wifi de la salle 12").await;
    moussa.channel.presses(&card, "Modifier").await;
    let choices = alone.sees("Que voulez-vous changer").await;
    rewrites(alone, &choices, "Description", "Plus de wifi en salle 12\ndepuis lundi").await;
    alone.sees("C'est changé pour le n° 1").await;
    moussa.channel.sees("depuis lundi").await;
    thread().await.sees("change la description").await;

    let private = &moussa.private;
    private
        .uses("category", &[("number", "1"), ("category", "network")])
        .await;
    private.sees("C'est changé pour le n° 1").await;
    lina.private.sees("Réseau, au lieu de Logiciel").await;
    private.uses("urgency", &[("number", "1")]).await;
    let urgencies = private.sees("À quel point").await;
    private.presses(&urgencies, "Faible").await;
    private.sees("C'est changé pour le n° 1").await;
    lina.private.sees("Faible, au lieu de Haute").await;
    if on != StaffOn::Discord {
        private.says("/URGENCE 1 Très haute").await;
        private.sees("Je ne connais pas l'urgence « Très haute »").await;
        private.says("/categorie 1 RESEAU").await;
        private.sees("C'était déjà ainsi").await;
        private.says("/urgency 1 HAUTE").await;
        private.sees("C'est changé pour le n° 1").await;
        lina.private.sees("Haute, au lieu de Faible").await;
    }
    world.quiet().await;
    lina.private.sees_nothing_else();
    let mut changes = vec![
        "opened - -",
        "prioritized medium high",
        "categorized network software",
        "retitled Le wifi ne marche plus Wifi de la salle 12",
        "described Le wifi ne marche plus Plus de wifi en salle 12\ndepuis lundi",
        "categorized software network",
        "prioritized high low",
    ];
    if on != StaffOn::Discord {
        changes.push("prioritized low high");
    }
    assert_eq!(details(&world).await, changes);
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("staff_change", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_changes_a_ticket_while_it_waits_and_nobody_once_it_is_closed() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner)
            .await
            .private;
        world.script.forget();
        lina.says("Mon écran est noir").await;
        let draft = lina.sees("Urgence").await;
        lina.presses(&draft, "Envoyer").await;
        let card = lina.sees("N° 1 · ").await;
        lina.presses(&card, "Modifier").await;
        let choices = lina.sees("Que voulez-vous changer").await;
        lina.presses(&choices, "Urgence").await;
        let urgencies = lina.sees("À quel point").await;
        lina.presses(&urgencies, "Haute").await;
        let changed = lina.sees("C'est changé pour le n° 1").await;
        assert!(changed.text.contains("Haute"), "{changed:?}");
        lina.presses(&changed, "Modifier").await;
        let choices = lina.sees("Que voulez-vous changer").await;
        rewrites(&lina, &choices, "Titre", "Écran noir").await;
        let changed = lina.sees("N° 1 · Écran noir").await;
        let moussa = &staff.moussa.channel;
        let seen = moussa.sees("N° 1 · Écran noir").await;
        lina.presses(&changed, "Modifier").await;
        let choices = lina.sees("Que voulez-vous changer").await;
        let is_form = matches!(lina.presses(&choices, "Description").await, Answer::Form { .. });
        if !is_form {
            lina.sees("Quelle description").await;
        }
        moussa.presses(&seen, "Prendre").await;
        lina.sees("s'occupe de votre demande").await;
        // Somebody began while she wrote: her words are not lost.
        if is_form {
            lina.submits(&[("Description", "Il fait du bruit")]).await;
        } else {
            lina.says("Il fait du bruit").await;
        }
        let refused = lina.sees("s'occupe déjà du n° 1").await;
        assert!(!is_form || refused.text.contains("Il fait du bruit"), "{refused:?}");
        lina.presses(&choices, "Urgence").await;
        lina.sees("s'occupe déjà du n° 1").await;
        lina.uses("cancel", &[("number", "1")]).await;
        let sure = lina.sees("Personne ne s'en occupera plus").await;
        lina.presses(&sure, "Oui, l'annuler").await;
        lina.sees("Clôturé").await;
        let moussa = &staff.moussa.private;
        moussa.says("/urgence 1 faible").await;
        moussa.sees("Le n° 1 est clôturé").await;
        let forged = staff.moussa.channel.forges(&seen, "change:1").await;
        assert!(words(&forged).contains("est clôturé"), "{forged:?}");
        assert_eq!(
            world.tables.events(1).await,
            "opened prioritized retitled taken withdrawn"
        );
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("who_asked_changes", world.script.text());
        });
    }
}

/// What is typed into each field: kept as it is documented, or refused with a sentence.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_title_a_description_or_a_choice_is_kept_or_refused_kindly() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        let mut card = lina.opens("Mon écran est noir", 1).await;
        let lina = lina.private;
        for input in inputs(most(on)) {
            for (label, why) in [
                ("Titre", refusal(&Title::parse(&input))),
                ("Description", refusal(&Description::parse(&input))),
            ] {
                // The application takes no more.
                if on == Platform::Discord && label == "Titre" && input.chars().count() > Title::MAX {
                    continue;
                }
                lina.presses(&card, "Modifier").await;
                let choices = lina.sees("Que voulez-vous changer").await;
                rewrites(&lina, &choices, label, &input).await;
                let Some(why) = why else {
                    card = lina.sees("° 1 (").await;
                    let column = if label == "Titre" { "title" } else { "description" };
                    let kept = world.tables.texts(&format!("SELECT {column} FROM tickets")).await;
                    let typed = if label == "Titre" {
                        Title::parse(&input).unwrap().to_string()
                    } else {
                        Description::parse(&input).unwrap().to_string()
                    };
                    assert_eq!(kept, [typed]);
                    continue;
                };
                let blank = on == Platform::Telegram && is_blank(&input);
                lina.sees(if blank { "Je ne sais pas encore lire" } else { why }).await;
                lina.says("/annuler").await;
                lina.sees("C'est annulé").await;
            }
            let typed = format!("/urgence 1 {input}");
            if on == Platform::Telegram && typed.encode_utf16().count() <= most(on) {
                lina.says(&typed).await;
                lina.sees("À quel point le n° 1").await;
                lina.says(&format!("/categorie 1 {input}")).await;
                lina.sees("De quoi s'agit-il pour le n° 1").await;
            }
        }
        world.tables.all_went_well().await;
        world.close().await;
    }
}
