//! Which messages and threads on the platforms belong to which ticket.

use super::{Fault, Tx, View};
use crate::domain::ids::{PlaceId, TicketId};
use crate::domain::platform::{Platform, Spot};

/// Where a ticket stands in a staff place.
#[derive(Clone, Debug)]
pub struct Card {
    /// The platform's id of the card's message.
    pub message_id: String,
    /// Its thread or topic.
    pub thread: Option<Spot>,
}

/// Finds a ticket's card in a place.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, ticket: TicketId, place: PlaceId) -> Result<Option<Card>, Fault> {
    let row = sqlx::query!(
        "SELECT message_id, thread FROM cards WHERE ticket_id = ? AND place_id = ?",
        ticket.0,
        place.0
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| Card {
        message_id: row.message_id,
        thread: row.thread.and_then(|spot| spot.parse().ok()),
    }))
}

/// Writes down a card that was posted (again).
///
/// # Errors
/// [`Fault`].
pub async fn set_message(tx: &mut Tx, ticket: TicketId, place: PlaceId, message_id: &str) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO cards (ticket_id, place_id, message_id) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE message_id = VALUES(message_id)",
        ticket.0,
        place.0,
        message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes down a card's thread, or that it has none any more.
///
/// # Errors
/// [`Fault`].
pub async fn set_thread(tx: &mut Tx, ticket: TicketId, place: PlaceId, thread: Option<&Spot>) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE cards SET thread = ? WHERE ticket_id = ? AND place_id = ?",
        thread.map(ToString::to_string),
        ticket.0,
        place.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the ticket whose thread a spot is, and the place of its card.
///
/// # Errors
/// [`Fault`].
pub async fn find_by_thread(
    view: &mut View,
    platform: Platform,
    thread: &Spot,
) -> Result<Option<(TicketId, PlaceId)>, Fault> {
    let row = sqlx::query!(
        "SELECT c.ticket_id, c.place_id FROM cards c JOIN places p ON p.id = c.place_id
         WHERE c.thread = ? AND p.platform = ?",
        thread.to_string(),
        platform.code(),
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| (TicketId(row.ticket_id), PlaceId(row.place_id))))
}

/// A message of ours that speaks of a ticket.
#[derive(Clone, Copy, Debug)]
pub struct Mention {
    /// The ticket.
    pub ticket: TicketId,
    /// It carries words of the requester to staff: an answer to it goes to the requester.
    pub relays: bool,
}

/// Writes down that a message speaks of a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn record_message(
    tx: &mut Tx,
    platform: Platform,
    chat: &str,
    message_id: &str,
    mention: Mention,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO messages (platform, chat, message_id, ticket_id, relays) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE ticket_id = VALUES(ticket_id), relays = VALUES(relays)",
        platform.code(),
        chat,
        message_id,
        mention.ticket.0,
        mention.relays,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the ticket that a message speaks of.
///
/// # Errors
/// [`Fault`].
pub async fn find_message(
    view: &mut View,
    platform: Platform,
    chat: &str,
    message_id: &str,
) -> Result<Option<Mention>, Fault> {
    let row = sqlx::query!(
        "SELECT ticket_id, relays FROM messages WHERE platform = ? AND chat = ? AND message_id = ?",
        platform.code(),
        chat,
        message_id,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| Mention {
        ticket: TicketId(row.ticket_id),
        relays: row.relays != 0,
    }))
}
