//! Listening to Discord: serenity's gateway client, whose events are stored before anything is done with them.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serenity::all::{ClientBuilder, CommandInteraction, Context, Event, GatewayIntents, Interaction, RawEventHandler};
use serenity::gateway::GatewayError;
use serenity::http::{HttpBuilder, Route};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::chat::suggesting::{Suggestion, Typing};
use crate::intake::front::RawUpdate;
use crate::outbox::pacing::wait_asked_for;

use super::Discord;
use super::errors::Failure;
use super::filter::{self, Filter};
use super::waiting::Waiting;

/// How long a desk that closes waits for the gateway.
const GOODBYE: Duration = Duration::from_secs(1);
/// The longest pause between two connections.
const CONNECT_PAUSE: Duration = Duration::from_mins(1);
/// The most events looked at once.
const BATCH: usize = 100;
/// How many people who type wait for suggestions.
const TYPING: usize = 32;
/// serenity hands every event over in a task of its own, so one may overtake the other: so long is waited for
/// those that were overtaken.
const ABREAST: Duration = Duration::from_millis(5);

const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::DIRECT_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGE_REACTIONS);

/// Why listening ended, other than by being asked to.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Discord refuses the token: trying again would only have it reset.
    #[error("Discord refuses the bot's token: set discord.token")]
    BadToken,
}

/// How one connection ended.
enum End {
    Stopped,
    BadToken,
    NoMessageContent,
    Failed(String),
}

impl Discord {
    /// Listens until `stop`, handing every update that matters to `receive`, in batches and in their order. An
    /// update that `receive` refuses is offered again for as long as it takes, and those behind it wait; `announce` is
    /// told of each at once. While somebody types, `suggest` says what they may mean.
    ///
    /// # Errors
    /// [`ListenError`] when going on would be of no use.
    pub async fn listen<A, R, F, E, S, G>(
        &self,
        announce: A,
        receive: R,
        suggest: S,
        stop: CancellationToken,
    ) -> Result<(), ListenError>
    where
        A: Fn(&[RawUpdate]),
        R: Fn(Vec<RawUpdate>) -> F,
        F: Future<Output = Result<(), E>>,
        E: std::fmt::Display,
        S: Fn(Typing) -> G,
        G: Future<Output = Vec<Suggestion>>,
    {
        let (events, mut arrived) = mpsc::unbounded_channel();
        let (typing, typed) = mpsc::channel(TYPING);
        let connected = async {
            let result = self.stay_connected(&events, &stop).await;
            drop(events);
            result
        };
        let waiting = Waiting::default();
        // Messages missed are read again as after a new session.
        let lost = || self.0.sessions.send_modify(|sessions| *sessions += 1);
        let (result, (), (), ()) = tokio::join!(
            connected,
            self.sort(&mut arrived, announce, (&waiting, typing)),
            waiting.store_all(&receive, lost, &stop),
            self.suggest_all(typed, suggest)
        );
        result
    }

    async fn stay_connected(
        &self,
        events: &mpsc::UnboundedSender<Event>,
        stop: &CancellationToken,
    ) -> Result<(), ListenError> {
        let mut intents = INTENTS | GatewayIntents::MESSAGE_CONTENT;
        let mut pause = Duration::from_secs(1);
        loop {
            let since = Instant::now();
            match self.connect(intents, events.clone(), stop).await {
                End::Stopped => return Ok(()),
                End::BadToken => return Err(ListenError::BadToken),
                End::NoMessageContent if intents != INTENTS => {
                    tracing::warn!(
                        "Discord does not let the bot read plain messages in staff threads: use the Reply button, \
                         /reply and /note, or switch Message Content Intent on in the developer portal (see README)"
                    );
                    intents = INTENTS;
                    continue;
                }
                End::NoMessageContent => tracing::warn!("Discord refuses the intents"),
                End::Failed(why) => tracing::warn!(%why, "not connected to Discord"),
            }
            if since.elapsed() > CONNECT_PAUSE {
                pause = Duration::from_secs(1);
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = sleep(pause) => pause = (pause * 2).min(CONNECT_PAUSE),
            }
        }
    }

    /// One connection, in which serenity itself resumes and reconnects.
    async fn connect(
        &self,
        intents: GatewayIntents,
        events: mpsc::UnboundedSender<Event>,
        stop: &CancellationToken,
    ) -> End {
        // serenity would fall back on Discord's own gateway if it could not ask for the address.
        let asked = tokio::select! {
            () = stop.cancelled() => return End::Stopped,
            asked = self.ask_for_gateway() => asked,
        };
        match asked {
            Ok(()) => {}
            Err(Failure::BadToken) => return End::BadToken,
            Err(failure) => return End::Failed(failure.into_delivery().to_string()),
        }
        // Its limiter is of no use for one request, and would ignore the proxy.
        let mut http = HttpBuilder::new(self.api().token())
            .client(self.api().client.clone())
            .ratelimiter_disabled(true);
        if let Some(proxy) = self.api().proxy() {
            http = http.proxy(proxy);
        }
        let outlet: Outlet = Arc::new(Mutex::new(Some(events)));
        let builder =
            ClientBuilder::new_with_http(http.build(), intents).raw_event_handler(Forward(Arc::clone(&outlet)));
        let Ok(mut client) = builder.await else {
            return End::Failed("no gateway client".to_owned());
        };
        let shards = client.shard_manager.clone();
        let ended = tokio::select! {
            () = stop.cancelled() => None,
            ended = client.start() => Some(ended),
        };
        // Nothing more is taken; what came is stored. serenity waits up to 5 s for a shard to say that it ended:
        // the next connection does not have to, nor a desk that closes for longer than it takes to say goodbye.
        outlet.lock().unwrap_or_else(PoisonError::into_inner).take();
        let goodbye = tokio::spawn(async move { shards.shutdown_all().await });
        if ended.is_none() && timeout(GOODBYE, goodbye).await.is_err() {
            tracing::debug!("the gateway did not confirm the goodbye");
        }
        match ended {
            None => End::Stopped,
            Some(Ok(())) => End::Failed("the gateway client stopped".to_owned()),
            Some(Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication))) => End::BadToken,
            Some(Err(serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents))) => End::NoMessageContent,
            Some(Err(_)) => End::Failed("the gateway ended the connection".to_owned()),
        }
    }

    /// Asks whether there is a gateway to connect to, until a session is left: beyond them Discord resets the token.
    async fn ask_for_gateway(&self) -> Result<(), Failure> {
        loop {
            let gateway: Gateway = self.api().get(Route::GatewayBot).await?;
            let Some(wait) = gateway.session_start_limit.and_then(|limit| limit.wait()) else {
                return Ok(());
            };
            tracing::warn!(wait.seconds = wait.as_secs(), "no sessions left on Discord today");
            sleep(wait).await;
        }
    }

    /// Takes what matters out of what arrives, without waiting until it is stored: interactions have to be
    /// acknowledged in time even while nothing can be.
    async fn sort(
        &self,
        events: &mut mpsc::UnboundedReceiver<Event>,
        announce: impl Fn(&[RawUpdate]),
        (waiting, typing): (&Waiting, mpsc::Sender<CommandInteraction>),
    ) {
        let mut filter = Filter::default();
        let mut arrived = Vec::with_capacity(BATCH);
        while events.recv_many(&mut arrived, BATCH).await > 0 {
            sleep(ABREAST).await;
            while let Ok(event) = events.try_recv() {
                arrived.push(event);
            }
            if arrived.iter().any(|event| matches!(event, Event::Ready(_))) {
                self.0.sessions.send_modify(|sessions| *sessions += 1);
            }
            for event in &arrived {
                if let Event::InteractionCreate(event) = event
                    && let Interaction::Autocomplete(typed) = &event.interaction
                {
                    // Of a crowd some see nothing suggested, and type it all.
                    let _ = typing.try_send(typed.clone());
                }
            }
            let mut updates: Vec<RawUpdate> = arrived.drain(..).flat_map(|event| filter.take(&event)).collect();
            // Their ids tell the order; changes come after what they change.
            updates.sort_by_cached_key(|update| filter::order(&update.update_id));
            announce(&updates);
            waiting.push(updates);
        }
        waiting.close();
    }
}

#[derive(Deserialize)]
struct Gateway {
    session_start_limit: Option<SessionStartLimit>,
}

#[derive(Deserialize)]
struct SessionStartLimit {
    remaining: u64,
    /// In milliseconds.
    reset_after: u64,
}

impl SessionStartLimit {
    /// How long to wait until asking again, when no session is left.
    fn wait(&self) -> Option<Duration> {
        let wait = wait_asked_for(Duration::from_millis(self.reset_after));
        (self.remaining == 0).then_some(wait)
    }
}

/// Where one connection's events go, until it is closed.
type Outlet = Arc<Mutex<Option<mpsc::UnboundedSender<Event>>>>;

/// Hands serenity's events on, without doing anything in its tasks.
struct Forward(Outlet);

#[serenity::async_trait]
impl RawEventHandler for Forward {
    async fn raw_event(&self, _: Context, event: Event) {
        if let Some(events) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // Nobody listens any more only once the connection has ended.
            let _ = events.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::pacing::{LONGEST_WAIT, SHORTEST_WAIT};

    #[test]
    fn with_no_session_left_it_asks_again_after_a_while_whatever_discord_says() {
        for (remaining, reset_after, wait) in [
            (1, 0, None),
            (0, 5_000, Some(Duration::from_secs(5))),
            (0, 0, Some(SHORTEST_WAIT)),
            (0, u64::MAX, Some(LONGEST_WAIT)),
        ] {
            let limit = SessionStartLimit { remaining, reset_after };
            assert_eq!(limit.wait(), wait);
        }
    }
}
