//! Do something to a ticket: take, release, comment, note, ask, resolve, confirm, reopen, close, withdraw, delete, restore.
//!
//! They are one use case with one shape: lock, ask the transition table, write the words, change, record. To
//! add one, add its [`Action`] to the table and a variant to [`Deed`].

use chrono::{DateTime, Utc};

use super::Error;
use super::deletion::hand_back;
use super::follow::tell_linked;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::platform::Spot;
use crate::domain::text::Body;
use crate::domain::ticket::{State, Ticket};
use crate::domain::transition::Refusal;
use crate::store::comments::{self, CommentKind};
use crate::store::copies::{self, MessageAt};
use crate::store::history::Event;
use crate::store::{Fault, Tx, colleagues, deletions, tickets};

/// What to do to a ticket, with what it takes.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Take it.
    Take,
    /// Give it back.
    Release,
    /// Write to the other side; words may be missing where there are files.
    Comment(Option<Body>, Vec<StoredFile>),
    /// Write to staff.
    Note(Option<Body>, Vec<StoredFile>),
    /// Ask the requester.
    Ask(Body, Vec<StoredFile>),
    /// Resolve, with the report.
    Resolve(Body, Vec<StoredFile>),
    /// Agree that it is resolved.
    Confirm,
    /// Say what still fails.
    Reopen(Body, Vec<StoredFile>),
    /// Close what is resolved.
    Close,
    /// Withdraw one's own.
    Withdraw,
    /// Take it out of everybody's sight.
    Delete,
    /// Put it back to where it stood.
    Restore,
}

impl Deed {
    /// The action that the transition table knows it by.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Take => Action::Take,
            Self::Release => Action::Release,
            Self::Comment(..) => Action::Comment,
            Self::Note(..) => Action::Note,
            Self::Ask(..) => Action::Ask,
            Self::Resolve(..) => Action::Resolve,
            Self::Confirm => Action::Confirm,
            Self::Reopen(..) => Action::Reopen,
            Self::Close => Action::Close,
            Self::Withdraw => Action::Withdraw,
            Self::Delete => Action::Delete,
            Self::Restore => Action::Restore,
        }
    }

    /// The words that come with it.
    #[must_use]
    pub fn body(&self) -> &str {
        self.words().map_or("", |(_, body, _)| body)
    }

    /// The files that come with it.
    #[must_use]
    pub fn files(&self) -> &[StoredFile] {
        self.words().map_or(&[], |(_, _, files)| files)
    }

    fn words(&self) -> Option<(CommentKind, &str, &[StoredFile])> {
        match self {
            Self::Comment(body, files) => Some((CommentKind::Comment, body.as_ref().map_or("", Body::as_str), files)),
            Self::Note(body, files) => Some((CommentKind::Note, body.as_ref().map_or("", Body::as_str), files)),
            Self::Ask(body, files) => Some((CommentKind::Question, body.as_str(), files)),
            Self::Resolve(body, files) => Some((CommentKind::Report, body.as_str(), files)),
            Self::Reopen(body, files) => Some((CommentKind::Reason, body.as_str(), files)),
            Self::Take
            | Self::Release
            | Self::Confirm
            | Self::Close
            | Self::Withdraw
            | Self::Delete
            | Self::Restore => None,
        }
    }
}

/// The message in which the words were written.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// Which it is.
    pub message: MessageAt<'a>,
    /// The thread that it stands in.
    pub thread: Option<&'a Spot>,
    /// Since when it says so, if it was edited.
    pub edited_at: Option<DateTime<Utc>>,
}

/// Does it, if this person may now: the ticket since then, and the comment that its words are. `written`: where they
/// stand already.
///
/// Of several at the same instant, the row's lock lets one through; the others find the ticket as it left it.
///
/// # Errors
/// The [`Refusal`] of the transition table, or a [`Fault`].
pub async fn work(
    tx: &mut Tx,
    by: &Actor,
    id: TicketId,
    deed: &Deed,
    written: Option<Original<'_>>,
) -> Result<(Ticket, Option<CommentId>), Error> {
    // First: whoever deletes the person is waited for, and the tickets come after the chats there too.
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = before.permit(deed.action(), by)?;
    let comment = write_words(tx, by, id, deed).await?;
    if let (Some(comment), Some(written)) = (comment, written) {
        copies::insert_source(tx, written.message, comment, by.identity).await?;
        if let Some(since) = written.edited_at {
            copies::set_edited(tx, written.message, since).await?;
        }
    }
    let after = tickets::change(tx, &before, &transition).await?;
    let event = Event::Done(transition.action());
    record(
        tx,
        &after,
        Happened {
            event,
            before: Some(before.state),
            comment,
            details: None,
            by,
            written_in: written.and_then(|written| written.thread),
        },
    )
    .await?;
    if matches!(transition.action(), Action::Delete | Action::Restore) {
        tell_linked(tx, id).await?;
    }
    let after = match after.state {
        // Whoever had it may be in charge of nothing any more.
        State::InProgress(technician) | State::AwaitingInfo(technician)
            if matches!(transition.action(), Action::Reopen | Action::Restore)
                && colleagues::hold(tx, technician).await?.is_none() =>
        {
            hand_back(tx, &after, technician).await?
        }
        _ => after,
    };
    Ok((after, comment))
}

async fn write_words(tx: &mut Tx, by: &Actor, id: TicketId, deed: &Deed) -> Result<Option<CommentId>, Fault> {
    let Some((kind, body, files)) = deed.words() else {
        return Ok(None);
    };
    let comment = comments::insert(tx, id, by.account, kind, body).await?;
    comments::insert_attachments(tx, id, Some(comment), files).await?;
    Ok(Some(comment))
}
