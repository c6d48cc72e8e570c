//! An account deleted: nothing is left of the person but a number, where something refers to it. Their tickets go too, or
//! stay without them.
//!
//! Locks are taken as everywhere: the account first, then its chats, then codes, then tickets. Whatever the person is doing
//! at that moment is over before, or is done again afterwards, and finds somebody new.

use super::purge::purge;
use super::record::{Happened, record};
use super::roles::{LastAdmin, guard};
use crate::domain::account::{Actor, Role, TheirTickets};
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::permission::{People, Permit};
use crate::domain::ticket::Ticket;
use crate::store::accounts::{self, Account, AccountEvent};
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, codes, deletions, tickets};

/// What a deletion concerns.
#[derive(Clone, Debug)]
pub struct Extent {
    /// The tickets they asked for.
    pub asked: Vec<TicketId>,
    /// Those of others that they are in charge of: they go back to the team.
    pub in_charge: Vec<TicketId>,
}

/// What deleting an account would concern now.
///
/// # Errors
/// [`Fault`].
pub async fn extent(tx: &mut Tx, _permit: Permit<People>, account: AccountId) -> Result<Extent, Fault> {
    let asked = deletions::list_asked(tx, account).await?;
    let mut in_charge = deletions::list_in_charge(tx, account).await?;
    in_charge.retain(|ticket| !asked.contains(ticket));
    Ok(Extent { asked, in_charge })
}

/// Deletes an account. Each of its chats is told, last.
///
/// # Errors
/// [`Fault`].
pub async fn delete(
    tx: &mut Tx,
    permit: Permit<People>,
    account: &Account,
    their_tickets: TheirTickets,
) -> Result<Result<(), LastAdmin>, Fault> {
    let id = account.id;
    guard(tx, permit).await?;
    // First: whoever is using a code up is waited for, and their chat is among those.
    accounts::hold(tx, id).await?;
    let chats = deletions::lock_chats(tx, id).await?;
    codes::void(tx, id).await?;
    // Only now it is as it will be.
    let account = accounts::find(tx, id).await?.ok_or(Fault::Overtaken("accounts"))?;
    if account.role == Role::Admin && !account.is_disabled && !accounts::is_admin_without(tx, id).await? {
        return Ok(Err(LastAdmin));
    }
    let extent = extent(tx, permit, id).await?;
    if their_tickets == TheirTickets::Erase {
        for ticket in &extent.asked {
            purge(tx, permit.into(), *ticket).await?;
        }
    }
    for ticket in deletions::list_in_charge(tx, id).await? {
        if let Some(ticket) = tickets::lock(tx, ticket).await? {
            hand_back(tx, &ticket, id).await?;
        }
    }
    // Those that name them.
    let cards = deletions::list_cards(tx, id).await?.into_iter();
    let cards: Vec<_> = cards.map(|(place, ticket)| Notice::Card { place, ticket }).collect();
    outbox::insert(tx, &cards).await?;
    for chat in &chats {
        deletions::drop_waiting(tx, chat).await?;
        if chat.is_linked {
            // While their row is there: it tells where this goes.
            outbox::insert(tx, &[chat.farewell()]).await?;
        }
        deletions::remove_chat(tx, chat).await?;
    }
    let address = accounts::find_address(tx, id).await?;
    let proven = address.filter(|address| !address.is_only_stated);
    deletions::remove_keys(tx, id, proven.as_ref().map(|address| address.email.as_str())).await?;
    accounts::note(tx, id, AccountEvent::Deleted(their_tickets), permit.by()).await?;
    deletions::empty(tx, id).await?;
    deletions::remove_unused(tx, id).await?;
    Ok(Ok(()))
}

/// Gives a ticket back to the team in the name of whoever is in charge of it, who is not there any more to do so: it is
/// their own deed, and the history says who had it until when.
///
/// # Errors
/// [`Fault`].
pub(super) async fn hand_back(tx: &mut Tx, ticket: &Ticket, technician: AccountId) -> Result<Ticket, Fault> {
    let mut identity = deletions::find_chat_of_deed(tx, technician, ticket.id).await?;
    if identity.is_none() {
        // It was handed to them, and they have done nothing to it since.
        identity = accounts::find_chat(tx, technician).await?;
    }
    let by = Actor {
        account: technician,
        // Without any chat they never did anything here.
        identity: identity.unwrap_or(ticket.identity),
        // That in which they took it, whatever they are since.
        role: Role::Technician,
    };
    let transition = ticket.permit(Action::Release, &by);
    let transition = transition.map_err(|_| Fault::Overtaken("tickets"))?;
    let after = tickets::change(tx, ticket, &transition).await?;
    let happened = Happened {
        event: Event::Done(Action::Release),
        before: Some(ticket.state),
        comment: None,
        details: None,
        by: &by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(after)
}
