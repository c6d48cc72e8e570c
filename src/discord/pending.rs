//! The three seconds in which an interaction wants an answer.
//!
//! When handling is slow, the interaction is deferred before they are over; the answer then edits or follows
//! what the deferral showed. The state lives in memory: an interaction that this process did not see arrive,
//! or deferred in an earlier life, is found out from Discord's refusal instead.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use serenity::all::{CreateInteractionResponse, CreateInteractionResponseMessage};
use tokio::time::{Instant, sleep};

use crate::outbox::pacing::Pass;

use super::Discord;
use super::errors::Failure;
use super::raw::{Id, Interaction};

/// When an interaction is deferred: early enough for the request to arrive within three seconds, even at a replica that
/// first asks whether another has answered it (`intake::front::ASKING`).
pub(super) const PATIENCE: Duration = Duration::from_millis(2200);
/// So much later it is deferred at a replica that will not answer it: the one that will has had its time, to defer it
/// or to open a form.
const BEHIND: Duration = Duration::from_millis(150);
/// With more than so many under way they come faster than they are answered, and each is deferred the sooner the more
/// there are: deferred late and all together they would be too many.
const MANY: u32 = 256;
/// How long an interaction's token is good.
const TOKEN_LIFE: Duration = Duration::from_mins(15);
/// The most interactions known at once. Of one that is forgotten, Discord's refusal tells how far it is.
const MOST: usize = 10_000;

/// How far an interaction is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing was said yet.
    #[default]
    Waiting,
    /// It was told to wait.
    Deferred,
    /// It has its answer.
    Answered,
}

/// An interaction's stage, locked for as long as something is said to it.
pub(super) type Entry = Arc<tokio::sync::Mutex<Stage>>;

/// The interactions under way.
#[derive(Debug)]
pub(super) struct Pending {
    /// When one is deferred.
    patience: Duration,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    known: HashMap<String, Entry>,
    /// Oldest first, with some that are forgotten already.
    begun: VecDeque<(Instant, String)>,
}

impl Pending {
    /// None yet; they will be deferred after so long.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            patience,
            entries: Mutex::default(),
        }
    }

    /// A new interaction, waiting; `None` for one that is under way already.
    fn begin(&self, id: &str) -> Option<Entry> {
        let mut entries = self.entries();
        (!entries.known.contains_key(id)).then(|| entries.add(id))
    }

    /// When an interaction that comes now is deferred.
    fn patience(&self) -> Duration {
        let under_way = u32::try_from(self.entries().known.len()).unwrap_or(u32::MAX);
        self.patience * MANY / under_way.max(MANY)
    }

    /// The stage of an interaction; a new one is waiting.
    pub(super) fn entry(&self, id: &str) -> Entry {
        let mut entries = self.entries();
        let known = entries.known.get(id).map(Arc::clone);
        known.unwrap_or_else(|| entries.add(id))
    }

    /// Forgets an interaction.
    pub(super) fn forget(&self, id: &str) {
        self.entries().known.remove(id);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn add(&mut self, id: &str) -> Entry {
        while let Some((since, _)) = self.begun.front()
            && (self.begun.len() >= MOST || since.elapsed() >= TOKEN_LIFE)
            && let Some((_, old)) = self.begun.pop_front()
        {
            self.known.remove(&old);
        }
        self.begun.push_back((Instant::now(), id.to_owned()));
        Arc::clone(self.known.entry(id.to_owned()).or_default())
    }
}

/// What it takes to defer an interaction. What the interaction carries may be large, and is not kept for it.
pub(super) struct Deferral {
    id: Id,
    token: String,
    of_button: bool,
    in_guild: bool,
}

impl Deferral {
    pub(super) fn of(interaction: &Interaction) -> Self {
        Self {
            id: interaction.id.clone(),
            token: interaction.token.clone(),
            of_button: interaction.message.is_some(),
            in_guild: interaction.guild_id.is_some(),
        }
    }

    /// Where there is a message with a button nothing shows; otherwise it says that an answer is coming.
    fn response(&self) -> Value {
        json!(if self.of_button {
            CreateInteractionResponse::Acknowledge
        } else {
            CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(self.in_guild))
        })
    }
}

impl Discord {
    /// Keeps an eye on an interaction that has just come: defers it when its answer is late, whoever should give it.
    /// `elsewhere` tells whether another replica has answered it.
    pub(super) fn watch(&self, interaction: &Interaction, elsewhere: Option<BoxFuture<'static, bool>>) {
        let Some(entry) = self.pending().begin(&interaction.id.0) else {
            return;
        };
        // Another that will answer it knows by itself how many it has to answer.
        let patience = if elsewhere.is_none() {
            self.pending().patience()
        } else {
            self.pending().patience
        };
        let (discord, deferral) = (self.clone(), Deferral::of(interaction));
        tokio::spawn(async move {
            sleep(patience).await;
            let is_ours = elsewhere.is_none();
            let is_answered = match elsewhere {
                Some(is_answered) => tokio::join!(is_answered, sleep(BEHIND)).0,
                None => false,
            };
            let mut stage = entry.lock().await;
            if !is_answered && *stage == Stage::Waiting && discord.defer(&deferral).await.is_ok() {
                *stage = Stage::Deferred;
            }
            // It is not among those that this replica has to answer. Should it have to after all, Discord's refusal tells
            // how far it is.
            if !is_ours {
                discord.pending().forget(&deferral.id.0);
            }
        });
    }

    pub(super) async fn defer(&self, deferral: &Deferral) -> Result<Value, Failure> {
        let Deferral { id, token, .. } = deferral;
        self.callback(id, token, &deferral.response(), &[], Pass::reply()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn interactions_are_forgotten_when_their_token_has_no_value_any_more_or_they_are_many() {
        let pending = Pending::new(PATIENCE);
        *pending.begin("1").unwrap().lock().await = Stage::Deferred;
        assert!(pending.begin("1").is_none());
        tokio::time::advance(TOKEN_LIFE).await;
        assert!(pending.begin("2").is_some());
        assert_eq!(*pending.entry("1").lock().await, Stage::Waiting);
        for id in 0..2 * MOST {
            pending.begin(&format!("a {id}"));
            pending.entry(&format!("b {id}"));
        }
        let entries = pending.entries();
        assert_eq!((entries.known.len(), entries.begun.len()), (MOST, MOST));
    }

    #[test]
    fn the_more_interactions_are_under_way_the_sooner_one_is_deferred() {
        let pending = Pending::new(PATIENCE);
        for id in 0..MANY {
            pending.begin(&id.to_string());
        }
        assert_eq!(pending.patience(), PATIENCE);
        for id in MANY..MANY * 10 {
            pending.begin(&id.to_string());
        }
        assert_eq!(pending.patience(), PATIENCE / 10);
        for id in MANY..MANY * 10 {
            pending.forget(&id.to_string());
        }
        assert_eq!(pending.patience(), PATIENCE);
    }
}
