//! The one way in which something that happened is written down: a line of history, and a row of the outbox
//! for everyone who shall hear of it.

use super::audience;
use crate::domain::account::Actor;
use crate::domain::ids::CommentId;
use crate::domain::platform::Spot;
use crate::domain::ticket::{State, Ticket};
use crate::store::history::{self, Event};
use crate::store::{Fault, Tx, outbox};

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
    history::insert(tx, after, (event, details), before, comment, actor).await?;
    let notices = audience::notices(tx, after, (event, before), by, written_in).await?;
    outbox::insert(tx, &notices).await
}
