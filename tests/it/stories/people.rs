//! `/users`: looking people up, and saying what they may do.

use guichet::clock::Clock;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Chair, Learner, World};

const LINA: &str = "lina@exemple.org";

/// Opens somebody's card.
async fn opens(admin: &Chair, words: &str) -> guichet::sandbox::Seen {
    admin.uses("users", &[("person", words)]).await;
    let found = admin.sees("Personnes dont le nom").await;
    admin.presses(&found, " · ").await;
    admin.sees("Rôle : ").await
}

/// Presses a button of a card, and says yes.
async fn surely(admin: &Chair, card: &guichet::sandbox::Seen, label: &str) {
    admin.presses(card, label).await;
    let asked = admin.sees(" ?").await;
    admin.presses(&asked, "Oui").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_makes_a_technician_of_a_learner_who_is_told_and_back() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
        let card = opens(&awa, "Lina").await;
        surely(&awa, &card, "Rôle technicien").await;
        let card = awa.sees("a le rôle « technicien »").await;
        lina.sees("Votre rôle a changé : technicien.").await;
        lina.says("/tickets").await;
        lina.sees("Rien à faire").await;
        // Nobody is left who could, without her.
        let own = opens(&awa, "Awa").await;
        surely(&awa, &own, "Désactiver").await;
        awa.sees("seul administrateur").await;
        surely(&awa, &card, "Désactiver").await;
        let card = awa.sees("Compte désactivé").await;
        lina.says("/tickets").await;
        lina.sees("Votre compte est désactivé").await;
        surely(&awa, &card, "Réactiver").await;
        let card = awa.sees("de nouveau actif").await;
        awa.presses(&card, "Code d'accès").await;
        let asked = awa.sees("Montrer un code").await;
        awa.presses(&asked, "Ne rien changer").await;
        let card = awa.sees("Rôle : technicien").await;
        surely(&awa, &card, "Délier ses messageries").await;
        awa.sees("plus aucune messagerie").await;
        lina.sees("vient d'être déliée").await;
        let history = "account_history WHERE actor_id = (SELECT id FROM accounts WHERE name = 'Awa Diop')";
        assert_eq!(world.count(history).await, 5);
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("an_admin_and_a_learner", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_lost_every_chat_comes_back_with_a_code_of_an_admins() {
    let mut world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Discord, "fr", Role::Admin)
        .await
        .private;
    world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    let card = opens(&awa, "lina@exemple").await;
    assert!(card.text.contains("Aucune messagerie"), "{card:?}");
    surely(&awa, &card, "Code d'accès").await;
    let shown = awa.sees("m'écrire en privé").await.text;
    let code = shown.split("/link ").nth(1).and_then(|rest| rest.get(..9)).unwrap();
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    lina.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = lina.sees("Relier ce compte").await;
    lina.presses(&asked, "Relier").await;
    lina.sees("vous êtes Lina Ndiaye").await;
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_chooses_a_password_by_a_link_that_an_admin_hands_over() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::closed(Clock::system()).await;
        world.is_public = true;
        world.start().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        world.create("Lina Ndiaye", LINA, Role::Learner).await;
        let card = opens(&awa, "lina@exemple").await;
        awa.presses(&card, "Lien de mot de passe").await;
        let asked = awa.sees("Qui l'a peut se connecter").await;
        awa.presses(&asked, "Ne rien changer").await;
        let card = awa.sees("Rôle : apprenant").await;
        surely(&awa, &card, "Lien de mot de passe").await;
        let shown = awa.sees("une seule fois").await.text;
        let start = shown.find(&world.web).expect("a link");
        let link = shown[start + world.web.len()..].split_whitespace().next().unwrap();
        let link = link.trim_end_matches('`').to_owned();
        let browser = world.browser();
        browser
            .sets_password(&link, "cheval pile agrafe")
            .await
            .leads_to("/sign-in?done=password");
        browser.signs_in(LINA, "cheval pile agrafe").await.leads_to("/account");
        let card = opens(&awa, "lina@exemple").await;
        assert!(card.text.contains("lien de mot de passe remis à Awa Diop"), "{card:?}");
        // Nobody can sign in to it any more, which an old card does not know.
        let stated = "UPDATE accounts SET email = NULL WHERE name = 'Lina Ndiaye'";
        world.tables.change(stated).await;
        surely(&awa, &card, "Lien de mot de passe").await;
        let card = awa.sees("n'est pas vérifiée : personne ne peut se connecter").await;
        assert!(!card.buttons.iter().any(|label| label.contains("Lien")), "{card:?}");
        world.tables.all_went_well().await;
        assert_eq!(world.tables.places_of(link.rsplit('/').next().unwrap()).await, [""; 0]);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_are_shown_page_by_page_and_found_literally() {
    for on in [Platform::Telegram, Platform::Discord] {
        many_people(on).await;
    }
}

async fn many_people(on: Platform) {
    let mut world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
        .await
        .private;
    for number in 0..20 {
        world
            .create(
                &format!("Élève {number:02}"),
                &format!("e{number}@exemple.org"),
                Role::Learner,
            )
            .await;
    }
    world
        .create("50% <b>*Omar*</b> \u{202e}@everyone", "o_o@exemple.org", Role::Learner)
        .await;
    awa.uses("users", &[]).await;
    let page = awa.sees("Personnes").await;
    awa.presses(&page, "Suivantes").await;
    let page = awa.sees("Personnes").await;
    awa.presses(&page, "Suivantes").await;
    let page = awa.sees("Personnes").await;
    awa.presses(&page, "Précédentes").await;
    awa.sees("Personnes").await;
    for words in ["50%", "élève 1", "o_o", "%", "_", "\\"] {
        awa.uses("users", &[("person", words)]).await;
        let found = awa.sees(&format!("« {words} »")).await;
        let is_cut = found.text.contains("précisez");
        let expected = match words {
            "élève 1" => (true, 8),
            "\\" => (false, 0),
            _ => (false, 1),
        };
        assert_eq!((is_cut, found.buttons.len()), expected, "{words}");
    }
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("many_people", world.script.text());
    });
}
