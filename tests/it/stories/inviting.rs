//! Invitations: who may make one, and what becomes of whoever has its code.

use chrono::TimeDelta;
use guichet::clock::Clock;
use guichet::domain::account::{Registration, Role};
use guichet::domain::platform::Platform;

use crate::harness::{Chair, Learner, StaffOn, World, office};

/// The code in what an admin was shown.
fn code_in(shown: &str) -> String {
    let code = shown.split("/link ").nth(1).and_then(|rest| rest.get(..9));
    code.expect("a code").to_owned()
}

async fn invites(admin: &Chair, options: &[(&str, &str)]) -> String {
    admin.uses("invite", options).await;
    code_in(&admin.sees("Transmettez ceci à la personne").await.text)
}

async fn with_role(world: &World, name: &str) -> i64 {
    world
        .count(&format!("accounts WHERE name = '{name}' AND role = 'technician'"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_invites_a_technician_who_is_one_at_once() {
    for (admin_on, on) in [
        (Platform::Discord, Platform::Telegram),
        (Platform::Telegram, Platform::Discord),
    ] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", admin_on, "fr", Role::Admin)
            .await
            .private;
        let code = invites(&awa, &[("role", "technician"), ("email", "moussa@exemple.org")]).await;
        let moussa = Learner::new(&world, "Moussa", on, "fr").private;
        if on == Platform::Telegram {
            moussa
                .says_secretly(&format!("/start {code}"), "/start (the code)")
                .await;
        } else {
            moussa.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        }
        let asked = moussa.sees("Awa Diop vous invite, avec le rôle « technicien »").await;
        moussa.presses(&asked, "Non").await;
        moussa.sees("rien n'a changé").await;
        moussa.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        let asked = moussa.sees("Awa Diop vous invite").await;
        if on == Platform::Telegram {
            moussa.presses(&asked, "Créer mon compte").await;
            moussa.sees("Quel est votre nom").await;
            moussa.says("Moussa Kane").await;
        } else {
            moussa.presses(&asked, "Créer mon compte").await;
            moussa.submits(&[("name", "Moussa Kane")]).await;
        }
        moussa.sees("Les demandes arrivent dans le salon de l'équipe").await;
        assert_eq!(with_role(&world, "Moussa Kane").await, 1);
        let identified = "accounts WHERE name = 'Moussa Kane' AND email = 'moussa@exemple.org'";
        assert_eq!(world.count(identified).await, 1);

        // Nothing that was typed or shown is kept.
        world.quiet().await;
        let kept = format!("inbox WHERE answer LIKE '%{code}%' OR raw LIKE '%{code}%'");
        assert_eq!(world.count(&kept).await, 0);
        // Used, it is good for nobody.
        let eve = Learner::new(&world, "Eve", on, "fr").private;
        eve.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        eve.sees("Ce code n'est pas bon").await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("an_admin_invites", world.script.text().replace(&code, "(the code)"));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_ends_with_its_time_and_with_the_rights_of_who_made_it() {
    let mut world = World::open().await;
    let first = Learner::with_role(&world, "Awa Diop", Platform::Telegram, "fr", Role::Admin)
        .await
        .private;
    let second = Learner::with_role(&world, "Fatou Sow", Platform::Discord, "fr", Role::Admin)
        .await
        .private;
    let late = invites(&first, &[("role", "admin")]).await;
    let by_nobody = invites(&first, &[]).await;
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    lina.says_secretly(&format!("/link {late}"), "/link (the first code)")
        .await;
    let asked = lina.sees("Awa Diop vous invite").await;
    world.clock.advance(TimeDelta::days(8));
    lina.presses(&asked, "Créer mon compte").await;
    lina.sees("Ce code n'est pas bon").await;
    let voided = invites(&first, &[]).await;
    lina.says_secretly(&format!("/link {voided}"), "/link (another)").await;
    let asked = lina.sees("Awa Diop vous invite, avec le rôle « apprenant »").await;
    second.uses("users", &[("person", "Awa")]).await;
    let found = second.sees("Personnes dont le nom").await;
    second.presses(&found, "Awa Diop").await;
    let card = second.sees("Rôle : administrateur").await;
    second.presses(&card, "Désactiver").await;
    let surely = second.sees("Désactiver ce compte : Awa Diop").await;
    second.presses(&surely, "Oui").await;
    second.sees("est désactivé").await;
    lina.presses(&asked, "Créer mon compte").await;
    lina.sees("Ce code n'est pas bon").await;
    assert_eq!(world.count("accounts").await, 2);
    world.tables.all_went_well().await;
    world.close().await;
    let mut text = world.script.text();
    for code in [late, by_nobody, voided] {
        text = text.replace(&code, "(the code)");
    }
    insta::assert_snapshot!("an_invitation_ends", text);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_the_same_invitation_one_gets_an_account() {
    let mut world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Telegram, "fr", Role::Admin)
        .await
        .private;
    let code = invites(&awa, &[("role", "technician")]).await;
    let both = [("Lina", Platform::Telegram), ("Omar", Platform::Discord)];
    let both = both.map(|(name, on)| Learner::new(&world, name, on, "fr").private);
    for one in &both {
        one.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        let asked = one.sees("Awa Diop vous invite").await;
        one.presses(&asked, "Créer mon compte").await;
    }
    let [lina, omar] = &both;
    lina.sees("Quel est votre nom").await;
    lina.says("Lina Ndiaye").await;
    lina.sees("votre adresse e-mail").await;
    tokio::join!(
        lina.says("lina@exemple.org"),
        omar.submits(&[("name", "Omar Ba"), ("email", "omar@exemple.org")]),
    );
    world
        .until("both are answered", || {
            let told = |one: &Chair| one.times("Ce code n'est pas bon") + one.times("Les demandes arrivent");
            both.iter().all(|one| told(one) == 1)
        })
        .await;
    let refused: usize = both.iter().map(|one| one.times("Ce code n'est pas bon")).sum();
    assert_eq!(refused, 1);
    assert_eq!(world.count("accounts").await, 2);
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_typed_where_others_read_is_burnt() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let code = invites(&staff.awa.private, &[]).await;
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    staff
        .awa
        .channel
        .says_secretly(&format!("/link {code}"), "/link (the code)")
        .await;
    staff.awa.private.sees("Un code se tape en privé").await;
    lina.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    lina.sees("Ce code n'est pas bon").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_those_who_were_invited_may_join_a_stranger_is_told_and_loses_nothing() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::closed(Clock::system()).await;
        world.registration = Some(Registration::Invite);
        world.start().await;
        let awa = Learner::with_role(&world, "Awa Diop", Platform::Telegram, "fr", Role::Admin).await;
        let lina = Learner::new(&world, "lina.nd", on, "fr").private;
        lina.says("Mon chargeur ne marche plus").await;
        lina.sees("réservé aux personnes invitées").await;
        lina.uses("ticket", &[]).await;
        lina.sees("réservé aux personnes invitées").await;
        assert_eq!(world.count("accounts").await, 1);
        let code = invites(&awa.private, &[]).await;
        lina.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        let asked = lina.sees("Awa Diop vous invite, avec le rôle « apprenant »").await;
        lina.presses(&asked, "Créer mon compte").await;
        if on == Platform::Telegram {
            lina.sees("Quel est votre nom").await;
            lina.says("Lina Ndiaye").await;
            lina.sees("votre adresse e-mail").await;
            lina.says("lina@exemple.org").await;
        } else {
            lina.submits(&[("name", "Lina Ndiaye"), ("email", "lina@exemple.org")])
                .await;
        }
        let draft = lina.sees("Mon chargeur ne marche plus").await;
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · ").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_somebody_does_who_was_invited_is_not_lost() {
    let mut world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Telegram, "fr", Role::Admin).await;
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    lina.says("Mon chargeur ne marche plus").await;
    lina.sees("Quel est votre nom").await;
    let first = invites(&awa.private, &[("email", "lina@exemple.org")]).await;
    lina.says_secretly(&format!("/link {first}"), "/link (the first)").await;
    let asked = lina.sees("Awa Diop vous invite").await;
    lina.presses(&asked, "Créer mon compte").await;
    lina.sees("Quel est votre nom").await;
    // Not a name, but more of what it is about.
    lina.says("Il chauffe.\nEt il sent le brûlé.").await;
    lina.sees("Quel est votre nom").await;
    // A second invitation, which knows no address, takes the place of the first.
    let second = invites(&awa.private, &[("role", "technician")]).await;
    lina.says_secretly(&format!("/link {second}"), "/link (the second)")
        .await;
    let asked = lina.sees("avec le rôle « technicien »").await;
    lina.presses(&asked, "Créer mon compte").await;
    lina.sees("Quel est votre nom").await;
    lina.says("Lina Ndiaye").await;
    lina.sees("votre adresse e-mail").await;
    lina.says("lina@exemple.org").await;
    let draft = lina.sees("Il chauffe.").await;
    assert!(draft.text.contains("Mon chargeur"), "{draft:?}");
    assert_eq!(with_role(&world, "Lina Ndiaye").await, 1);
    world.tables.all_went_well().await;
    world.close().await;
}
