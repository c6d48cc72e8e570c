//! People with several chats, who choose where they are told what concerns them.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Learner, Office, StaffOn, World, link, office};

const BOTH: [Platform; 2] = [Platform::Telegram, Platform::Discord];

async fn replies(staff: &Office, text: &str) {
    let private = &staff.moussa.private;
    private.uses("reply", &[("number", "1"), ("text", text)]).await;
}

/// Somebody else's chat, linked to this account.
async fn also(world: &World, name: &str, email: &str, on: Platform) -> Learner {
    let chat = Learner::new(world, name, on, "fr");
    let code = world.new_code(email).await;
    link(&chat.private, &code, "fr").await;
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn news_go_to_every_chat_of_whoever_wants_that_and_to_the_last_one_again() {
    for first in BOTH {
        let second = if first == Platform::Telegram {
            Platform::Discord
        } else {
            Platform::Telegram
        };
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, "fr").await;
        let here = Learner::known(&world, "Lina Ndiaye", first).await;
        here.private.uses("me", &[]).await;
        let alone = here.private.sees("Vous êtes Lina Ndiaye").await;
        assert!(!alone.text.contains("écrit en dernier"), "{alone:?}");
        here.opens("Le wifi tombe", 1).await;
        let there = also(&world, "lina.nd", "lina.ndiaye@exemple.org", second).await;
        here.private.sees("Une messagerie vient d'être reliée").await;
        world.script.forget();
        there.private.uses("me", &[]).await;
        let me = there.private.sees("où vous m'avez écrit en dernier").await;
        there.private.presses(&me, "Me prévenir partout").await;
        let me = there.private.sees("dans toutes vos messageries").await;
        let card = staff.moussa.channel.sees("N° 1 · ").await;
        staff.moussa.channel.presses(&card, "Prendre").await;
        for chat in [&here, &there] {
            chat.private.sees("s'occupe de votre demande").await;
        }
        // One of them can't be written to: the other is told once, and it gets the word when it can.
        here.person.shuts_bot_out();
        replies(&staff, "Premier mot").await;
        let told = there.private.sees("Premier mot").await;
        assert!(!told.text.contains("Je n'arrive plus"), "{told:?}");
        world.tables.until("dead_letters", 1).await;
        replies(&staff, "Deuxième mot").await;
        there.private.sees("Deuxième mot").await;
        world.tables.until("dead_letters", 2).await;
        here.person.lets_bot_in();
        here.private.says("/me").await;
        for words in ["Premier mot", "Deuxième mot"] {
            here.private.sees(words).await;
        }
        world.tables.all_went_well().await;
        for words in ["Premier mot", "Deuxième mot"] {
            assert_eq!((here.private.times(words), there.private.times(words)), (1, 1));
        }
        let thread = staff.moussa.thread(&world, 1);
        assert_eq!(thread.times("n'a pas reçu ce message"), 0, "{}", thread.history());
        // From where she wrote last, she takes it back.
        there.private.presses(&me, "Me prévenir là où j'écris").await;
        there.private.sees("où vous m'avez écrit en dernier").await;
        replies(&staff, "Troisième mot").await;
        there.private.sees("Troisième mot").await;
        world.tables.all_went_well().await;
        assert_eq!(here.private.times("Troisième mot"), 0);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{first:?}") }, {
            insta::assert_snapshot!("news_to_every_chat", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_no_chat_of_whoever_wants_all_can_be_reached_staff_are_told_once_for_each_at_most() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let here = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    here.opens("Le wifi tombe", 1).await;
    let there = also(&world, "lina.nd", "lina.ndiaye@exemple.org", Platform::Discord).await;
    world.tables.change("UPDATE accounts SET told_everywhere = TRUE").await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    there.private.sees("s'occupe de votre demande").await;
    world.quiet().await;
    here.person.shuts_bot_out();
    there.person.shuts_bot_out();
    replies(&staff, "Premier mot").await;
    world.tables.until("dead_letters", 2).await;
    let thread = staff.moussa.thread(&world, 1);
    thread.sees("n'a pas reçu ce message").await;
    world.quiet().await;
    replies(&staff, "Deuxième mot").await;
    world.tables.until("dead_letters", 4).await;
    world.quiet().await;
    for on in ["sur Telegram (", "sur Discord ("] {
        assert!(thread.times(on) <= 1, "{}", thread.history());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_wants_it_is_pinged_and_told_of_a_role_in_every_chat() {
    let world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Discord, "fr", Role::Admin).await;
    let phone = also(&world, "awa.phone", "awa.diop@exemple.org", Platform::Telegram).await;
    awa.private.sees("Une messagerie vient d'être reliée").await;
    phone.private.says("/me").await;
    let me = phone.private.sees("où vous m'avez écrit en dernier").await;
    phone.private.presses(&me, "Me prévenir partout").await;
    phone.private.sees("dans toutes vos messageries").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    for chat in [&awa, &phone] {
        chat.private.sees("Le wifi tombe").await;
    }
    let omar = Learner::with_role(&world, "Omar Ly", Platform::Telegram, "fr", Role::Admin).await;
    omar.private.uses("users", &[("person", "Awa")]).await;
    let found = omar.private.sees("Personnes dont le nom").await;
    omar.private.presses(&found, " · ").await;
    let card = omar.private.sees("Rôle : ").await;
    omar.private.presses(&card, "Rôle technicien").await;
    let asked = omar.private.sees(" ?").await;
    omar.private.presses(&asked, "Oui").await;
    for chat in [&awa, &phone] {
        chat.private.sees("Votre rôle a changé : technicien.").await;
    }
    world.tables.all_went_well().await;
}
