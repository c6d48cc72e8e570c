//! An account deleted: nothing is left of the person but a number, where something refers to it. Their tickets go too, or
//! stay without them.
//!
//! Locks are taken as everywhere: the account first, then its chats, then codes, then tickets. Whatever the person is doing
//! at that moment is over before, or is done again afterwards, and finds somebody new.

use super::purge::purge;
use super::record::{Happened, record};
use super::roles::guard;
use crate::domain::account::{Actor, Role, TheirTickets};
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::permission::{People, Permit};
use crate::domain::text::Email;
use crate::domain::ticket::Ticket;
use crate::store::accounts::{self, Account, AccountEvent};
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, codes, deletions, helpers, own_cards, tickets};

/// How many tickets of somebody's are purged or given back in one transaction at most: each takes some ten statements.
const AT_ONCE: usize = 200;
/// How many of each [`prepare`] does.
const A_PART: usize = 50;

/// Why an account is not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody would be left who may do everything.
    LastAdmin,
    /// It concerns more tickets than can be seen to at once: [`prepare`] does so in parts.
    TooMuch,
}

/// What a deletion concerns.
#[derive(Clone, Debug)]
pub struct Extent {
    /// The tickets they asked for.
    pub asked: Vec<TicketId>,
    /// Those of others that they are in charge of: they go back to the team.
    pub in_charge: Vec<TicketId>,
}

impl Extent {
    /// How many tickets are purged or given back.
    #[must_use]
    pub fn concerned(&self, their_tickets: TheirTickets) -> usize {
        let purged = match their_tickets {
            TheirTickets::Erase => self.asked.len(),
            TheirTickets::Keep => 0,
        };
        purged + self.in_charge.len()
    }
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
) -> Result<Result<(), Refused>, Fault> {
    let id = account.id;
    guard(tx, permit).await?;
    // First: whoever is using a code up is waited for, and their chat is among those.
    accounts::hold(tx, id).await?;
    let chats = deletions::lock_chats(tx, id).await?;
    codes::void(tx, id).await?;
    // Only now it is as it will be.
    if is_last_admin(tx, id).await? {
        return Ok(Err(Refused::LastAdmin));
    }
    let extent = extent(tx, permit, id).await?;
    if extent.concerned(their_tickets) > AT_ONCE {
        return Ok(Err(Refused::TooMuch));
    }
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
    let mut cards: Vec<_> = cards.map(|(place, ticket)| Notice::Card { place, ticket }).collect();
    cards.extend(own_cards::list_naming(tx, id).await?);
    outbox::insert(tx, &cards).await?;
    helpers::remove_everywhere(tx, id).await?;
    for chat in &chats {
        deletions::drop_waiting(tx, chat).await?;
        if chat.is_linked {
            // While their row is there: it tells where this goes.
            outbox::insert(tx, &[chat.farewell()]).await?;
        }
        deletions::remove_chat(tx, chat).await?;
    }
    let email = own_address(tx, id).await?;
    deletions::remove_keys(tx, id, email.as_ref()).await?;
    accounts::note(tx, id, AccountEvent::Deleted(their_tickets), permit.by()).await?;
    deletions::empty(tx, id).await?;
    deletions::remove_unused(tx, id).await?;
    Ok(Ok(()))
}

/// Whether nobody else may do everything.
async fn is_last_admin(tx: &mut Tx, id: AccountId) -> Result<bool, Fault> {
    let account = accounts::find(tx, id).await?.ok_or(Fault::Overtaken("accounts"))?;
    Ok(account.role == Role::Admin && !account.is_disabled && !accounts::is_admin_without(tx, id).await?)
}

/// The address that stands in an account, unless it identifies another.
async fn own_address(tx: &mut Tx, id: AccountId) -> Result<Option<Email>, Fault> {
    let address = accounts::find_address(tx, id).await?;
    let Some(email) = address.and_then(|address| Email::parse(&address.email).ok()) else {
        return Ok(None);
    };
    let identified = accounts::find_by_email(tx, &email).await?;
    Ok(identified.is_none_or(|other| other.id == id).then_some(email))
}

/// Does a part of what deleting an account would do to tickets, some at once: there may be more than one transaction
/// has the time for. Whether it did any: then there may be more.
///
/// # Errors
/// [`Fault`].
pub async fn prepare(
    tx: &mut Tx,
    permit: Permit<People>,
    account: AccountId,
    their_tickets: TheirTickets,
) -> Result<bool, Fault> {
    guard(tx, permit).await?;
    accounts::hold(tx, account).await?;
    let extent = extent(tx, permit, account).await?;
    if extent.concerned(their_tickets) <= AT_ONCE || is_last_admin(tx, account).await? {
        return Ok(false);
    }
    let erased = if their_tickets == TheirTickets::Erase {
        &extent.asked[..]
    } else {
        &[]
    };
    for ticket in erased.iter().take(A_PART) {
        purge(tx, permit.into(), *ticket).await?;
    }
    for ticket in extent.in_charge.iter().take(A_PART) {
        if let Some(ticket) = tickets::lock(tx, *ticket).await? {
            hand_back(tx, &ticket, account).await?;
        }
    }
    Ok(true)
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
