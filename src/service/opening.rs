//! Follow the message out of which a ticket was made, when it is edited.

use chrono::{DateTime, Utc};

use super::{Error, edit};
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::edit::Edit;
use crate::domain::text::{Description, HEADLINE, Title, headline};
use crate::domain::ticket::{Status, Ticket};
use crate::store::copies::MessageAt;
use crate::store::openings::{self, mark_of};
use crate::store::{Fault, Tx, deletions, tickets};

/// What came of an edit.
#[derive(Clone, Debug)]
pub enum Followed {
    /// The ticket says what the message says.
    Done,
    /// The ticket stays as it is: it waits no more, or was described otherwise since.
    Stays(Box<Ticket>),
}

/// Has the ticket that somebody made out of this message say what the message says since then, its title too where that
/// was taken from it. Nothing where it made none, or not theirs, or the edit changes no word, or a newer one was taken.
///
/// # Errors
/// [`Fault`].
pub async fn follow(
    tx: &mut Tx,
    by: &Actor,
    (message, since): (MessageAt<'_>, DateTime<Utc>),
    text: &str,
) -> Result<Option<Followed>, Fault> {
    let found = openings::find(tx, message).await?;
    let is_new = |known: &DateTime<Utc>| *known <= since;
    let Some(opening) = found.filter(|opening| {
        opening.account == by.account && opening.words != mark_of(text) && opening.edited_at.iter().all(is_new)
    }) else {
        return Ok(None);
    };
    // A message is shorter than a description may be.
    let Ok(description) = Description::parse(text) else {
        return Ok(None);
    };
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, opening.ticket).await?;
    let Some(before) = before.filter(|before| before.permit(Action::View, by).is_ok()) else {
        return Ok(None);
    };
    openings::set_edited(tx, message, since, text).await?;
    if before.state.status() != Status::Waiting || mark_of(&before.description) != opening.words {
        return Ok(Some(Followed::Stays(Box::new(before))));
    }
    let has_own_title = before.title != headline(&before.description, HEADLINE);
    let title = Title::parse(&headline(text, HEADLINE)).ok().filter(|_| !has_own_title);
    let edits = [Some(Edit::Description(description)), title.map(Edit::Title)];
    for change in edits.into_iter().flatten() {
        match edit::edit(tx, by, before.id, &change).await {
            Ok(_) => {}
            Err(Error::Refused(_)) => return Ok(Some(Followed::Stays(Box::new(before)))),
            Err(Error::Fault(fault)) => return Err(fault),
        }
    }
    Ok(Some(Followed::Done))
}
