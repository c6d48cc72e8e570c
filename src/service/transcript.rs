//! All that somebody may read of a ticket, from its first word to its last.

use chrono::{DateTime, Utc};

use super::Error;
use super::audience::requester_hears;
use crate::domain::account::{Actor, Named};
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::permission::EveryTicket;
use crate::domain::rating::Rating;
use crate::domain::ticket::{Status, Ticket};
use crate::domain::transition::Refusal;
use crate::store::comments::{self, Words};
use crate::store::history::{self, Event, PastLine};
use crate::store::ticket_links::{Around, Page};
use crate::store::{View, about};

/// How many comments there are at most, the newest of them.
const COMMENTS: u32 = 2_000;
/// How many lines of history.
const LINES: u32 = 500;

/// A ticket as one person may read it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether it is for staff, who read the internal notes as well.
    pub is_for_staff: bool,
    /// The name of who asked.
    pub requester: Named,
    /// The name of who is in charge, or was at the end.
    pub technician: Option<Named>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// What was asked when it was opened, and what was answered.
    pub answers: Vec<(String, String)>,
    /// How it was rated.
    pub rating: Option<Rating>,
    /// What it is linked to, as far as they may see that.
    pub around: Around,
    /// The pages that belong to it, for staff.
    pub pages: Vec<Page>,
    /// Whether there are so many comments that older ones are left out.
    pub is_cut: bool,
    /// Its comments, oldest first.
    pub comments: Vec<(CommentId, Words)>,
    /// The files, with the comments they came with.
    pub files: Vec<(Option<CommentId>, StoredFile)>,
    /// Its history, oldest first.
    pub lines: Vec<PastLine>,
}

/// Reads a ticket, if this person may see it.
///
/// # Errors
/// [`Refusal::NotFound`] alike for a ticket of somebody else and for none, or a [`Fault`](crate::store::Fault).
pub async fn read(view: &mut View, by: &Actor, id: TicketId) -> Result<Record, Error> {
    let found = about::find(view, id).await?;
    let (ticket, about) = found.ok_or(Refusal::NotFound)?;
    ticket.permit(Action::View, by)?;
    let is_for_staff = by.role.is_staff();
    let mut comments = comments::list_numbered(view, id, is_for_staff, COMMENTS + 1).await?;
    let is_cut = comments.len() > COMMENTS as usize;
    if is_cut {
        comments.remove(0);
    }
    let mut files = comments::list_all_attachments(view, id).await?;
    files.retain(|(of, _)| of.is_none_or(|of| comments.iter().any(|(comment, _)| *comment == of)));
    let mut lines = if let Ok(permit) = by.permit::<EveryTicket>() {
        history::list(view, permit, id, (0, LINES)).await?
    } else {
        let is_told = |event, by| by == ticket.requester || is_no_secret(event);
        history::list_told(view, id, LINES, is_told).await?
    };
    lines.reverse();
    let mut around = about.around;
    around.links.retain(|link| is_for_staff || link.requester == by.account);
    let pages = if is_for_staff { about.pages } else { Vec::new() };
    let closing = lines.iter().rfind(|line| {
        // A restored one was closed before.
        let is_new = !matches!(line.statuses.0, Some(Status::Closed | Status::Deleted));
        is_new && line.statuses.1 == Status::Closed
    });
    let is_closed = ticket.state.status() == Status::Closed;
    let closed_at = closing.filter(|_| is_closed).map(|line| line.at);
    Ok(Record {
        is_for_staff,
        requester: about.requester,
        technician: about.technician,
        closed_at,
        answers: about.answers,
        rating: about.rating,
        around,
        pages,
        is_cut,
        comments,
        files,
        lines,
        ticket,
    })
}

/// What whoever asked was told of as it happened, with the name of who did it.
fn is_no_secret(event: Event) -> bool {
    // Of a deletion they are told, and not by whom.
    !matches!(event, Event::Done(Action::Delete | Action::Restore)) && requester_hears(event)
}
