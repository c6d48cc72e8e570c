//! Put somebody else in charge of a ticket: an admin assigns it, or whoever has it hands it over.

use super::Error;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::action::Handing;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CommentId, TicketId};
use crate::domain::text::Body;
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::comments::{self, CommentKind};
use crate::store::history::Event;
use crate::store::{Fault, Tx, colleagues, deletions, tickets};

/// What a colleague is told with it: an internal note.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// The words.
    pub body: Option<Body>,
    /// What was attached.
    pub files: Vec<StoredFile>,
}

/// Puts `to` in charge, if this person may do so now and `to` may be in charge.
///
/// # Errors
/// The [`Refusal`] of the transition table, or [`Refusal::NotOfTheTeam`]; or a [`Fault`].
pub async fn hand(
    tx: &mut Tx,
    by: &Actor,
    id: TicketId,
    (handing, to): (Handing, AccountId),
    word: &Word,
) -> Result<Ticket, Error> {
    // The account first, as everywhere. Whoever disables or deletes it is over, and seen here; or waits, and finds that
    // the ticket is theirs.
    let colleague = colleagues::hold(tx, to).await?;
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = before.permit_to(handing, by, to)?;
    colleague.ok_or(Refusal::NotOfTheTeam)?;
    let comment = write_word(tx, by, id, word).await?;
    let after = tickets::change(tx, &before, &transition).await?;
    let happened = Happened {
        event: Event::Done(transition.action()),
        before: Some(before.state),
        comment,
        details: None,
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(after)
}

async fn write_word(tx: &mut Tx, by: &Actor, id: TicketId, word: &Word) -> Result<Option<CommentId>, Fault> {
    let body = word.body.as_ref().map_or("", Body::as_str);
    if body.is_empty() && word.files.is_empty() {
        return Ok(None);
    }
    let comment = comments::insert(tx, id, by.account, CommentKind::Note, body).await?;
    comments::insert_attachments(tx, id, Some(comment), &word.files).await?;
    Ok(Some(comment))
}
