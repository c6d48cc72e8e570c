//! The adapter against the simulated Discord.

mod acknowledged;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::DateTime;
use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::chat::intent::Intent;
use crate::chat::reply::{Block, Button, Form, FormField, Look, Message};
use crate::clock::Clock;
use crate::domain::platform::Spot;
use crate::domain::receipt::Receipt;
use crate::intake::front::{Front, RawUpdate};
use crate::outbox::courier::{Address, Errand};
use crate::outbox::pacing::Urgency;
use crate::sandbox::discord as fake;
use crate::sandbox::{Answer, Seat, Transcript};

/// What Guichet would answer.
type Script = Box<dyn Fn(&Inbound) -> Reply + Send + Sync>;

/// What became of an answer.
type Outcome = Result<Option<Sent>, DeliveryError>;

/// A notice that we may send.
const NOTICE: Pass<'static> = Pass {
    urgency: Urgency::Notice,
    plain: false,
    may_send: &|| true,
};

fn delivery(nonce: &str, errand: Errand) -> Delivery {
    Delivery {
        nonce: nonce.to_owned(),
        errand,
    }
}

/// When Guichet has its answer to an interaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    AtOnce,
    /// Once the adapter, which is in a hurry to, has asked Discord for more time.
    AfterDeferral,
}

struct World {
    fake: fake::Discord,
    discord: Discord,
    stop: CancellationToken,
    listening: JoinHandle<Result<(), ListenError>>,
    outcomes: watch::Receiver<Vec<Outcome>>,
    _files: tempfile::TempDir,
}

fn say(text: &str) -> Message {
    Message {
        blocks: vec![Block::Title(text.to_owned())],
        buttons: vec![vec![Button {
            label: "Prendre".into(),
            action: "take:1".into(),
            look: Look::Main,
        }]],
        ..Message::default()
    }
}

async fn world(script: Script) -> World {
    world_that_answers(When::AtOnce, script).await
}

async fn world_that_answers(when: When, script: Script) -> World {
    let clock = Clock::set_to(DateTime::from_timestamp(1_790_000_000, 0).unwrap());
    let fake = fake::Discord::start(clock, Transcript::default()).await.unwrap();
    let files = tempfile::tempdir().unwrap();
    let store = FileStore::open(files.path()).unwrap();
    let token = SecretString::from(fake.token().to_owned());
    let patience = match when {
        When::AtOnce => PATIENCE,
        When::AfterDeferral => Duration::from_millis(10),
    };
    let url = Url::parse(&fake.url()).unwrap();
    let discord = Discord::with_patience(patience, &token, url, store, Pacing::platforms()).unwrap();
    discord.register_commands().await.unwrap();
    let stop = CancellationToken::new();
    let (log, outcomes) = watch::channel(Vec::new());
    let guichet = Arc::new(Guichet {
        fake: fake.clone(),
        discord: discord.clone(),
        when,
        script,
        log,
    });
    let (bot, ends) = (discord.clone(), stop.clone());
    let listening = tokio::spawn(async move {
        let announce = |updates: &[RawUpdate]| {
            for update in updates {
                guichet.discord.arrived(&update.raw, None);
            }
        };
        let receive = async |updates: Vec<RawUpdate>| {
            for update in updates {
                tokio::spawn(Arc::clone(&guichet).handle(update));
            }
            Ok::<(), String>(())
        };
        bot.listen(announce, receive, async |_| Vec::new(), ends).await
    });
    fake.connected().await;
    World {
        fake,
        discord,
        stop,
        listening,
        outcomes,
        _files: files,
    }
}

/// What stands in the place of intake and chat.
struct Guichet {
    fake: fake::Discord,
    discord: Discord,
    when: When,
    script: Script,
    log: watch::Sender<Vec<Outcome>>,
}

impl Guichet {
    async fn handle(self: Arc<Self>, update: RawUpdate) {
        let Some(inbound) = self.discord.read(&update.raw).unwrap() else {
            return;
        };
        let reply = (self.script)(&inbound);
        if self.when == When::AfterDeferral {
            let deferral = format!("POST /interactions/{}/", update.update_id);
            self.fake.requested(&deferral).await;
        }
        let answer = || self.discord.answer(&inbound, &update.raw, &reply, Pass::reply());
        let mut outcome = answer().await;
        if matches!(outcome, Err(DeliveryError::Transient(_))) {
            outcome = answer().await;
        }
        self.log.send_modify(|log| log.push(outcome));
    }
}

impl World {
    /// Waits until this many updates were answered.
    async fn answered(&self, count: usize) -> Vec<Option<Sent>> {
        let mut outcomes = self.outcomes.clone();
        let done = outcomes.wait_for(|outcomes| outcomes.len() >= count);
        let done = tokio::time::timeout(Duration::from_secs(10), done).await;
        let outcomes = done.expect("the answers").expect("the world goes on").clone();
        assert_eq!(outcomes.len(), count, "{outcomes:?}");
        outcomes.into_iter().map(Result::unwrap).collect()
    }

    fn all_went_well(&self) {
        for outcome in self.outcomes.borrow().iter() {
            assert!(outcome.is_ok(), "{outcome:?}");
        }
        let bad: Vec<_> = self
            .fake
            .requests()
            .into_iter()
            .filter(|request| request.status >= 400)
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
        self.stop.cancel();
    }
}

#[tokio::test]
async fn a_private_message_gets_its_answer_and_a_receipt() {
    let world = world(Box::new(|inbound| match &inbound.intent {
        Intent::Message(written) if written.text == "note" => Reply::Receipt(Receipt::Noted),
        Intent::Message(written) => Reply::Message(say(&written.text)),
        other => panic!("{other:?}"),
    }))
    .await;
    let lina = world.fake.user("Lina", "fr");
    let dm = lina.dm();
    dm.says("**gras** <@1> @everyone").await;
    let seen = dm.sees("**gras** <@1> @everyone").await.unwrap();
    assert_eq!(seen.buttons, ["Prendre"]);
    let note = dm.says("note").await;
    dm.sees_reaction(note, "📝").await.unwrap();
    assert!(
        world.fake.pings().iter().all(|ping| ping.who == "Lina"),
        "{:?}",
        world.fake.pings()
    );
    world.all_went_well();
}

#[tokio::test]
async fn commands_buttons_and_forms_are_answered_in_time() {
    let world = world(Box::new(|inbound| match &inbound.intent {
        Intent::Command(call) if call.number.is_some() => Reply::Message(say("carte")),
        Intent::Command(_) => Reply::Form(Form {
            title: "Nouvelle demande".into(),
            action: "open".into(),
            fields: vec![FormField {
                id: "title".into(),
                label: "Titre".into(),
                value: String::new(),
                required: true,
                long: false,
                max_chars: 200,
            }],
        }),
        Intent::Submit { fields, .. } => Reply::Aside(say(&fields[0].1)),
        Intent::Press { .. } => Reply::Update(say("prise")),
        other => panic!("{other:?}"),
    }))
    .await;
    let lina = world.fake.user("Lina", "fr");
    let support = world.fake.channel("support");
    let there = lina.in_channel(&support);
    let Answer::Form { .. } = there.uses("ticket", &[("urgence", "Haute")]).await.unwrap() else {
        panic!("no form")
    };
    world.answered(1).await;
    let answer = there.submits(&[("Titre", "écran noir")]).await.unwrap();
    assert!(matches!(answer, Answer::Message(seen) if seen.text == "écran noir"));
    world.answered(2).await;
    let Answer::Message(card) = there.uses("prendre", &[("numéro", "12")]).await.unwrap() else {
        panic!("no card")
    };
    world.answered(3).await;
    let Answer::Message(taken) = there.presses(&card, "Prendre").await.unwrap() else {
        panic!("no update")
    };
    assert_eq!((taken.text.as_str(), taken.message_id), ("prise", card.message_id));
    let sent = world.answered(4).await;
    let ids: Vec<_> = sent.into_iter().map(|sent| sent.map(|sent| sent.message_id)).collect();
    let card = Some(card.message_id.to_string());
    assert_eq!(ids, [None, None, card.clone(), card]);
    world.all_went_well();
}

#[tokio::test]
async fn slow_answers_are_deferred_and_come_all_the_same() {
    let slowly = |inbound: &Inbound| match &inbound.intent {
        Intent::Command(call) if call.number.is_some() => Reply::Message(say("publique")),
        Intent::Command(_) => Reply::Aside(say("pour vous")),
        Intent::Press { .. } => Reply::Update(say("prise")),
        other => panic!("{other:?}"),
    };
    let world = world_that_answers(When::AfterDeferral, Box::new(slowly)).await;
    let (lina, moussa) = (world.fake.user("Lina", "fr"), world.fake.user("Moussa", "fr"));
    let support = world.fake.channel("support");
    let (there, other) = (lina.in_channel(&support), moussa.in_channel(&support));
    there.uses("tickets", &[]).await.unwrap();
    there.sees("pour vous").await.unwrap();
    there.uses("prendre", &[("numéro", "12")]).await.unwrap();
    let card = other.sees("publique").await.unwrap();
    other.presses(&card, "Prendre").await.unwrap();
    other.sees("prise").await.unwrap();
    assert!(!other.history().contains("pour vous"), "{}", other.history());
    world.answered(3).await;
    world.all_went_well();
}

#[tokio::test]
async fn interactions_are_acknowledged_in_time_while_nothing_can_be_stored() {
    let world = world_that_answers(When::AfterDeferral, Box::new(|_| Reply::Quiet)).await;
    // Another takes the place of the one that can store.
    world.stop.cancel();
    world.listening.await.unwrap().unwrap();
    world.fake.forget_sessions();
    let (stop, (came, mut ids)) = (CancellationToken::new(), tokio::sync::mpsc::unbounded_channel());
    let (bot, ends) = (world.discord.clone(), stop.clone());
    let listening = tokio::spawn(async move {
        let is_ours = AtomicBool::new(false);
        let announce = |updates: &[RawUpdate]| {
            for update in updates {
                // The first is another replica's, which does not handle it.
                let elsewhere = (!is_ours.swap(true, Ordering::SeqCst)).then(|| std::future::ready(false).boxed());
                bot.arrived(&update.raw, elsewhere);
                came.send(update.update_id.clone()).unwrap();
            }
        };
        bot.listen(announce, async |_| Err::<(), _>("away"), async |_| Vec::new(), ends)
            .await
    });
    world.fake.connected().await;
    let lina = world.fake.user("Lina", "fr");
    let there = lina.in_channel(&world.fake.channel("support"));
    for _ in 0..2 {
        let acknowledged = async {
            let id = ids.recv().await.unwrap();
            world.fake.requested(&format!("POST /interactions/{id}/")).await;
        };
        tokio::select! {
            answered = there.uses("tickets", &[]) => panic!("{answered:?}"),
            () = acknowledged => {}
        }
    }
    stop.cancel();
    listening.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_outbox_posts_once_edits_opens_and_closes_threads() {
    let world = world(Box::new(|_| Reply::Quiet)).await;
    let lina = world.fake.user("Lina", "fr");
    let support = world.fake.channel("support");
    let deliver = async |id: u64, errand: Errand| {
        world
            .discord
            .deliver(&delivery(&id.to_string(), errand), NOTICE)
            .await
            .unwrap()
    };
    let post = Errand::Post {
        to: Address::Spot(Spot::chat(support.id().to_string())),
        message: say("carte"),
        reply_to: None,
    };
    let card = deliver(1, post.clone()).await.unwrap();
    assert_eq!(deliver(1, post).await.unwrap(), card);
    let open = Errand::OpenThread {
        spot: card.spot.clone(),
        message_id: card.message_id.clone(),
        name: "N° 1 · écran".into(),
    };
    let thread = deliver(2, open.clone()).await.unwrap();
    assert_eq!(deliver(3, open).await.unwrap(), thread);
    let in_thread = Errand::Post {
        to: Address::Spot(thread.spot.clone()),
        message: say("mot"),
        reply_to: None,
    };
    let posted = deliver(4, in_thread).await.unwrap();
    deliver(
        5,
        Errand::CloseThread {
            spot: thread.spot.clone(),
        },
    )
    .await;
    let edit = Errand::Edit {
        spot: posted.spot.clone(),
        message_id: posted.message_id.clone(),
        message: say("autre"),
    };
    deliver(6, edit).await;
    let person = Errand::Post {
        to: Address::Person {
            user_id: lina.id().to_string(),
            chat: None,
        },
        message: say("à vous"),
        reply_to: None,
    };
    deliver(7, person).await.unwrap();
    lina.dm().sees("à vous").await.unwrap();
    world.stop.cancel();
}

#[tokio::test]
async fn files_go_both_ways() {
    let world = world(Box::new(|_| Reply::Quiet)).await;
    let lina = world.fake.user("Lina", "fr");
    let kept = world
        .discord
        .files()
        .keep(&b"un"[..], "a\"b é.png", "image/png")
        .await
        .unwrap();
    let other = world
        .discord
        .files()
        .keep(&b"deux"[..], "b.txt", "text/plain")
        .await
        .unwrap();
    let message = Message {
        files: vec![kept, other],
        ..say("fichiers")
    };
    let errand = Errand::Post {
        to: Address::Person {
            user_id: lina.id().to_string(),
            chat: None,
        },
        message,
        reply_to: None,
    };
    world.discord.deliver(&delivery("1", errand), NOTICE).await.unwrap();
    let seen = lina.dm().sees("fichiers").await.unwrap();
    assert_eq!(seen.files, ["a_b_é.png", "b.txt"]);
    let connected = Finding::Connected {
        name: "guichet".into(),
        guilds: 1,
    };
    assert_eq!(world.discord.check().await[0], connected);
    world.all_went_well();
}

#[tokio::test]
async fn without_the_privileged_intent_it_listens_all_the_same() {
    let clock = Clock::set_to(DateTime::from_timestamp(1_790_000_000, 0).unwrap());
    let fake = fake::Discord::start(clock, Transcript::default()).await.unwrap();
    fake.set_message_content_intent(false);
    let files = tempfile::tempdir().unwrap();
    let store = FileStore::open(files.path()).unwrap();
    let token = SecretString::from(fake.token().to_owned());
    let url = Url::parse(&fake.url()).unwrap();
    let discord = Discord::new(&token, url, store.clone(), Pacing::platforms()).unwrap();
    let (heard, mut updates) = tokio::sync::mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let (bot, ends) = (discord.clone(), stop.clone());
    let listening = tokio::spawn(async move {
        bot.listen(
            |_| (),
            move |updates| {
                let heard = heard.clone();
                async move { heard.send(updates) }
            },
            async |_| Vec::new(),
            ends,
        )
        .await
    });
    let lina = fake.user("Lina", "fr");
    let support = fake.channel("support");
    fake.connected().await;
    lina.in_channel(&support).says("entre nous").await;
    let picture = crate::sandbox::Upload {
        name: "a.png".into(),
        media_type: "image/png".into(),
        bytes: b"image".to_vec(),
    };
    lina.dm().sends(&[picture], "regardez").await;
    let update = updates.recv().await.unwrap().remove(0);
    let inbound = discord.read(&update.raw).unwrap().unwrap();
    let Intent::Message(written) = inbound.intent else {
        panic!("no message")
    };
    assert_eq!(written.text, "regardez");
    let kept = store
        .keep(discord.fetch(&written.files[0]).await.unwrap(), "a.png", "image/png")
        .await
        .unwrap();
    assert_eq!(kept.size, 5);
    stop.cancel();
    listening.await.unwrap().unwrap();

    let other = Discord::new(
        &SecretString::from("bad".to_owned()),
        Url::parse(&fake.url()).unwrap(),
        store,
        Pacing::platforms(),
    )
    .unwrap();
    let refused = other
        .listen(
            |_| (),
            async |_| Ok::<(), String>(()),
            async |_| Vec::new(),
            CancellationToken::new(),
        )
        .await;
    assert!(matches!(refused, Err(ListenError::BadToken)));
    assert_eq!(other.check().await, [Finding::BadToken]);
    assert!(discord.check().await.contains(&Finding::NoMessageContent));
}

#[tokio::test]
async fn an_answer_whose_acknowledgement_was_lost_is_not_given_twice() {
    let world = world(Box::new(|_| Reply::Message(say("carte")))).await;
    let lina = world.fake.user("Lina", "fr");
    let there = lina.in_channel(&world.fake.channel("support"));
    world
        .fake
        .faults()
        .next("POST /interactions", fake::Fault::Cut { after_effect: true }, 1);
    let Answer::Message(card) = there.uses("tickets", &[]).await.unwrap() else {
        panic!("no card")
    };
    let sent = world.answered(1).await.remove(0);
    assert_eq!(sent.unwrap().message_id, card.message_id.to_string());
    there.sees("carte").await.unwrap();
    assert!(there.unread().is_empty(), "{}", there.history());
    let dm = lina.dm();
    world
        .fake
        .faults()
        .next("POST /channels", fake::Fault::Cut { after_effect: true }, 1);
    dm.says("bonjour").await;
    dm.sees("carte").await.unwrap();
    world.answered(2).await;
    assert!(dm.unread().is_empty(), "{}", dm.history());
}

#[tokio::test]
async fn an_answer_that_is_too_late_reaches_the_person_alone() {
    let script = |inbound: &Inbound| match &inbound.intent {
        Intent::Press { .. } => Reply::Update(say("prise")),
        Intent::Command(call) if call.number.is_some() => Reply::Form(Form {
            title: "t".into(),
            action: "a".into(),
            fields: vec![],
        }),
        _ => Reply::Message(say("tard")),
    };
    let world = world_that_answers(When::AfterDeferral, Box::new(script)).await;
    world.fake.set_answer_within(Duration::ZERO);
    let (lina, moussa) = (world.fake.user("Lina", "fr"), world.fake.user("Moussa", "fr"));
    let support = world.fake.channel("support");
    let (there, other) = (lina.in_channel(&support), moussa.in_channel(&support));
    there.uses("tickets", &[]).await.unwrap_err();
    lina.dm().sees("tard").await.unwrap();
    assert!(!other.history().contains("tard"));
    // A deferral that Discord's failure swallowed, not its refusal.
    let failure = fake::Fault::Status(500);
    world.fake.faults().next("POST /interactions", failure, 1);
    there.uses("prendre", &[("numéro", "1")]).await.unwrap_err();
    lina.dm().sees("J'ai mis trop de temps à répondre").await.unwrap();

    let errand = Errand::Post {
        to: Address::Spot(Spot::chat(support.id().to_string())),
        message: say("carte"),
        reply_to: None,
    };
    world.discord.deliver(&delivery("1", errand), NOTICE).await.unwrap();
    let card = other.sees("carte").await.unwrap();
    other.presses(&card, "Prendre").await.unwrap_err();
    there.sees("prise").await.unwrap();
    world.answered(3).await;
}

#[tokio::test]
async fn a_lost_gateway_comes_back() {
    let world = world(Box::new(|_| Reply::Message(say("je suis là")))).await;
    let lina = world.fake.user("Lina", "fr");
    world.fake.drop_gateway();
    lina.dm().says("ça marche ?").await;
    lina.dm().sees("je suis là").await.unwrap();
    world.fake.forget_sessions();
    world.fake.connected().await;
    lina.dm().says("et maintenant ?").await;
    lina.dm().sees("je suis là").await.unwrap();
    world.all_went_well();
}

#[tokio::test]
async fn what_was_written_while_it_was_away_is_read_afterwards() {
    let mut world = world(Box::new(|_| Reply::Message(say("oui")))).await;
    let sessions = world.discord.sessions();
    let lina = world.fake.user("Lina", "fr");
    let first = lina.dm().says("un").await;
    lina.dm().sees("oui").await.unwrap();
    let chat = world.answered(1).await.remove(0).unwrap().spot.chat;
    assert_eq!(*sessions.borrow(), 1);
    world.stop.cancel();
    (&mut world.listening).await.unwrap().unwrap();
    lina.dm().says("deux").await;
    lina.dm().says("/tickets").await;
    let missed = world.discord.missed(&chat, &first.to_string()).await.unwrap();
    let read: Vec<_> = missed
        .iter()
        .map(|update| world.discord.read(&update.raw).unwrap().unwrap())
        .collect();
    assert!(read.iter().all(|inbound| inbound.place.is_private()));
    assert!(matches!(&read[0].intent, Intent::Message(written) if written.text == "deux"));
    assert!(matches!(&read[1].intent, Intent::Command(_)) && read.len() == 2);
}

fn a_post(to: u64) -> Delivery {
    let errand = Errand::Post {
        to: Address::Spot(Spot::chat(to.to_string())),
        message: say("bonjour"),
        reply_to: None,
    };
    delivery(&format!("{:x}", rand::random::<u64>()), errand)
}

/// How many messages were posted, and how many were refused for their number.
fn posted(fake: &fake::Discord) -> (usize, usize) {
    let requests = fake.requests();
    let posts = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path.ends_with("/messages"));
    (posts.clone().count(), posts.filter(|post| post.status == 429).count())
}

#[tokio::test]
async fn many_messages_in_one_channel_keep_to_its_bucket() {
    let world = world(Box::new(|_| Reply::Quiet)).await;
    let support = world.fake.channel("support");
    for _ in 0..8 {
        let post = a_post(support.id());
        world.discord.deliver(&post, Pass::reply()).await.unwrap();
    }
    assert_eq!(posted(&world.fake), (8, 0));
}

#[tokio::test]
async fn notices_side_by_side_keep_to_the_bucket_and_the_rest_is_for_later() {
    let world = world(Box::new(|_| Reply::Quiet)).await;
    let channels = ["un", "deux"].map(|name| world.fake.channel(name).id());
    let mut posts = tokio::task::JoinSet::new();
    for channel in channels.into_iter().cycle().take(40) {
        let (discord, post) = (world.discord.clone(), a_post(channel));
        posts.spawn(async move { discord.deliver(&post, NOTICE).await });
    }
    let outcomes = posts.join_all().await;
    let gone = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let later = |outcome: &&Outcome| matches!(outcome, Err(DeliveryError::RetryAfter(_)));
    assert_eq!(gone + outcomes.iter().filter(later).count(), 40, "{outcomes:?}");
    assert!((2..=10).contains(&gone), "{gone}");
    assert_eq!(posted(&world.fake), (gone, 0));
}

#[tokio::test]
async fn a_wait_that_discord_asks_for_is_the_whole_buckets() {
    let world = world(Box::new(|_| Reply::Quiet)).await;
    let [support, other] = ["support", "autre"].map(|name| world.fake.channel(name).id());
    world
        .fake
        .faults()
        .next("POST /channels", fake::Fault::RetryAfter(30.0), 1);
    for _ in 0..2 {
        let outcome = world.discord.deliver(&a_post(support), NOTICE).await;
        assert!(matches!(outcome, Err(DeliveryError::RetryAfter(wait)) if wait > Duration::from_secs(28)));
    }
    assert_eq!(posted(&world.fake), (1, 1));
    assert!(world.discord.deliver(&a_post(other), NOTICE).await.is_ok());
    let pass = Pass {
        may_send: &|| false,
        ..NOTICE
    };
    let outcome = world.discord.deliver(&a_post(other), pass).await;
    assert_eq!(outcome, Err(DeliveryError::NotOurs));
}

#[tokio::test]
async fn an_answer_without_end_is_tried_again_and_a_session_is_waited_for() {
    let mut world = world(Box::new(|_| Reply::Quiet)).await;
    let support = world.fake.channel("support").id();
    let reply = |body| fake::Fault::Reply { status: 200, body };
    let endless = reply(serde_json::json!("x".repeat(17 << 20)));
    world.fake.faults().next("POST /channels", endless, 1);
    let outcome = world.discord.deliver(&a_post(support), NOTICE).await;
    assert!(matches!(outcome, Err(DeliveryError::Transient(_))), "{outcome:?}");
    world.stop.cancel();
    (&mut world.listening).await.unwrap().unwrap();
    world.fake.forget_sessions();
    let none_left = serde_json::json!({
        "url": "ws://127.0.0.1:9", "shards": 1,
        "session_start_limit": {"total": 1000, "remaining": 0, "reset_after": 1, "max_concurrency": 1},
    });
    world.fake.faults().next("GET /gateway/bot", reply(none_left), 2);
    let (bot, stop) = (world.discord.clone(), CancellationToken::new());
    let ends = stop.clone();
    let listening = tokio::spawn(async move {
        bot.listen(|_| (), async |_| Ok::<(), String>(()), async |_| Vec::new(), ends)
            .await
    });
    world.fake.connected().await;
    stop.cancel();
    listening.await.unwrap().unwrap();
}
