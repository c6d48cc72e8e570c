//! The outbox: what is still to be told, in the shape that was measured best: shards of destinations, each
//! leased to one process, rows acknowledged by their exact key.

use chrono::{DateTime, Utc};
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
}

impl Notice {
    /// The destination: notices of one destination go in order. A ticket in a place is one.
    fn dest(&self) -> String {
        match self {
            Self::Card { place, ticket } | Self::Thread { place, ticket, .. } => format!("place:{place}:{ticket}"),
            Self::Person { identity, .. } => format!("person:{identity}"),
        }
    }

    fn shard(&self) -> u64 {
        match self {
            Self::Card { place, .. } | Self::Thread { place, .. } => place.0 % SHARDS,
            Self::Person { identity, .. } => identity.0 % SHARDS,
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
}

impl OutboxRow {
    /// What to tell.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] when another version of the program wrote it.
    pub fn notice(&self) -> Result<Notice, Fault> {
        serde_json::from_str(&self.notice).map_err(|_| Fault::Unreadable("the notice".to_owned()))
    }
}

/// Adds notices, in one statement.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, notices: &[Notice]) -> Result<(), Fault> {
    if notices.is_empty() {
        return Ok(());
    }
    let now = tx.now();
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
    Ok(())
}

/// Takes a row out of the outbox: it is told, or need not be any more.
///
/// # Errors
/// [`Fault`].
pub async fn acknowledge(tx: &mut Tx, row: &OutboxRow) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM outbox WHERE shard = ? AND dest = ? AND id = ?",
        row.shard,
        row.dest,
        row.id.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Moves a row that can't be told to the dead letters.
///
/// # Errors
/// [`Fault`].
pub async fn bury(tx: &mut Tx, row: &OutboxRow, cause: &str) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO dead_letters (id, dest, notice, attempts, cause, died_at) VALUES (?, ?, ?, ?, ?, ?)",
        row.id.0,
        row.dest,
        row.notice,
        row.attempts + 1,
        cause.chars().take(500).collect::<String>(),
        now,
    )
    .execute(tx.db())
    .await?;
    acknowledge(tx, row).await
}

impl Store {
    /// Lists the oldest row of every destination, where that row is due.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads(&self) -> Result<Vec<OutboxRow>, Fault> {
        let now = self.clock.now();
        // STRAIGHT_JOIN: with many rows MariaDB would rather evaluate the heads once for each row of `o`, and 10.11.14
        // crashes when it does (store_key_field::copy_inner).
        let rows = sqlx::query!(
            "SELECT STRAIGHT_JOIN o.shard, o.dest, o.id, o.notice, o.attempts
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
            })
            .collect())
    }

    /// Puts a row off until `due_at`, with the cause.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn put_off(&self, row: &OutboxRow, due_at: DateTime<Utc>, cause: &str) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE outbox SET due_at = ?, attempts = attempts + 1, cause = ? WHERE shard = ? AND dest = ? AND id = ?",
            due_at,
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
