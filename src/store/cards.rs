//! Which messages and threads on the platforms belong to which ticket.

use sqlx::QueryBuilder;

use super::{Fault, Tx, View, in_round_numbers};
use crate::domain::ids::{PlaceId, TicketId};
use crate::domain::platform::{Platform, Spot};

/// How many rows go into one statement.
const AT_ONCE: usize = 128;

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

/// Writes down how cards stand that were posted (again), or whose threads were opened.
pub(super) async fn set(tx: &mut Tx, cards: &[(TicketId, PlaceId, &Card)]) -> Result<(), Fault> {
    for cards in cards.chunks(AT_ONCE) {
        let mut query = QueryBuilder::new("INSERT INTO cards (ticket_id, place_id, message_id, thread) ");
        query.push_values(in_round_numbers(cards), |mut values, (ticket, place, card)| {
            values
                .push_bind(ticket.0)
                .push_bind(place.0)
                .push_bind(&card.message_id);
            values.push_bind(card.thread.as_ref().map(ToString::to_string));
        });
        query.push(" ON DUPLICATE KEY UPDATE message_id = VALUES(message_id), thread = VALUES(thread)");
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

/// Forgets a ticket's card in a place.
pub(super) async fn remove(tx: &mut Tx, ticket: TicketId, place: PlaceId) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM cards WHERE ticket_id = ? AND place_id = ?",
        ticket.0,
        place.0
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

/// A message of ours that speaks of a ticket, and where it stands.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the chat.
    pub chat: String,
    /// The platform's id of the message.
    pub message_id: String,
    /// What it speaks of.
    pub mention: Mention,
}

/// Writes down which messages speak of tickets.
pub(super) async fn record_messages(tx: &mut Tx, messages: &[&Posted]) -> Result<(), Fault> {
    for messages in messages.chunks(AT_ONCE) {
        let mut query = QueryBuilder::new("INSERT INTO messages (platform, chat, message_id, ticket_id, relays) ");
        query.push_values(in_round_numbers(messages), |mut values, posted| {
            values.push_bind(posted.platform.code()).push_bind(&posted.chat);
            values.push_bind(&posted.message_id);
            values
                .push_bind(posted.mention.ticket.0)
                .push_bind(posted.mention.relays);
        });
        query.push(" ON DUPLICATE KEY UPDATE ticket_id = VALUES(ticket_id), relays = VALUES(relays)");
        query.build().execute(tx.db()).await?;
    }
    Ok(())
}

/// Lists our messages in a chat that speak of a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn list_messages(
    view: &mut View,
    ticket: TicketId,
    platform: Platform,
    chat: &str,
) -> Result<Vec<String>, Fault> {
    let messages = sqlx::query_scalar!(
        "SELECT message_id FROM messages WHERE ticket_id = ? AND platform = ? AND chat = ?",
        ticket.0,
        platform.code(),
        chat,
    );
    Ok(messages.fetch_all(view.db()).await?)
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
