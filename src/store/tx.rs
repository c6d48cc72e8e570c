//! A transaction: the one way to write; and a view, for who only reads.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Fault;
use super::link::Link;
use super::recent::Recents;

/// A connection to read by, and the moment it stands for. What is read twice may have changed in between, in a
/// transaction as well: what decides something is read with a lock.
#[derive(Debug)]
pub struct View {
    link: Link,
    now: DateTime<Utc>,
    recents: Arc<Recents>,
}

impl View {
    pub(super) fn new(link: Link, now: DateTime<Utc>, recents: Arc<Recents>) -> Self {
        Self { link, now, recents }
    }

    /// The moment everything here happens at.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(super) fn recents(&self) -> &Recents {
        &self.recents
    }

    pub(super) fn db(&mut self) -> &mut Link {
        &mut self.link
    }
}

/// An open transaction. Dropped without a commit, it changes nothing.
#[derive(Debug)]
pub struct Tx {
    view: View,
    changes_categories: bool,
}

impl Tx {
    pub(super) async fn begin(mut view: View) -> Result<Self, Fault> {
        view.link.begin().await?;
        Ok(Self {
            view,
            changes_categories: false,
        })
    }

    /// What is remembered of categories and their questions is wrong once this is true.
    pub(super) fn changes_categories(&mut self) {
        self.changes_categories = true;
    }

    /// Makes it all true.
    ///
    /// # Errors
    /// [`Fault`]; when the connection breaks at this moment, whether it became true is unknown.
    pub async fn commit(mut self) -> Result<(), Fault> {
        self.link.commit().await?;
        if self.changes_categories {
            self.recents.categories.forget();
            self.recents.questions.forget();
        }
        Ok(())
    }

    /// Forgets it all. A connection on which even that fails is not used again.
    pub async fn rollback(mut self) {
        if let Err(error) = self.link.roll_back().await {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}

impl Deref for Tx {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut View {
        &mut self.view
    }
}
