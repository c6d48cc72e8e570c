//! Open a ticket.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::ticket::Ticket;
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::tickets::{self, NewTicket};
use crate::store::{Fault, Tx};
use crate::store::{accounts, comments};

/// Within what time the tickets that somebody opens are counted.
pub const WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Somebody opened as many as they may: the next one may be opened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// From when on.
    pub until: DateTime<Utc>,
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
    let ticket = tickets::insert(tx, new, by.account, by.identity).await?;
    comments::insert_attachments(tx, ticket.id, None, &new.files).await?;
    record(
        tx,
        &ticket,
        Happened {
            event: Event::Opened,
            before: None,
            comment: None,
            details: None,
            by,
            written_in: None,
        },
    )
    .await?;
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
