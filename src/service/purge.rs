//! A ticket purged: nothing is left of it but its number.

use super::Error;
use super::follow::tell_linked;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::permission::{Permit, Purge};
use crate::domain::transition::Refusal;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, deletions, places, purges, tickets};

/// Removes a ticket that is deleted.
///
/// # Errors
/// The [`Refusal`] of the transition table, or a [`Fault`].
pub async fn purge_deleted(tx: &mut Tx, by: &Actor, id: TicketId) -> Result<(), Error> {
    // First, as for every deed on a ticket.
    deletions::hold_actor(tx, by).await?;
    let ticket = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    ticket.permit(Action::Purge, by)?;
    purge(tx, by.permit()?, id).await?;
    // The history goes with it.
    tracing::info!(
        ticket.id = id.0,
        account.id = by.account.0,
        "a ticket is erased for ever"
    );
    Ok(())
}

/// Removes a ticket with all that was written on it; what shows it in the team's places is taken away there. Whether it
/// was there.
///
/// # Errors
/// [`Fault`].
pub async fn purge(tx: &mut Tx, _permit: Permit<Purge>, id: TicketId) -> Result<bool, Fault> {
    if tickets::lock(tx, id).await?.is_none() {
        return Ok(false);
    }
    let mut notices = Vec::new();
    for place in places::list(tx).await? {
        // Told behind what is on its way there at this moment.
        let notice = Notice::Purged {
            place: place.id,
            ticket: id,
        };
        purges::drop_waiting(tx, &notice, &place).await?;
        notices.push(notice);
    }
    // While it is known what is linked to it.
    tell_linked(tx, id).await?;
    purges::remove(tx, id).await?;
    outbox::insert(tx, &notices).await?;
    Ok(true)
}
