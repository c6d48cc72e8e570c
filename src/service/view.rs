//! Look at a ticket.

use super::Error;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::{Tx, tickets};

/// The ticket, if this person may see it.
///
/// # Errors
/// [`Refusal::NotFound`] alike for a ticket of somebody else and for none.
pub async fn view(tx: &mut Tx, by: &Actor, id: TicketId) -> Result<Ticket, Error> {
    let ticket = tickets::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    ticket.permit(Action::View, by)?;
    Ok(ticket)
}
