//! What changes seldom and is asked for all the time: remembered for a moment.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::category::Category;
use crate::domain::question::Question;

/// How old it may be.
const RECENT: Duration = Duration::from_secs(1);

/// What is remembered so.
#[derive(Debug, Default)]
pub(super) struct Recents {
    pub categories: Recent<Vec<Category>>,
    pub questions: Recent<Vec<Question>>,
}

/// Something that was read a moment ago.
#[derive(Debug)]
pub(super) struct Recent<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    pub(super) fn get(&self) -> Option<T> {
        let known = self.known();
        let (_, known) = known.as_ref().filter(|(at, _)| at.elapsed() < RECENT)?;
        Some(known.clone())
    }

    pub(super) fn put(&self, read: T) {
        *self.known() = Some((Instant::now(), read));
    }

    pub(super) fn forget(&self) {
        *self.known() = None;
    }

    fn known(&self) -> MutexGuard<'_, Option<(Instant, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
