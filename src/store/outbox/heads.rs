//! What may be sent next: the oldest row of each destination.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

use super::{OutboxRow, reader};
use crate::domain::ids::OutboxId;
use crate::store::{Fault, Store, in_round_numbers};

/// A destination, as the outbox's key has it: shard and name.
pub type Dest = (u16, String);

/// How many destinations are asked for in one statement.
const ASKED_AT_ONCE: usize = 32;

/// A look at what is new.
#[derive(Debug)]
pub struct Fresh {
    /// The rows that are new, the newest first.
    pub rows: Vec<(Dest, OutboxId)>,
    /// Whether nothing that is new was left out.
    pub is_all: bool,
}

/// Which of some rows may be sent next.
#[derive(Debug)]
pub struct Firsts {
    /// Those that are the oldest of their destinations and due, oldest first.
    pub heads: Vec<OutboxRow>,
    /// The destinations of those that wait behind an older one.
    pub behind: Vec<Dest>,
}

/// How many rows are read in one statement.
const READ_AT_ONCE: u32 = 1_000;

/// The oldest row of a destination, without what it says.
struct Due {
    shard: u16,
    dest: String,
    id: u64,
    platform: String,
    is_ready: bool,
    /// How many rows were read with it.
    total: u32,
}

#[derive(Clone, FromRow)]
struct Head {
    shard: u16,
    dest: String,
    id: u64,
    platform: String,
    notice: String,
    attempts: u16,
    faults: u16,
    created_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct First {
    #[sqlx(flatten)]
    head: Head,
    is_behind: bool,
    is_followed: bool,
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

    /// Lists what is newer than that notice: of very much that is new the newest `limit` rows, so that it takes no
    /// longer.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_fresh(&self, after: OutboxId, limit: u32) -> Result<Fresh, Fault> {
        let rows = sqlx::query!(
            "SELECT shard, dest, id FROM outbox FORCE INDEX (outbox_id) WHERE id > ? ORDER BY id DESC LIMIT ?",
            after.0,
            limit,
        );
        let rows = rows.fetch_all(&self.pool).await?;
        let is_all = rows.len() < limit as usize;
        let rows = rows.into_iter();
        Ok(Fresh {
            rows: rows.map(|row| ((row.shard, row.dest), OutboxId(row.id))).collect(),
            is_all,
        })
    }

    /// Lists those of these rows that are the oldest of their destinations, in the shards that are `owner`'s.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_firsts(&self, owner: &str, rows: &[OutboxId]) -> Result<Firsts, Fault> {
        let now = self.clock.now();
        let (mut heads, mut behind) = (Vec::new(), Vec::new());
        for rows in rows.chunks(ASKED_AT_ONCE) {
            let mut query = QueryBuilder::new(
                "SELECT STRAIGHT_JOIN o.shard, o.dest, o.id, o.platform, o.notice, o.attempts, o.faults, o.created_at,
                        o.due_at,
                        (SELECT b.id FROM outbox b FORCE INDEX (PRIMARY) WHERE b.shard = o.shard AND b.dest = o.dest
                         ORDER BY b.id LIMIT 1) < o.id AS is_behind,
                        (SELECT a.id FROM outbox a FORCE INDEX (PRIMARY) WHERE a.shard = o.shard AND a.dest = o.dest
                         ORDER BY a.id DESC LIMIT 1) > o.id AS is_followed
                 FROM outbox o FORCE INDEX (outbox_id) JOIN shard_leases l ON l.shard = o.shard
                 WHERE l.until > NOW(3) AND l.owner = ",
            );
            query.push_bind(owner).push(" AND o.id IN (");
            let mut ids = query.separated(", ");
            for id in in_round_numbers(rows) {
                ids.push_bind(id.0);
            }
            query.push(")");
            for first in query.build_query_as::<First>().fetch_all(&self.pool).await? {
                if first.is_behind {
                    behind.push((first.head.shard, first.head.dest));
                } else if first.head.due_at <= now {
                    heads.push(OutboxRow {
                        is_followed: first.is_followed,
                        ..first.head.into()
                    });
                }
            }
        }
        Ok(Firsts {
            heads: with_crowds(heads),
            behind,
        })
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
            let mut query = QueryBuilder::new("");
            // Not as a table to select from: for one with texts in it the server makes a file.
            let mut heads_of = query.separated(" UNION ALL ");
            for (shard, dest) in in_round_numbers(dests) {
                heads_of
                    .push(
                        "(SELECT o.shard, o.dest, o.id, o.platform, o.notice, o.attempts, o.faults, o.created_at, o.due_at
                          FROM outbox o JOIN shard_leases l ON l.shard = o.shard
                          WHERE l.until > NOW(3) AND l.owner = ",
                    )
                    .push_bind_unseparated(owner)
                    .push_unseparated(" AND o.shard = ")
                    .push_bind_unseparated(shard)
                    .push_unseparated(" AND o.dest = ")
                    .push_bind_unseparated(dest)
                    .push_unseparated(" ORDER BY o.id LIMIT 2)");
            }
            heads.extend(query.build_query_as::<Head>().fetch_all(&self.pool).await?);
        }
        Ok(first_of_each(heads, now))
    }

    /// Lists the oldest row of destinations in the shards that are `owner`'s, where that row is due: at most
    /// `abreast` of one place or person, at most `limit` of one platform, oldest first. Without those in shards where
    /// nothing `may_begin`, which would take the places of others.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_heads(
        &self,
        owner: &str,
        may_begin: impl Fn(u16) -> bool,
        abreast: usize,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, Fault> {
        let mut due = self.list_due(owner).await?;
        due.retain(|head| may_begin(head.shard));
        due.sort_unstable_by_key(|head| head.id);
        let crowds = count_readers(due.iter().map(|head| head.dest.as_str()));
        let (mut readers, mut platforms) = (HashMap::new(), HashMap::new());
        due.retain(|head| {
            let abreast_of = readers.entry(reader(&head.dest).to_owned()).or_insert(0);
            let on_platform = platforms.entry(head.platform.clone()).or_insert(0);
            let is_among_the_first = *abreast_of < abreast && *on_platform < limit;
            *abreast_of += 1;
            *on_platform += usize::from(is_among_the_first);
            is_among_the_first
        });
        let dests: Vec<Dest> = due.into_iter().map(|head| (head.shard, head.dest)).collect();
        let mut heads = self.list_heads_of(owner, &dests).await?;
        for head in &mut heads {
            head.crowd = crowds.get(head.reader()).copied().unwrap_or(head.crowd);
        }
        Ok(heads)
    }

    /// The oldest row of every destination in the shards that are `owner`'s, where that row is due. Goes through the
    /// outbox in the order of its key, and of many rows of one destination reads but the first thousand: which plan the
    /// server would choose for MIN(id) depends on what it happens to know of the table.
    async fn list_due(&self, owner: &str) -> Result<Vec<Due>, Fault> {
        let now = self.clock.now();
        let mut heads: Vec<Due> = Vec::new();
        let mut last: Dest = (0, String::new());
        loop {
            let rows = sqlx::query_as!(
                Due,
                r#"SELECT shard AS "shard!: u16", dest AS "dest!: String", id AS "id!: u64",
                          platform AS "platform!: String", is_ready AS "is_ready!: bool", total AS "total!: u32"
                   FROM (
                      SELECT some.*, COUNT(*) OVER () AS total,
                             ROW_NUMBER() OVER (PARTITION BY shard, dest ORDER BY id) AS place_in_line
                      FROM (
                          SELECT o.shard, o.dest, o.id, o.platform,
                                 o.due_at <= ? AND l.until > NOW(3) AS is_ready
                          FROM outbox o FORCE INDEX (PRIMARY) STRAIGHT_JOIN shard_leases l ON l.shard = o.shard
                          WHERE l.owner = ? AND ((o.shard = ? AND o.dest > ?) OR o.shard > ?)
                          ORDER BY o.shard, o.dest, o.id LIMIT ?
                      ) AS some
                   ) AS heads
                   WHERE place_in_line = 1 ORDER BY shard, dest"#,
                now,
                owner,
                last.0,
                last.1,
                last.0,
                READ_AT_ONCE,
            );
            let rows = rows.fetch_all(&self.pool).await?;
            let newest = rows.last().filter(|row| row.total >= READ_AT_ONCE);
            let next = newest.map(|row| (row.shard, row.dest.clone()));
            heads.extend(rows.into_iter().filter(|head| head.is_ready));
            match next {
                Some(next) => last = next,
                None => return Ok(heads),
            }
        }
    }
}

/// The first row of each destination, where it is due.
fn first_of_each(mut rows: Vec<Head>, now: DateTime<Utc>) -> Vec<OutboxRow> {
    rows.sort_unstable_by(|a, b| (a.shard, &a.dest, a.id).cmp(&(b.shard, &b.dest, b.id)));
    rows.dedup_by_key(|row| row.id);
    let mut heads: Vec<OutboxRow> = Vec::new();
    for of_dest in rows.chunk_by(|a, b| (a.shard, &a.dest) == (b.shard, &b.dest)) {
        if let Some(head) = of_dest.first().filter(|head| head.due_at <= now) {
            heads.push(OutboxRow {
                is_followed: of_dest.len() > 1,
                ..head.clone().into()
            });
        }
    }
    with_crowds(heads)
}

/// The rows, oldest first, each with how many of its place or person are among them.
fn with_crowds(mut heads: Vec<OutboxRow>) -> Vec<OutboxRow> {
    heads.sort_unstable_by_key(|head| head.id);
    let crowds = count_readers(heads.iter().map(|head| head.dest.as_str()));
    for head in &mut heads {
        head.crowd = crowds.get(head.reader()).copied().unwrap_or(1);
    }
    heads
}

impl From<Head> for OutboxRow {
    fn from(head: Head) -> Self {
        Self {
            crowd: 1,
            is_followed: false,
            shard: head.shard,
            dest: head.dest,
            id: OutboxId(head.id),
            carrier: head.platform.parse().ok(),
            notice: head.notice,
            attempts: head.attempts,
            faults: head.faults,
            created_at: head.created_at,
        }
    }
}

/// How many of these destinations each place or person has.
fn count_readers<'a>(dests: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    let mut crowds = HashMap::new();
    for dest in dests {
        *crowds.entry(reader(dest).to_owned()).or_default() += 1;
    }
    crowds
}
