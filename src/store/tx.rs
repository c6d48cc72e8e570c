//! A transaction: the one way to write.

use chrono::{DateTime, Utc};
use sqlx::{MySql, MySqlConnection, Transaction};

use super::Fault;

/// An open transaction, and the moment it stands for. Dropped without a commit, it changes nothing.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, MySql>,
    now: DateTime<Utc>,
}

impl Tx {
    pub(super) fn new(inner: Transaction<'static, MySql>, now: DateTime<Utc>) -> Self {
        Self { inner, now }
    }

    /// The moment everything in this transaction happens at.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(super) fn db(&mut self) -> &mut MySqlConnection {
        &mut self.inner
    }

    /// Makes it all true.
    ///
    /// # Errors
    /// [`Fault`]; when the connection breaks at this moment, whether it became true is unknown.
    pub async fn commit(self) -> Result<(), Fault> {
        Ok(self.inner.commit().await?)
    }

    /// Forgets it all. A connection on which even that fails is not used again.
    pub async fn rollback(self) {
        if let Err(error) = self.inner.rollback().await {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}
