//! What people write on tickets, and the files with it.

use chrono::{DateTime, Utc};

use super::search::{self, Readers};
use super::{Fault, Tx, View};
use crate::domain::account::Named;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CommentId, TicketId};

/// The kinds of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// Both sides read it.
    Comment,
    /// Only staff read it.
    Note,
    /// What a technician asks the requester.
    Question,
    /// What was done, when it is resolved.
    Report,
    /// What still fails, when it is reopened.
    Reason,
}

impl CommentKind {
    const ALL: [Self; 5] = [Self::Comment, Self::Note, Self::Question, Self::Report, Self::Reason];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Note => "note",
            Self::Question => "question",
            Self::Report => "report",
            Self::Reason => "reason",
        }
    }
}

/// Adds a comment.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    ticket: TicketId,
    by: AccountId,
    kind: CommentKind,
    body: &str,
) -> Result<CommentId, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO comments (ticket_id, author_id, kind, body, written_at) VALUES (?, ?, ?, ?, ?)",
        ticket.0,
        by.0,
        kind.code(),
        body,
        now,
    )
    .execute(tx.db())
    .await?;
    let readers = match kind {
        CommentKind::Note => Readers::Staff,
        CommentKind::Comment | CommentKind::Question | CommentKind::Report | CommentKind::Reason => Readers::Both,
    };
    search::add_more(tx, ticket, body, readers).await?;
    Ok(CommentId(done.last_insert_id()))
}

/// What somebody wrote on a ticket.
#[derive(Clone, Debug)]
pub struct Words {
    /// What kind of comment it is.
    pub kind: CommentKind,
    /// Who wrote it.
    pub author: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub body: String,
}

impl Words {
    pub(super) fn read(kind: &str, author: Option<String>, at: DateTime<Utc>, body: String) -> Result<Self, Fault> {
        let known = CommentKind::ALL.into_iter().find(|known| known.code() == kind);
        Ok(Self {
            kind: known.ok_or_else(|| Fault::Unreadable(format!("comment kind {kind}")))?,
            author: Named::read(author),
            at,
            body,
        })
    }
}

/// Lists the last `limit` comments on a ticket that are not taken back with their numbers, oldest first; internal notes only `with_notes`.
///
/// # Errors
/// [`Fault`].
pub async fn list_numbered(
    view: &mut View,
    ticket: TicketId,
    with_notes: bool,
    limit: u32,
) -> Result<Vec<(CommentId, Words)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.kind, a.name, c.written_at AS "at: DateTime<Utc>", c.body
           FROM comments c JOIN accounts a ON a.id = c.author_id
           WHERE c.ticket_id = ? AND (? OR c.kind <> 'note') AND c.retracted_at IS NULL ORDER BY c.id DESC LIMIT ?"#,
        ticket.0,
        with_notes,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    let words = rows.into_iter().rev().map(|row| {
        Ok((
            CommentId(row.id),
            Words::read(&row.kind, Some(row.name), row.at, row.body)?,
        ))
    });
    words.collect()
}

/// Attaches files to a ticket, or to one of its comments.
///
/// # Errors
/// [`Fault`].
pub async fn insert_attachments(
    tx: &mut Tx,
    ticket: TicketId,
    comment: Option<CommentId>,
    files: &[StoredFile],
) -> Result<(), Fault> {
    for file in files {
        sqlx::query!(
            "INSERT INTO attachments (ticket_id, comment_id, sha256, name, media_type, size) VALUES (?, ?, ?, ?, ?, ?)",
            ticket.0,
            comment.map(|comment| comment.0),
            file.sha256,
            file.name,
            file.media_type,
            file.size,
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}

/// Lists the files of a ticket itself (`comment` is `None`) or of one of its comments.
///
/// # Errors
/// [`Fault`].
pub async fn list_attachments(
    view: &mut View,
    ticket: TicketId,
    comment: Option<CommentId>,
) -> Result<Vec<StoredFile>, Fault> {
    Ok(sqlx::query_as!(
        StoredFile,
        "SELECT sha256, name, media_type, size FROM attachments WHERE ticket_id = ? AND comment_id <=> ? ORDER BY id",
        ticket.0,
        comment.map(|comment| comment.0),
    )
    .fetch_all(view.db())
    .await?)
}

/// Lists all files of a ticket, with the comment that each came with.
///
/// # Errors
/// [`Fault`].
pub async fn list_all_attachments(
    view: &mut View,
    ticket: TicketId,
) -> Result<Vec<(Option<CommentId>, StoredFile)>, Fault> {
    let rows = sqlx::query!(
        "SELECT comment_id, sha256, name, media_type, size FROM attachments WHERE ticket_id = ? ORDER BY id",
        ticket.0,
    );
    let files = rows.fetch_all(view.db()).await?.into_iter().map(|row| {
        let file = StoredFile {
            sha256: row.sha256,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
        };
        (row.comment_id.map(CommentId), file)
    });
    Ok(files.collect())
}
