//! One person with chats on both platforms: linked from one another, told where they wrote last, unlinked; and accounts
//! that are disabled or change their role.

use guichet::domain::account::Role;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::service::roles::{self, LastAdmin};
use guichet::store::accounts;

use crate::harness::{Chair, Learner, StaffOn, World, office, words};

/// Links a new chat of Lina's to her account, with a code that she was shown in another.
async fn links_another(world: &World, here: &Chair, on: Platform) -> (Chair, String) {
    here.uses("link", &[]).await;
    let shown = here.sees("écrivez-moi ceci en privé").await.text;
    let code = shown
        .split("/link ")
        .nth(1)
        .and_then(|rest| rest.get(..9))
        .unwrap()
        .to_owned();
    let there = Learner::new(world, "lina.nd", on, "fr").private;
    there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = there.sees("à Lina Ndiaye (l…@…) ?").await;
    there.presses(&asked, "Relier").await;
    there.sees("vous êtes Lina Ndiaye").await;
    (there, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_from_discord_goes_on_on_telegram_and_back() {
    both_ways(Platform::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_from_telegram_goes_on_on_discord_and_back() {
    both_ways(Platform::Telegram, Platform::Discord).await;
}

async fn both_ways(first: Platform, second: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", first).await;
    lina.opens("Le wifi tombe", 1).await;
    let here = &lina.private;
    let (there, code) = links_another(&world, here, second).await;
    // Neither what it was shown in nor what it was typed in is kept.
    world.quiet().await;
    let kept = format!("inbox WHERE answer LIKE '%{code}%' OR raw LIKE '%{code}%'");
    assert_eq!(world.count(&kept).await, 0);
    let told = here.sees("Une messagerie vient d'être reliée à votre compte").await;

    // The same tickets, and what is new where she wrote last.
    there.uses("tickets", &[]).await;
    there.sees("n° 1 ").await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    there.sees("s'occupe de votre demande").await;
    here.uses("me", &[]).await;
    let me = here.sees("Vous êtes Lina Ndiaye, apprenant").await;
    assert!(me.text.contains(&format!("{} (lina.nd)", second.name())), "{me:?}");
    let private = &staff.moussa.private;
    private.uses("reply", &[("number", "1"), ("text", "J'arrive")]).await;
    here.sees("J'arrive").await;

    // It wasn't her: the other chat is nobody's, and hears so.
    here.presses(&told, "Ce n'était pas moi").await;
    let surely = here.sees("que quelqu'un d'autre a reliée").await;
    here.presses(&surely, "Oui, la délier").await;
    let done = here.sees("n'est plus reliée à votre compte").await;
    let whence = format!("vient d'être déliée de votre compte depuis {}", first.name());
    there.sees(&whence).await;
    let chat = world
        .tables
        .number("SELECT CAST(id AS SIGNED) FROM identities WHERE display_name = 'lina.nd'");
    let again = words(&here.forges(&done, &format!("disown:{}", chat.await)).await);
    assert!(again.contains("n'est pas, ou plus, reliée"), "{again}");
    there.uses("tickets", &[]).await;
    there.sees("Je ne vous connais pas encore").await;
    assert_eq!(there.times("J'arrive"), 0);
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{first:?}") }, {
        insta::assert_snapshot!("both_ways", world.script.text().replace(&code, "(the code)"));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_chat_is_unlinked_only_after_a_warning() {
    let mut world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
    lina.says("/unlink").await;
    let which = lina.sees("Quelle messagerie").await;
    lina.presses(&which, "Telegram").await;
    let warned = lina.sees("est votre seule messagerie").await;
    lina.presses(&warned, "Garder").await;
    lina.sees("rien n'a changé").await;
    lina.says("/unlink").await;
    let which = lina.sees("Quelle messagerie").await;
    lina.presses(&which, "Telegram").await;
    let warned = lina.sees("est votre seule messagerie").await;
    lina.presses(&warned, "Délier").await;
    lina.sees("n'est plus reliée").await;
    lina.says("/me").await;
    lina.sees("Je ne vous connais pas encore").await;
    world.close().await;
    insta::assert_snapshot!("the_last_chat", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unlinks_somebody_elses_chat() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await.private;
    let omar = Learner::known(&world, "Omar Sy", Platform::Telegram).await.private;
    let of_lina = world
        .tables
        .number("SELECT CAST(i.id AS SIGNED) FROM identities i JOIN accounts a ON a.id = i.account_id WHERE a.name = 'Lina Ndiaye'")
        .await;
    omar.says("/unlink").await;
    let which = omar.sees("Quelle messagerie").await;
    for forged in [format!("unlink?:{of_lina}"), format!("unlink:{of_lina}")] {
        let told = words(&omar.forges(&which, &forged).await);
        assert!(told.contains("n'est pas, ou plus, reliée"), "{told}");
    }
    lina.says("/me").await;
    lina.sees("Vous êtes Lina Ndiaye").await;
    world.tables.all_went_well().await;
}

async fn account(world: &World, email: &str) -> accounts::Account {
    let mut view = world.store.look().await.unwrap();
    let email = Email::parse(email).unwrap();
    accounts::find_by_email(&mut view, &email).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_does_and_hears_nothing_until_it_is_enabled() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    let moussa = account(&world, "moussa@exemple.org").await;
    let mut tx = world.store.begin().await.unwrap();
    assert_eq!(
        roles::disable(&mut tx, Permit::of_the_operator(), &moussa)
            .await
            .unwrap(),
        Ok(())
    );
    tx.commit().await.unwrap();

    let card = staff.moussa.channel.sees("N° 1 · ").await;
    let toast = staff.moussa.channel.presses(&card, "Prendre").await;
    assert!(words(&toast).contains("Votre compte est désactivé"), "{toast:?}");
    staff.moussa.private.says("Mon écran est noir").await;
    staff.moussa.private.sees("Votre compte est désactivé").await;
    assert_eq!(world.tables.events(1).await, "opened");

    let moussa = account(&world, "moussa@exemple.org").await;
    let mut tx = world.store.begin().await.unwrap();
    roles::enable(&mut tx, Permit::of_the_operator(), &moussa)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    world.tables.all_went_well().await;
    assert_eq!(
        world
            .tables
            .texts("SELECT event FROM account_history WHERE event <> 'linked' ORDER BY id")
            .await,
        ["disabled", "enabled"]
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_the_last_two_admins_their_role_at_once_one_is_refused() {
    let world = World::open().await;
    let emails = ["awa@exemple.org", "binta@exemple.org"];
    for (round, (take_role, disable)) in [(true, true), (true, false), (false, false)].into_iter().enumerate() {
        let emails = emails.map(|email| format!("{round}.{email}"));
        world.tables.change("UPDATE accounts SET role = 'learner'").await;
        for email in &emails {
            world.create("Awa Diop", email, Role::Admin).await;
        }
        let take = async |email: &str, is_role: bool| {
            let account = account(&world, email).await;
            let mut tx = world.store.begin().await.unwrap();
            let taken = if is_role {
                roles::give(&mut tx, Permit::of_the_operator(), &account, Role::Learner)
                    .await
                    .unwrap()
            } else {
                roles::disable(&mut tx, Permit::of_the_operator(), &account)
                    .await
                    .unwrap()
            };
            tx.commit().await.unwrap();
            taken
        };
        let (one, other) = tokio::join!(take(&emails[0], take_role), take(&emails[1], disable));
        assert!(
            matches!((one, other), (Ok(()), Err(LastAdmin)) | (Err(LastAdmin), Ok(()))),
            "{one:?} {other:?}"
        );
        assert_eq!(
            world
                .count("accounts WHERE role = 'admin' AND disabled_at IS NULL")
                .await,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_pinged_in_the_chat_they_used_last() {
    for (first, second) in [
        (Platform::Telegram, Platform::Discord),
        (Platform::Discord, Platform::Telegram),
    ] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", first, "fr", Role::Admin).await;
        let code = world.new_code("awa.diop@exemple.org").await;
        let there = Learner::new(&world, "awa.d", second, "fr").private;
        there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        let asked = there.sees("Relier ce compte").await;
        there.presses(&asked, "Relier").await;
        there.sees("vous êtes Awa Diop").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi tombe", 1).await;
        there.sees("Le wifi tombe").await;
        awa.private.uses("me", &[]).await;
        awa.private.sees("Vous êtes Awa Diop").await;
        lina.opens("L'écran est noir", 2).await;
        awa.private.sees("L'écran est noir").await;
        assert_eq!(there.times("L'écran est noir"), 0);
        world.tables.all_went_well().await;
        world.close().await;
    }
}
