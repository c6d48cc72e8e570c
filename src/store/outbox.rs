//! The outbox: what is still to be told, in the shape that was measured best: shards of destinations, each
//! leased to one process, rows acknowledged by their exact key.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Fault, Store, Tx};
use crate::domain::ids::{IdentityId, OutboxId, PlaceId, TicketId};

/// How many shards there are; a row of `shard_leases` for each.
pub const SHARDS: u64 = 64;

/// Something to tell, as it is kept: who and about what. What it says is read when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Bring the ticket's card in a staff place up to date.
    Card {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
    },
    /// Tell a staff place, in the ticket's thread, of a line of its history.
    Thread {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
    },
    /// Tell a person of a line of the ticket's history.
    Person {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
    },
    /// The same, in another of their chats than the one it was for, which is said there.
    PersonInstead {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
        /// The chat in which they can't be reached.
        instead_of: IdentityId,
    },
    /// Tell a staff place, in the ticket's thread, that somebody did not get a word.
    Unreached {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
        /// The chat in which the person can't be reached.
        identity: IdentityId,
    },
    /// Tell an admin that a staff place can't be written to any more.
    PlaceLost {
        /// The admin's chat.
        identity: IdentityId,
        /// The place.
        place: PlaceId,
    },
}

impl Notice {
    /// The destination: notices of one destination go in order. A ticket in a place is one.
    fn dest(&self) -> String {
        match self {
            Self::Card { place, ticket }
            | Self::Thread { place, ticket, .. }
            | Self::Unreached { place, ticket, .. } => {
                format!("place:{place}:{ticket}")
            }
            Self::Person { identity, .. } | Self::PersonInstead { identity, .. } | Self::PlaceLost { identity, .. } => {
                format!("person:{identity}")
            }
        }
    }

    fn shard(&self) -> u64 {
        match self {
            Self::Card { place, .. } | Self::Thread { place, .. } | Self::Unreached { place, .. } => place.0 % SHARDS,
            Self::Person { identity, .. } | Self::PersonInstead { identity, .. } | Self::PlaceLost { identity, .. } => {
                identity.0 % SHARDS
            }
        }
    }

    /// The ticket it is about.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Card { ticket, .. }
            | Self::Thread { ticket, .. }
            | Self::Unreached { ticket, .. }
            | Self::Person { ticket, .. }
            | Self::PersonInstead { ticket, .. } => Some(*ticket),
            Self::PlaceLost { .. } => None,
        }
    }

    /// The chat of the person it is for.
    #[must_use]
    pub fn identity(&self) -> Option<IdentityId> {
        match self {
            Self::Person { identity, .. } | Self::PersonInstead { identity, .. } | Self::PlaceLost { identity, .. } => {
                Some(*identity)
            }
            Self::Card { .. } | Self::Thread { .. } | Self::Unreached { .. } => None,
        }
    }

    /// The place it is for, or about.
    #[must_use]
    pub fn place(&self) -> Option<PlaceId> {
        match self {
            Self::Card { place, .. }
            | Self::Thread { place, .. }
            | Self::Unreached { place, .. }
            | Self::PlaceLost { place, .. } => Some(*place),
            Self::Person { .. } | Self::PersonInstead { .. } => None,
        }
    }
}

/// A row of the outbox that may be sent now.
#[derive(Clone, Debug)]
pub struct OutboxRow {
    /// Its shard.
    pub shard: u16,
    /// Its destination.
    pub dest: String,
    /// Its id.
    pub id: OutboxId,
    /// What to tell, as it is kept: one that can't be read must not hold up the others.
    notice: String,
    /// How often it was tried.
    pub attempts: u16,
    /// How often a fault of ours was in the way.
    pub faults: u16,
}

impl OutboxRow {
    /// What to tell, as it is kept.
    pub(super) fn text(&self) -> &str {
        &self.notice
    }

    /// What to tell.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] when another version of the program wrote it.
    pub fn notice(&self) -> Result<Notice, Fault> {
        serde_json::from_str(&self.notice).map_err(|_| Fault::Unreadable("the notice".to_owned()))
    }
}

/// How many notices go into one statement, which may have 65,535 parameters.
const AT_ONCE: usize = 1_000;

/// Adds notices, in as few statements as can be.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, notices: &[Notice]) -> Result<(), Fault> {
    let now = tx.now();
    for notices in notices.chunks(AT_ONCE) {
        let mut rows = Vec::with_capacity(notices.len());
        for notice in notices {
            rows.push((notice.shard(), notice.dest(), serde_json::to_string(notice)?));
        }
        // Built at run time, since one INSERT of all rows costs a fifth less than one for each.
        let mut query = sqlx::QueryBuilder::new("INSERT INTO outbox (shard, dest, notice, due_at) ");
        query.push_values(rows, |mut values, (shard, dest, notice)| {
            values.push_bind(shard).push_bind(dest).push_bind(notice).push_bind(now);
        });
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

/// Takes a row out of the outbox: it is told, or need not be any more. Whether it was still there.
///
/// # Errors
/// [`Fault`].
pub async fn acknowledge(tx: &mut Tx, row: &OutboxRow) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "DELETE FROM outbox WHERE shard = ? AND dest = ? AND id = ?",
        row.shard,
        row.dest,
        row.id.0
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a notice back under the id that it had, and with it where it stood.
pub(super) async fn put_back(tx: &mut Tx, id: OutboxId, notice: &Notice) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO outbox (shard, dest, id, notice, due_at) VALUES (?, ?, ?, ?, ?)",
        notice.shard(),
        notice.dest(),
        id.0,
        serde_json::to_string(notice)?,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

impl Store {
    /// Lists the oldest row of every destination, where that row is due.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads(&self) -> Result<Vec<OutboxRow>, Fault> {
        let now = self.clock.now();
        let rows = sqlx::query!(
            "SELECT o.shard, o.dest, o.id, o.notice, o.attempts, o.faults
             FROM (SELECT shard, dest, MIN(id) AS id FROM outbox GROUP BY shard, dest) AS heads
             JOIN outbox o ON o.shard = heads.shard AND o.dest = heads.dest AND o.id = heads.id
             WHERE o.due_at <= ? ORDER BY o.id",
            now,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| OutboxRow {
                shard: row.shard,
                dest: row.dest,
                id: OutboxId(row.id),
                notice: row.notice,
                attempts: row.attempts,
                faults: row.faults,
            })
            .collect())
    }

    /// Puts a row off for `wait`, with the cause; `fault` when it was a fault of ours.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn put_off(&self, row: &OutboxRow, wait: TimeDelta, cause: &str, fault: bool) -> Result<(), Fault> {
        let due_at = self.clock.now() + wait;
        sqlx::query!(
            "UPDATE outbox SET due_at = ?, attempts = attempts + 1, faults = faults + ?, cause = ?
             WHERE shard = ? AND dest = ? AND id = ?",
            due_at,
            fault,
            cause.chars().take(500).collect::<String>(),
            row.shard,
            row.dest,
            row.id.0,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes or renews the lease of every shard that is free, ended or `owner`'s, for `seconds`, and lists the
    /// shards that are `owner`'s now. By the database's clock, the only one all replicas share.
    ///
    /// # Errors
    /// [`Fault`]; then nothing is held.
    pub async fn lease_shards(&self, owner: &str, seconds: u32) -> Result<Vec<u16>, Fault> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "UPDATE shard_leases SET owner = ?, fence = fence + 1, until = NOW(3) + INTERVAL ? SECOND
             WHERE until < NOW(3) OR owner = ?",
            owner,
            seconds,
            owner,
        )
        .execute(tx.db())
        .await?;
        let shards = sqlx::query_scalar!("SELECT shard FROM shard_leases WHERE owner = ?", owner)
            .fetch_all(tx.db())
            .await?;
        tx.commit().await?;
        Ok(shards)
    }

    /// Gives the leases of `owner` back; of everybody when `owner` is `None`, which only the sole user of the
    /// database may do.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn release_shards(&self, owner: Option<&str>) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE shard_leases SET until = '2000-01-01', owner = '' WHERE owner = COALESCE(?, owner)",
            owner
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
