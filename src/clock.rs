//! The time, passed in. Nothing but this file asks the system for it, so that a story can set the hour.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Where the program reads the time: the system's, or one that a story sets and moves.
#[derive(Clone, Debug)]
pub struct Clock {
    /// How far it is ahead of the system's clock; shared by clones.
    ahead: Arc<Mutex<TimeDelta>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { ahead: Arc::default() }
    }

    /// A clock that shows `start` now, and runs.
    #[must_use]
    pub fn set_to(start: DateTime<Utc>) -> Self {
        let clock = Self::system();
        let ahead = start - clock.now();
        clock.advance(ahead);
        clock
    }

    /// The present moment, in UTC, to the microsecond that the database keeps.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's clock is read"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Moves the clock, for all its clones.
    pub fn advance(&self, by: TimeDelta) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}
