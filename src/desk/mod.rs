//! The desk, open: store, chat, outbox and the platforms, wired together and running.

mod catch_up;
mod listening;
mod tidying;
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

use crate::chat::{Chat, HouseRules};
use crate::clock::Clock;
use crate::discord::Discord;
use crate::intake::front::Front;
use crate::intake::{self, Intake};
use crate::mail::Mailer;
use crate::outbox::courier::Courier;
use crate::outbox::pacing::Pacing;
use crate::outbox::{Mail, Worker};
use crate::replica::{Duty, Identity, Replica};
use crate::service::codes::CodeKey;
use crate::store::files::FileStore;
use crate::store::{Fault, Store};
use crate::telegram::Telegram;
use crate::web::{self, Readiness, site};
use listening::{listen_to_discord, listen_to_telegram, report};
use tidying::tidy;
use webhook::Webhook;

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
    /// What the desk decides for itself.
    pub rules: HouseRules,
    /// Telegram: the bot's token, and where its API answers.
    pub telegram: Option<(SecretString, Url)>,
    /// Discord: the bot's token, and where its API answers.
    pub discord: Option<(SecretString, Url)>,
    /// Who hands letters over; without it, none are sent.
    pub mail: Option<Mailer>,
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
            rules,
            telegram,
            discord,
            mail,
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
        let bot = telegram.as_ref().map(Telegram::name).unwrap_or_default();
        let wake = Arc::new(Notify::new());
        let replica = Replica::new(store.clone(), identity);
        let (staying, renewing) = join_others(&replica).await?;
        let people = site::Setup {
            store: store.clone(),
            key: key.clone(),
            clock: clock.clone(),
            language: rules.language,
            // What a browser says of where it is is not believed where a link has to lead there.
            mails_links: mail.is_some() && public_url.is_some(),
            public_url: public_url.clone(),
            bot: bot.clone(),
            timezone,
            outbox: Arc::clone(&wake),
        };
        let chat = Arc::new(Chat::new(key.clone(), bot, public_url.clone(), rules));
        let mail = mail.map(|mailer| Mail::new(Arc::new(mailer), key, public_url));
        let worker = Worker::new(
            store.clone(),
            couriers(telegram.as_ref(), discord.as_ref()),
            mail,
            (files.clone(), timezone),
            Arc::clone(&replica),
            Arc::clone(&wake),
        );
        let (listening, sending) = (CancellationToken::new(), CancellationToken::new());
        let (failed, failures) = mpsc::unbounded_channel();
        let (mut listeners, mut intakes) = (vec![tokio::spawn(tidy(store.clone(), listening.clone()))], Vec::new());
        let setup = intake::Setup {
            store: store.clone(),
            chat,
            files: files.clone(),
            replica: Arc::clone(&replica),
            clock: clock.clone(),
            outbox: Arc::clone(&wake),
        };
        let intake = |front: Arc<dyn Front>| Intake::new(setup.clone(), front);
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

/// Takes the first leases, as soon as the database lets it, and has them renewed until the token is cancelled.
async fn join_others(replica: &Arc<Replica>) -> Result<(CancellationToken, JoinHandle<()>), Fault> {
    while let Err(fault) = replica.renew().await {
        if !fault.is_outage() {
            return Err(fault);
        }
        tracing::warn!(cause = %fault, "the desk can't open yet");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let staying = CancellationToken::new();
    let renewing = tokio::spawn(Arc::clone(replica).run(staying.clone()));
    replica.introduce().await;
    Ok((staying, renewing))
}

async fn join(task: impl Future<Output = Result<(), tokio::task::JoinError>>) {
    if let Err(error) = task.await {
        tracing::error!(panicked = error.is_panic(), "a task ended badly");
    }
}

fn couriers(telegram: Option<&Telegram>, discord: Option<&Discord>) -> Vec<Arc<dyn Courier>> {
    let telegram = telegram.cloned().map(|telegram| Arc::new(telegram) as Arc<dyn Courier>);
    let discord = discord.cloned().map(|discord| Arc::new(discord) as Arc<dyn Courier>);
    telegram.into_iter().chain(discord).collect()
}

fn platform(platform: &'static str, problem: impl Display) -> DeskError {
    DeskError::Platform {
        platform,
        problem: problem.to_string(),
    }
}
