//! Where the comments on tickets stand on the platforms: the messages their authors wrote, and the copies of ours.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::outbox::{self, Notice};
use super::{Fault, Tx, View, in_round_numbers, openings, own_cards};
use crate::domain::ids::{CommentId, IdentityId, TicketId};
use crate::domain::platform::Platform;
use crate::domain::receipt::Receipt;

/// How many rows go into one statement.
const AT_ONCE: usize = 128;

/// A message of somebody's on a platform.
#[derive(Clone, Copy, Debug)]
pub struct MessageAt<'a> {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the chat.
    pub chat: &'a str,
    /// The platform's id of the message.
    pub message_id: &'a str,
}

/// The message in which its author wrote a comment.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The comment.
    pub comment: CommentId,
    /// The chat it was written from.
    pub identity: IdentityId,
    /// The moment, as the platform tells it, of the latest edit that was taken.
    pub edited_at: Option<DateTime<Utc>>,
}

/// Keeps in which message a comment was written.
///
/// # Errors
/// [`Fault`].
pub async fn insert_source(
    tx: &mut Tx,
    at: MessageAt<'_>,
    comment: CommentId,
    identity: IdentityId,
) -> Result<(), Fault> {
    // The number of a message on Telegram may have been another's: see [`openings::insert`].
    sqlx::query!(
        "INSERT INTO comment_sources (platform, chat, message_id, comment_id, identity_id) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE comment_id = VALUES(comment_id), identity_id = VALUES(identity_id), edited_at = NULL,
                                 delivered = FALSE",
        at.platform.code(),
        at.chat,
        at.message_id,
        comment.0,
        identity.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the comment that somebody wrote in a message.
///
/// # Errors
/// [`Fault`].
pub async fn find_source(view: &mut View, at: MessageAt<'_>) -> Result<Option<Source>, Fault> {
    let row = sqlx::query!(
        r#"SELECT comment_id, identity_id, edited_at AS "edited_at: DateTime<Utc>" FROM comment_sources
           WHERE platform = ? AND chat = ? AND message_id = ?"#,
        at.platform.code(),
        at.chat,
        at.message_id,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| Source {
        comment: CommentId(row.comment_id),
        identity: IdentityId(row.identity_id),
        edited_at: row.edited_at,
    }))
}

/// Keeps that an edit of a message was taken.
///
/// # Errors
/// [`Fault`].
pub async fn set_edited(tx: &mut Tx, at: MessageAt<'_>, edited_at: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE comment_sources SET edited_at = ? WHERE platform = ? AND chat = ? AND message_id = ?",
        edited_at,
        at.platform.code(),
        at.chat,
        at.message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A line of a ticket's history in a message of ours.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the chat.
    pub chat: String,
    /// The platform's id of the message.
    pub message_id: String,
    /// The ticket.
    pub ticket: TicketId,
    /// The line.
    pub seq: u32,
    /// Whether the message holds nothing of it but files, or what could not be changed above: it goes with the rest, and
    /// is never edited.
    pub only_files: bool,
}

/// Writes down what stands in which message.
pub(super) async fn record(tx: &mut Tx, copies: &[&Copy]) -> Result<(), Fault> {
    for copies in copies.chunks(AT_ONCE) {
        let mut query =
            QueryBuilder::new("INSERT INTO copies (platform, chat, message_id, ticket_id, seq, only_files) ");
        query.push_values(in_round_numbers(copies), |mut values, copy| {
            values.push_bind(copy.platform.code()).push_bind(&copy.chat);
            values.push_bind(&copy.message_id).push_bind(copy.ticket.0);
            values.push_bind(copy.seq).push_bind(copy.only_files);
        });
        query.push(" ON DUPLICATE KEY UPDATE ticket_id = VALUES(ticket_id), only_files = VALUES(only_files)");
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

/// Lists the messages of ours in a chat in which a line stands, in order, and which of them are never edited.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    (ticket, seq): (TicketId, u32),
    platform: Platform,
    chat: &str,
) -> Result<Vec<(String, bool)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT message_id, only_files AS "only_files: bool" FROM copies
           WHERE ticket_id = ? AND seq = ? AND platform = ? AND chat = ? ORDER BY LENGTH(message_id), message_id"#,
        ticket.0,
        seq,
        platform.code(),
        chat,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| (row.message_id, row.only_files)).collect())
}

/// Lists all lines that stand in a message of ours, in order.
///
/// # Errors
/// [`Fault`].
pub async fn list_lines(view: &mut View, at: MessageAt<'_>) -> Result<Vec<u32>, Fault> {
    let lines = sqlx::query_scalar!(
        "SELECT seq FROM copies WHERE platform = ? AND chat = ? AND message_id = ? ORDER BY seq",
        at.platform.code(),
        at.chat,
        at.message_id,
    );
    Ok(lines.fetch_all(view.db()).await?)
}

/// Lists the comments that stand in a message of ours, with their tickets.
///
/// # Errors
/// [`Fault`].
pub async fn list_comments(view: &mut View, at: MessageAt<'_>) -> Result<Vec<(TicketId, CommentId)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT c.ticket_id, h.comment_id AS "comment_id!"
           FROM copies c JOIN history h ON h.ticket_id = c.ticket_id AND h.seq = c.seq
           WHERE c.platform = ? AND c.chat = ? AND c.message_id = ? AND h.comment_id IS NOT NULL"#,
        at.platform.code(),
        at.chat,
        at.message_id,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows
        .map(|row| (TicketId(row.ticket_id), CommentId(row.comment_id)))
        .collect())
}

/// Finds where its author wrote a comment: from which chat of theirs, and the place and id of the message.
///
/// # Errors
/// [`Fault`].
pub async fn find_original(
    view: &mut View,
    comment: CommentId,
) -> Result<Option<(IdentityId, (Platform, String, String))>, Fault> {
    let row = sqlx::query!(
        "SELECT identity_id, platform, chat, message_id FROM comment_sources WHERE comment_id = ? LIMIT 1",
        comment.0
    );
    let Some(row) = row.fetch_optional(view.db()).await? else {
        return Ok(None);
    };
    let message = (row.platform.parse()?, row.chat, row.message_id);
    Ok(Some((IdentityId(row.identity_id), message)))
}

/// Has those see that their words are delivered who wrote what came with these lines of histories: once each.
pub(super) async fn note_delivered(tx: &mut Tx, lines: &[(TicketId, u32)]) -> Result<(), Fault> {
    for lines in lines.chunks(AT_ONCE) {
        let mut query = QueryBuilder::new(
            "SELECT DISTINCT s.comment_id, s.identity_id
             FROM history h JOIN comment_sources s ON s.comment_id = h.comment_id WHERE NOT s.delivered AND (",
        );
        let mut either = query.separated(" OR ");
        for (ticket, seq) in in_round_numbers(lines) {
            either.push("(h.ticket_id = ").push_bind_unseparated(ticket.0);
            either.push_unseparated(" AND h.seq = ").push_bind_unseparated(seq);
            either.push_unseparated(")");
        }
        query.push(")");
        let found: Vec<(u64, u64)> = query.build_query_as().fetch_all(tx.db()).await?;
        if found.is_empty() {
            continue;
        }
        set_delivered(tx, &found).await?;
        let notices = found.into_iter().map(|(comment, identity)| Notice::Marked {
            identity: IdentityId(identity),
            comment: CommentId(comment),
            receipt: Receipt::Delivered,
        });
        outbox::insert(tx, &notices.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Each of these, with who wrote it, stands in one message.
async fn set_delivered(tx: &mut Tx, comments: &[(u64, u64)]) -> Result<(), Fault> {
    // By its index: whoever delivers other comments at this moment is not waited for.
    let mut query = QueryBuilder::new(
        "UPDATE comment_sources FORCE INDEX (comment_sources_comment) SET delivered = TRUE
         WHERE NOT delivered AND comment_id IN (",
    );
    let mut ids = query.separated(", ");
    for (comment, _) in in_round_numbers(comments) {
        ids.push_bind(comment);
    }
    query.push(")");
    let set = query.build().execute(tx.db()).await?.rows_affected();
    // Another replica delivered one of them elsewhere at this moment: once more, without it.
    if set < comments.len() as u64 {
        return Err(Fault::Overtaken("comment_sources"));
    }
    Ok(())
}

/// Forgets what stood in a message that is gone.
pub(super) async fn forget(tx: &mut Tx, at: MessageAt<'_>) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM copies WHERE platform = ? AND chat = ? AND message_id = ?",
        at.platform.code(),
        at.chat,
        at.message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets what stood in a chat, and what was written there.
pub(super) async fn forget_chat(tx: &mut Tx, platform: Platform, chat: &str) -> Result<(), Fault> {
    own_cards::forget_chat(tx, platform, chat).await?;
    openings::forget_chat(tx, platform, chat).await?;
    sqlx::query!(
        "DELETE FROM copies WHERE platform = ? AND chat = ?",
        platform.code(),
        chat
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "DELETE FROM comment_sources WHERE platform = ? AND chat = ?",
        platform.code(),
        chat
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets which comments somebody wrote from a chat.
pub(super) async fn forget_sources(tx: &mut Tx, identity: IdentityId) -> Result<(), Fault> {
    // Without a lock: a search that deletes what it finds would wait for whoever holds other rows.
    let written = sqlx::query_scalar!(
        "SELECT DISTINCT comment_id FROM comment_sources WHERE identity_id = ?",
        identity.0
    );
    for comment in written.fetch_all(tx.db()).await? {
        sqlx::query!(
            "DELETE FROM comment_sources WHERE comment_id = ? AND identity_id = ?",
            comment,
            identity.0
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}
