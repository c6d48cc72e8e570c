//! The outbox: what is still to be told, in the shape that was measured best: shards of destinations, each
//! leased to one process, rows acknowledged by their exact key.

use chrono::{DateTime, Utc};
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
}

impl Notice {
    /// The destination: notices of one destination go in order. A ticket in a place is one.
    fn dest(&self) -> String {
        match self {
            Self::Card { place, ticket } | Self::Thread { place, ticket, .. } => format!("place:{place}:{ticket}"),
            Self::Person { identity, .. } => format!("person:{identity}"),
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
    /// The platform it goes to.
    pub platform: Option<Platform>,
    /// How many destinations of the same place or person have something due.
    pub crowd: i64,
}

impl OutboxRow {
    /// The place or the person whom it is for.
    #[must_use]
    pub fn reader(&self) -> &str {
        let end = self
            .dest
            .match_indices(':')
            .nth(1)
            .map_or(self.dest.len(), |(at, _)| at);
        &self.dest[..end]
    }

    /// What stands for all that waits for the same place or person.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            dest: self.reader().to_owned(),
            ..self.clone()
        }
    }

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
        rows.push((notice, serde_json::to_string(notice)?));
    }
    // Built at run time, since one INSERT of all rows costs a fifth less than one for each. The shard is that of
    // the chat's inbox lane, so that one replica both answers there and tells.
    let mut query = sqlx::QueryBuilder::new("INSERT INTO outbox (shard, platform, dest, notice, due_at) ");
    query.push_values(rows, |mut values, (notice, text)| {
        let (shard, platform, id) = match notice {
            Notice::Card { place, .. } | Notice::Thread { place, .. } => (
                "COALESCE((SELECT CRC32(chat) % 64 FROM places WHERE id = ",
                "COALESCE((SELECT platform FROM places WHERE id = ",
                place.0,
            ),
            Notice::Person { identity, .. } => (
                "COALESCE((SELECT CRC32(user_id) % 64 FROM identities WHERE id = ",
                "COALESCE((SELECT platform FROM identities WHERE id = ",
                identity.0,
            ),
        };
        values.push(shard).push_bind_unseparated(id).push_unseparated("), 0)");
        values
            .push(platform)
            .push_bind_unseparated(id)
            .push_unseparated("), '')");
        values.push_bind(notice.dest()).push_bind(text).push_bind(now);
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

/// Takes several rows out of the outbox, each by its exact key: one with a lower id may yet be committed.
///
/// # Errors
/// [`Fault`].
pub async fn acknowledge_all(tx: &mut Tx, rows: &[OutboxRow]) -> Result<(), Fault> {
    for row in rows {
        acknowledge(tx, row).await?;
    }
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
    /// Lists the oldest row of destinations in the shards that are `owner`'s, where that row is due: at most
    /// `abreast` of one place or person, at most `limit` in all, oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads(&self, owner: &str, abreast: u32, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
        let now = self.clock.now();
        let rows = sqlx::query!(
            "SELECT shard AS `shard!: u16`, dest AS `dest!: String`, id AS `id!: u64`, platform AS `platform!: String`,
                    notice AS `notice!: String`, attempts AS `attempts!: u16`, crowd AS `crowd!: i64`
             FROM (
                SELECT o.shard, o.dest, o.id, o.platform, o.notice, o.attempts,
                       ROW_NUMBER() OVER (PARTITION BY SUBSTRING_INDEX(o.dest, ':', 2) ORDER BY o.id) AS place_in_line,
                       COUNT(*) OVER (PARTITION BY SUBSTRING_INDEX(o.dest, ':', 2)) AS crowd
                FROM (SELECT shard, dest, MIN(id) AS id FROM outbox GROUP BY shard, dest) AS heads
                JOIN outbox o ON o.shard = heads.shard AND o.dest = heads.dest AND o.id = heads.id
                JOIN shard_leases l ON l.shard = o.shard
                WHERE o.due_at <= ? AND l.owner = ? AND l.until > NOW(3)
             ) AS due
             WHERE place_in_line <= ? ORDER BY id LIMIT ?",
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
                crowd: row.crowd,
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

    /// Lists what is due for tickets that have no card yet in a place, oldest first: `like` is one such row, whose
    /// shard and platform are theirs.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_unposted(&self, place: PlaceId, like: &OutboxRow, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
        let rows = sqlx::query!(
            r#"SELECT o.dest, o.id, o.notice, o.attempts
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
                ..like.clone()
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
}
