//! The time, passed in. Nothing but this file asks the system for it, so that a story can set the hour.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the program reads the time: the system's, or one that a story sets and moves.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Set(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn set_to(start: DateTime<Utc>) -> Self {
        Self(Source::Set(Arc::new(Mutex::new(start))))
    }

    /// The present moment, in UTC, to the microsecond that the database keeps.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's clock is read"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => Utc::now(),
            Source::Set(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        chrono::DurationRound::duration_trunc(now, TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Moves a clock that was [set](Clock::set_to); the system's clock stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Set(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
