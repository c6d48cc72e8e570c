//! Open a ticket.

use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::ticket::Ticket;
use crate::store::comments;
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::tickets::{self, NewTicket};
use crate::store::{Fault, Tx};

/// Opens a ticket in the name of `by`. Everybody with an account may. With `card_by_message`, its card comes to
/// their private chat too: the answer to what they did is seen elsewhere.
///
/// # Errors
/// [`Fault`].
pub async fn open(tx: &mut Tx, by: &Actor, new: &NewTicket, card_by_message: bool) -> Result<Ticket, Fault> {
    let ticket = tickets::insert(tx, new, by.account, by.identity).await?;
    comments::insert_attachments(tx, ticket.id, None, &new.files).await?;
    record(
        tx,
        &ticket,
        Happened {
            event: Event::Opened,
            before: None,
            comment: None,
            by,
            written_in: None,
        },
    )
    .await?;
    if card_by_message {
        let card = Notice::Person {
            identity: by.identity,
            ticket: ticket.id,
            seq: ticket.version,
        };
        outbox::insert(tx, &[card]).await?;
    }
    Ok(ticket)
}
