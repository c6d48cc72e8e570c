//! The simulated Discord: one bot in one guild, over its real HTTP API v10 and gateway, on loopback.
//!
//! A request comes in through `server` (faults, token, rate limits, record), is recognised by `routes`, and
//! changes the `state` in the module of its resource (`messages`, `channels`, `threads`, `commands`,
//! `interactions`), which refuses what Discord refuses (`check`, `refusal`). `posting` is what happens when a
//! message appears, whoever wrote it; `gateway` carries the events. People act through a [`DiscordSeat`] (`seat`,
//! `acting`, `options`). To add a route: its template in `routes`, its arm there, its function in its resource.
//!
//! What does not live here: anything about tickets. Waiting for an answer uses real time (3 s,
//! or [`Discord::set_answer_within`]), everything that a
//! story can see (timestamps, how long an interaction's token is good) the story's clock.

mod acting;
mod channels;
mod check;
mod commands;
mod faults;
mod flag;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gateway;
mod interactions;
mod json;
mod kind;
mod listener;
mod markdown;
mod messages;
mod options;
mod people;
mod posting;
mod rates;
mod refusal;
mod routes;
mod seat;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod threads;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

pub use faults::{Fault, Faults};
pub use people::{Channel, DiscordUser};
pub use seat::DiscordSeat;

use self::gateway::Session;
use self::listener::{Connections, Loopback};
use self::seat::PATIENCE;
use self::state::{State, World};
use super::Transcript;
use crate::clock::Clock;

/// A simulated Discord that serves until its last clone is dropped.
#[derive(Clone)]
pub struct Discord {
    world: Arc<World>,
    faults: Arc<Faults>,
    url: Arc<str>,
    token: Arc<str>,
    _stop: Arc<Stop>,
}

/// A request of the bot, with what it was answered.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The HTTP method.
    pub method: String,
    /// The path as in Discord's specification, `/channels/{channel_id}/messages`; none for an unknown path.
    pub template: Option<String>,
    /// The path, without `/api/v10`.
    pub path: String,
    /// What follows the `?`.
    pub query: String,
    /// The JSON body, or the `payload_json` of a multipart one.
    pub body: Option<Value>,
    /// The names of the files.
    pub files: Vec<String>,
    /// The status of the response.
    pub status: u16,
}

/// A notification that a message of the bot caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// A person's display name, `everyone`, or `role` and its id.
    pub who: String,
    /// The message.
    pub message_id: i64,
}

struct Stop {
    server: tokio::task::JoinHandle<()>,
    connections: Connections,
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.server.abort();
        self.connections.cut_all();
    }
}

impl Discord {
    /// One application with its bot in one guild.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn start(clock: Clock, transcript: Transcript) -> std::io::Result<Self> {
        let connections = Connections::default();
        let (listener, at) = Loopback::bind(connections.clone()).await?;
        let url = format!("http://{at}");
        let state = State::new(clock, transcript, url.clone());
        let token = state.token.as_str().into();
        let world = Arc::new(World::new(state));
        let faults = Arc::new(Faults::default());
        let server = server::spawn(listener, Arc::clone(&world), Arc::clone(&faults));
        let stop = Arc::new(Stop { server, connections });
        Ok(Self {
            world,
            faults,
            url: url.into(),
            token,
            _stop: stop,
        })
    }

    /// The address for `HttpBuilder::proxy`: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url.to_string()
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The application's id, which is its bot's user id too.
    #[must_use]
    pub fn application_id(&self) -> u64 {
        self.world.look(|state| state.app)
    }

    /// The guild's id.
    #[must_use]
    pub fn guild_id(&self) -> u64 {
        self.world.look(|state| state.guild)
    }

    /// A new member of the guild, whose client speaks this language: `fr`, `en-US`…
    #[must_use]
    pub fn user(&self, name: &str, locale: &str) -> DiscordUser {
        let id = self.world.change(|state| state.add_person(name, locale, false));
        DiscordUser {
            world: Arc::clone(&self.world),
            id,
            name: name.into(),
        }
    }

    /// A new text channel that all members see; its name comes without `#`.
    #[must_use]
    pub fn channel(&self, name: &str) -> Channel {
        self.room(kind::TEXT, name, None)
    }

    /// A new text channel that only these people (and the bot) see.
    #[must_use]
    pub fn channel_for(&self, name: &str, members: &[&DiscordUser]) -> Channel {
        self.room(kind::TEXT, name, Some(members))
    }

    /// A new forum channel that all members see.
    #[must_use]
    pub fn forum(&self, name: &str) -> Channel {
        self.room(kind::FORUM, name, None)
    }

    /// A new forum channel that only these people (and the bot) see.
    #[must_use]
    pub fn forum_for(&self, name: &str, members: &[&DiscordUser]) -> Channel {
        self.room(kind::FORUM, name, Some(members))
    }

    fn room(&self, kind: u8, name: &str, members: Option<&[&DiscordUser]>) -> Channel {
        let id = self.world.change(|state| {
            let room = state.add_room(None, kind, name, None);
            room.members = members.map(|members| members.iter().map(|member| member.id).collect());
            let id = room.id;
            state.announce_room("CHANNEL_CREATE", id);
            id
        });
        Channel {
            world: Arc::clone(&self.world),
            id,
        }
    }

    /// What can be made to go wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Every HTTP request of the bot so far that was read, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.world.look(|state| state.requests.clone())
    }

    /// Whom the bot's messages pinged so far.
    #[must_use]
    pub fn pings(&self) -> Vec<Ping> {
        self.world.look(|state| state.pings.clone())
    }

    /// Whether the application is granted the message content intent; it is from the start. Without it, asking
    /// for it closes the gateway with 4014, and plain messages in the guild come empty.
    pub fn set_message_content_intent(&self, granted: bool) {
        self.world.change(|state| state.content_intent = granted);
    }

    /// In what time an interaction must be answered from now on: 3 s from the start. With none at all, every
    /// answer is too late.
    pub fn set_answer_within(&self, deadline: Duration) {
        self.world.change(|state| state.answer_within = deadline);
    }

    /// How long these interactions waited for a sign of life each; `None` for one that got none in time.
    #[must_use]
    pub fn waits(&self, interactions: &[u64]) -> Vec<Option<Duration>> {
        self.world.look(|state| {
            let waited = |id| state.interactions.get(id).and_then(|one| one.answered_after);
            interactions.iter().map(waited).collect()
        })
    }

    /// Dispatches the newest message or interaction of a person once more.
    pub fn redeliver_last_event(&self) {
        self.world.change(|state| {
            if let Some(event) = state.last_event.clone() {
                state.dispatch(&event);
            }
        });
    }

    /// Drops the gateway's connections without a word; their sessions can be resumed.
    pub fn drop_gateway(&self) {
        self.world
            .change(|state| state.sessions.iter_mut().for_each(Session::drop_connection));
    }

    /// Drops the gateway's connections and forgets their sessions: what happens until the bot is back is lost.
    pub fn forget_sessions(&self) {
        self.drop_gateway();
        self.world.change(|state| state.sessions.clear());
    }

    /// How many sessions are connected.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.world
            .look(|state| state.sessions.iter().filter(|one| one.is_connected()).count())
    }

    /// Forgets the sessions whose connection was lost: they can't be resumed any more.
    pub fn forget_lost_sessions(&self) {
        self.world.change(|state| state.sessions.retain(Session::is_connected));
    }

    /// Waits until a session is there and connected, at most 10 s.
    ///
    /// # Panics
    /// When none comes.
    pub async fn connected(&self) {
        self.sessions_connected(1).await;
    }

    /// Waits until so many sessions are there and connected, at most 10 s.
    ///
    /// # Panics
    /// When they don't come.
    pub async fn sessions_connected(&self, wanted: usize) {
        let connected = |state: &mut State| {
            let connected = state.sessions.iter().filter(|session| session.is_connected());
            (connected.count() >= wanted).then_some(())
        };
        assert!(
            self.world.until(PATIENCE, connected).await.is_some(),
            "no gateway session came"
        );
    }

    /// Waits until the bot has made a request that matches (see [`Faults::next`]) and was answered or failed, at
    /// most 10 s.
    ///
    /// # Panics
    /// When it makes none.
    pub async fn requested(&self, requests: &str) {
        let made = |state: &mut State| {
            let mut made = state.requests.iter();
            made.any(|one| faults::matches(requests, &one.method, &one.path))
                .then_some(())
        };
        assert!(
            self.world.until(PATIENCE, made).await.is_some(),
            "the bot did not request {requests}"
        );
    }

    /// Waits until a command of this name is registered, at most 10 s.
    ///
    /// # Panics
    /// When it never is.
    pub async fn registered(&self, command: &str) {
        let there = |state: &mut State| state.commands.iter().any(|one| one["name"] == command).then_some(());
        assert!(
            self.world.until(PATIENCE, there).await.is_some(),
            "/{command} was not registered"
        );
    }
}

impl std::fmt::Debug for Discord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Discord")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
