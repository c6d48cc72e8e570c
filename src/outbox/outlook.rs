//! What the worker knows of the outbox between two looks at the whole.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::on_the_way::Lane;
use crate::domain::ids::OutboxId;
use crate::store::outbox::OutboxRow;

/// A notice that is committed so long after it got its id is left to the look at the whole.
pub(super) const LATE: Duration = Duration::from_millis(200);

/// What the worker knows of the outbox between two looks at the whole.
pub(super) struct Outlook {
    pub marks: Marks,
    /// Something has to wait until others to the same place or person have arrived, or for better weather.
    pub left_out: bool,
    /// The destinations of which that is known: the look at the whole has their turn.
    pub held_back: HashSet<String>,
    /// The destinations where something waits behind what is on the way.
    pub followed: HashSet<String>,
    /// The destinations that found no room on their platform, in the order of their turns.
    pub waiting: Vec<Lane>,
    /// There may be more such than are known.
    pub is_short: bool,
    /// Before that the whole is left alone.
    pub rested: Instant,
    /// When the whole is looked at again.
    pub again: Instant,
}

/// From which notice on they are new.
pub(super) struct Marks {
    /// What is newer is new, or was committed late.
    pub from: OutboxId,
    /// The newest at that moment: the next mark.
    next: OutboxId,
    at: Instant,
}

impl Outlook {
    /// Nothing is known yet.
    pub fn new() -> Self {
        let now = Instant::now();
        Self {
            marks: Marks {
                from: OutboxId(0),
                next: OutboxId(0),
                at: now,
            },
            left_out: false,
            held_back: HashSet::new(),
            followed: HashSet::new(),
            waiting: Vec::new(),
            is_short: false,
            rested: now,
            again: now,
        }
    }

    pub fn note_followed(&mut self, row: &OutboxRow) {
        if row.is_followed {
            self.followed.insert(row.dest.clone());
        }
    }
}

impl Marks {
    /// Takes note of the newest notice that there was at a moment.
    pub fn saw(&mut self, newest: Option<OutboxId>, at: Instant) {
        let Some(newest) = newest else { return };
        if self.next == OutboxId(0) {
            (self.from, self.next, self.at) = (newest, newest, at);
        } else if at.saturating_duration_since(self.at) >= LATE {
            (self.from, self.next, self.at) = (self.next, self.next.max(newest), at);
        }
    }
}
