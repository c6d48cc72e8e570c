//! Marks on people and places that can't be written to.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Fault, Tx};
use crate::domain::ids::{IdentityId, PlaceId};
use crate::domain::obstacle::Obstacle;

/// That a person, or a place, can't be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When that was last found.
    pub at: DateTime<Utc>,
    /// Why.
    pub obstacle: Obstacle,
}

/// How long a mark is believed. After that the next notice tries again: not everything that opens a way is told.
pub(super) const BELIEVED: TimeDelta = TimeDelta::minutes(10);

impl Mark {
    pub(super) fn read(at: Option<DateTime<Utc>>, cause: Option<&str>) -> Result<Option<Self>, Fault> {
        let (Some(at), Some(cause)) = (at, cause) else {
            return Ok(None);
        };
        let obstacle = cause.parse()?;
        Ok(Some(Self { at, obstacle }))
    }

    /// Whether there is no use in trying at this moment.
    #[must_use]
    pub fn is_believed(&self, now: DateTime<Utc>) -> bool {
        now - self.at < BELIEVED
    }
}

/// Reads a person's mark, such that it stays as it is until the commit.
///
/// # Errors
/// [`Fault`].
pub async fn lock_person(tx: &mut Tx, id: IdentityId) -> Result<Option<Mark>, Fault> {
    let row = sqlx::query!(
        "SELECT unreachable_at AS `at: DateTime<Utc>`, unreachable_cause FROM identities WHERE id = ? FOR UPDATE",
        id.0,
    )
    .fetch_optional(tx.db())
    .await?;
    match row {
        Some(row) => Mark::read(row.at, row.unreachable_cause.as_deref()),
        None => Ok(None),
    }
}

/// Reads a place's mark, such that it stays as it is until the commit.
///
/// # Errors
/// [`Fault`].
pub async fn lock_place(tx: &mut Tx, id: PlaceId) -> Result<Option<Mark>, Fault> {
    let row = sqlx::query!(
        "SELECT lost_at AS `at: DateTime<Utc>`, lost_cause FROM places WHERE id = ? FOR UPDATE",
        id.0,
    )
    .fetch_optional(tx.db())
    .await?;
    match row {
        Some(row) => Mark::read(row.at, row.lost_cause.as_deref()),
        None => Ok(None),
    }
}

/// Marks a person; whether they were not marked before. A mark that is believed stays as it is.
///
/// # Errors
/// [`Fault`].
pub async fn mark_person(tx: &mut Tx, id: IdentityId, obstacle: Obstacle) -> Result<bool, Fault> {
    let now = tx.now();
    let marked = sqlx::query!(
        "UPDATE identities SET unreachable_at = ?, unreachable_cause = ? WHERE id = ? AND unreachable_at IS NULL",
        now,
        obstacle.code(),
        id.0,
    )
    .execute(tx.db())
    .await?;
    if marked.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query!(
        "UPDATE identities SET unreachable_at = ?, unreachable_cause = ? WHERE id = ? AND unreachable_at <= ?",
        now,
        obstacle.code(),
        id.0,
        now - BELIEVED,
    )
    .execute(tx.db())
    .await?;
    Ok(false)
}

/// Takes a person's mark away.
///
/// # Errors
/// [`Fault`].
pub async fn clear_person(tx: &mut Tx, id: IdentityId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE identities SET unreachable_at = NULL, unreachable_cause = NULL
         WHERE id = ? AND unreachable_at IS NOT NULL",
        id.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Has the next notice try a marked person again.
///
/// # Errors
/// [`Fault`].
pub async fn doubt_person(tx: &mut Tx, id: IdentityId) -> Result<(), Fault> {
    let long_ago = tx.now() - BELIEVED;
    sqlx::query!(
        "UPDATE identities SET unreachable_at = ? WHERE id = ? AND unreachable_at > ?",
        long_ago,
        id.0,
        long_ago,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Marks a place; whether that is news. A mark that is believed stays as it is, unless it was only about threads.
///
/// # Errors
/// [`Fault`].
pub async fn mark_place(tx: &mut Tx, id: PlaceId, obstacle: Obstacle) -> Result<bool, Fault> {
    let now = tx.now();
    let marked = sqlx::query!(
        "UPDATE places SET lost_at = ?, lost_cause = ?
         WHERE id = ? AND (lost_at IS NULL OR (lost_cause = 'no-threads' AND ? <> 'no-threads'))",
        now,
        obstacle.code(),
        id.0,
        obstacle.code(),
    )
    .execute(tx.db())
    .await?;
    if marked.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query!(
        "UPDATE places SET lost_at = ?, lost_cause = ? WHERE id = ? AND lost_at <= ?",
        now,
        obstacle.code(),
        id.0,
        now - BELIEVED,
    )
    .execute(tx.db())
    .await?;
    Ok(false)
}

/// Takes a place's mark away.
///
/// # Errors
/// [`Fault`].
pub async fn clear_place(tx: &mut Tx, id: PlaceId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE places SET lost_at = NULL, lost_cause = NULL WHERE id = ? AND lost_at IS NOT NULL",
        id.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Has the next notice try a marked place again.
///
/// # Errors
/// [`Fault`].
pub async fn doubt_place(tx: &mut Tx, id: PlaceId) -> Result<(), Fault> {
    let long_ago = tx.now() - BELIEVED;
    sqlx::query!(
        "UPDATE places SET lost_at = ? WHERE id = ? AND lost_at > ?",
        long_ago,
        id.0,
        long_ago,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
