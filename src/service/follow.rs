//! A new ticket goes on where an older one ended; and what names a ticket because it is linked to it.

use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::ticket::Ticket;
use crate::store::outbox::{self, Notice};
use crate::store::ticket_links::{self, LinkKind};
use crate::store::{Fault, Tx, own_cards, tickets};

/// Links a new ticket to the one that it follows, if this person may have it followed still: between their first word and
/// their last it may be gone, and what they wrote is worth a ticket all the same.
///
/// # Errors
/// [`Fault`].
pub async fn follow(tx: &mut Tx, by: &Actor, new: &Ticket, old: TicketId) -> Result<(), Fault> {
    let old = tickets::lock(tx, old).await?;
    let may_be = |old: &Ticket| old.requester == new.requester && old.permit(Action::Follow, by).is_ok();
    let Some(old) = old.filter(may_be) else {
        return Ok(());
    };
    ticket_links::insert(tx, new.id, LinkKind::Follows, old.id).await?;
    tell_linked(tx, new.id).await
}

/// Has the cards of what is linked to a ticket brought up to date.
pub(super) async fn tell_linked(tx: &mut Tx, ticket: TicketId) -> Result<(), Fault> {
    let cards = ticket_links::list_cards(tx, ticket).await?.into_iter();
    let mut cards: Vec<_> = cards.map(|(place, ticket)| Notice::Card { place, ticket }).collect();
    cards.extend(own_cards::list_linked(tx, ticket).await?);
    outbox::insert(tx, &cards).await
}
