//! Call a colleague to help whoever is in charge of a ticket, or need them no more.

use super::Error;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::action::{Action, Handing};
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::history::Event;
use crate::store::{Tx, colleagues, deletions, helpers, tickets};

/// Has somebody help, if this person may call them now and they may work on tickets.
///
/// # Errors
/// The [`Refusal`] of the transition table, or [`Refusal::NotOfTheTeam`]; or a [`Fault`](crate::store::Fault).
pub async fn call(tx: &mut Tx, by: &Actor, id: TicketId, helper: AccountId) -> Result<Ticket, Error> {
    // The account first, as where a ticket is handed over.
    let colleague = colleagues::hold(tx, helper).await?;
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = before.permit_to(Handing::Help, by, helper)?;
    colleague.ok_or(Refusal::NotOfTheTeam)?;
    helpers::insert(tx, id, helper).await?;
    let mut after = tickets::advance(tx, &before, &transition).await?;
    after.helpers.push(helper);
    told(tx, by, after, (String::new(), helper.to_string())).await
}

/// Has somebody help no more: whoever works on the ticket decides so, the helper too.
///
/// # Errors
/// The [`Refusal`] of the transition table, or [`Refusal::NotHelping`]; or a [`Fault`](crate::store::Fault).
pub async fn let_go(tx: &mut Tx, by: &Actor, id: TicketId, helper: AccountId) -> Result<Ticket, Error> {
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = before.permit(Action::Help, by)?;
    if !before.helpers.contains(&helper) {
        return Err(Refusal::NotHelping.into());
    }
    helpers::remove(tx, id, helper).await?;
    let mut after = tickets::advance(tx, &before, &transition).await?;
    after.helpers.retain(|other| *other != helper);
    told(tx, by, after, (helper.to_string(), String::new())).await
}

async fn told(tx: &mut Tx, by: &Actor, after: Ticket, details: (String, String)) -> Result<Ticket, Error> {
    let happened = Happened {
        event: Event::Done(Action::Help),
        before: Some(after.state),
        comment: None,
        details: Some(details),
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(after)
}
