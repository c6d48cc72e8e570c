//! What tickets are to each other.
//!
//! To add a kind: a variant of [`LinkKind`], with its code, and what shows it in [`Around`].

use super::{Fault, Tx, View, tickets};
use crate::domain::ids::{AccountId, PageId, PlaceId, TicketId};
use crate::domain::relation::{Relation, WebAddress};

/// What a ticket is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// It goes on where the other ended.
    Follows,
    /// The other can't be resolved before it.
    Blocks,
    /// It is about what the other is about already.
    Duplicates,
    /// They have something to do with each other: the one with the lower number says it.
    Relates,
}

impl LinkKind {
    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Blocks => "blocks",
            Self::Duplicates => "duplicates",
            Self::Relates => "relates",
        }
    }
}

/// How a relation is kept: which of the two says what of which.
fn kept(ticket: TicketId, relation: Relation, other: TicketId) -> (TicketId, LinkKind, TicketId) {
    match relation {
        Relation::Blocks => (ticket, LinkKind::Blocks, other),
        Relation::BlockedBy => (other, LinkKind::Blocks, ticket),
        Relation::Duplicates => (ticket, LinkKind::Duplicates, other),
        Relation::DuplicatedBy => (other, LinkKind::Duplicates, ticket),
        Relation::Relates if other < ticket => (other, LinkKind::Relates, ticket),
        Relation::Relates => (ticket, LinkKind::Relates, other),
    }
}

/// What is kept, as the ticket says it, or as the one says it that the link leads to.
pub(super) fn read(kind: &str, says_it: bool) -> Result<Relation, Fault> {
    let relation = match kind {
        "blocks" => Relation::Blocks,
        "duplicates" => Relation::Duplicates,
        "relates" => Relation::Relates,
        _ => return Err(Fault::Unreadable(format!("link {kind}"))),
    };
    Ok(if says_it { relation } else { relation.inverse() })
}

/// A ticket that another is linked to.
#[derive(Clone, Debug)]
pub struct Linked {
    /// What the other is to it.
    pub relation: Relation,
    /// This one.
    pub ticket: TicketId,
    /// Its title.
    pub title: String,
    /// Who asked for it.
    pub requester: AccountId,
}

/// Finds what a ticket is to another, beside following it; `None` where nothing was said of the two. How many links the
/// two have, of the one that has more.
///
/// # Errors
/// [`Fault`].
pub async fn find_between(
    view: &mut View,
    ticket: TicketId,
    other: TicketId,
) -> Result<(Option<Relation>, i64), Fault> {
    let found = sqlx::query!(
        "SELECT kind, ticket_id FROM ticket_links
         WHERE kind <> 'follows' AND ((ticket_id = ? AND other_id = ?) OR (ticket_id = ? AND other_id = ?))",
        ticket.0,
        other.0,
        other.0,
        ticket.0,
    );
    let found = found.fetch_optional(view.db()).await?;
    let relation = found
        .map(|row| read(&row.kind, row.ticket_id == ticket.0))
        .transpose()?;
    let mut most = 0;
    for one in [ticket, other] {
        let count = sqlx::query_scalar!(
            "SELECT COUNT(*) FROM ticket_links l JOIN tickets t ON t.id = l.ticket_id JOIN tickets o ON o.id = l.other_id
             WHERE l.kind <> 'follows' AND (l.ticket_id = ? OR l.other_id = ?)
               AND t.status <> 'deleted' AND o.status <> 'deleted'",
            one.0,
            one.0,
        );
        most = most.max(count.fetch_one(view.db()).await?);
    }
    Ok((relation, most))
}

/// Says what a ticket is to another.
///
/// # Errors
/// [`Fault`].
pub async fn relate(tx: &mut Tx, ticket: TicketId, relation: Relation, other: TicketId) -> Result<(), Fault> {
    let (ticket, kind, other) = kept(ticket, relation, other);
    insert(tx, ticket, kind, other).await
}

/// Takes it back.
///
/// # Errors
/// [`Fault`].
pub async fn unrelate(tx: &mut Tx, ticket: TicketId, relation: Relation, other: TicketId) -> Result<(), Fault> {
    let (ticket, kind, other) = kept(ticket, relation, other);
    sqlx::query!(
        "DELETE FROM ticket_links WHERE ticket_id = ? AND kind = ? AND other_id = ?",
        ticket.0,
        kind.code(),
        other.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A page that belongs to a ticket: its number, and its address.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its number.
    pub id: PageId,
    /// Its address.
    pub url: String,
}

/// Lists the pages of a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn list_pages(view: &mut View, ticket: TicketId) -> Result<Vec<Page>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, url FROM ticket_urls WHERE ticket_id = ? ORDER BY id",
        ticket.0
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    let pages = rows.map(|row| Page {
        id: PageId(row.id),
        url: row.url,
    });
    Ok(pages.collect())
}

/// Adds a page to a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn insert_page(tx: &mut Tx, ticket: TicketId, url: &WebAddress) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO ticket_urls (ticket_id, url) VALUES (?, ?)",
        ticket.0,
        url.as_str()
    )
    .execute(tx.db())
    .await?;
    tickets::mark_more(tx, ticket).await
}

/// Takes a page from a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn remove_page(tx: &mut Tx, ticket: TicketId, page: PageId) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM ticket_urls WHERE ticket_id = ? AND id = ?",
        ticket.0,
        page.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The tickets that one is linked to, as far as they are not deleted.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The one that it follows.
    pub follows: Option<TicketId>,
    /// The newest that follows it.
    pub followed_by: Option<TicketId>,
    /// What else it is linked to, in the order of their numbers.
    pub links: Vec<Linked>,
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
    tickets::mark_more(tx, ticket).await?;
    tickets::mark_more(tx, other).await
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
