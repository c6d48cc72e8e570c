//! What could not be told, with the cause, until it is sent again.

use chrono::{DateTime, Utc};

use super::outbox::{self, Notice, OutboxRow};
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId, OutboxId, PlaceId, TicketId};
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::Platform;
use crate::metrics;

/// One line of the list of what could not be told.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// The id that it had in the outbox.
    pub id: OutboxId,
    /// The ticket it is about, with its title.
    pub ticket: Option<(TicketId, String)>,
    /// The person or the place it was for, and on which platform; nothing where neither is known any more.
    pub to: Option<(String, Platform)>,
    /// Why it could not be told.
    pub reason: Obstacle,
    /// The platform's words, or the fault's.
    pub cause: String,
    /// When it was given up.
    pub at: DateTime<Utc>,
}

/// Moves a row of the outbox to the dead letters; whether it was still there.
///
/// # Errors
/// [`Fault`].
pub async fn bury(tx: &mut Tx, row: &OutboxRow, reason: Obstacle, cause: &str) -> Result<bool, Fault> {
    if !outbox::acknowledge(tx, row).await? {
        return Ok(false);
    }
    let now = tx.now();
    let notice = row.notice().ok();
    sqlx::query!(
        "INSERT INTO dead_letters (id, dest, notice, attempts, cause, died_at, reason, ticket_id, identity_id, place_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.id.0,
        row.dest,
        row.text(),
        row.attempts.saturating_add(1),
        cause.chars().take(500).collect::<String>(),
        now,
        reason.code(),
        notice.as_ref().and_then(Notice::ticket).map(|ticket| ticket.0),
        notice.as_ref().and_then(Notice::identity).map(|identity| identity.0),
        notice.as_ref().and_then(Notice::place).map(|place| place.0),
    )
    .execute(tx.db())
    .await?;
    metrics::buried();
    Ok(true)
}

/// Whether something about this ticket lies here already that this person was to read.
///
/// # Errors
/// [`Fault`].
pub async fn is_missed(view: &mut View, identity: IdentityId, ticket: TicketId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT id FROM dead_letters WHERE identity_id = ? AND ticket_id = ? LIMIT 1",
        identity.0,
        ticket.0,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(found.is_some())
}

/// Whether words of this author on this ticket lie here already that a place was to read.
///
/// # Errors
/// [`Fault`].
pub async fn holds_words_of(
    view: &mut View,
    place: PlaceId,
    ticket: TicketId,
    author: AccountId,
) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT d.id FROM dead_letters d
         JOIN history h ON h.ticket_id = d.ticket_id AND h.seq = JSON_VALUE(d.notice, '$.thread.seq')
         WHERE d.place_id = ? AND d.ticket_id = ? AND h.actor_id = ? AND h.comment_id IS NOT NULL LIMIT 1",
        place.0,
        ticket.0,
        author.0,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(found.is_some())
}

/// Lists what could not be told, the newest first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View, limit: u32) -> Result<Vec<DeadLetter>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT d.id, d.reason, d.cause, d.died_at AS "at: DateTime<Utc>", d.ticket_id, t.title AS "title?",
                  COALESCE(a.name, i.display_name, p.name, p.chat) AS "name?",
                  COALESCE(i.platform, p.platform) AS "platform?"
           FROM dead_letters d
           LEFT JOIN tickets t ON t.id = d.ticket_id
           LEFT JOIN identities i ON i.id = d.identity_id
           LEFT JOIN accounts a ON a.id = i.account_id
           LEFT JOIN places p ON p.id = d.place_id AND d.identity_id IS NULL
           ORDER BY d.died_at DESC, d.id DESC LIMIT ?"#,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            let platform = row.platform.map(|code| code.parse()).transpose()?;
            Ok(DeadLetter {
                id: OutboxId(row.id),
                ticket: row.ticket_id.map(TicketId).zip(row.title),
                to: row.name.zip(platform),
                reason: row.reason.parse()?,
                cause: row.cause,
                at: row.at,
            })
        })
        .collect()
}

/// Counts what could not be told.
///
/// # Errors
/// [`Fault`].
pub async fn count(view: &mut View) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!("SELECT COUNT(*) FROM dead_letters")
        .fetch_one(view.db())
        .await?)
}

/// How many letters go back in one transaction, which has ten seconds.
const AT_ONCE: u32 = 500;

/// A letter to go back.
struct Kept {
    id: u64,
    notice: String,
}

/// Takes one letter, or the oldest, some hundreds at most, out to be sent again: what they say, the oldest first. What
/// can't be read stays.
///
/// # Errors
/// [`Fault`].
pub async fn take(tx: &mut Tx, id: Option<OutboxId>) -> Result<Vec<Notice>, Fault> {
    let (mut from, to) = id.map_or((0, u64::MAX), |id| (id.0, id.0));
    loop {
        let rows = sqlx::query_as!(
            Kept,
            "SELECT id, notice FROM dead_letters WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ? FOR UPDATE",
            from,
            to,
            AT_ONCE,
        );
        let rows = rows.fetch_all(tx.db()).await?;
        let behind = rows.last().filter(|_| is_cut_off(&rows)).map(|row| row.id + 1);
        let taken = remove(tx, rows).await?;
        match behind {
            Some(behind) if taken.is_empty() => from = behind,
            _ => return Ok(taken.into_iter().map(|(_, notice)| notice).collect()),
        }
    }
}

/// Puts what a person missed while they could not be reached back into the outbox, where it stood: the oldest, some
/// hundreds at most. Whether that was all.
///
/// # Errors
/// [`Fault`].
pub async fn revive_for_person(tx: &mut Tx, identity: IdentityId) -> Result<bool, Fault> {
    let rows = sqlx::query_as!(
        Kept,
        "SELECT id, notice FROM dead_letters
         WHERE identity_id = ? AND reason NOT IN ('refused', 'our-fault') ORDER BY id LIMIT ? FOR UPDATE",
        identity.0,
        AT_ONCE,
    );
    let rows = rows.fetch_all(tx.db()).await?;
    revive(tx, rows).await
}

/// Puts what a place missed while it was lost back into the outbox, where it stood: the oldest, some hundreds at most.
/// Whether that was all.
///
/// # Errors
/// [`Fault`].
pub async fn revive_for_place(tx: &mut Tx, place: PlaceId) -> Result<bool, Fault> {
    let rows = sqlx::query_as!(
        Kept,
        "SELECT id, notice FROM dead_letters
         WHERE place_id = ? AND identity_id IS NULL AND reason NOT IN ('refused', 'our-fault')
         ORDER BY id LIMIT ? FOR UPDATE",
        place.0,
        AT_ONCE,
    );
    let rows = rows.fetch_all(tx.db()).await?;
    revive(tx, rows).await
}

/// Under their own ids, so that they go before whatever was to be told later.
async fn revive(tx: &mut Tx, rows: Vec<Kept>) -> Result<bool, Fault> {
    let all = !is_cut_off(&rows);
    let taken = remove(tx, rows).await?;
    for (id, notice) in &taken {
        outbox::put_back(tx, *id, notice).await?;
    }
    // With nothing but letters that can't be read, another time would come to the same.
    Ok(all || taken.is_empty())
}

/// Whether there may be more behind them.
fn is_cut_off(rows: &[Kept]) -> bool {
    rows.len() >= AT_ONCE as usize
}

/// Takes letters out, but for those that can't be read. Built at run time, for the number of rows.
async fn remove(tx: &mut Tx, rows: Vec<Kept>) -> Result<Vec<(OutboxId, Notice)>, Fault> {
    let read = |row: Kept| Some((OutboxId(row.id), serde_json::from_str(&row.notice).ok()?));
    let taken: Vec<_> = rows.into_iter().filter_map(read).collect();
    if taken.is_empty() {
        return Ok(taken);
    }
    let mut delete = sqlx::QueryBuilder::new("DELETE FROM dead_letters WHERE id IN (");
    let mut ids = delete.separated(", ");
    for (id, _) in &taken {
        ids.push_bind(id.0);
    }
    ids.push_unseparated(")");
    delete.build().persistent(false).execute(tx.db()).await?;
    Ok(taken)
}
