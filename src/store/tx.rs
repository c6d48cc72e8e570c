//! A transaction: the one way to write.

use chrono::{DateTime, Utc};

use super::Fault;
use super::link::Link;

/// An open transaction, and the moment it stands for. Dropped without a commit, it changes nothing.
#[derive(Debug)]
pub struct Tx {
    link: Link,
    now: DateTime<Utc>,
}

impl Tx {
    pub(super) async fn begin(mut link: Link, now: DateTime<Utc>) -> Result<Self, Fault> {
        link.begin().await?;
        Ok(Self { link, now })
    }

    /// The moment everything in this transaction happens at.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(super) fn db(&mut self) -> &mut Link {
        &mut self.link
    }

    /// Makes it all true.
    ///
    /// # Errors
    /// [`Fault`]; when the connection breaks at this moment, whether it became true is unknown.
    pub async fn commit(mut self) -> Result<(), Fault> {
        Ok(self.link.commit().await?)
    }

    /// Forgets it all. A connection on which even that fails is not used again.
    pub async fn rollback(mut self) {
        if let Err(error) = self.link.roll_back().await {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}
