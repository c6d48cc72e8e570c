//! Change what one wrote on a ticket, or take it back: as its author alone may, until it is closed.

use chrono::{DateTime, Utc};

use super::Error;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::copies::{self, MessageAt};
use crate::store::history::Event;
use crate::store::retractions::{self, Comment};
use crate::store::{Tx, deletions, tickets};

/// What came of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reworded {
    /// The comment says what the message says since then; or there is nothing to do or to tell: the message became no
    /// comment, or one that is another's or taken back, it says so already or something newer, or this was heard before.
    Heard,
    /// What the message says now can't stand on this ticket, which keeps what it said.
    Kept(TicketId),
}

/// Has the comment that was written in this message say what the message says since then; `None` where that is too long
/// for a comment. It may be empty where files came with the comment.
///
/// # Errors
/// The [`Refusal`] of the transition table, or a [`Fault`](crate::store::Fault).
pub async fn reword(
    tx: &mut Tx,
    by: &Actor,
    (message, since): (MessageAt<'_>, DateTime<Utc>),
    body: Option<&str>,
) -> Result<Reworded, Error> {
    let Some(source) = copies::find_source(tx, message).await? else {
        return Ok(Reworded::Heard);
    };
    let Some((before, comment)) = hold(tx, by, source.comment).await? else {
        return Ok(Reworded::Heard);
    };
    // Of two edits the platform knows the order, whichever is heard first.
    let source = copies::find_source(tx, message).await?;
    let known = source.and_then(|source| source.edited_at);
    if known.is_some_and(|known| known > since) {
        return Ok(Reworded::Heard);
    }
    copies::set_edited(tx, message, since).await?;
    if body == Some(&comment.body) {
        return Ok(Reworded::Heard);
    }
    // The platforms tell of an edit again, of a reaction say. Of two within a second, which is all that Telegram tells, the
    // later counts where it can.
    let is_told = known == Some(since);
    let transition = match before.permit(Action::Reword, by) {
        Err(_) if is_told => return Ok(Reworded::Heard),
        permitted => permitted?,
    };
    let Some(body) = body.filter(|body| comment.has_files || !body.is_empty()) else {
        return Ok(if is_told {
            Reworded::Heard
        } else {
            Reworded::Kept(before.id)
        });
    };
    retractions::reword(tx, &comment, body).await?;
    let after = tickets::advance(tx, &before, &transition).await?;
    let happened = Happened {
        event: Event::Done(Action::Reword),
        before: Some(before.state),
        comment: Some(comment.id),
        details: Some((comment.body, body.to_owned())),
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(Reworded::Heard)
}

/// Takes a comment back; `None` where it is taken back already, or another's.
///
/// # Errors
/// The [`Refusal`] of the transition table, or a [`Fault`](crate::store::Fault).
pub async fn retract(tx: &mut Tx, by: &Actor, comment: CommentId) -> Result<Option<Ticket>, Error> {
    let Some((before, comment)) = hold(tx, by, comment).await? else {
        return Ok(None);
    };
    let transition = before.permit(Action::Retract, by)?;
    retractions::retract(tx, &comment).await?;
    let after = tickets::advance(tx, &before, &transition).await?;
    let happened = Happened {
        event: Event::Done(Action::Retract),
        before: Some(before.state),
        comment: Some(comment.id),
        details: None,
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(Some(after))
}

/// The comment and its ticket, which is locked, if the comment is this person's and still there.
async fn hold(tx: &mut Tx, by: &Actor, comment: CommentId) -> Result<Option<(Ticket, Comment)>, Error> {
    // First, as for every deed on a ticket.
    deletions::hold_actor(tx, by).await?;
    let Some(found) = retractions::find(tx, comment).await? else {
        return Ok(None);
    };
    let ticket = tickets::lock(tx, found.ticket).await?.ok_or(Refusal::NotFound)?;
    let found = retractions::find(tx, comment).await?;
    let theirs = found.filter(|comment| comment.author == by.account && comment.retracted_at.is_none());
    Ok(theirs.map(|comment| (ticket, comment)))
}
