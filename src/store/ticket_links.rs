//! What tickets are to each other.
//!
//! To add a kind: a variant of [`LinkKind`], with its code, and what shows it in [`Around`].

use super::{Fault, Tx, View};
use crate::domain::ids::{PlaceId, TicketId};

/// What a ticket is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// It goes on where the other ended.
    Follows,
}

impl LinkKind {
    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Follows => "follows",
        }
    }
}

/// The tickets that one is linked to, as far as they are not deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The one that it follows.
    pub follows: Option<TicketId>,
    /// The newest that follows it.
    pub followed_by: Option<TicketId>,
}

/// Links a ticket to another.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, ticket: TicketId, kind: LinkKind, other: TicketId) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO ticket_links (ticket_id, kind, other_id) VALUES (?, ?, ?)",
        ticket.0,
        kind.code(),
        other.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds what a ticket is linked to.
///
/// # Errors
/// [`Fault`].
pub async fn find_around(view: &mut View, ticket: TicketId) -> Result<Around, Fault> {
    let row = sqlx::query!(
        "SELECT (SELECT MAX(l.other_id) FROM ticket_links l JOIN tickets o ON o.id = l.other_id
                 WHERE l.ticket_id = ? AND l.kind = ? AND o.status <> 'deleted') AS follows,
                (SELECT MAX(l.ticket_id) FROM ticket_links l JOIN tickets o ON o.id = l.ticket_id
                 WHERE l.other_id = ? AND l.kind = ? AND o.status <> 'deleted') AS followed_by",
        ticket.0,
        LinkKind::Follows.code(),
        ticket.0,
        LinkKind::Follows.code(),
    )
    .fetch_one(view.db())
    .await?;
    Ok(Around {
        follows: row.follows.map(TicketId),
        followed_by: row.followed_by.map(TicketId),
    })
}

/// Lists the cards that name a ticket because theirs is linked to it.
///
/// # Errors
/// [`Fault`].
pub async fn list_cards(view: &mut View, ticket: TicketId) -> Result<Vec<(PlaceId, TicketId)>, Fault> {
    let rows = sqlx::query!(
        "SELECT c.place_id, c.ticket_id FROM ticket_links l JOIN cards c ON c.ticket_id = l.other_id
         WHERE l.ticket_id = ?
         UNION SELECT c.place_id, c.ticket_id FROM ticket_links l JOIN cards c ON c.ticket_id = l.ticket_id
         WHERE l.other_id = ?",
        ticket.0,
        ticket.0,
    )
    .fetch_all(view.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (PlaceId(row.place_id), TicketId(row.ticket_id)))
        .collect())
}
