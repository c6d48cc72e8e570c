//! Chats linked no more: who is told, how it is undone, and what the team sees when none is left.

use chrono::TimeDelta;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::service::codes::{self, CodeKey};
use guichet::service::people::unlink_all;
use guichet::store::{Fault, accounts};

use crate::harness::{Browser, Chair, KEY, Learner, StaffOn, World, link, office, words};

const LINA: &str = "lina.ndiaye@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// Links another chat of Lina's, with a code from her page.
async fn links_by_page(world: &World, browser: &Browser, name: &str, on: Platform) -> Chair {
    let there = Learner::new(world, name, on, "fr").private;
    let code = browser.shows_code().await;
    there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = there.sees("Relier ce compte").await;
    there.presses(&asked, "Relier").await;
    there.sees("Encore un pas, sur la page").await;
    browser.confirms_link("yes").await.leads_to("/account?done=linked");
    there.sees("vous êtes Lina Ndiaye").await;
    there
}

async fn unlinks_everything(world: &World) {
    let mut tx = world.store.begin().await.unwrap();
    let email = Email::parse(LINA).unwrap();
    let account = accounts::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    unlink_all(&mut tx, Permit::of_the_operator(), account.id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_page_that_was_not_its_owners_is_undone_and_everybody_signed_out() {
    for (first, second) in [
        (Platform::Telegram, Platform::Discord),
        (Platform::Discord, Platform::Telegram),
    ] {
        let mut world = World::open().await;
        let lina = Learner::known(&world, "Lina Ndiaye", first).await.private;
        let thief = world.signed_in(LINA, PASSWORD).await;
        let there = links_by_page(&world, &thief, "ln-75", second).await;
        let told = lina.sees("Une messagerie vient d'être reliée à votre compte").await;
        let code = thief.shows_code().await;
        lina.presses(&told, "Ce n'était pas moi").await;
        let surely = lina.sees("que quelqu'un d'autre a reliée").await;
        // Nothing yet.
        thief.get("/account").await.shows(200, "ln-75");
        lina.presses(&surely, "Oui, la délier").await;
        let done = lina.sees("tous les navigateurs déconnectés").await;
        there.sees("vient d'être déliée de votre compte depuis").await;
        thief.get("/account").await.leads_to("/sign-in");
        there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        there.sees("Ce code n'est pas bon").await;
        let events = "SELECT event FROM account_history WHERE event LIKE '%linked%' ORDER BY id";
        assert_eq!(world.tables.texts(events).await, ["linked", "linked-page", "unlinked"]);
        // Once more, and for one's own chat.
        let ids = "SELECT CAST(id AS CHAR) FROM identities ORDER BY id";
        for id in world.tables.texts(ids).await {
            for press in ["disown?", "disown"] {
                let again = words(&lina.forges(&done, &format!("{press}:{id}")).await);
                assert!(again.contains("n'est pas, ou plus, reliée"), "{again}");
            }
        }
        lina.uses("me", &[]).await;
        lina.sees("Vous êtes Lina Ndiaye").await;
        world.tables.all_went_well().await;
        world.close().await;
        let id = "SELECT user_id FROM identities WHERE display_name = 'ln-75'";
        let id = world.tables.texts(id).await.remove(0);
        insta::with_settings!({ snapshot_suffix => format!("{first:?}") }, {
            insta::assert_snapshot!("a_link_by_page_is_undone", world.script.text().replace(&id, "(the id)"));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_a_chats_code_is_undone_and_the_pages_stay_open() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let code = world.new_code(LINA).await;
    let there = Learner::new(&world, "ln-75", Platform::Discord, "fr").private;
    link(&there, &code, "fr").await;
    let told = lina.sees("Une messagerie vient d'être reliée à votre compte").await;
    lina.presses(&told, "Ce n'était pas moi").await;
    let surely = lina.sees("que quelqu'un d'autre a reliée").await;
    lina.presses(&surely, "Non, c'était moi").await;
    lina.sees("rien n'a changé").await;
    browser.get("/account").await.shows(200, "ln-75");
    // The first message has no button any more; the list does.
    lina.says("/unlink").await;
    let which = lina.sees("Quelle messagerie").await;
    lina.presses(&which, "Discord (ln-75)").await;
    let surely = lina.sees("de votre compte ?").await;
    lina.presses(&surely, "Délier").await;
    lina.sees("C'est fait").await;
    there.sees("vient d'être déliée de votre compte depuis Telegram").await;
    browser.get("/account").await.shows(200, "Telegram");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_chat_hears_from_where_one_was_unlinked() {
    let mut world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let second = links_by_page(&world, &browser, "ln-75", Platform::Discord).await;
    let third = links_by_page(&world, &browser, "ln-76", Platform::Discord).await;
    world.clock.advance(TimeDelta::hours(25));
    world.script.forget();
    third.says("/unlink").await;
    let which = third.sees("Quelle messagerie").await;
    third.presses(&which, "Discord (ln-75)").await;
    let surely = third.sees("de votre compte ?").await;
    third.presses(&surely, "Délier").await;
    third.sees("C'est fait").await;
    second
        .sees("Cette messagerie vient d'être déliée de votre compte depuis Discord")
        .await;
    let told = lina
        .sees("Une messagerie vient d'être déliée de votre compte depuis Discord")
        .await;
    assert!(told.text.contains("(ln-75)"), "{told:?}");
    lina.presses(&told, "Relier une autre messagerie").await;
    lina.sees("écrivez-moi ceci en privé").await;
    assert_eq!(third.times("Une messagerie vient d'être déliée"), 0);
    unlinks_everything(&world).await;
    for chat in [&lina, &third] {
        chat.sees("déliée de votre compte par un administrateur").await;
    }
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_sees_on_the_card_that_a_requester_has_no_chat_left_until_there_is_one() {
    for on in [StaffOn::Discord, StaffOn::TelegramGroup] {
        let world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi tombe", 1).await;
        let card = staff.moussa.channel.sees("N° 1 · ").await;
        assert!(!card.text.contains("Plus aucune messagerie"), "{card:?}");
        unlinks_everything(&world).await;
        lina.private.sees("par un administrateur").await;
        let card = staff.moussa.channel.sees("Plus aucune messagerie n'est reliée").await;
        assert!(
            card.text.contains("N° 1 · ") && card.text.contains("Lina Ndiaye"),
            "{card:?}"
        );
        staff.moussa.private.uses("show", &[("number", "1")]).await;
        staff.moussa.private.sees("Plus aucune messagerie n'est reliée").await;
        let code = world.new_code(LINA).await;
        link(&lina.private, &code, "fr").await;
        world.quiet().await;
        let card = staff.moussa.channel.sees("N° 1 · ").await;
        assert!(!card.text.contains("Plus aucune messagerie"), "{card:?}");
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_used_while_it_is_unlinked_is_in_nobodys_way() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
    let there = Learner::new(&world, "ln-75", Platform::Discord, "fr").private;
    for _ in 0..8 {
        let code = world.new_code(LINA).await;
        link(&there, &code, "fr").await;
        let told = lina.sees("Une messagerie vient d'être reliée").await;
        lina.presses(&told, "Ce n'était pas moi").await;
        let surely = lina.sees("que quelqu'un d'autre a reliée").await;
        // What it writes has its account and itself written down anew.
        let forgotten =
            "UPDATE identities SET private_chat = NULL, unreachable_at = NOW(6), unreachable_cause = 'blocked'
                         WHERE display_name = 'ln-75'";
        world.tables.change(forgotten).await;
        tokio::join!(lina.presses(&surely, "Oui, la délier"), there.says("/start"));
        there.sees("vient d'être déliée").await;
        there.sees("Bonjour").await;
        // A chat has five tries at codes in ten minutes.
        world.clock.advance(TimeDelta::minutes(11));
        world.tables.all_went_well().await;
    }
}

/// Whoever got in with somebody's code does not shut them out before they can undo it.
#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_was_just_linked_unlinks_none_that_was_there_before() {
    for (first, second) in [
        (Platform::Telegram, Platform::Discord),
        (Platform::Discord, Platform::Telegram),
    ] {
        let world = World::open().await;
        let lina = Learner::known(&world, "Lina Ndiaye", first).await.private;
        let code = world.new_code(LINA).await;
        let there = Learner::new(&world, "ln-75", second, "fr").private;
        link(&there, &code, "fr").await;
        let told = lina.sees("Une messagerie vient d'être reliée à votre compte").await;
        let delinks = async |words: &str| {
            there.uses("unlink", &[]).await;
            let which = there.sees("Quelle messagerie").await;
            there.presses(&which, &format!("{} (Lina Ndiaye)", first.name())).await;
            let surely = there.sees("de votre compte ?").await;
            there.presses(&surely, "Délier").await;
            there.sees(words).await
        };
        let kept = delinks("elle ne peut pas délier celles qui l'étaient avant elle").await;
        let id = "SELECT CAST(MIN(id) AS CHAR) FROM identities WHERE display_name = 'Lina Ndiaye'";
        let id = world.tables.texts(id).await.remove(0);
        let forged = words(&there.forges(&kept, &format!("disown:{id}")).await);
        assert!(forged.is_empty() || forged.contains("ne peut pas délier"), "{forged}");
        assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 2);
        // The other way round it goes at once.
        lina.presses(&told, "Ce n'était pas moi").await;
        let surely = lina.sees("que quelqu'un d'autre a reliée").await;
        lina.presses(&surely, "Non, c'était moi").await;
        lina.sees("rien n'a changé").await;
        world.clock.advance(TimeDelta::hours(25));
        delinks("C'est fait").await;
        lina.sees("vient d'être déliée de votre compte").await;
        assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 1);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_was_unlinked_meanwhile_gets_no_code() {
    let world = World::open().await;
    Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let mut tx = world.store.begin().await.unwrap();
    let email = Email::parse(LINA).unwrap();
    let account = accounts::find_by_email(&mut tx, &email).await.unwrap().unwrap().id;
    let chat = accounts::find_chat(&mut tx, account).await.unwrap();
    tx.rollback().await;
    let issues = async || {
        let mut tx = world.store.begin().await.unwrap();
        let issued = codes::issue(&mut tx, &CodeKey::new(KEY), account, chat).await;
        tx.rollback().await;
        issued.map(drop)
    };
    assert!(issues().await.is_ok());
    unlinks_everything(&world).await;
    assert!(matches!(issues().await, Err(Fault::Overtaken(_))));
}
