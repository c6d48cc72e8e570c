//! The inbox: every update as it came, until it is answered.

pub(super) mod changes;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;

use super::leases::shard_of;
use super::{Fault, Store, Tx, View, in_round_numbers};
use crate::domain::ids::InboxId;
use crate::domain::platform::Platform;

/// A raw update, on its way into the inbox.
#[derive(Clone, Debug)]
pub struct RawUpdate {
    /// The platform's id of it, unique on that platform.
    pub update_id: String,
    /// The conversation it belongs to: updates of one lane are handled in order, lanes side by side.
    pub lane: String,
    /// The update as JSON, as it came.
    pub raw: String,
}

/// How many updates go into one statement, and when they are stored how many bytes: a server takes a megabyte or more.
const AT_ONCE: usize = 128;
const BYTES_AT_ONCE: usize = 512 * 1024;

/// How many come at once often enough to keep the statement.
const OFTEN: usize = 16;

/// How many of these go into one statement; one at least.
fn count_for_one_statement(updates: &[RawUpdate]) -> usize {
    let mut bytes = 0;
    let fits = updates.iter().take(AT_ONCE).take_while(|update| {
        bytes += update.raw.len();
        bytes <= BYTES_AT_ONCE
    });
    fits.count().max(1)
}

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
#[derive(Clone, Debug)]
pub struct Unanswered {
    /// Its id.
    pub id: InboxId,
    /// The conversation it belongs to.
    pub lane: String,
    /// Its place in its conversation, from one.
    pub in_line: u64,
}

impl Store {
    /// Stores updates; gives those that were not stored before, in their order.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn receive(&self, platform: Platform, updates: &[RawUpdate]) -> Result<Vec<InboxRow>, Fault> {
        let now = self.clock.now();
        let (mut rows, mut begin) = (Vec::new(), 0);
        while begin < updates.len() {
            let some = &updates[begin..begin + count_for_one_statement(&updates[begin..])];
            rows.extend(match self.insert(platform, some, now).await {
                // One of them was stored before: each by itself tells which.
                Err(fault) if fault.broken_key() == Some("inbox_update") => {
                    let mut rows = Vec::new();
                    for update in some {
                        match self.insert(platform, std::slice::from_ref(update), now).await {
                            Err(fault) if fault.broken_key() == Some("inbox_update") => {}
                            row => rows.extend(row?),
                        }
                    }
                    rows
                }
                rows => rows?,
            });
            begin += some.len();
        }
        Ok(rows)
    }

    async fn insert(
        &self,
        platform: Platform,
        updates: &[RawUpdate],
        now: DateTime<Utc>,
    ) -> Result<Vec<InboxRow>, Fault> {
        let mut query = QueryBuilder::new("INSERT INTO inbox (platform, update_id, lane, shard, raw, received_at) ");
        query.push_values(updates, |mut values, update| {
            values.push_bind(platform.code()).push_bind(&update.update_id);
            values.push_bind(&update.lane).push_bind(shard_of(&update.lane));
            values.push_bind(&update.raw).push_bind(now);
        });
        // Many at once come seldom: a statement of that length is not worth keeping, nor pushing others out.
        let query = query.build().persistent(updates.len() <= OFTEN);
        let first = query.execute(&self.pool).await?.last_insert_id();
        let ids = match updates {
            [update] => HashMap::from([(update.update_id.clone(), first)]),
            // The ids of one statement need not follow each other.
            _ => self.find_ids(platform, updates).await?,
        };
        let row = |update: &RawUpdate| {
            Some(InboxRow {
                id: InboxId(*ids.get(&update.update_id)?),
                lane: update.lane.clone(),
                shard: shard_of(&update.lane),
                raw: update.raw.clone(),
                received_at: now,
                attempts: 0,
                answer: None,
            })
        };
        Ok(updates.iter().filter_map(row).collect())
    }

    async fn find_ids(&self, platform: Platform, updates: &[RawUpdate]) -> Result<HashMap<String, u64>, Fault> {
        let mut query = QueryBuilder::new("SELECT update_id, id FROM inbox WHERE platform = ");
        query.push_bind(platform.code()).push(" AND update_id IN (");
        let mut ids = query.separated(", ");
        for update in in_round_numbers(updates) {
            ids.push_bind(&update.update_id);
        }
        query.push(")");
        let found: Vec<(String, u64)> = query.build_query_as().fetch_all(&self.pool).await?;
        Ok(found.into_iter().collect())
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
            "SELECT id AS `id!: u64`, lane AS `lane!`, in_line AS `in_line!: u64` FROM (
                SELECT i.id, i.lane, i.handled_at IS NOT NULL AS handled,
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
                lane: row.lane,
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

    /// The platform's id of the update that was stored last, but for changes of earlier ones.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn newest_update(&self, platform: Platform) -> Result<Option<String>, Fault> {
        let newest = sqlx::query_scalar!(
            "SELECT update_id FROM inbox WHERE platform = ? AND update_id NOT LIKE '%:%' ORDER BY id DESC LIMIT 1",
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
             WHERE p.platform = ? AND c.thread IS NOT NULL AND t.is_open = TRUE",
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
/// [`Fault::Overtaken`] when it is handled already, or its shard is not `owner`'s: the effect must not be made.
pub async fn mark_handled(tx: &mut Tx, row: &InboxRow, owner: &str, answer: &str) -> Result<(), Fault> {
    let now: DateTime<Utc> = tx.now();
    // `handled_at IS NULL` makes the effect happen once.
    let done = sqlx::query!(
        "UPDATE inbox SET handled_at = ?, answer = ?
         WHERE id = ? AND handled_at IS NULL
           AND EXISTS (SELECT 1 FROM shard_leases WHERE shard = ? AND owner = ? AND until > NOW(3))",
        now,
        answer,
        row.id.0,
        row.shard,
        owner,
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
pub async fn find_standing(view: &mut View, id: InboxId, owner: &str) -> Result<Standing, Fault> {
    let row = sqlx::query!(
        "SELECT i.answer, i.answered_at IS NOT NULL AS `answered!: bool`,
                l.owner = ? AND l.until > NOW(3) AS `ours!: bool`
         FROM inbox i JOIN shard_leases l ON l.shard = i.shard WHERE i.id = ?",
        owner,
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(match row {
        Some(row) if row.answered => Standing::Answered,
        Some(row) if row.ours => row.answer.map_or(Standing::Open, Standing::Handled),
        _ => Standing::Foreign,
    })
}

/// Leaves nothing of what was said in these updates, for which nothing is left to do.
///
/// # Errors
/// [`Fault`].
pub(super) async fn forget(tx: &mut Tx, ids: &[InboxId]) -> Result<(), Fault> {
    for id in ids {
        sqlx::query!("UPDATE inbox SET raw = '' WHERE id = ?", id.0)
            .execute(tx.db())
            .await?;
    }
    Ok(())
}

/// Marks updates answered: nothing is left to do for them.
///
/// # Errors
/// [`Fault`].
pub(super) async fn mark_answered(tx: &mut Tx, ids: &[InboxId]) -> Result<(), Fault> {
    let now = tx.now();
    for ids in ids.chunks(AT_ONCE) {
        let mut query = QueryBuilder::new("UPDATE inbox SET answered_at = ");
        query.push_bind(now).push(" WHERE id IN (");
        let mut list = query.separated(", ");
        for id in in_round_numbers(ids) {
            list.push_bind(id.0);
        }
        query.push(")");
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}
