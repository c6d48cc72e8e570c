//! Comments that their authors change or take back.

use chrono::{DateTime, Utc};

use super::comments::CommentKind;
use super::inbox::changes;
use super::search::{self, Readers};
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, CommentId, TicketId};

/// A comment, as its author may change it.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its number.
    pub id: CommentId,
    /// The ticket.
    pub ticket: TicketId,
    /// Who wrote it.
    pub author: AccountId,
    /// Whether only staff read it.
    pub is_note: bool,
    /// What it says.
    pub body: String,
    /// Whether files came with it.
    pub has_files: bool,
    /// When it was taken back.
    pub retracted_at: Option<DateTime<Utc>>,
}

/// Finds a comment.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: CommentId) -> Result<Option<Comment>, Fault> {
    let row = sqlx::query!(
        r#"SELECT ticket_id, author_id, kind, body, retracted_at AS "retracted_at: DateTime<Utc>",
                  EXISTS (SELECT 1 FROM attachments WHERE comment_id = comments.id) AS "has_files!: bool"
           FROM comments WHERE id = ?"#,
        id.0
    );
    let row = row.fetch_optional(view.db()).await?;
    Ok(row.map(|row| Comment {
        id,
        ticket: TicketId(row.ticket_id),
        author: AccountId(row.author_id),
        is_note: row.kind == CommentKind::Note.code(),
        body: row.body,
        has_files: row.has_files,
        retracted_at: row.retracted_at,
    }))
}

/// The line of its ticket's history with which a comment came, and the newest that is about it.
///
/// # Errors
/// [`Fault`].
pub async fn find_lines(view: &mut View, id: CommentId) -> Result<Option<(u32, u32)>, Fault> {
    let row = sqlx::query!(
        "SELECT MIN(seq) AS first, MAX(seq) AS newest FROM history WHERE comment_id = ?",
        id.0
    );
    let row = row.fetch_one(view.db()).await?;
    Ok(row.first.zip(row.newest))
}

/// Whether only staff read a comment.
///
/// # Errors
/// [`Fault`].
pub async fn is_note(view: &mut View, id: CommentId) -> Result<bool, Fault> {
    let kind = sqlx::query_scalar!("SELECT kind FROM comments WHERE id = ?", id.0);
    Ok(kind.fetch_one(view.db()).await? == CommentKind::Note.code())
}

/// Has a comment say something else. What it said stays findable, as it stays in the history.
///
/// # Errors
/// [`Fault`].
pub async fn reword(tx: &mut Tx, comment: &Comment, body: &str) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE comments SET body = ?, edited_at = ? WHERE id = ?",
        body,
        now,
        comment.id.0
    )
    .execute(tx.db())
    .await?;
    let readers = if comment.is_note { Readers::Staff } else { Readers::Both };
    search::add_more(tx, comment.ticket, body, readers).await
}

/// Takes a comment back: nothing is kept of what it says or said before, its words find nothing, and its files are
/// discarded.
///
/// # Errors
/// [`Fault`].
pub async fn retract(tx: &mut Tx, comment: &Comment) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!("UPDATE comments SET retracted_at = ? WHERE id = ?", now, comment.id.0)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "INSERT INTO discarded_files (sha256) SELECT DISTINCT sha256 FROM attachments WHERE comment_id = ?
         ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256)",
        comment.id.0
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("DELETE FROM attachments WHERE comment_id = ?", comment.id.0)
        .execute(tx.db())
        .await?;
    search::forget(tx, comment.ticket, comment.id).await?;
    sqlx::query!("UPDATE comments SET body = '' WHERE id = ?", comment.id.0)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "UPDATE history SET detail_before = NULL, detail_after = NULL WHERE comment_id = ?",
        comment.id.0
    )
    .execute(tx.db())
    .await?;
    changes::forget_words_of(tx, comment.id).await
}
