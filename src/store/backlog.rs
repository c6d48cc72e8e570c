//! What waits, counted for whoever watches the desk: never needed to do its work.

use chrono::{DateTime, Utc};

use super::{Fault, Store};
use crate::domain::platform::Carrier;
use crate::metrics::Waiting;

/// What waits on one platform, or for the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queues {
    /// The platform, or mail.
    pub carrier: Carrier,
    /// Updates that are not answered yet; none come by mail.
    pub inbox: Option<Waiting>,
    /// Notices that are not told yet.
    pub outbox: Waiting,
}

/// The connections of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// In use.
    pub used: u32,
    /// Open, and free.
    pub idle: u32,
    /// The most there may be.
    pub max: u32,
}

struct Row {
    platform: String,
    depth: u64,
    oldest: DateTime<Utc>,
}

impl Store {
    /// Whether the database answers: asks it the least there is to ask.
    ///
    /// # Errors
    /// [`Fault`] when it does not.
    pub async fn ping(&self) -> Result<(), Fault> {
        sqlx::query_scalar!("SELECT 1 AS one").fetch_one(&self.pool).await?;
        Ok(())
    }

    /// Counts what waits, by every carrier.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn count_waiting(&self) -> Result<Vec<Queues>, Fault> {
        let inbox = sqlx::query_as!(
            Row,
            r#"SELECT platform, CAST(COUNT(*) AS UNSIGNED) AS "depth: u64",
                      MIN(received_at) AS "oldest!: DateTime<Utc>"
               FROM inbox WHERE answered_at IS NULL GROUP BY platform"#
        );
        let inbox = inbox.fetch_all(&self.pool).await?;
        let outbox = sqlx::query_as!(
            Row,
            r#"SELECT platform, CAST(COUNT(*) AS UNSIGNED) AS "depth: u64",
                      MIN(created_at) AS "oldest!: DateTime<Utc>"
               FROM outbox WHERE created_at <= ? GROUP BY platform"#,
            // What is gathered for later does not wait yet.
            self.clock.now(),
        );
        let outbox = outbox.fetch_all(&self.pool).await?;
        let queues = Carrier::ALL.map(|carrier| Queues {
            carrier,
            inbox: (carrier != Carrier::Mail).then(|| self.waiting(&inbox, carrier)),
            outbox: self.waiting(&outbox, carrier),
        });
        Ok(queues.to_vec())
    }

    fn waiting(&self, rows: &[Row], carrier: Carrier) -> Waiting {
        let row = rows.iter().find(|row| row.platform == carrier.code());
        row.map_or_else(Waiting::default, |row| Waiting {
            depth: row.depth,
            oldest: (self.clock.now() - row.oldest).to_std().unwrap_or_default(),
        })
    }

    /// Counts the dead letters.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn count_dead_letters(&self) -> Result<u64, Fault> {
        let count = sqlx::query_scalar!(r#"SELECT CAST(COUNT(*) AS UNSIGNED) AS "count: u64" FROM dead_letters"#);
        Ok(count.fetch_one(&self.pool).await?)
    }

    /// The connections to the database, just now.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let (open, idle, max) = self.pool.sizes();
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        Connections {
            used: open.saturating_sub(idle),
            idle,
            max,
        }
    }
}
