//! Texts that the team sends often.

use super::directory::escaped;
use super::{Fault, Tx, View};
use crate::domain::ids::CannedId;
use crate::domain::permission::{CannedReplies, EveryTicket, Permit};
use crate::domain::text::{CannedName, CannedText};

/// The key by which no two have one name, however it is written.
const NAME: &str = "canned_replies_name";

/// One of them.
#[derive(Clone, Debug)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedId,
    /// Its name.
    pub name: String,
    /// The text, with its variables.
    pub body: String,
}

/// Lists those with these letters in their name, or all, from the one at `offset` on, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    letters: &str,
    (offset, limit): (u32, u32),
) -> Result<Vec<CannedReply>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, name, body FROM canned_replies WHERE name LIKE ? ORDER BY name = ? DESC, name, id LIMIT ? OFFSET ?",
        format!("%{}%", escaped(letters)),
        letters,
        limit,
        offset,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows
        .map(|row| CannedReply {
            id: CannedId(row.id),
            name: row.name,
            body: row.body,
        })
        .collect())
}

/// Finds one.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, _permit: Permit<EveryTicket>, id: CannedId) -> Result<Option<CannedReply>, Fault> {
    let row = sqlx::query!("SELECT name, body FROM canned_replies WHERE id = ?", id.0)
        .fetch_optional(view.db())
        .await?;
    Ok(row.map(|row| CannedReply {
        id,
        name: row.name,
        body: row.body,
    }))
}

/// Adds one; `None` when there is one of that name.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    _permit: Permit<CannedReplies>,
    name: &CannedName,
    text: &CannedText,
) -> Result<Option<CannedId>, Fault> {
    let done = sqlx::query!(
        "INSERT INTO canned_replies (name, body) VALUES (?, ?)",
        name.as_str(),
        text.as_str()
    );
    match done.execute(tx.db()).await.map_err(Fault::from) {
        Ok(done) => Ok(Some(CannedId(done.last_insert_id()))),
        Err(fault) if fault.broken_key() == Some(NAME) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Why one is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchanged {
    /// There is another of that name.
    NameTaken,
    /// It is not there any more.
    Gone,
}

/// Gives one another name.
///
/// # Errors
/// [`Fault`].
pub async fn rename(
    tx: &mut Tx,
    _permit: Permit<CannedReplies>,
    id: CannedId,
    name: &CannedName,
) -> Result<Result<(), Unchanged>, Fault> {
    let done = sqlx::query!("UPDATE canned_replies SET name = ? WHERE id = ?", name.as_str(), id.0);
    match done.execute(tx.db()).await.map_err(Fault::from) {
        Ok(done) if done.rows_affected() == 1 => Ok(Ok(())),
        Ok(_) => Ok(Err(Unchanged::Gone)),
        Err(fault) if fault.broken_key() == Some(NAME) => Ok(Err(Unchanged::NameTaken)),
        Err(fault) => Err(fault),
    }
}

/// Gives one another text.
///
/// # Errors
/// [`Fault`].
pub async fn rewrite(
    tx: &mut Tx,
    _permit: Permit<CannedReplies>,
    id: CannedId,
    text: &CannedText,
) -> Result<Result<(), Unchanged>, Fault> {
    let done = sqlx::query!("UPDATE canned_replies SET body = ? WHERE id = ?", text.as_str(), id.0)
        .execute(tx.db())
        .await?;
    Ok(if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Unchanged::Gone)
    })
}

/// Removes one. Whether it was there.
///
/// # Errors
/// [`Fault`].
pub async fn remove(tx: &mut Tx, _permit: Permit<CannedReplies>, id: CannedId) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM canned_replies WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() == 1)
}
