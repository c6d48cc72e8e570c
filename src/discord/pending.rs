//! The three seconds in which an interaction wants an answer.
//!
//! When handling is slow, the interaction is deferred before they are over; the answer then edits or follows
//! what the deferral showed. The state lives in memory: an interaction that this process did not see arrive,
//! or deferred in an earlier life, is found out from Discord's refusal instead.

use std::collections::{HashMap, hash_map};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// When an interaction is deferred: early enough for the request to arrive within three seconds.
pub(super) const PATIENCE: Duration = Duration::from_millis(2200);
/// How long an interaction's token is good.
pub(super) const TOKEN_LIFE: Duration = Duration::from_mins(15);

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
    pub(super) patience: Duration,
    entries: Mutex<HashMap<String, Entry>>,
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
    pub(super) fn begin(&self, id: &str) -> Option<Entry> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        match entries.entry(id.to_owned()) {
            hash_map::Entry::Occupied(_) => None,
            hash_map::Entry::Vacant(vacant) => Some(Arc::clone(vacant.insert(Entry::default()))),
        }
    }

    /// The stage of an interaction; a new one is waiting.
    pub(super) fn entry(&self, id: &str) -> Entry {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(id.to_owned()).or_default())
    }

    /// Forgets an interaction.
    pub(super) fn forget(&self, id: &str) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
