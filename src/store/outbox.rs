//! The outbox: what is still to be told, in the shape that was measured best: shards of destinations, each
//! leased to one process, rows acknowledged by their exact key.

mod digest;
mod heads;
mod notice;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::digest::{drop_digest, find_digest, hasten_digest};
pub use self::heads::{Dest, Firsts, Fresh};
pub use self::notice::{Notice, Whence};
use super::leases::shard_of;
use super::letters::Letter;
use super::people::Identity;
use super::{Fault, Store, Tx, View, in_round_numbers};
use crate::domain::ids::{OutboxId, PlaceId};
use crate::domain::platform::{Carrier, Platform};

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
    /// By what it goes; nothing where its reader is not known any more.
    pub carrier: Option<Carrier>,
    /// How many destinations of the same place or person have something due, as far as the look that found it went.
    pub crowd: usize,
    /// Whether more waits behind it, as far as the look that found it went.
    pub is_followed: bool,
    /// Since when it waits, however often it was tried.
    pub created_at: DateTime<Utc>,
}

/// What tells a row from all others.
#[derive(Clone, Debug)]
pub struct RowKey {
    shard: u16,
    dest: String,
    id: OutboxId,
}

impl OutboxRow {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> RowKey {
        RowKey {
            shard: self.shard,
            dest: self.dest.clone(),
            id: self.id,
        }
    }

    /// The place or the person whom it is for.
    #[must_use]
    pub fn reader(&self) -> &str {
        reader(&self.dest)
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

/// The place or the person of a destination.
fn reader(dest: &str) -> &str {
    let end = dest.match_indices(':').nth(1);
    &dest[..end.map_or(dest.len(), |(at, _)| at)]
}

/// How many notices go into one statement, which may have 65,535 parameters.
const AT_ONCE: usize = 1_000;

/// Adds notices, in as few statements as can be: one for each would cost a fifth more.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, notices: &[Notice]) -> Result<(), Fault> {
    let now = tx.now();
    insert_later(tx, notices, now).await
}

/// Adds notices that wait until then.
///
/// # Errors
/// [`Fault`].
pub async fn insert_later(tx: &mut Tx, notices: &[Notice], due_at: DateTime<Utc>) -> Result<(), Fault> {
    for notices in notices.chunks(AT_ONCE) {
        let rows: Vec<_> = notices.iter().map(|notice| (None, notice)).collect();
        insert_rows(tx, &rows, due_at).await?;
    }
    Ok(())
}

/// Takes back what a chat was to be told of a page that does not answer, once it does.
///
/// # Errors
/// [`Fault`].
pub async fn take_lapse_back(tx: &mut Tx, chat: &Identity) -> Result<(), Fault> {
    let notice = Notice::LinkLapsed { identity: chat.id };
    sqlx::query!(
        "DELETE FROM outbox WHERE shard = ? AND dest = ?",
        shard_of(&chat.user_id),
        notice.dest()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Puts a notice back under the id that it had, and with it where it stood.
pub(super) async fn put_back(tx: &mut Tx, id: OutboxId, notice: &Notice) -> Result<(), Fault> {
    let now = tx.now();
    insert_rows(tx, &[(Some(id), notice)], now).await
}

/// Built at run time, for the number of rows. Without an id a row gets the next.
async fn insert_rows(tx: &mut Tx, rows: &[(Option<OutboxId>, &Notice)], due_at: DateTime<Utc>) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
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
        values.push_bind(due_at).push_bind(due_at);
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

/// Takes all rows of a destination out of the outbox: nobody is to be told of them any more. How many there were.
pub(super) async fn drop_waiting(tx: &mut Tx, shard: u16, dest: &str) -> Result<u64, Fault> {
    let dropped = sqlx::query!("DELETE FROM outbox WHERE shard = ? AND dest = ?", shard, dest);
    Ok(dropped.execute(tx.db()).await?.rows_affected())
}

/// How many rows are taken out in one statement: a thousand statements would keep a connection for seconds.
const ACKNOWLEDGED_AT_ONCE: usize = 512;

/// Takes several rows out of the outbox, each by its exact key: one with a lower id may yet be committed.
pub(super) async fn acknowledge_all(tx: &mut Tx, rows: &[&RowKey]) -> Result<(), Fault> {
    for rows in rows.chunks(ACKNOWLEDGED_AT_ONCE) {
        // MariaDB reads the whole table for `(shard, dest, id) IN (…)`, and, left to itself, a small one for any number
        // of keys: it would wait for whoever holds other rows. Only a DELETE of several tables takes an index by name.
        let mut query = sqlx::QueryBuilder::new("DELETE o FROM outbox o FORCE INDEX (PRIMARY) WHERE ");
        let mut keys = query.separated(" OR ");
        for row in in_round_numbers(rows) {
            keys.push("(o.shard = ").push_bind_unseparated(row.shard);
            keys.push_unseparated(" AND o.dest = ").push_bind_unseparated(&row.dest);
            keys.push_unseparated(" AND o.id = ").push_bind_unseparated(row.id.0);
            keys.push_unseparated(")");
        }
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

/// Whether something may be told to a person at this moment.
///
/// # Errors
/// [`Fault`].
pub async fn is_due_to(view: &mut View, person: &Identity) -> Result<bool, Fault> {
    let now = view.now();
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE shard = ? AND dest = ? AND due_at <= ?)",
        shard_of(&person.user_id),
        format!("person:{}", person.id),
        now,
    );
    Ok(found.fetch_one(view.db()).await? != 0)
}

/// Whether this letter still waits to be mailed.
///
/// # Errors
/// [`Fault`].
pub async fn is_letter_waiting(view: &mut View, letter: &Letter) -> Result<bool, Fault> {
    let notice = Notice::letter(letter.id, &letter.address);
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE shard = ? AND dest = ? AND notice = ?)",
        shard_of(letter.address.as_str()),
        notice.dest(),
        serde_json::to_string(&notice)?,
    );
    Ok(found.fetch_one(view.db()).await? != 0)
}

/// Whether something may be told at this moment in the staff place that a chat is, or may be a thread of: a thread on
/// Discord is a chat of its own.
///
/// # Errors
/// [`Fault`].
pub async fn is_due_around(view: &mut View, platform: Platform, chat: &str) -> Result<bool, Fault> {
    let now = view.now();
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM places p JOIN outbox o ON o.shard = CRC32(p.chat) % 64
                        WHERE p.platform = ? AND (p.platform = 'discord' OR p.chat = ?) AND o.dest LIKE CONCAT('place:', p.id, ':%') AND o.due_at <= ?)",
        platform.code(),
        chat,
        now,
    );
    Ok(found.fetch_one(view.db()).await? != 0)
}

/// Lists this row and those behind it of the same destination, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_behind(view: &mut View, row: &OutboxRow, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
    list_from(view.db(), row, limit).await
}

async fn list_from(db: impl sqlx::MySqlExecutor<'_>, row: &OutboxRow, limit: u32) -> Result<Vec<OutboxRow>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, notice FROM outbox WHERE shard = ? AND dest = ? AND id >= ? ORDER BY id LIMIT ?",
        row.shard,
        row.dest,
        row.id.0,
        limit,
    );
    let behind = rows.fetch_all(db).await?.into_iter();
    Ok(behind
        .map(|behind| OutboxRow {
            id: OutboxId(behind.id),
            notice: behind.notice,
            ..row.clone()
        })
        .collect())
}

impl Store {
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
        list_from(&self.pool, row, limit).await
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
            "UPDATE outbox SET due_at = ?, attempts = LEAST(attempts + 1, 65535), faults = faults + ?, cause = ?
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
