//! Open a ticket.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::permission::{OpenForOthers, Permit};
use crate::domain::ticket::Ticket;
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::requesters::{self, Requester};
use crate::store::tickets::{self, NewTicket};
use crate::store::{Fault, Tx, accounts, comments, deletions};

/// Within what time the tickets that somebody opens are counted.
pub const WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Somebody opened as many as they may: the next one may be opened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// From when on.
    pub until: DateTime<Utc>,
}

/// Why no ticket is opened in somebody's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unable {
    /// Their account is deleted.
    Gone,
    /// They may do nothing any more.
    Disabled,
    /// No chat is linked to their account, in which they could be told of it.
    WithoutChat,
}

/// The chat in which somebody is told of a ticket that is opened in their name.
///
/// # Errors
/// Why none is.
pub fn chat_of(requester: &Requester) -> Result<IdentityId, Unable> {
    if requester.is_disabled {
        return Err(Unable::Disabled);
    }
    let chat = requester.chat.as_ref().map(|(chat, ..)| *chat);
    chat.ok_or(Unable::WithoutChat)
}

/// Whether they may open one more of `most` within [`WITHIN`]. Staff may always.
///
/// # Errors
/// [`Fault`].
pub async fn may_open(tx: &mut Tx, by: &Actor, most: Option<NonZeroU32>) -> Result<Result<(), TooMany>, Fault> {
    let Some(most) = most.filter(|_| !by.role.is_staff()) else {
        return Ok(Ok(()));
    };
    // Of several chats at once, one counts after the other.
    accounts::hold(tx, by.account).await?;
    let since = tx.now() - WITHIN;
    let first = tickets::find_nth_opened(tx, by.account, since, most.get()).await?;
    Ok(first.map_or(Ok(()), |first| Err(TooMany { until: first + WITHIN })))
}

/// Opens a ticket in the name of `by`. Everybody with an account may. With `card_by_message`, its card comes to
/// their private chat too: the answer to what they did is seen elsewhere.
///
/// # Errors
/// [`Fault`].
pub async fn open(tx: &mut Tx, by: &Actor, new: &NewTicket, card_by_message: bool) -> Result<Ticket, Fault> {
    let ticket = insert(tx, by, (by.account, by.identity), new).await?;
    if card_by_message {
        let card = Notice::Person {
            identity: by.identity,
            ticket: ticket.id,
            everywhere: false,
            gathered: false,
            seq: ticket.version,
        };
        outbox::insert(tx, &[card]).await?;
    }
    Ok(ticket)
}

/// Opens a ticket in somebody else's name, who is told so.
///
/// # Errors
/// [`Fault`].
pub async fn open_for(
    tx: &mut Tx,
    _permit: Permit<OpenForOthers>,
    by: &Actor,
    requester: AccountId,
    new: &NewTicket,
) -> Result<Result<Ticket, Unable>, Fault> {
    // Whoever deletes or disables them, or unlinks their chat, waits until it is open, or was first.
    let Some(requester) = requesters::hold(tx, requester).await? else {
        return Ok(Err(Unable::Gone));
    };
    deletions::hold_actor(tx, by).await?;
    Ok(match chat_of(&requester) {
        Ok(chat) => Ok(insert(tx, by, (requester.id, chat), new).await?),
        Err(unable) => Err(unable),
    })
}

async fn insert(
    tx: &mut Tx,
    by: &Actor,
    (requester, chat): (AccountId, IdentityId),
    new: &NewTicket,
) -> Result<Ticket, Fault> {
    let is_for_other = requester != by.account;
    let ticket = tickets::insert(tx, new, (requester, chat), is_for_other).await?;
    comments::insert_attachments(tx, ticket.id, None, &new.files).await?;
    let happened = Happened {
        event: Event::Opened,
        before: None,
        comment: None,
        details: is_for_other.then(|| (String::new(), requester.to_string())),
        by,
        written_in: None,
    };
    record(tx, &ticket, happened).await?;
    Ok(ticket)
}
