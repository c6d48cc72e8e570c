//! What may be sent next: the oldest row of each destination.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

use super::OutboxRow;
use crate::domain::ids::OutboxId;
use crate::store::{Fault, Store};

/// A destination, as the outbox's key has it: shard and name.
pub type Dest = (u16, String);

/// How many destinations are asked for in one statement.
const ASKED_AT_ONCE: usize = 100;

#[derive(FromRow)]
struct Head {
    shard: u16,
    dest: String,
    id: u64,
    platform: String,
    notice: String,
    attempts: u16,
    faults: u16,
    created_at: DateTime<Utc>,
}

impl Store {
    /// The id of the newest notice that waits, if any does.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn find_newest_notice(&self) -> Result<Option<OutboxId>, Fault> {
        let newest = sqlx::query_scalar!("SELECT MAX(id) FROM outbox")
            .fetch_one(&self.pool)
            .await?;
        Ok(newest.map(OutboxId))
    }

    /// Lists destinations for which there is something newer than that notice, at most `limit`.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_dests_after(&self, id: OutboxId, limit: usize) -> Result<Vec<Dest>, Fault> {
        let rows = sqlx::query!(
            "SELECT DISTINCT shard, dest FROM outbox WHERE id > ? LIMIT ?",
            id.0,
            u64::try_from(limit).unwrap_or(u64::MAX)
        );
        let rows = rows.fetch_all(&self.pool).await?.into_iter();
        Ok(rows.map(|row| (row.shard, row.dest)).collect())
    }

    /// Lists the oldest row of each of these destinations in the shards that are `owner`'s, where that row is due,
    /// oldest first. However much waits elsewhere, or behind these rows, it takes no longer.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads_of(&self, owner: &str, dests: &[Dest]) -> Result<Vec<OutboxRow>, Fault> {
        let now = self.clock.now();
        let mut heads = Vec::new();
        for dests in dests.chunks(ASKED_AT_ONCE) {
            let mut query = QueryBuilder::new("SELECT o.* FROM (");
            let mut heads_of = query.separated(" UNION ALL ");
            for (shard, dest) in dests {
                heads_of
                    .push(
                        "(SELECT shard, dest, id, platform, notice, attempts, faults, created_at, due_at
                          FROM outbox WHERE shard = ",
                    )
                    .push_bind_unseparated(shard)
                    .push_unseparated(" AND dest = ")
                    .push_bind_unseparated(dest)
                    .push_unseparated(" ORDER BY id LIMIT 1)");
            }
            query.push(") AS o JOIN shard_leases l ON l.shard = o.shard WHERE o.due_at <= ");
            query.push_bind(now);
            query.push(" AND l.owner = ").push_bind(owner);
            query.push(" AND l.until > NOW(3)");
            // Of another length each time: not worth keeping.
            let found = query.build_query_as::<Head>().persistent(false);
            heads.extend(found.fetch_all(&self.pool).await?);
        }
        heads.sort_unstable_by_key(|head| head.id);
        Ok(rows(heads))
    }

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
}

/// The rows, each with how many of its place or person are among them.
fn rows(heads: Vec<Head>) -> Vec<OutboxRow> {
    let mut rows: Vec<OutboxRow> = heads
        .into_iter()
        .map(|head| OutboxRow {
            shard: head.shard,
            dest: head.dest,
            id: OutboxId(head.id),
            platform: head.platform.parse().ok(),
            notice: head.notice,
            attempts: head.attempts,
            faults: head.faults,
            crowd: 1,
            created_at: head.created_at,
        })
        .collect();
    let mut crowds: HashMap<String, i64> = HashMap::new();
    for row in &rows {
        *crowds.entry(row.reader().to_owned()).or_default() += 1;
    }
    for row in &mut rows {
        row.crowd = crowds.get(row.reader()).copied().unwrap_or(1);
    }
    rows
}
