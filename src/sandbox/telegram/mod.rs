//! The simulated Telegram: its Bot API on loopback, and the people who write to the bot.
//!
//! In reading order: `world` is what Telegram knows, `json` how the Bot API writes it, `queue` what waits for the
//! bot; `server` turns a request into one of the `methods` (`sending`, `editing`, `topics`, `chats`, `files`,
//! `updates`), with the `limits` and the [`Faults`] in between; `people` and `seat` are the human side. To add a
//! method, write it in the file of its subject and give it a line in `methods`.
//!
//! What is simulated is refused as Telegram refuses it, in its words. Not simulated: channels, inline mode,
//! payments, stickers sent by the bot, Markdown, files by URL, and a method call in a webhook's answer.

mod chats;
mod editing;
mod entities;
mod faults;
mod files;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gestures;
mod json;
mod limits;
mod markup;
mod methods;
mod params;
mod people;
mod queue;
mod refusal;
mod seat;
mod sending;
mod server;
mod topics;
mod updates;
mod world;

#[cfg(test)]
mod tests;

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

pub use faults::{Fault, Faults};
pub use people::{Group, TelegramUser};
pub use seat::TelegramSeat;

use super::{Missed, Transcript};
use crate::clock::Clock;
use world::World;

const TOKEN: &str = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc";

/// How long a story waits for the bot.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Telegram with one bot in it; clones share it. It stops when the last one is dropped, people and seats included.
#[derive(Clone, Debug)]
pub struct Telegram {
    inner: Arc<Inner>,
    running: Arc<Running>,
}

/// A request that the bot made.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The method, as the specification writes it where it knows it.
    pub method: String,
    /// Its parameters. Of a form, what is no text has been read as JSON; a file stands as `attach://…`.
    pub parameters: Value,
    /// The status it was answered with; 0 when the connection was cut or no answer came.
    pub status: u16,
}

/// A notification that a mention in a message of the bot caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// The person's name.
    pub who: String,
    /// The message.
    pub message_id: i64,
}

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    faults: Faults,
    stopped: CancellationToken,
}

#[derive(Debug)]
struct Running {
    url: url::Url,
    stopped: CancellationToken,
    /// Aborted when dropped.
    _tasks: JoinSet<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopped.cancel();
    }
}

impl Inner {
    /// Looks at the world, or changes what nobody waits for.
    fn look<T>(&self, f: impl FnOnce(&mut World) -> T) -> T {
        f(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the world, and wakes whoever waits for something.
    fn change<T>(&self, f: impl FnOnce(&mut World) -> T) -> T {
        let out = self.look(f);
        self.changed.send_modify(|n| *n += 1);
        out
    }

    /// Waits until the world has what is looked for; looks at least once.
    async fn until<T>(&self, within: Duration, mut f: impl FnMut(&mut World) -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        let search = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = self.look(&mut f) {
                    return Some(found);
                }
                changed.changed().await.ok()?;
            }
        };
        tokio::time::timeout(within, search).await.ok().flatten()
    }
}

impl Telegram {
    /// One bot per world, on a loopback port of its own.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(clock: Clock, transcript: Transcript) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let url = url::Url::parse(&format!("http://{address}")).map_err(io::Error::other)?;
        let stopped = CancellationToken::new();
        let inner = Arc::new(Inner {
            world: Mutex::new(World::new(clock, transcript, Instant::now())),
            changed: watch::Sender::new(0),
            faults: Faults::default(),
            stopped: stopped.clone(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(server::serve(listener, Arc::clone(&inner)));
        tasks.spawn(updates::deliver(Arc::clone(&inner)));
        let running = Arc::new(Running {
            url,
            stopped,
            _tasks: tasks,
        });
        Ok(Self { inner, running })
    }

    /// Where its Bot API is, for `Bot::set_api_url`.
    #[must_use]
    pub fn url(&self) -> url::Url {
        self.running.url.clone()
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> &str {
        TOKEN
    }

    /// The bot's name, without the `@`.
    #[must_use]
    pub fn bot_username(&self) -> &str {
        world::BOT_USERNAME
    }

    /// The switches for what goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// Every request that the bot made so far with the right token.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.inner.look(|world| world.recorded.clone())
    }

    /// Whom the bot's messages pinged so far, by an `@username` in them.
    #[must_use]
    pub fn pings(&self) -> Vec<Ping> {
        self.inner.look(|world| world.pings.clone())
    }

    /// Waits until the bot has confirmed every update so far.
    ///
    /// # Errors
    /// [`Missed`] when it does not.
    pub async fn confirmed(&self) -> Result<(), Missed> {
        let emptied = |world: &mut World| (world.queue.len() == 0).then_some(());
        let done = self.inner.until(2 * PATIENCE, emptied).await;
        done.ok_or_else(|| Missed {
            expected: "the confirmation of every update".to_owned(),
            history: self.inner.look(|world| world.queue.waiting()),
        })
    }

    /// How many updates the bot has not confirmed.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inner.look(|world| world.queue.len())
    }

    /// Delivers an update again, whether or not it is confirmed.
    pub fn redeliver(&self, update_id: i64) {
        self.inner.change(|world| world.queue.again(update_id));
    }

    /// The id of the newest update.
    #[must_use]
    pub fn last_update_id(&self) -> i64 {
        self.inner.look(|world| world.queue.last())
    }

    /// Queues an update as it is, but for its `update_id`, which is filled in and returned.
    #[expect(clippy::must_use_candidate, reason = "done for its effect; the id is a convenience")]
    pub fn inject(&self, update: Value) -> i64 {
        self.inner.change(|world| world.queue.push_raw(update))
    }
}
