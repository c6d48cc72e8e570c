//! Commands as people mistype them, numbers that are not theirs, help, lists and languages.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Chair, Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_is_answered_in_private_and_ignored_in_a_group() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    world.script.forget();
    let omar = Learner::with_role(&world, "Omar Ly", Platform::Discord, "fr", Role::Learner).await;
    omar.private.says("/voler haut").await;
    omar.private.sees("/voler").await;
    staff.awa.private.says("/voler").await;
    staff.awa.private.sees("/voler").await;
    staff.awa.private.says("/etc/passwd n'est pas lisible").await;
    staff.awa.private.sees("Nouvelle demande").await;
    for elsewhere in ["/voler", "/voler@AutreBot", "/aide@AutreBot", "/etc/passwd"] {
        staff.awa.channel.says(elsewhere).await;
    }
    staff.awa.channel.uses("setup", &[]).await;
    staff.awa.channel.sees("C'est fait").await;
    staff.awa.channel.sees_nothing_else();
    staff.awa.private.sees_nothing_else();
    world.close().await;
    insta::assert_snapshot!("an_unknown_command", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_are_none_get_a_hint_with_an_example() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    world.script.forget();
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let moussa = &staff.moussa.private;
    for typed in ["/prendre", "/prendre abc", "/take abc", "/resoudre Chargeur échangé"] {
        moussa.says(typed).await;
        moussa.sees("Ajoutez son numéro").await;
    }
    for typed in [
        "/take -1",
        "/take 0",
        "/take 99999999999999999999",
        "/take 12abc",
        "/take 1.5",
        "/note 99999999999999999999 mots",
        "/resoudre 12 Fait",
    ] {
        moussa.says(typed).await;
        moussa.sees("Je ne trouve pas").await;
    }
    lina.private.says("/repondre Une idée").await;
    lina.private.sees("Ajoutez son numéro").await;
    lina.private.says("/cancel").await;
    lina.private.sees("Ajoutez son numéro").await;
    world.close().await;
    insta::assert_snapshot!("numbers_that_are_none", world.script.text());
}

/// What a learner hears when they name this ticket, command by command.
async fn hears(chair: &Chair, on: Platform, number: &str) -> Vec<String> {
    let mut heard = Vec::new();
    for (command, words) in [
        ("show", false),
        ("reply", false),
        ("reply", true),
        ("cancel", false),
        ("take", false),
        ("release", false),
        ("ask", true),
        ("note", true),
        ("resolve", false),
        ("resolve", true),
        ("reopen", true),
        ("close", false),
    ] {
        let (mut named, mut typed) = (vec![("numéro", number)], vec![("number", number)]);
        if words {
            named.push(("texte", "Et alors ?"));
            typed.push(("text", "Et alors ?"));
        }
        chair
            .uses(command, if on == Platform::Discord { &named } else { &typed })
            .await;
        let seen = chair.sees(number).await;
        heard.push(format!("/{command} {words}: {} {:?}", seen.text, seen.buttons).replace(number, "N"));
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_ticket_and_none_are_answered_alike() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let omar = Learner::with_role(&world, "Omar Ly", Platform::Telegram, "fr", Role::Learner).await;
        omar.opens("Mon secret", 1).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        let theirs = hears(&lina.private, on, "1").await;
        let nobodys = hears(&lina.private, on, "41").await;
        assert_eq!(theirs, nobodys);
        assert!(!lina.private.history().contains("secret"));
        // Buttons can be forged, but not to more avail.
        lina.private.uses("tickets", &[]).await;
        lina.private.sees("Vous n'avez pas de demande").await;
        omar.private.sees_nothing_else();
        assert_eq!(world.count("history").await, 1);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_debug_snapshot!("somebody_elses_ticket", theirs);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_names_what_each_role_can_do() {
    for (on, help) in [(Platform::Telegram, "aide"), (Platform::Discord, "help")] {
        let mut world = World::open().await;
        for (name, role) in [
            ("Lina Ndiaye", Role::Learner),
            ("Moussa Sarr", Role::Technician),
            ("Awa Diop", Role::Admin),
        ] {
            let person = Learner::with_role(&world, name, on, "fr", role).await;
            person.private.uses(help, &[]).await;
            let seen = person.private.sees("Ce que vous pouvez faire").await;
            assert!(!seen.text.contains('…'), "it is cut: {seen:?}");
        }
        let stranger = Learner::new(&world, "Nobody", on, "en-US");
        stranger.private.uses("help", &[]).await;
        stranger.private.sees("/tickets").await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("help_names_what_each_role_can_do", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_none_one_and_eleven() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, "fr").await;
        world.script.forget();
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        lina.private.uses("tickets", &[]).await;
        lina.private.sees("Vous n'avez pas de demande").await;
        staff.moussa.private.uses("tickets", &[]).await;
        staff.moussa.private.sees("Rien à faire").await;
        lina.opens("Souci numéro 1", 1).await;
        lina.private.uses("tickets", &[]).await;
        let list = lina.private.sees("Vos demandes en cours (1)").await;
        lina.private.presses(&list, "n° 1").await;
        lina.private.sees("Souci numéro 1").await;
        let so_far = world.script.text();
        for number in 2..=11 {
            lina.opens(&format!("Souci numéro {number}"), number).await;
        }
        world.script.back_to(&so_far);
        lina.private.uses("tickets", &[]).await;
        let list = lina.private.sees("Vos demandes en cours (1 à 10)").await;
        assert_eq!(list.buttons.len(), 15, "{list:?}");
        lina.private.presses(&list, "n° 11").await;
        lina.private.sees("Souci numéro 11").await;
        staff.moussa.channel.uses("tickets", &[]).await;
        staff
            .moussa
            .channel
            .sees("Demandes à traiter, les plus anciennes d'abord (1 à 10)")
            .await;
        world.is_settled().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("lists_of_none_one_and_eleven", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_changes_by_button_and_by_word_both_ways() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        for word in ["en", "klingon", "FRANÇAIS", "english", "fr"] {
            lina.private.says(&format!("/language {word}")).await;
            lina.private
                .sees(match word {
                    "klingon" => "Which language",
                    "FRANÇAIS" | "fr" => "je vous parle en français",
                    _ => "I speak English",
                })
                .await;
        }
        lina.private.says("/langue").await;
        let asked = lina.private.sees("Quelle langue").await;
        lina.private.told(&asked, "English", "I speak English").await;
        lina.private.says("My charger is broken").await;
        lina.private.sees("Urgency").await;
        lina.private.told(&asked, "Français", "je vous parle en français").await;
        lina.private.says("Depuis ce matin").await;
        let draft = lina.private.sees("Urgence").await;
        assert!(
            draft.text.contains("My charger is broken\nDepuis ce matin"),
            "{draft:?}"
        );
        world.close().await;
        insta::assert_snapshot!("the_language_changes", world.script.text());
    }
}
