//! Link a ticket to another, or to a page elsewhere, and take that back.

use super::Error;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::{PageId, TicketId};
use crate::domain::relation::{Relation, WebAddress};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::history::Event;
use crate::store::{Tx, deletions, ticket_links, tickets};

/// To how many others a ticket is linked at most: each has its button where links are removed.
pub const MOST_LINKS: i64 = 15;
/// How many pages belong to it.
pub const MOST_PAGES: usize = 5;

/// Says what a ticket is to another. Of two who say something of the same two at once, one is refused.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn relate(
    tx: &mut Tx,
    by: &Actor,
    id: TicketId,
    relation: Relation,
    other: TicketId,
) -> Result<Ticket, Error> {
    let [ticket, linked] = both(tx, by, id, other).await?;
    let (said, links) = ticket_links::find_between(tx, id, other).await?;
    if said.is_some() {
        return Err(Refusal::LinkedAlready.into());
    }
    if links >= MOST_LINKS {
        return Err(Refusal::TooManyLinks.into());
    }
    ticket_links::relate(tx, id, relation, other).await?;
    changed(tx, by, &linked, (String::new(), link(relation.inverse(), id))).await?;
    changed(tx, by, &ticket, (String::new(), link(relation, other))).await
}

/// Takes back what a ticket is to another.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn unrelate(tx: &mut Tx, by: &Actor, id: TicketId, other: TicketId) -> Result<Ticket, Error> {
    let [ticket, linked] = both(tx, by, id, other).await?;
    let (said, _) = ticket_links::find_between(tx, id, other).await?;
    let relation = said.ok_or(Refusal::NotLinked)?;
    ticket_links::unrelate(tx, id, relation, other).await?;
    changed(tx, by, &linked, (link(relation.inverse(), id), String::new())).await?;
    changed(tx, by, &ticket, (link(relation, other), String::new())).await
}

/// Adds a page to a ticket.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn attach(tx: &mut Tx, by: &Actor, id: TicketId, url: &WebAddress) -> Result<Ticket, Error> {
    let ticket = one(tx, by, id).await?;
    let pages = ticket_links::list_pages(tx, id).await?;
    if pages.iter().any(|page| page.url == url.as_str()) {
        return Err(Refusal::LinkedAlready.into());
    }
    if pages.len() >= MOST_PAGES {
        return Err(Refusal::TooManyLinks.into());
    }
    ticket_links::insert_page(tx, id, url).await?;
    changed(tx, by, &ticket, (String::new(), url.to_string())).await
}

/// Takes a page from a ticket.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn detach(tx: &mut Tx, by: &Actor, id: TicketId, page: PageId) -> Result<Ticket, Error> {
    let ticket = one(tx, by, id).await?;
    let pages = ticket_links::list_pages(tx, id).await?;
    let page = pages
        .into_iter()
        .find(|known| known.id == page)
        .ok_or(Refusal::NotLinked)?;
    ticket_links::remove_page(tx, id, page.id).await?;
    changed(tx, by, &ticket, (page.url, String::new())).await
}

/// What the history keeps of it.
fn link(relation: Relation, other: TicketId) -> String {
    format!("{}:{other}", relation.code())
}

async fn one(tx: &mut Tx, by: &Actor, id: TicketId) -> Result<Ticket, Error> {
    // First, as for every deed on a ticket.
    deletions::hold_actor(tx, by).await?;
    permitted(tx, by, id).await
}

/// Both, locked in one order, whoever is linked to whom.
async fn both(tx: &mut Tx, by: &Actor, id: TicketId, other: TicketId) -> Result<[Ticket; 2], Error> {
    if id == other {
        return Err(Refusal::Itself.into());
    }
    deletions::hold_actor(tx, by).await?;
    let lower = permitted(tx, by, id.min(other)).await?;
    let higher = permitted(tx, by, id.max(other)).await?;
    Ok(if id < other { [lower, higher] } else { [higher, lower] })
}

async fn permitted(tx: &mut Tx, by: &Actor, id: TicketId) -> Result<Ticket, Error> {
    let ticket = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    ticket.permit(Action::Relate, by)?;
    Ok(ticket)
}

async fn changed(tx: &mut Tx, by: &Actor, before: &Ticket, details: (String, String)) -> Result<Ticket, Error> {
    let transition = before.permit(Action::Relate, by)?;
    let after = tickets::advance(tx, before, &transition).await?;
    let happened = Happened {
        event: Event::Done(Action::Relate),
        before: Some(before.state),
        comment: None,
        details: Some(details),
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(after)
}
