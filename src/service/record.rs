//! The one way in which something that happened is written down: a line of history, and a row of the outbox
//! for everyone who shall hear of it.

use chrono::TimeDelta;

use super::audience;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::CommentId;
use crate::domain::platform::Spot;
use crate::domain::ticket::{State, Ticket};
use crate::store::history::{self, Event};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx};

/// For how long what somebody wants to hear together is gathered, from the first of it on.
const GATHERED_FOR: TimeDelta = TimeDelta::hours(1);

/// What happened, beside the ticket as it is now.
pub(super) struct Happened<'a> {
    pub event: Event,
    pub before: Option<State>,
    pub comment: Option<CommentId>,
    /// What was changed, before and after.
    pub details: Option<(String, String)>,
    pub by: &'a Actor,
    /// The thread where the words stand already.
    pub written_in: Option<&'a Spot>,
}

pub(super) async fn record(tx: &mut Tx, after: &Ticket, happened: Happened<'_>) -> Result<(), Fault> {
    let Happened {
        event,
        before,
        comment,
        details,
        by,
        written_in,
    } = happened;
    let actor = (by.account, by.identity);
    let helper = history::helper_in(event, details.as_ref());
    history::insert(tx, after, (event, details), before, comment, actor).await?;
    let mut notices = match (event, comment) {
        (Event::Done(Action::Reword | Action::Retract), Some(comment)) => {
            audience::of_copies(tx, after, comment, by).await?
        }
        _ => audience::notices(tx, after, (event, before, helper), by, written_in).await?,
    };
    // Behind the words that tell of it.
    notices.extend(audience::own_cards(tx, after, event, before).await?);
    let (gathered, at_once): (Vec<_>, Vec<_>) = notices.into_iter().partition(Notice::is_gathered);
    outbox::insert(tx, &at_once).await?;
    let due_at = tx.now() + GATHERED_FOR;
    outbox::insert_later(tx, &gathered, due_at).await
}
