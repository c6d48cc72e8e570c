//! The inbox: every update as it came, until it is answered.

use chrono::{DateTime, TimeDelta, Utc};

use super::leases::shard_of;
use super::{Fault, Store, Tx};
use crate::domain::ids::InboxId;
use crate::domain::platform::Platform;

/// An update that is not answered yet.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// Its id.
    pub id: InboxId,
    /// The conversation it belongs to.
    pub lane: String,
    /// The shard of that conversation.
    pub shard: u16,
    /// The update as it came.
    pub raw: String,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
    /// How often handling it failed.
    pub attempts: u16,
    /// The answer, once it is handled.
    pub answer: Option<String>,
}

/// An update that is not answered yet, by its id.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered {
    /// Its id.
    pub id: InboxId,
    /// Its place in its conversation, from one.
    pub in_line: u64,
}

impl Store {
    /// Stores an update; `None` when it was stored before.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn receive(
        &self,
        platform: Platform,
        update_id: &str,
        lane: &str,
        raw: &str,
    ) -> Result<Option<InboxRow>, Fault> {
        let (now, shard) = (self.clock.now(), shard_of(lane));
        let inserted = sqlx::query!(
            "INSERT INTO inbox (platform, update_id, lane, shard, raw, received_at) VALUES (?, ?, ?, ?, ?, ?)",
            platform.code(),
            update_id,
            lane,
            shard,
            raw,
            now,
        )
        .execute(&self.pool)
        .await
        .map_err(Fault::from);
        match inserted {
            Ok(done) => Ok(Some(InboxRow {
                id: InboxId(done.last_insert_id()),
                lane: lane.to_owned(),
                shard,
                raw: raw.to_owned(),
                received_at: now,
                attempts: 0,
                answer: None,
            })),
            Err(fault) if fault.broken_key() == Some("inbox_update") => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Whether an update has its answer.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn is_answered(&self, platform: Platform, update_id: &str) -> Result<bool, Fault> {
        let row = sqlx::query_scalar!(
            r#"SELECT answered_at IS NOT NULL AS "answered!: bool" FROM inbox WHERE platform = ? AND update_id = ?"#,
            platform.code(),
            update_id,
        );
        Ok(row.fetch_optional(&self.pool).await?.unwrap_or(false))
    }

    /// Lists a platform's updates that are not answered yet, in the shards that are `owner`'s: at most `abreast` of one
    /// conversation, at most `limit` in all, first those not handled either, oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_unanswered(
        &self,
        platform: Platform,
        owner: &str,
        abreast: u32,
        limit: u32,
    ) -> Result<Vec<Unanswered>, Fault> {
        let rows = sqlx::query!(
            "SELECT id AS `id!: u64`, in_line AS `in_line!: u64` FROM (
                SELECT i.id, i.handled_at IS NOT NULL AS handled,
                       ROW_NUMBER() OVER (PARTITION BY i.lane ORDER BY i.handled_at IS NOT NULL, i.id) AS in_line
                FROM inbox i JOIN shard_leases l ON l.shard = i.shard
                WHERE i.answered_at IS NULL AND i.platform = ? AND l.owner = ? AND l.until > NOW(3)
             ) AS unanswered
             WHERE in_line <= ? ORDER BY handled, id LIMIT ?",
            platform.code(),
            owner,
            abreast,
            limit,
        );
        let rows = rows.fetch_all(&self.pool).await?.into_iter();
        Ok(rows
            .map(|row| Unanswered {
                id: InboxId(row.id),
                in_line: row.in_line,
            })
            .collect())
    }

    /// Finds an update that is not answered yet.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn find_unanswered(&self, id: InboxId) -> Result<Option<InboxRow>, Fault> {
        let row = sqlx::query!(
            r#"SELECT id, lane, shard, raw, received_at AS "received_at: DateTime<Utc>", attempts, answer FROM inbox
               WHERE id = ? AND answered_at IS NULL"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| InboxRow {
            id: InboxId(row.id),
            lane: row.lane,
            shard: row.shard,
            raw: row.raw,
            received_at: row.received_at,
            attempts: row.attempts,
            answer: row.answer,
        }))
    }

    /// Counts a try to handle an update, before it is made.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn count_try(&self, id: InboxId) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE inbox SET attempts = LEAST(attempts + 1, 65535) WHERE id = ?",
            id.0
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes a platform's updates that were answered before that moment, at most `limit`, and says how many there
    /// were. Those of the last hour before the newest stay, however old: what was missed on Discord is looked for
    /// from some minutes before what was newest when the session before began, but only through the last two days
    /// (`desk::catch_up`), and must be known again. So `before` has to be longer ago than that.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn prune_inbox(&self, platform: Platform, before: DateTime<Utc>, limit: u32) -> Result<u64, Fault> {
        let newest = sqlx::query_scalar!(
            r#"SELECT received_at AS "received_at: DateTime<Utc>" FROM inbox WHERE platform = ? ORDER BY id DESC LIMIT 1"#,
            platform.code()
        );
        let Some(newest) = newest.fetch_optional(&self.pool).await? else {
            return Ok(0);
        };
        let pruned = sqlx::query!(
            "DELETE FROM inbox WHERE answered_at < ? AND platform = ? AND received_at < ?
             ORDER BY answered_at LIMIT ?",
            before,
            platform.code(),
            newest - TimeDelta::hours(1),
            limit,
        );
        Ok(pruned.execute(&self.pool).await?.rows_affected())
    }

    /// The platform's id of the update that was stored last.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn newest_update(&self, platform: Platform) -> Result<Option<String>, Fault> {
        let newest = sqlx::query_scalar!(
            "SELECT update_id FROM inbox WHERE platform = ? ORDER BY id DESC LIMIT 1",
            platform.code()
        );
        Ok(newest.fetch_optional(&self.pool).await?)
    }

    /// Lists the conversations on a platform in which somebody may have written: private chats, and the threads
    /// of tickets that are not closed.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_conversations(&self, platform: Platform) -> Result<Vec<String>, Fault> {
        let chats = sqlx::query_scalar!(
            "SELECT private_chat AS `chat!: String` FROM identities WHERE platform = ? AND private_chat IS NOT NULL
             UNION
             SELECT c.thread FROM cards c JOIN places p ON p.id = c.place_id JOIN tickets t ON t.id = c.ticket_id
             WHERE p.platform = ? AND c.thread IS NOT NULL AND t.status <> 'closed'",
            platform.code(),
            platform.code(),
        );
        Ok(chats.fetch_all(&self.pool).await?)
    }

    /// Counts a failure to handle an update. `cause` never holds what people wrote.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn count_failure(&self, id: InboxId, cause: &str) -> Result<(), Fault> {
        let cause: String = cause.chars().take(500).collect();
        sqlx::query!(
            "UPDATE inbox SET attempts = LEAST(attempts + 1, 65535), cause = ? WHERE id = ?",
            cause,
            id.0
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Marks an update handled, with its answer, in the transaction that makes its effect.
///
/// # Errors
/// [`Fault::Overtaken`] when it is handled already: the effect must not be made again.
pub async fn mark_handled(tx: &mut Tx, id: InboxId, answer: &str) -> Result<(), Fault> {
    let now: DateTime<Utc> = tx.now();
    // `handled_at IS NULL` makes the effect happen once.
    let done = sqlx::query!(
        "UPDATE inbox SET handled_at = ?, answer = ? WHERE id = ? AND handled_at IS NULL",
        now,
        answer,
        id.0,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::Overtaken("inbox"))
    }
}

/// How an update stands.
#[derive(Debug)]
pub enum Standing {
    /// Its shard is somebody else's.
    Foreign,
    /// It is handled: the answer.
    Handled(String),
    /// It is answered too.
    Answered,
    /// It is to be handled.
    Open,
}

/// How an update stands, for `owner`.
///
/// # Errors
/// [`Fault`].
pub async fn find_standing(tx: &mut Tx, id: InboxId, owner: &str) -> Result<Standing, Fault> {
    let row = sqlx::query!(
        "SELECT i.answer, i.answered_at IS NOT NULL AS `answered!: bool`,
                l.owner = ? AND l.until > NOW(3) AS `ours!: bool`
         FROM inbox i JOIN shard_leases l ON l.shard = i.shard WHERE i.id = ?",
        owner,
        id.0,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(match row {
        Some(row) if row.answered => Standing::Answered,
        Some(row) if row.ours => row.answer.map_or(Standing::Open, Standing::Handled),
        _ => Standing::Foreign,
    })
}

/// Marks an update answered: nothing is left to do for it.
///
/// # Errors
/// [`Fault`].
pub async fn mark_answered(tx: &mut Tx, id: InboxId) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!("UPDATE inbox SET answered_at = ? WHERE id = ?", now, id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}
