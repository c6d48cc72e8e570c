//! Rate how a ticket was dealt with: whoever asked does, once it was resolved and is closed.

use chrono::{DateTime, TimeDelta, Utc};

use super::Error;
use super::record::{Happened, record};
use super::view::view;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::rating::{Rating, Said};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::history::Event;
use crate::store::ratings::{self, Closing};
use crate::store::{Tx, deletions, tickets};

/// For how long after it was closed a ticket is rated, and its rating changed.
pub const RATED_FOR: TimeDelta = TimeDelta::days(30);

/// Whether a ticket that was closed so may still be rated.
#[must_use]
pub fn is_open(closing: &Closing, now: DateTime<Utc>) -> bool {
    now - closing.at < RATED_FOR
}

/// The ticket and its rating, if this person may rate it now.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn look(tx: &mut Tx, by: &Actor, id: TicketId) -> Result<(Ticket, Option<Rating>), Error> {
    let ticket = view(tx, by, id).await?;
    ticket.permit(Action::Rate, by)?;
    let rating = open_rating(tx, id).await?;
    Ok((ticket, rating))
}

/// Rates it, if this person may now; `None` when that was said already, which is no change.
///
/// # Errors
/// The [`Refusal`], or a [`Fault`](crate::store::Fault).
pub async fn rate(tx: &mut Tx, by: &Actor, id: TicketId, said: &Said) -> Result<Option<Ticket>, Error> {
    // First, as for every deed on a ticket.
    deletions::hold_actor(tx, by).await?;
    let ticket = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = ticket.permit(Action::Rate, by)?;
    let before = open_rating(tx, id).await?;
    let rating = said.over(before.as_ref()).ok_or(Refusal::NotRated)?;
    if before.as_ref() == Some(&rating) {
        return Ok(None);
    }
    ratings::save(tx, id, &rating).await?;
    let after = tickets::advance(tx, &ticket, &transition).await?;
    let happened = Happened {
        event: Event::Done(transition.action()),
        before: Some(ticket.state),
        comment: None,
        details: Some((before.map(|rating| rating.line()).unwrap_or_default(), rating.line())),
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(Some(after))
}

/// The rating so far of a ticket that may be rated, as far as its history tells.
async fn open_rating(tx: &mut Tx, id: TicketId) -> Result<Option<Rating>, Error> {
    let closing = ratings::find_closing(tx, id).await?.ok_or(Refusal::NeverResolved)?;
    if !is_open(&closing, tx.now()) {
        return Err(Refusal::RatingOver.into());
    }
    Ok(closing.rating)
}
