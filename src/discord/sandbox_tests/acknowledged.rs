//! Interactions that another replica, or an earlier life, has answered or deferred.

use std::fmt;

use chrono::TimeDelta;
use serenity::http::{LightMethod, Request};
use tokio::sync::mpsc;

use super::*;
use crate::discord::pending::Deferral;
use crate::discord::raw::Interaction;
use crate::sandbox::Missed;

/// How an interaction came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Command,
    Press(Shown),
    /// A form that a command opened, or a button.
    Submit(Option<Shown>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    ToAll,
    ToOne,
}

const ALL: [Asked; 6] = [
    Asked::Command,
    Asked::Press(Shown::ToAll),
    Asked::Press(Shown::ToOne),
    Asked::Submit(None),
    Asked::Submit(Some(Shown::ToAll)),
    Asked::Submit(Some(Shown::ToOne)),
];

/// Two replicas, of which only one listens, and somebody in a channel.
struct Scene {
    fake: fake::Discord,
    clock: Clock,
    ours: Discord,
    theirs: Discord,
    lina: fake::DiscordUser,
    there: fake::DiscordSeat,
    support: fake::Channel,
    updates: mpsc::UnboundedReceiver<RawUpdate>,
    stop: CancellationToken,
    _files: tempfile::TempDir,
}

/// Something that somebody did and that has no answer yet.
struct Open {
    update: RawUpdate,
    interaction: Box<Interaction>,
    waiting: JoinHandle<Result<Answer, Missed>>,
}

async fn scene(patience: Duration) -> Scene {
    let clock = Clock::set_to(DateTime::from_timestamp(1_790_000_000, 0).unwrap());
    let fake = fake::Discord::start(clock.clone(), Transcript::default())
        .await
        .unwrap();
    fake.faults().limits(false);
    let files = tempfile::tempdir().unwrap();
    let replica = || {
        let store = FileStore::open(files.path()).unwrap();
        let token = SecretString::from(fake.token().to_owned());
        let url = Url::parse(&fake.url()).unwrap();
        Discord::with_patience(patience, &token, url, store, Pacing::unlimited()).unwrap()
    };
    let (ours, theirs) = (replica(), replica());
    ours.register_commands().await.unwrap();
    let (came, updates) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let (bot, ends) = (ours.clone(), stop.clone());
    tokio::spawn(async move {
        let receive = async |updates: Vec<RawUpdate>| updates.into_iter().try_for_each(|update| came.send(update));
        bot.listen(|_| (), receive, async |_| Vec::new(), ends).await
    });
    fake.connected().await;
    let (lina, support) = (fake.user("Lina", "fr"), fake.channel("support"));
    Scene {
        there: lina.in_channel(&support),
        _files: files,
        fake,
        clock,
        ours,
        theirs,
        lina,
        support,
        updates,
        stop,
    }
}

fn a_form() -> Reply {
    Reply::Form(Form {
        title: "Question".into(),
        action: "reply:1".into(),
        fields: vec![FormField {
            id: "text".into(),
            label: "Mots".into(),
            value: String::new(),
            required: true,
            long: false,
            max_chars: 200,
        }],
    })
}

impl Scene {
    async fn open(&mut self, act: impl Future<Output = Result<Answer, Missed>> + Send + 'static) -> Open {
        let waiting = tokio::spawn(act);
        let update = self.updates.recv().await.unwrap();
        let Ok(Update::Interaction(interaction)) = Update::parse(&update.raw) else {
            panic!("no interaction")
        };
        Open {
            update,
            interaction,
            waiting,
        }
    }

    async fn uses_a_command(&mut self) -> Open {
        let there = self.there.clone();
        self.open(async move { there.uses("tickets", &[]).await }).await
    }

    /// Presses a button on a new card.
    async fn presses(&mut self, shown: Shown) -> Open {
        let card = match shown {
            Shown::ToAll => {
                self.ours.deliver(&a_post(self.support.id()), NOTICE).await.unwrap();
                self.there.sees("bonjour").await.unwrap()
            }
            Shown::ToOne => {
                let command = self.uses_a_command().await;
                let Ok(Answer::Message(card)) = self.answered(command, &Reply::Aside(say("pour vous"))).await else {
                    panic!("no card")
                };
                card
            }
        };
        let there = self.there.clone();
        self.open(async move { there.presses(&card, "Prendre").await }).await
    }

    async fn asks(&mut self, how: Asked) -> Open {
        let before = match how {
            Asked::Command | Asked::Submit(None) => self.uses_a_command().await,
            Asked::Press(shown) | Asked::Submit(Some(shown)) => self.presses(shown).await,
        };
        if !matches!(how, Asked::Submit(_)) {
            return before;
        }
        self.answered(before, &a_form()).await.unwrap();
        let there = self.there.clone();
        self.open(async move { there.submits(&[("Mots", "oui")]).await }).await
    }

    async fn answer(&self, open: &Open, by: &Discord, reply: &Reply) -> Outcome {
        let inbound = by.read(&open.update.raw).unwrap().unwrap();
        by.answer(&inbound, &open.update.raw, reply, Pass::reply()).await
    }

    /// The whole of it, as it goes when nothing is slow.
    async fn answered(&self, open: Open, reply: &Reply) -> Result<Answer, Missed> {
        self.answer(&open, &self.ours, reply).await.unwrap();
        open.waiting.await.unwrap()
    }

    async fn deferred_by_another(&self, open: &Open) {
        self.theirs.defer(&Deferral::of(&open.interaction)).await.unwrap();
    }

    /// What the deferral showed, or the message with the button, is removed.
    async fn removed(&self, open: &Open) {
        let original = Request::new(
            Route::WebhookOriginalInteractionResponse {
                application_id: open.interaction.application_id.number().into(),
                token: &open.interaction.token,
            },
            LightMethod::Delete,
        );
        self.theirs.api().execute(original, Pass::reply()).await.unwrap();
    }

    /// How often somebody reads these words, in the channel or in private.
    fn times(&self, words: &str) -> usize {
        let read = format!("{}\n{}", self.there.history(), self.lina.dm().history());
        read.matches(words).count()
    }

    #[track_caller]
    fn is_told_once(&self, words: &str, of: impl fmt::Debug) {
        assert_eq!(self.times(words), 1, "{of:?}:\n{}", self.there.history());
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The answers that are messages, each with words of its own.
fn messages() -> [(String, Reply); 3] {
    [Reply::Message, Reply::Aside, Reply::Update].map(|reply| {
        let words = format!("réponse {}", rand::random::<u64>());
        let message = say(&words);
        (words, reply(message))
    })
}

#[tokio::test]
async fn what_another_replica_deferred_is_answered() {
    let mut scene = scene(PATIENCE).await;
    for how in ALL {
        for (words, reply) in messages() {
            let open = scene.asks(how).await;
            scene.deferred_by_another(&open).await;
            scene.answer(&open, &scene.ours, &reply).await.unwrap();
            scene.is_told_once(&words, (how, &reply));
        }
        let quiet = scene.asks(how).await;
        scene.deferred_by_another(&quiet).await;
        scene.answer(&quiet, &scene.ours, &Reply::Quiet).await.unwrap();
        quiet.waiting.await.unwrap().unwrap();
        if matches!(how, Asked::Submit(_)) {
            continue;
        }
        let before = scene.times("J'ai mis trop de temps");
        let form = scene.asks(how).await;
        scene.deferred_by_another(&form).await;
        scene.answer(&form, &scene.ours, &a_form()).await.unwrap();
        assert_eq!(scene.times("J'ai mis trop de temps"), before + 1, "{how:?}");
    }
}

#[tokio::test]
async fn what_was_answered_is_not_answered_again() {
    let mut scene = scene(PATIENCE).await;
    for how in ALL {
        for (words, reply) in messages() {
            let open = scene.asks(how).await;
            let first = scene.answer(&open, &scene.theirs, &reply).await.unwrap();
            let again = scene.answer(&open, &scene.ours, &reply).await.unwrap();
            scene.is_told_once(&words, (how, &reply));
            assert_eq!(first, again, "{how:?} {reply:?}");
        }
        if matches!(how, Asked::Submit(_)) {
            continue;
        }
        let form = scene.asks(how).await;
        for replica in [&scene.theirs, &scene.ours] {
            scene.answer(&form, replica, &a_form()).await.unwrap();
        }
        let opened = form.waiting.await.unwrap().unwrap();
        assert!(matches!(opened, Answer::Form { .. }), "{opened:?}");
    }
    assert_eq!(scene.times("J'ai mis trop de temps"), 0);
}

#[tokio::test]
async fn an_answer_comes_although_what_was_deferred_is_gone() {
    let mut scene = scene(PATIENCE).await;
    for how in ALL {
        for (words, reply) in messages() {
            let open = scene.asks(how).await;
            scene.deferred_by_another(&open).await;
            scene.removed(&open).await;
            scene.answer(&open, &scene.ours, &reply).await.unwrap();
            scene.is_told_once(&words, (how, &reply));
        }
    }
    // After a quarter of an hour nothing can be shown there any more.
    let open = scene.asks(Asked::Press(Shown::ToOne)).await;
    scene.deferred_by_another(&open).await;
    scene.clock.advance(TimeDelta::minutes(15));
    let reply = Reply::Update(say("tard"));
    scene.answer(&open, &scene.ours, &reply).await.unwrap();
    scene.lina.dm().sees("tard").await.unwrap();
}

#[tokio::test]
async fn a_public_answer_whose_way_was_cleared_comes_in_the_end() {
    let mut scene = scene(Duration::ZERO).await;
    let open = scene.asks(Asked::Command).await;
    scene.ours.arrived(&open.update.raw, None);
    scene.fake.requested("POST /interactions/").await;
    let cut = fake::Fault::Cut { after_effect: false };
    scene.fake.faults().next("POST /webhooks", cut, 1);
    let reply = Reply::Message(say("enfin"));
    scene.answer(&open, &scene.ours, &reply).await.unwrap_err();
    scene.answer(&open, &scene.ours, &reply).await.unwrap();
    scene.is_told_once("enfin", &reply);
}

#[tokio::test]
async fn another_replica_defers_behind_the_one_that_answers_and_nothing_that_was_answered() {
    let mut scene = scene(Duration::from_millis(10)).await;
    let elsewhere = |is_answered| Some(std::future::ready(is_answered).boxed());
    let deferrals = |scene: &Scene, open: &Open| {
        let prefix = format!("/interactions/{}/", open.update.update_id);
        let statuses = scene.fake.requests().into_iter();
        let statuses = statuses.filter(|request| request.path.starts_with(&prefix));
        statuses.map(|request| request.status).collect::<Vec<_>>()
    };
    let answered = scene.asks(Asked::Command).await;
    scene.theirs.arrived(&answered.update.raw, elsewhere(true));
    let slow = scene.asks(Asked::Command).await;
    scene.theirs.arrived(&slow.update.raw, elsewhere(false));
    tokio::time::sleep(Duration::from_millis(20)).await;
    scene.ours.arrived(&slow.update.raw, None);
    while deferrals(&scene, &slow).len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(deferrals(&scene, &slow), [200, 400]);
    assert_eq!(deferrals(&scene, &answered), [] as [u16; 0]);
    // Ours knows that it was the first, and need not ask.
    scene
        .answer(&slow, &scene.ours, &Reply::Aside(say("voilà")))
        .await
        .unwrap();
    let asked = scene
        .fake
        .requests()
        .into_iter()
        .filter(|request| request.path.contains("@original"));
    assert_eq!(asked.map(|request| request.method).collect::<Vec<_>>(), ["PATCH"]);
    scene.is_told_once("voilà", "slow");
}
