//! The messages out of which tickets were made.

use chrono::{DateTime, Utc};

use super::copies::MessageAt;
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::platform::Platform;

/// A message out of which a ticket was made.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The ticket.
    pub ticket: TicketId,
    /// Who made it.
    pub account: AccountId,
    /// The [mark](mark_of) of what the message said last.
    pub words: u32,
    /// The moment, as the platform tells it, of the latest edit that was taken.
    pub edited_at: Option<DateTime<Utc>>,
}

/// What tells a text from another: its CRC-32.
#[must_use]
pub fn mark_of(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

/// Keeps out of which message, which says this, somebody made a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    at: MessageAt<'_>,
    (ticket, account): (TicketId, AccountId),
    (text, edited_at): (&str, Option<DateTime<Utc>>),
) -> Result<(), Fault> {
    // A message makes one ticket. But where another bot takes the place of ours, a private chat on Telegram keeps its id,
    // and those of its messages begin anew.
    sqlx::query!(
        "INSERT INTO opening_messages (platform, chat, message_id, ticket_id, account_id, words, edited_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE ticket_id = VALUES(ticket_id), account_id = VALUES(account_id), words = VALUES(words),
                                 edited_at = VALUES(edited_at)",
        at.platform.code(),
        at.chat,
        at.message_id,
        ticket.0,
        account.0,
        mark_of(text),
        edited_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the ticket that was made out of a message.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, at: MessageAt<'_>) -> Result<Option<Opening>, Fault> {
    let row = sqlx::query!(
        r#"SELECT ticket_id, account_id, words, edited_at AS "edited_at: DateTime<Utc>" FROM opening_messages
           WHERE platform = ? AND chat = ? AND message_id = ?"#,
        at.platform.code(),
        at.chat,
        at.message_id,
    );
    Ok(row.fetch_optional(view.db()).await?.map(|row| Opening {
        ticket: TicketId(row.ticket_id),
        account: AccountId(row.account_id),
        words: row.words,
        edited_at: row.edited_at,
    }))
}

/// Keeps what a message says since it was edited.
///
/// # Errors
/// [`Fault`].
pub async fn set_edited(tx: &mut Tx, at: MessageAt<'_>, edited_at: DateTime<Utc>, text: &str) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE opening_messages SET words = ?, edited_at = ? WHERE platform = ? AND chat = ? AND message_id = ?",
        mark_of(text),
        edited_at,
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
