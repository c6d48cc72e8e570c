//! The outbox: what is still to be told, in the shape that was measured best: shards of destinations, each
//! leased to one process, rows acknowledged by their exact key.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Fault, Store, Tx};
use crate::domain::ids::{IdentityId, OutboxId, PlaceId, TicketId};
use crate::domain::platform::Platform;

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

    /// What tells, of the place or person it is for, the shard and the platform. The shard is that of the chat's inbox
    /// lane, so that one replica both answers there and tells.
    fn address(&self) -> (&'static str, &'static str, u64) {
        match self {
            Self::Card { place, .. } | Self::Thread { place, .. } | Self::Unreached { place, .. } => (
                "COALESCE((SELECT CRC32(chat) % 64 FROM places WHERE id = ",
                "COALESCE((SELECT platform FROM places WHERE id = ",
                place.0,
            ),
            Self::Person { identity, .. } | Self::PersonInstead { identity, .. } | Self::PlaceLost { identity, .. } => {
                (
                    "COALESCE((SELECT CRC32(user_id) % 64 FROM identities WHERE id = ",
                    "COALESCE((SELECT platform FROM identities WHERE id = ",
                    identity.0,
                )
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
    /// The platform it goes to.
    pub platform: Option<Platform>,
    /// How many destinations of the same place or person have something due.
    pub crowd: i64,
    /// Since when it waits, however often it was tried.
    pub created_at: DateTime<Utc>,
}

impl OutboxRow {
    /// The place or the person whom it is for.
    #[must_use]
    pub fn reader(&self) -> &str {
        let end = self.dest.match_indices(':').nth(1);
        &self.dest[..end.map_or(self.dest.len(), |(at, _)| at)]
    }

    /// What stands for all that waits for the same place or person.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            dest: self.reader().to_owned(),
            ..self.clone()
        }
    }

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

/// Adds notices, in as few statements as can be: one for each would cost a fifth more.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, notices: &[Notice]) -> Result<(), Fault> {
    for notices in notices.chunks(AT_ONCE) {
        let rows: Vec<_> = notices.iter().map(|notice| (None, notice)).collect();
        insert_rows(tx, &rows).await?;
    }
    Ok(())
}

/// Puts a notice back under the id that it had, and with it where it stood.
pub(super) async fn put_back(tx: &mut Tx, id: OutboxId, notice: &Notice) -> Result<(), Fault> {
    insert_rows(tx, &[(Some(id), notice)]).await
}

/// Built at run time, for the number of rows. Without an id a row gets the next.
async fn insert_rows(tx: &mut Tx, rows: &[(Option<OutboxId>, &Notice)]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let mut texts = Vec::with_capacity(rows.len());
    for (id, notice) in rows {
        texts.push((id, notice, serde_json::to_string(notice)?));
    }
    let mut query =
        sqlx::QueryBuilder::new("INSERT INTO outbox (shard, platform, dest, id, notice, due_at, created_at) ");
    query.push_values(texts, |mut values, (id, notice, text)| {
        let (shard, platform, of) = notice.address();
        values.push(shard).push_bind_unseparated(of).push_unseparated("), 0)");
        values
            .push(platform)
            .push_bind_unseparated(of)
            .push_unseparated("), '')");
        values.push_bind(notice.dest());
        values.push_bind(id.map(|id| id.0)).push_bind(text);
        values.push_bind(now).push_bind(now);
    });
    query.build().execute(tx.db()).await?;
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

/// How many rows are taken out in one statement: a thousand statements would keep a connection for seconds.
const ACKNOWLEDGED_AT_ONCE: usize = 500;

/// Takes several rows out of the outbox, each by its exact key: one with a lower id may yet be committed.
///
/// # Errors
/// [`Fault`].
pub async fn acknowledge_all(tx: &mut Tx, rows: &[OutboxRow]) -> Result<(), Fault> {
    for rows in rows.chunks(ACKNOWLEDGED_AT_ONCE) {
        let mut query = sqlx::QueryBuilder::new("DELETE FROM outbox WHERE (shard, dest, id) IN");
        query.push_tuples(rows, |mut key, row| {
            key.push_bind(row.shard).push_bind(&row.dest).push_bind(row.id.0);
        });
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

impl Store {
    /// Lists the oldest row of destinations in the shards that are `owner`'s, where that row is due: at most
    /// `abreast` of one place or person, at most `limit` of one platform, oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads(&self, owner: &str, abreast: u32, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
        let now = self.clock.now();
        // In another order of joining, MariaDB 10.11 may end with a fault of its own (store_key_field::copy_inner).
        let rows = sqlx::query!(
            "SELECT shard AS `shard!: u16`, dest AS `dest!: String`, id AS `id!: u64`, platform AS `platform!: String`,
                    notice AS `notice!: String`, attempts AS `attempts!: u16`, faults AS `faults!: u16`,
                    created_at AS `created_at!: DateTime<Utc>`, crowd AS `crowd!: i64`
             FROM (
                SELECT due.*, ROW_NUMBER() OVER (PARTITION BY platform ORDER BY id) AS place_on_platform
                FROM (
                    SELECT STRAIGHT_JOIN o.shard, o.dest, o.id, o.platform, o.notice, o.attempts, o.faults, o.created_at,
                           ROW_NUMBER() OVER (PARTITION BY SUBSTRING_INDEX(o.dest, ':', 2) ORDER BY o.id) AS place_in_line,
                           COUNT(*) OVER (PARTITION BY SUBSTRING_INDEX(o.dest, ':', 2)) AS crowd
                    FROM (SELECT shard, dest, MIN(id) AS id FROM outbox GROUP BY shard, dest) AS heads
                    JOIN outbox o ON o.shard = heads.shard AND o.dest = heads.dest AND o.id = heads.id
                    JOIN shard_leases l ON l.shard = o.shard
                    WHERE o.due_at <= ? AND l.owner = ? AND l.until > NOW(3)
                ) AS due
                WHERE place_in_line <= ?
             ) AS ranked
             WHERE place_on_platform <= ? ORDER BY id",
            now,
            owner,
            abreast,
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| OutboxRow {
                shard: row.shard,
                dest: row.dest,
                id: OutboxId(row.id),
                platform: row.platform.parse().ok(),
                notice: row.notice,
                attempts: row.attempts,
                faults: row.faults,
                crowd: row.crowd,
                created_at: row.created_at,
            })
            .collect())
    }

    /// Lists the rows that ask for the same as this one, of the same destination: itself and those behind it.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_equal(&self, row: &OutboxRow) -> Result<Vec<OutboxRow>, Fault> {
        let ids = sqlx::query_scalar!(
            "SELECT id FROM outbox WHERE shard = ? AND dest = ? AND id >= ? AND notice = ?",
            row.shard,
            row.dest,
            row.id.0,
            row.notice,
        );
        let equal = ids.fetch_all(&self.pool).await?.into_iter();
        Ok(equal
            .map(|id| OutboxRow {
                id: OutboxId(id),
                ..row.clone()
            })
            .collect())
    }

    /// Lists this row and those behind it of the same destination, at most `limit`.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_behind(&self, row: &OutboxRow, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
        let rows = sqlx::query!(
            "SELECT id, notice FROM outbox WHERE shard = ? AND dest = ? AND id >= ? ORDER BY id LIMIT ?",
            row.shard,
            row.dest,
            row.id.0,
            limit,
        );
        let behind = rows.fetch_all(&self.pool).await?.into_iter();
        Ok(behind
            .map(|behind| OutboxRow {
                id: OutboxId(behind.id),
                notice: behind.notice,
                ..row.clone()
            })
            .collect())
    }

    /// Lists what is due for tickets that have no card yet in a place, oldest first: `like` is one such row, whose
    /// shard and platform are theirs.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_unposted(&self, place: PlaceId, like: &OutboxRow, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
        let rows = sqlx::query!(
            r#"SELECT STRAIGHT_JOIN o.dest, o.id, o.notice, o.attempts, o.faults
               FROM (SELECT dest, MIN(id) AS id FROM outbox WHERE shard = ? AND dest LIKE ? GROUP BY dest) AS heads
               JOIN outbox o ON o.shard = ? AND o.dest = heads.dest AND o.id = heads.id
               LEFT JOIN cards c ON c.place_id = ? AND c.ticket_id = CAST(SUBSTRING_INDEX(o.dest, ':', -1) AS UNSIGNED)
               WHERE o.due_at <= ? AND c.ticket_id IS NULL AND o.notice LIKE '{"card":%'
               ORDER BY o.id LIMIT ?"#,
            like.shard,
            format!("place:{place}:%"),
            like.shard,
            place.0,
            self.clock.now(),
            limit,
        );
        let rows = rows.fetch_all(&self.pool).await?.into_iter();
        Ok(rows
            .map(|row| OutboxRow {
                dest: row.dest,
                id: OutboxId(row.id),
                notice: row.notice,
                attempts: row.attempts,
                faults: row.faults,
                ..like.clone()
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
}
