//! The two questions that somebody new is asked, and what people answer to them.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;

use crate::harness::{Learner, World};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

#[tokio::test(flavor = "multi_thread")]
async fn names_and_addresses_that_are_none_are_asked_for_again() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::new(&world, "Lina Ndiaye", on, "fr");
        lina.private.says("Mon chargeur ne marche plus").await;
        lina.private.sees("Quel est votre nom").await;
        lina.private.says("🙂").await;
        lina.private.sees("ni lettre ni chiffre").await;
        lina.private.says("Lina Ndiaye").await;
        lina.private.sees("e-mail").await;
        for wrong in ["lina", "lina@exemple", "lina@@exemple.org", "lina exemple.org", "🙂"] {
            lina.private.says(wrong).await;
            lina.private.sees("Je ne reconnais pas").await;
        }
        lina.private.says("lina@exemple.org").await;
        lina.private.sees("Mon chargeur ne marche plus").await;
        world.close().await;
        insta::assert_snapshot!("names_and_addresses_that_are_none", world.script.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_name_joins_the_request() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::new(&world, "Lina Ndiaye", on, "fr");
        lina.private.says("Mon chargeur ne marche plus").await;
        lina.private.sees("Quel est votre nom").await;
        lina.private.says(&"Il est tout neuf pourtant. ".repeat(5)).await;
        lina.private.sees("C'est ajouté à votre demande").await;
        let picture = lina.private.sends("chargeur.png", "image/png", PNG, "").await;
        lina.private.sees_reaction(picture, "✍", "📝").await;
        lina.private.sends("prise.png", "image/png", PNG, "La prise").await;
        lina.private.sees("C'est ajouté à votre demande").await;
        lina.private.says("Lina Ndiaye").await;
        lina.private.sees("e-mail").await;
        lina.private.says("lina@exemple.org").await;
        let draft = lina.private.sees("2 fichiers").await;
        assert!(
            draft.text.contains("La prise") && draft.text.contains("tout neuf"),
            "{draft:?}"
        );
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 1 · Mon chargeur ne marche plus").await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("what_is_no_name_joins_the_request", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_before_saying_who_they_are_starts_afresh() {
    let mut world = World::open().await;
    let lina = Learner::new(&world, "Lina Ndiaye", Platform::Telegram, "fr");
    lina.private.says("Une bêtise").await;
    let asked = lina.private.sees("Quel est votre nom").await;
    lina.private.presses(&asked, "Annuler").await;
    lina.private.sees("Rien n'a été envoyé").await;
    lina.private.says("Mon écran est noir").await;
    lina.signs_up("Lina Ndiaye", "lina@exemple.org", "fr").await;
    let draft = lina.private.sees("Mon écran est noir").await;
    assert!(!draft.text.contains("bêtise"), "{draft:?}");
    world.close().await;
    insta::assert_snapshot!("whoever_stops_before_saying_who_they_are", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_is_answered_like_any_other_and_gives_nothing() {
    let mut world = World::open().await;
    let victim = Learner::with_role(&world, "Victoire Sow", Platform::Telegram, "fr", Role::Learner).await;
    victim.opens("Mon mot de passe a fuité", 1).await;
    world.script.forget();
    // The same story twice: only the first address is somebody's.
    let mut told = Vec::new();
    for email in ["Victoire.Sow@exemple.org", "someone.else@exemple.org"] {
        let mallory = Learner::new(&world, "Mallory", Platform::Telegram, "fr");
        mallory.private.says("Bonjour, un souci d'imprimante").await;
        mallory.signs_up("Mallory", email, "fr").await;
        let draft = mallory.private.sees("Nouvelle demande").await;
        mallory.private.presses(&draft, "Annuler").await;
        mallory.private.sees("rien n'a été envoyé").await;
        mallory.private.uses("tickets", &[]).await;
        mallory.private.sees("Vous n'avez pas de demande en cours").await;
        mallory.private.uses("voir", &[("number", "1")]).await;
        mallory.private.sees("Je ne trouve pas").await;
        told.push(world.script.text().replace(email, "(the address)"));
        world.script.forget();
        assert!(
            !mallory.private.history().contains("Victoire S"),
            "{}",
            mallory.private.history()
        );
        assert!(
            !mallory.private.history().contains("fuité"),
            "{}",
            mallory.private.history()
        );
    }
    assert_eq!(told[0], told[1]);
    let accounts: Vec<(String, Option<String>, String)> =
        sqlx::query_as("SELECT name, email, stated_email FROM accounts ORDER BY id")
            .fetch_all(&world.database)
            .await
            .expect("accounts");
    world.close().await;
    insta::assert_debug_snapshot!("an_address_that_is_taken_accounts", accounts);
    insta::assert_snapshot!("an_address_that_is_taken", told[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_fills_one_form_on_discord() {
    let mut world = World::open().await;
    let lina = Learner::new(&world, "Lina Ndiaye", Platform::Discord, "fr");
    lina.private.uses("ticket", &[("urgence", "high")]).await;
    lina.private
        .submits(&[
            ("Titre", "Chargeur"),
            ("Description", ""),
            ("Votre nom", "🙂"),
            ("Votre adresse e-mail", "lina"),
        ])
        .await;
    let refused = lina.private.sees("Votre nom ne contient").await;
    let Answer::Form { fields, .. } = lina.private.presses(&refused, "Corriger").await else {
        panic!("no form");
    };
    assert_eq!(fields[0].value, "Chargeur");
    lina.private
        .submits(&[
            ("Votre nom", "Lina Ndiaye"),
            ("Votre adresse e-mail", "lina@exemple.org"),
        ])
        .await;
    lina.private.sees("N° 1 · Chargeur").await;
    world.close().await;
    insta::assert_snapshot!("a_stranger_fills_one_form", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mere_hello_is_greeted_and_what_was_no_name_can_be_taken_back() {
    let world = World::open().await;
    let lina = Learner::new(&world, "Lina Ndiaye", Platform::Telegram, "fr");
    lina.private.says("Bonjour !").await;
    lina.private.sees("décrivez votre problème en un message").await;
    lina.private.says("Rien ne marche").await;
    lina.private.sees("Quel est votre nom").await;
    lina.private.says("mon chargeur est mort").await;
    let email = lina.private.sees("adresse e-mail").await;
    lina.private.presses(&email, "Changer le nom").await;
    lina.private.sees("Quel est votre nom").await;
    lina.private.says("Lina Ndiaye").await;
    lina.private.sees("Merci Lina").await;
    lina.private.says("lina@exemple.org").await;
    let draft = lina.private.sees("Rien ne marche").await;
    assert!(draft.text.contains("mon chargeur est mort"), "{}", draft.text);
}
