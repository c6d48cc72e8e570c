//! The desk, open: store, chat, outbox and the platforms, wired together and running.

mod catch_up;
mod webhook;

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::chat::Chat;
use crate::clock::Clock;
use crate::discord::Discord;
use crate::domain::account::Registration;
use crate::domain::language::Language;
use crate::intake::front::Front;
use crate::intake::{self, Intake};
use crate::mail::Mailer;
use crate::outbox::courier::Courier;
use crate::outbox::pacing::Pacing;
use crate::outbox::{Mail, Worker};
use crate::replica::{Duty, Identity, Replica};
use crate::service::codes::CodeKey;
use crate::store::files::FileStore;
use crate::store::{Fault, Store, tickets};
use crate::telegram::Telegram;
use crate::web::{self, Readiness, site};
use webhook::Webhook;

/// The longest rest before a platform that can't be reached is tried again.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// What a desk is made of.
pub struct Setup {
    /// The database.
    pub store: Store,
    /// The files people attach.
    pub files: FileStore,
    /// The key of one-time codes.
    pub key: CodeKey,
    /// What this process is called among those that share the database.
    pub identity: Identity,
    /// The time.
    pub clock: Clock,
    /// The zone of the times shown.
    pub timezone: Tz,
    /// The language of people whose language is unknown.
    pub language: Language,
    /// Telegram: the bot's token, and where its API answers.
    pub telegram: Option<(SecretString, Url)>,
    /// Discord: the bot's token, and where its API answers.
    pub discord: Option<(SecretString, Url)>,
    /// Who hands letters over; without it, none are sent.
    pub mail: Option<Mailer>,
    /// How people who are unknown get an account.
    pub registration: Registration,
    /// Which limits are kept.
    pub pacing: Pacing,
    /// Where HTTP is answered; without it, nowhere.
    pub web: Option<TcpListener>,
    /// The address under which people reach what is answered there; without one, that of `web`.
    pub public_url: Option<Url>,
    /// The address to which Telegram posts updates; without one, it is asked for them.
    pub telegram_webhook: Option<Url>,
}

/// Why a desk can't open, or can't stay open.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A platform, with what to do about it.
    #[error("{platform}: {problem}")]
    Platform {
        /// Which.
        platform: &'static str,
        /// What is the matter.
        problem: String,
    },
}

/// A desk that is open. Dropped without [`Desk::close`], its tasks end at once, as if it had been killed.
pub struct Desk {
    replica: Arc<Replica>,
    listening: CancellationToken,
    sending: CancellationToken,
    staying: CancellationToken,
    renewing: JoinHandle<()>,
    listeners: Vec<JoinHandle<()>>,
    worker: JoinHandle<()>,
    intakes: Vec<Arc<Intake>>,
    failures: mpsc::UnboundedReceiver<DeskError>,
}

impl Desk {
    /// Opens the desk: takes up what an earlier run left, starts listening and sending.
    ///
    /// # Errors
    /// [`DeskError`] when the database does not answer or a platform's settings can't be used.
    pub async fn open(setup: Setup) -> Result<Self, DeskError> {
        let Setup {
            store,
            files,
            key,
            identity,
            clock,
            timezone,
            language,
            telegram,
            discord,
            mail,
            registration,
            pacing,
            web,
            public_url,
            telegram_webhook,
        } = setup;
        let telegram = telegram
            .map(|(token, url)| Telegram::new(&token, url, files.clone(), timezone, clock.clone(), pacing))
            .transpose()
            .map_err(|error| platform("Telegram", error))?;
        let discord = discord
            .map(|(token, url)| Discord::new(&token, url, files.clone(), pacing))
            .transpose()
            .map_err(|error| platform("Discord", error))?;
        let mut couriers: Vec<Arc<dyn Courier>> = Vec::new();
        couriers.extend(telegram.clone().map(|telegram| Arc::new(telegram) as Arc<dyn Courier>));
        couriers.extend(discord.clone().map(|discord| Arc::new(discord) as Arc<dyn Courier>));

        let wake = Arc::new(Notify::new());
        let replica = Replica::new(store.clone(), identity);
        join_others(&replica).await?;
        let staying = CancellationToken::new();
        let renewing = tokio::spawn(Arc::clone(&replica).run(staying.clone()));
        replica.introduce().await;
        let people = site::Setup {
            store: store.clone(),
            key: key.clone(),
            clock: clock.clone(),
            language,
            public_url,
            outbox: Arc::clone(&wake),
        };
        let mail = mail.map(|mailer| Mail {
            postman: Arc::new(mailer),
            key: key.clone(),
        });
        let worker = Worker::new(store.clone(), couriers, mail, Arc::clone(&replica), Arc::clone(&wake));
        let chat = Arc::new(Chat::new(key, language, registration));
        let (listening, sending) = (CancellationToken::new(), CancellationToken::new());
        let (failed, failures) = mpsc::unbounded_channel();
        let (mut listeners, mut intakes) = (Vec::new(), Vec::new());
        let intake = |front: Arc<dyn Front>| {
            let setup = intake::Setup {
                store: store.clone(),
                chat: Arc::clone(&chat),
                files: files.clone(),
                replica: Arc::clone(&replica),
                clock: clock.clone(),
                outbox: Arc::clone(&wake),
            };
            Intake::new(setup, front)
        };
        let readiness = Readiness::default();
        // Not without somebody to read them: what is counted and never read only piles up.
        let mut pages = web
            .is_some()
            .then(|| web::pages(&store, &readiness).merge(site::routes(people)));
        if let Some(telegram) = telegram {
            let intake = intake(Arc::new(telegram.clone()));
            intakes.push(Arc::clone(&intake));
            let webhook = telegram_webhook.map(|url| Webhook::new(url, readiness.clone()));
            if let Some(webhook) = &webhook {
                pages = pages.map(|pages| pages.merge(webhook.page(&telegram, &intake)));
            }
            let polling = Duty::telegram_polling(Arc::clone(&replica));
            let listener = listen_to_telegram(telegram, polling, intake, webhook, listening.clone());
            listeners.push(tokio::spawn(report("Telegram", failed.clone(), listener)));
        }
        if let Some(discord) = discord {
            let intake = intake(Arc::new(discord.clone()));
            intake.start();
            intakes.push(Arc::clone(&intake));
            let listener = listen_to_discord(discord, store.clone(), intake, clock.clone(), listening.clone());
            listeners.push(tokio::spawn(report("Discord", failed, listener)));
        }
        let worker = tokio::spawn(worker.run(sending.clone()));
        if let Some((listener, pages)) = web.zip(pages) {
            listeners.push(tokio::spawn(web::serve(listener, pages, listening.clone())));
        }
        Ok(Self {
            replica,
            listening,
            sending,
            staying,
            renewing,
            listeners,
            worker,
            intakes,
            failures,
        })
    }

    /// Waits until a platform can't go on; with none that can fail, for ever.
    pub async fn failed(&mut self) -> DeskError {
        match self.failures.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    /// Closes the desk: no more updates are taken, those taken are handled and answered, what is on the way
    /// arrives.
    pub async fn close(mut self) {
        self.listening.cancel();
        for listener in self.listeners.drain(..) {
            join(listener).await;
        }
        for intake in &self.intakes {
            intake.finish().await;
        }
        self.sending.cancel();
        join(&mut self.worker).await;
        self.staying.cancel();
        join(&mut self.renewing).await;
        self.replica.leave().await;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.listening.cancel();
        for intake in &self.intakes {
            intake.abandon();
        }
        self.worker.abort();
        self.renewing.abort();
        for listener in &self.listeners {
            listener.abort();
        }
    }
}

/// Takes the first leases, as soon as the database lets it.
async fn join_others(replica: &Replica) -> Result<(), Fault> {
    while let Err(fault) = replica.renew().await {
        if !fault.is_outage() {
            return Err(fault);
        }
        tracing::warn!(cause = %fault, "the desk can't open yet");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn join(task: impl Future<Output = Result<(), tokio::task::JoinError>>) {
    if let Err(error) = task.await {
        tracing::error!(panicked = error.is_panic(), "a task ended badly");
    }
}

fn platform(platform: &'static str, problem: impl Display) -> DeskError {
    DeskError::Platform {
        platform,
        problem: problem.to_string(),
    }
}

async fn report(
    name: &'static str,
    failed: mpsc::UnboundedSender<DeskError>,
    listener: impl Future<Output = Result<(), String>>,
) {
    if let Err(problem) = listener.await {
        // Nobody listens any more when the desk is closing.
        let _ = failed.send(DeskError::Platform {
            platform: name,
            problem,
        });
    }
}

async fn listen_to_telegram(
    telegram: Telegram,
    polling: Duty,
    intake: Arc<Intake>,
    webhook: Option<Webhook>,
    stop: CancellationToken,
) -> Result<(), String> {
    let mut rest = Duration::from_millis(250);
    loop {
        let ready = async {
            telegram.identify().await?;
            telegram.register_commands().await
        };
        let Some(ready) = stop.run_until_cancelled(ready).await else {
            return Ok(());
        };
        match ready {
            Ok(()) => break,
            Err(failure) if failure.is_bad_token() => return Err(bad_token(&failure)),
            Err(failure) => rest = not_ready("Telegram", &failure, rest, &stop).await,
        }
        if stop.is_cancelled() {
            return Ok(());
        }
    }
    // Only now: before it knows its name, the bot can't tell its own commands in groups from another's.
    intake.start();
    let listened = if let Some(webhook) = webhook {
        webhook.keep(&telegram, stop).await
    } else {
        let polled = polling.perform(&stop, || {
            tracing::info!("listening to Telegram");
            telegram.poll(|updates| intake.receive(updates), stop.clone())
        });
        polled.await.unwrap_or(Ok(()))
    };
    listened.map_err(|failure| bad_token(&failure))
}

/// What to do about a token that is refused.
fn bad_token(failure: &impl Display) -> String {
    format!("{failure}: copy the bot's token again from @BotFather to telegram.token")
}

async fn listen_to_discord(
    discord: Discord,
    store: Store,
    intake: Arc<Intake>,
    clock: Clock,
    stop: CancellationToken,
) -> Result<(), String> {
    let mut rest = Duration::from_millis(250);
    let since = loop {
        match catch_up::newest(&store).await {
            Ok(newest) => break newest,
            Err(fault) => rest = not_ready("The inbox", &fault, rest, &stop).await,
        }
        if stop.is_cancelled() {
            return Ok(());
        }
    };
    let register = async {
        let mut rest = Duration::from_millis(250);
        while let Err(failure) = register_on_discord(&discord, &store).await {
            rest = not_ready("Discord", &failure, rest, &stop).await;
            if stop.is_cancelled() {
                break;
            }
        }
    };
    // The gateway finds a bad token out; commands registered before still work while this is tried.
    let listen = discord.listen(
        |updates| intake.announce(updates),
        |updates| intake.receive(updates),
        stop.clone(),
    );
    let beside = async {
        tracing::info!("listening to Discord");
        tokio::join!(
            register,
            catch_up::catch_up(&discord, &store, &intake, &clock, since, &stop)
        );
        std::future::pending().await
    };
    let listened = tokio::select! {
        listened = listen => listened,
        never = beside => never,
    };
    listened.map_err(|error| error.to_string())
}

async fn register_on_discord(discord: &Discord, store: &Store) -> Result<(), DeskError> {
    let mut tx = store.begin().await?;
    let categories = tickets::list_categories(&mut tx).await?;
    tx.rollback().await;
    let choices: Vec<_> = categories
        .into_iter()
        .map(|category| (category.code, category.name_fr, category.name_en))
        .collect();
    discord
        .register_commands(&choices)
        .await
        .map_err(|error| platform("Discord", error))
}

/// Says that a platform can't be reached yet and rests; gives the next rest.
async fn not_ready(name: &str, failure: &impl Display, rest: Duration, stop: &CancellationToken) -> Duration {
    tracing::warn!(cause = %failure, rest_ms = rest.as_millis(), "{name} is not ready yet");
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(rest) => {}
    }
    (rest * 2).min(LONGEST_REST)
}
