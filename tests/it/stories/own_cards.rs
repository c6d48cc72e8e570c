//! One message in the chat of whoever asked shows how their ticket stands, and is edited as that changes.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Gate, Seen, discord, telegram};
use serde_json::json;

use crate::harness::{Chair, Learner, Office, Staff, StaffOn, World, link, office};

const BOTH: [(Platform, StaffOn); 2] = [
    (Platform::Telegram, StaffOn::Discord),
    (Platform::Discord, StaffOn::TelegramTopics),
];

async fn uses(by: &Staff, command: &str, more: &[(&str, &str)]) {
    let options: Vec<_> = [("number", "1")].iter().chain(more).copied().collect();
    by.private.uses(command, &options).await;
}

/// Lina has a ticket, and its card.
async fn opened(on: Platform, staff_on: StaffOn) -> (World, Office, Learner, Seen) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", on).await;
    world.script.forget();
    let card = lina.opens("Mon chargeur ne marche plus", 1).await;
    world.quiet().await;
    (world, staff, lina, card)
}

/// Another chat of Lina's.
async fn also(world: &World, on: Platform) -> Chair {
    let chat = Learner::new(world, "lina.nd", on, "fr").private;
    let code = world.new_code("lina.ndiaye@exemple.org").await;
    link(&chat, &code, "fr").await;
    chat
}

fn now(chair: &Chair, card: &Seen) -> Seen {
    chair.stands(card.message_id).expect("the card")
}

/// Edits of messages fail from now on.
fn no_edits(world: &World, on: Platform) {
    match on {
        Platform::Telegram => {
            let cut = telegram::Fault::Cut { after_effect: false };
            world.telegram.faults().all("EditMessageText", cut);
        }
        Platform::Discord => {
            let cut = discord::Fault::Cut { after_effect: false };
            world.discord.faults().all("PATCH /channels", cut);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_shows_the_whole_life_of_a_ticket() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        uses(&staff.moussa, "take", &[]).await;
        here.looks_at(&card, "Moussa Sarr s'en occupe").await;
        uses(&staff.moussa, "ask", &[("text", "Quelle salle ?")]).await;
        here.looks_at(&card, "attend votre réponse").await;
        here.replies(&card, "La salle 12").await;
        here.looks_at(&card, "Moussa Sarr s'en occupe").await;
        uses(&staff.moussa, "urgency", &[("urgency", "high")]).await;
        here.looks_at(&card, "Haute").await;
        uses(&staff.moussa, "handover", &[("colleague", "fatou"), ("text", "À toi")]).await;
        here.looks_at(&card, "Fatou Ba s'en occupe").await;
        uses(&staff.fatou, "resolve", &[("text", "Chargeur échangé")]).await;
        let resolved = here.looks_at(&card, "l'a résolue").await;
        here.presses_and_writes(&resolved, "Toujours en panne", "Il chauffe")
            .await;
        here.looks_at(&card, "Fatou Ba s'en occupe").await;
        uses(&staff.fatou, "resolve", &[("text", "Un autre")]).await;
        let resolved = here.looks_at(&card, "l'a résolue").await;
        here.presses(&resolved, "C'est réglé").await;
        let closed = here.looks_at(&card, "C'est terminé").await;
        here.presses(&closed, "4 ★").await;
        here.looks_at(&card, "★★★★").await;
        uses(&staff.awa, "delete", &[]).await;
        let sure = staff.awa.private.sees("Supprimer la demande").await;
        staff.awa.private.presses(&sure, "Oui, la supprimer").await;
        here.looks_at(&card, "Elle est supprimée").await;
        let gone = staff.awa.private.sees("est supprimé").await;
        staff.awa.private.presses(&gone, "Rétablir").await;
        here.looks_at(&card, "★★★★").await;
        world.tables.all_went_well().await;
        assert_eq!(here.times("N° 1 · "), 1, "{}", here.history());
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_card_of_ones_own", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_leave_a_short_card_alone_and_stand_on_a_whole_one() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        uses(&staff.moussa, "reply", &[("text", "J'arrive")]).await;
        here.sees("J'arrive").await;
        world.quiet().await;
        assert_eq!(now(here, &card).edits, card.edits);
        here.uses("show", &[("number", "1")]).await;
        let whole = here.sees("N° 1 · ").await;
        uses(&staff.moussa, "reply", &[("text", "Dans cinq minutes")]).await;
        here.looks_at(&whole, "Dans cinq minutes").await;
        // The newest is the card.
        assert_eq!(now(here, &card).buttons, [""; 0]);
        uses(&staff.moussa, "take", &[]).await;
        let taken = here.looks_at(&whole, "Moussa Sarr s'en occupe").await;
        assert!(taken.text.contains("Dans cinq minutes"), "{taken:?}");
        assert!(now(here, &card).text.contains("En attente"));
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_that_show_it_one_is_the_card() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        uses(&staff.moussa, "take", &[]).await;
        uses(&staff.moussa, "resolve", &[("text", "Chargeur échangé")]).await;
        let told = here.sees("est résolue").await;
        here.looks_at(&card, "l'a résolue").await;
        world.quiet().await;
        // In place of the notice, which is newer.
        here.presses(&told, "C'est réglé").await;
        let closed = here.looks_at(&told, "C'est terminé").await;
        world.quiet().await;
        assert_eq!(now(here, &card).buttons, [""; 0]);
        here.presses(&closed, "Ouvrir une suite").await;
        world.quiet().await;
        let sent = "SELECT message_id FROM own_cards";
        assert_eq!(world.tables.texts(sent).await, [told.message_id.to_string()]);
        // In place of the card so far, which is older than the newest.
        here.uses("show", &[("number", "1")]).await;
        let newest = here.sees("C'est terminé").await;
        here.forges(&told, "stars:1:5").await;
        here.looks_at(&told, "★★★★★").await;
        here.looks_at(&newest, "★★★★★").await;
        world.quiet().await;
        assert_eq!(world.tables.texts(sent).await, [newest.message_id.to_string()]);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_chat_has_its_card_and_one_that_comes_back_is_brought_up_to_date() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        let other = match on {
            Platform::Telegram => Platform::Discord,
            Platform::Discord => Platform::Telegram,
        };
        let there = also(&world, other).await;
        there.uses("show", &[("number", "1")]).await;
        let shown = there.sees("N° 1 · ").await;
        uses(&staff.moussa, "take", &[]).await;
        here.looks_at(&card, "Moussa Sarr s'en occupe").await;
        there.looks_at(&shown, "Moussa Sarr s'en occupe").await;
        here.uses("unlink", &[]).await;
        let which = here.sees("Quelle messagerie").await;
        here.presses(&which, other.name()).await;
        let surely = here.sees("n'y seront plus visibles").await;
        here.presses(&surely, "Délier").await;
        here.sees("n'est plus reliée").await;
        uses(&staff.moussa, "resolve", &[("text", "Chargeur échangé")]).await;
        here.looks_at(&card, "l'a résolue").await;
        world.quiet().await;
        assert!(now(&there, &shown).text.contains("s'en occupe"), "{}", there.history());
        let code = world.new_code("lina.ndiaye@exemple.org").await;
        link(&there, &code, "fr").await;
        there.looks_at(&shown, "l'a résolue").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_gone_is_not_missed() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        here.deletes(&card);
        uses(&staff.moussa, "take", &[]).await;
        here.sees("Moussa Sarr s'occupe").await;
        world.tables.all_went_well().await;
        assert_eq!(world.count("own_cards").await, 0);
        uses(&staff.moussa, "release", &[]).await;
        here.uses("show", &[("number", "1")]).await;
        let shown = here.sees("N° 1 · ").await;
        uses(&staff.fatou, "take", &[]).await;
        here.looks_at(&shown, "Fatou Ba s'en occupe").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_hear_nothing_and_blocks_the_bot_finds_the_card_as_it_is_when_they_come_back() {
    let (mut world, staff, lina, card) = opened(Platform::Telegram, StaffOn::Discord).await;
    let here = &lina.private;
    here.uses("notify", &[]).await;
    let paces = here.sees("Quand et où vous prévenir").await;
    here.presses(&paces, "Jamais").await;
    here.sees("Je ne vous préviens").await;
    uses(&staff.moussa, "take", &[]).await;
    here.looks_at(&card, "Moussa Sarr s'en occupe").await;
    here.sees_nothing_else();
    lina.person.shuts_bot_out();
    uses(&staff.moussa, "urgency", &[("urgency", "high")]).await;
    world.tables.until("own_cards WHERE is_stale = TRUE", 1).await;
    uses(&staff.moussa, "release", &[]).await;
    world.quiet().await;
    assert_eq!(world.count("dead_letters").await, 0);
    here.says("/tickets").await;
    let back = here.looks_at(&card, "En attente").await;
    assert!(back.text.contains("Haute"), "{back:?}");
    world.tables.until("own_cards WHERE is_stale = TRUE", 0).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_ends_as_the_ticket_does_whatever_happens_between() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        no_edits(&world, on);
        for command in ["take", "release", "take"] {
            uses(&staff.moussa, command, &[]).await;
        }
        uses(&staff.moussa, "resolve", &[("text", "Chargeur échangé")]).await;
        staff.moussa.private.sees("est résolu").await;
        world.kill();
        world.telegram.faults().clear();
        world.discord.faults().clear();
        world.start().await;
        here.looks_at(&card, "l'a résolue").await;
        world.tables.all_went_well().await;
        // Several that wait are one.
        assert!(now(here, &card).edits <= card.edits + 2, "{:?}", now(here, &card));
        assert_eq!(here.times("N° 1 · "), 1, "{}", here.history());
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_does_not_leave_the_card_as_it_was() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let here = &lina.private;
    here.says("Mon chargeur ne marche plus").await;
    let draft = here.sees("Urgence").await;
    let gate = Gate::default();
    let held = telegram::Fault::Hold {
        gate: gate.clone(),
        after_effect: false,
    };
    world.telegram.faults().next("EditMessageText", held, 1);
    let pressing = tokio::spawn({
        let (here, draft) = (here.clone(), draft.clone());
        async move { here.presses(&draft, "Envoyer").await }
    });
    staff.moussa.channel.sees("N° 1 · ").await;
    uses(&staff.moussa, "take", &[]).await;
    here.sees("Moussa Sarr s'occupe").await;
    gate.open();
    pressing.await.unwrap();
    here.looks_at(&draft, "Moussa Sarr s'en occupe").await;
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_came_by_message_is_edited_too_and_names_what_follows() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let user = world.discord.user("Lina Ndiaye", "fr");
    let general = world.discord.channel("general");
    let channel = world.chair("Lina Ndiaye", "#general", user.in_channel(&general));
    let here = &world.chair("Lina Ndiaye", "private", user.dm());
    let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    link(here, &code, "fr").await;
    channel.uses("ticket", &[]).await;
    let typed = [("Titre", "Plus de réseau"), ("Description", "Salle 3")];
    channel.submits(&typed).await;
    let card = here.sees("N° 1 · ").await;
    uses(&staff.moussa, "take", &[]).await;
    here.looks_at(&card, "Moussa Sarr s'en occupe").await;
    uses(&staff.moussa, "resolve", &[("text", "Câble remis")]).await;
    let resolved = here.looks_at(&card, "l'a résolue").await;
    here.presses(&resolved, "C'est réglé").await;
    let closed = here.looks_at(&card, "C'est terminé").await;
    here.presses(&closed, "Ouvrir une suite").await;
    here.submits(&typed).await;
    here.looks_at(&card, "Suivi par le n° 2").await;
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_old_messages_are_edited_no_more_what_is_told_is_not_held_up() {
    let (mut world, staff, lina, card) = opened(Platform::Discord, StaffOn::TelegramTopics).await;
    let here = &lina.private;
    let body = json!({"message": "Maximum number of edits to messages older than 1 hour reached. Try again later", "code": 30046, "retry_after": 0.2});
    world
        .discord
        .faults()
        .all("PATCH /channels", discord::Fault::Reply { status: 429, body });
    uses(&staff.moussa, "take", &[]).await;
    here.sees("Moussa Sarr s'occupe").await;
    uses(&staff.moussa, "reply", &[("text", "J'arrive")]).await;
    here.sees("J'arrive").await;
    world.tables.until("own_cards WHERE is_stale = TRUE", 1).await;
    world.discord.faults().clear();
    uses(&staff.moussa, "resolve", &[("text", "Câble remis")]).await;
    here.looks_at(&card, "l'a résolue").await;
    world.tables.all_went_well().await;
    assert_eq!(
        world
            .tables
            .number("SELECT COUNT(*) FROM own_cards WHERE is_stale = TRUE")
            .await,
        0
    );
    world.close().await;
}

/// The next edit of a message is held.
fn holds_edit(world: &World, on: Platform) -> Gate {
    let gate = Gate::default();
    match on {
        Platform::Telegram => {
            let held = telegram::Fault::Hold {
                gate: gate.clone(),
                after_effect: false,
            };
            world.telegram.faults().next("EditMessageText", held, 1);
        }
        Platform::Discord => {
            let held = discord::Fault::Hold {
                gate: gate.clone(),
                after_effect: false,
            };
            world.discord.faults().next("PATCH /channels", held, 1);
        }
    }
    gate
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_comes_late_does_not_leave_the_card_as_it_was() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        let gate = holds_edit(&world, on);
        uses(&staff.moussa, "take", &[]).await;
        gate.reached().await;
        here.forges(&card, "surely:1").await;
        here.looks_at(&card, "C'est terminé").await;
        world.tables.until("inbox WHERE answered_at IS NULL", 0).await;
        let once_more = holds_edit(&world, on);
        gate.open();
        once_more.reached().await;
        here.looks_at(&card, "s'en occupe").await;
        once_more.open();
        here.looks_at(&card, "C'est terminé").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_comes_late_does_not_give_a_former_card_its_buttons_back() {
    for (on, staff_on) in BOTH {
        let (mut world, staff, lina, card) = opened(on, staff_on).await;
        let here = &lina.private;
        let gate = holds_edit(&world, on);
        uses(&staff.moussa, "take", &[]).await;
        gate.reached().await;
        here.uses("show", &[("number", "1")]).await;
        let newest = here.sees("N° 1 · ").await;
        let is_card = format!("own_cards WHERE message_id = '{}'", newest.message_id);
        world.tables.until(&is_card, 1).await;
        let once_more = holds_edit(&world, on);
        gate.open();
        once_more.reached().await;
        assert_ne!(now(here, &card).buttons, [""; 0]);
        once_more.open();
        let is_bare = || now(here, &card).buttons.is_empty();
        world.until("the former card has no buttons", is_bare).await;
        world.tables.all_went_well().await;
        assert_ne!(now(here, &newest).buttons, [""; 0]);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_given_up_ends_as_the_ticket_did() {
    let (mut world, staff, lina, card) = opened(Platform::Discord, StaffOn::TelegramTopics).await;
    let here = &lina.private;
    let body = json!({"message": "Maximum number of edits to messages older than 1 hour reached. Try again later", "code": 30046, "retry_after": 600});
    world
        .discord
        .faults()
        .all("PATCH /channels", discord::Fault::Reply { status: 429, body });
    uses(&staff.moussa, "take", &[]).await;
    uses(&staff.moussa, "resolve", &[("text", "Câble remis")]).await;
    // Nobody waits for what can't be shown for long.
    here.sees("est résolue").await;
    world.tables.until("own_cards WHERE is_stale = TRUE", 1).await;
    world.quiet().await;
    world.discord.faults().clear();
    world.kill();
    world.start().await;
    here.looks_at(&card, "l'a résolue").await;
    world.tables.until("own_cards WHERE is_stale = TRUE", 0).await;
    world.tables.all_went_well().await;
    world.close().await;
}
