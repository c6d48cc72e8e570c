//! The messages out of which tickets were made.

use chrono::{DateTime, Utc};

use super::copies::MessageAt;
use super::{Fault, Tx, View};
use crate::domain::ids::TicketId;
use crate::domain::platform::Platform;

/// Keeps out of which message, which says this, a ticket was made.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, at: MessageAt<'_>, ticket: TicketId, text: &str) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO opening_messages (platform, chat, message_id, ticket_id, words) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE ticket_id = VALUES(ticket_id), words = VALUES(words), edited_at = NULL",
        at.platform.code(),
        at.chat,
        at.message_id,
        ticket.0,
        crc32fast::hash(text.as_bytes()),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a message says since it was edited.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The words.
    pub text: &'a str,
    /// Since when, as the platform tells.
    pub at: DateTime<Utc>,
}

/// Finds the ticket that was made out of a message, unless that changes no word of it, or a newer edit was taken.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, at: MessageAt<'_>, change: Change<'_>) -> Result<Option<TicketId>, Fault> {
    let ticket = sqlx::query_scalar!(
        "SELECT ticket_id FROM opening_messages
         WHERE platform = ? AND chat = ? AND message_id = ? AND words <> ? AND (edited_at IS NULL OR edited_at <= ?)",
        at.platform.code(),
        at.chat,
        at.message_id,
        crc32fast::hash(change.text.as_bytes()),
        change.at,
    );
    Ok(ticket.fetch_optional(view.db()).await?.map(TicketId))
}

/// Keeps that an edit of a message was taken.
///
/// # Errors
/// [`Fault`].
pub async fn set_edited(tx: &mut Tx, at: MessageAt<'_>, change: Change<'_>) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE opening_messages SET words = ?, edited_at = ? WHERE platform = ? AND chat = ? AND message_id = ?",
        crc32fast::hash(change.text.as_bytes()),
        change.at,
        at.platform.code(),
        at.chat,
        at.message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets the messages of a chat.
pub(super) async fn forget_chat(tx: &mut Tx, platform: Platform, chat: &str) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM opening_messages WHERE platform = ? AND chat = ?",
        platform.code(),
        chat
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
