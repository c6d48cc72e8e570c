//! Updates as no platform sends them, in the inbox all the same: each is answered, passed over or set aside with a
//! cause that says nothing of it, and the next one of the same chat is handled.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::intake::front::RawUpdate;

use crate::harness::{AnySeat, Chair, Learner, Person, World};

/// What becomes of an update.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It is a message, which joins the draft.
    Read(&'static str),
    /// It is not for us.
    PassedOver,
    /// It is no update; the cause is kept.
    SetAside,
}

use Fate::{PassedOver, Read, SetAside};

/// Stores updates of one chat, in order, and then a good one; looks what became of each.
async fn stores(world: &World, on: Platform, lane: &str, updates: Vec<(String, Fate)>) {
    let chats = format!("inbox WHERE lane = '{lane}' AND update_id LIKE 'odd-%'");
    for (number, (raw, _)) in updates.iter().enumerate() {
        let update = RawUpdate {
            update_id: format!("odd-{number:02}"),
            lane: lane.to_owned(),
            raw: raw.clone(),
        };
        world.store.receive(on, &[update]).await.expect("a stored update");
    }
    world.tables.until(&format!("{chats} AND answered_at IS NULL"), 0).await;
    for (number, (raw, fate)) in updates.iter().enumerate() {
        let begin: String = raw.chars().take(300).collect();
        let sql = format!("SELECT COALESCE(cause, '') FROM inbox WHERE update_id = 'odd-{number:02}'");
        let cause = world.tables.texts(&sql).await.remove(0);
        match fate {
            Read(_) | PassedOver => assert_eq!(cause, "", "{begin}"),
            SetAside => assert!(!cause.is_empty() && !cause.contains("secret"), "{cause:?} of {begin}"),
        }
    }
    let state = world
        .tables
        .texts("SELECT state FROM dialogs WHERE state LIKE '%draft%'")
        .await
        .concat();
    for (_, fate) in updates {
        if let Read(words) = fate {
            assert!(state.contains(words), "{words:?} is not in {state}");
        }
    }
    assert!(!state.contains("secret"), "{state}");
}

/// A document far deeper than anybody nests.
fn deep() -> String {
    "[".repeat(100_000) + &"]".repeat(100_000)
}

async fn goes_on(chair: &Chair) {
    chair.says("Et maintenant ?").await;
    chair.sees("Et maintenant ?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_updates_from_telegram_stop_nobody() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let Person::Telegram(user) = &lina.person else {
        panic!("not on Telegram")
    };
    let id = user.id();
    let from = format!(r#""from":{{"id":{id},"is_bot":false,"first_name":"Lina"}}"#);
    let chat = format!(r#""chat":{{"id":{id},"type":"private"}}"#);
    let of = |update: &str, message: &str| format!(r#"{{"update_id":{update},"message":{{{message}}}}}"#);
    let message = |fields: &str| of("7", &format!(r#""message_id":5,{from},{chat},{fields}"#));
    let updates = vec![
        (message(r#""text":"demi \ud83d paire""#), Read("paire")),
        (message(r#""text":"nul \u0000 signe""#), Read("nul  signe")),
        (message(&format!(r#""text":"profond","x":{}"#, deep())), Read("profond")),
        (message(&format!(r#""text":{}"#, deep())), SetAside),
        (message(r#""text":"secret","text":"secret""#), SetAside),
        (message(r#""text":7"#), SetAside),
        (
            of(
                "9223372036854775808",
                &format!(r#""message_id":5,{from},{chat},"text":"secret""#),
            ),
            SetAside,
        ),
        (
            of(
                "7",
                &format!(r#""message_id":9223372036854775808,{from},{chat},"text":"secret""#),
            ),
            SetAside,
        ),
        (
            of("-7", &format!(r#""message_id":5,{from},{chat},"text":"sept de moins""#)),
            Read("sept de moins"),
        ),
        (
            of("7", &format!(r#""message_id":-5,{from},{chat},"text":"cinq de moins""#)),
            Read("cinq de moins"),
        ),
        (
            of(
                "7",
                &format!(r#""message_id":5,"from":{{"id":{id},"is_bot":true}},{chat},"text":"secret""#),
            ),
            PassedOver,
        ),
        (message(r#""text":"secret","sender_chat":{"id":-100}"#), PassedOver),
        (message(r#""new_chat_members":[]"#), PassedOver),
        (
            format!(r#"{{"update_id":7,"edited_message":{{{from},{chat},"text":"secret"}}}}"#),
            SetAside,
        ),
        (
            format!(r#"{{"update_id":7,"callback_query":{{"id":"1",{from},"data":"take:1"}}}}"#),
            PassedOver,
        ),
        ("{}".to_owned(), SetAside),
        (r#"{"update_id":7,"message":"secret"#.to_owned(), SetAside),
        ("secret".to_owned(), SetAside),
        (String::new(), SetAside),
    ];
    stores(&world, Platform::Telegram, &id.to_string(), updates).await;
    goes_on(&lina.private).await;
    world.close().await;
    assert_eq!(world.count("dead_letters").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_updates_from_discord_stop_nobody() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner).await;
    let Person::Discord(user) = &lina.person else {
        panic!("not on Discord")
    };
    let id = user.id();
    let lane = world
        .tables
        .texts("SELECT private_chat FROM identities")
        .await
        .remove(0);
    let of = |message: &str| format!(r#"{{"t":"MESSAGE_CREATE","d":{{{message}}}}}"#);
    let author = format!(r#""author":{{"id":"{id}","username":"lina"}}"#);
    let message = |fields: &str| of(&format!(r#""id":"5","channel_id":"{lane}",{author},{fields}"#));
    let updates = vec![
        (message(r#""content":"nul \u0000 signe""#), Read("nul  signe")),
        (
            message(r#""content":"secret","content":"deux fois""#),
            Read("deux fois"),
        ),
        (
            message(&format!(r#""content":"très profond","x":{}"#, deep())),
            Read("très profond"),
        ),
        (message(r#""content":7"#), SetAside),
        (message(r#""content":"demi secret \ud83d""#), SetAside),
        (
            of(&format!(
                r#""id":"9223372036854775808","channel_id":"{lane}",{author},"content":"grand""#
            )),
            Read("grand"),
        ),
        (
            of(&format!(
                r#""id":"-5","channel_id":"{lane}",{author},"content":"secret""#
            )),
            SetAside,
        ),
        (
            of(&format!(
                r#""id":"0","channel_id":"{lane}",{author},"content":"secret""#
            )),
            SetAside,
        ),
        (
            of(&format!(
                r#""id":"5","channel_id":"18446744073709551616",{author},"content":"secret""#
            )),
            SetAside,
        ),
        (
            of(&format!(
                r#""id":"5","channel_id":"{lane}","author":{{"id":"{id}","bot":true}},"content":"secret""#
            )),
            PassedOver,
        ),
        (message(r#""content":"secret","webhook_id":"7""#), PassedOver),
        (message(r#""content":"secret","type":7"#), PassedOver),
        (
            r#"{"t":"MESSAGE_UPDATE","d":{"content":"secret"}}"#.to_owned(),
            SetAside,
        ),
        (
            format!(r#"{{"t":"MESSAGE_UPDATE","d":{{"id":"5","channel_id":"{lane}","content":"secret"}}}}"#),
            PassedOver,
        ),
        (
            format!(r#"{{"t":"MESSAGE_DELETE","d":{{"id":"5","channel_id":"{lane}"}}}}"#),
            PassedOver,
        ),
        (
            r#"{"t":"INTERACTION_CREATE","d":{"type":3,"token":"secret"}}"#.to_owned(),
            SetAside,
        ),
        ("{}".to_owned(), SetAside),
        ("secret".to_owned(), SetAside),
    ];
    stores(&world, Platform::Discord, &lane, updates).await;
    goes_on(&lina.private).await;
    world.close().await;
    assert_eq!(world.count("dead_letters").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_adds_a_mention_pings_nobody() {
    let mut world = World::open().await;
    for on in [Platform::Telegram, Platform::Discord] {
        let lina = Learner::with_role(&world, &format!("Lina {on:?}"), on, "fr", Role::Learner)
            .await
            .private;
        let written = lina.says("Mon écran est noir").await;
        lina.sees("Mon écran est noir").await;
        match &lina.seat {
            AnySeat::Telegram(seat) => seat.edits(written, "@everyone <@&1> @lina_n"),
            AnySeat::Discord(seat) => seat.edits(written, "@everyone <@&1> @lina_n"),
        }
        lina.sees("everyone").await;
        lina.says("et froid").await;
        lina.sees("et froid").await;
    }
    world.quiet().await;
    world.close().await;
    assert!(world.discord.pings().is_empty() && world.telegram.pings().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_can_not_be_read_keeps_its_draft_and_leaves_nobody_without_an_answer() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let lina = lina.private;
    lina.says("Mon écran est noir").await;
    lina.sees("Mon écran est noir").await;
    // A form of a later version, and a category that is no more.
    let state = r#"{"draft":{"text":"Mon écran est noir","category":999},"asking":{"form":"fly:1"}}"#;
    world
        .tables
        .change(&format!("UPDATE dialogs SET state = '{state}'"))
        .await;
    lina.says("et froid").await;
    let draft = lina.sees("Mon écran est noir\net froid").await;
    lina.presses(&draft, "Envoyer").await;
    lina.sees("N° 1 · Mon écran est noir").await;
    world.tables.change("UPDATE dialogs SET state = 'nothing'").await;
    lina.says("Mon clavier est cassé").await;
    lina.sees("Mon clavier est cassé").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    world.close().await;
}
