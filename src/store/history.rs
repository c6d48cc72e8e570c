//! The history of tickets: append-only, a line an event; of what its author takes back, the words go.

use chrono::{DateTime, Utc};

use super::{Fault, Tx, View};
use crate::domain::account::Named;
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, CommentId, IdentityId, TicketId};
use crate::domain::permission::{EveryTicket, Permit};
use crate::domain::platform::Platform;
use crate::domain::ticket::{State, Status, Ticket};

/// What happened to a ticket, by the codes of its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was opened.
    Opened,
    /// This was done to it.
    Done(Action),
}

impl Event {
    /// The code kept in the database, and the end of its sentence's id.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Done(Action::View) => "viewed",
            Self::Done(Action::Take) => "taken",
            Self::Done(Action::Release) => "released",
            Self::Done(Action::Comment) => "commented",
            Self::Done(Action::Note) => "noted",
            Self::Done(Action::Ask) => "asked",
            Self::Done(Action::Resolve) => "resolved",
            Self::Done(Action::Confirm) => "confirmed",
            Self::Done(Action::Reopen) => "reopened",
            Self::Done(Action::Close) => "closed",
            Self::Done(Action::Withdraw) => "withdrawn",
            Self::Done(Action::Prioritize) => "prioritized",
            Self::Done(Action::Categorize) => "categorized",
            Self::Done(Action::Retitle) => "retitled",
            Self::Done(Action::Describe) => "described",
            Self::Done(Action::Assign) => "assigned",
            Self::Done(Action::HandOver) => "handed_over",
            Self::Done(Action::Delete) => "deleted",
            Self::Done(Action::Restore) => "restored",
            Self::Done(Action::Purge) => "purged",
            Self::Done(Action::Follow) => "followed",
            Self::Done(Action::Rate) => "rated",
            Self::Done(Action::Relate) => "related",
            Self::Done(Action::Reword) => "reworded",
            Self::Done(Action::Retract) => "retracted",
            Self::Done(Action::Help) => "helped",
        }
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        let events = Action::ALL.into_iter().map(Self::Done);
        std::iter::once(Self::Opened)
            .chain(events)
            .find(|event| event.code() == code)
    }
}

/// Adds a line to a ticket's history: its number is the ticket's version. With the event comes what was changed by it,
/// before and after.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    after: &Ticket,
    (event, details): (Event, Option<(String, String)>),
    before: Option<State>,
    comment: Option<CommentId>,
    actor: (AccountId, IdentityId),
) -> Result<(), Fault> {
    let now = tx.now();
    let (detail_before, detail_after) = details.unzip();
    sqlx::query!(
        "INSERT INTO history (ticket_id, seq, event, status_before, status_after, technician_before,
                              technician_after, detail_before, detail_after, comment_id, actor_id, identity_id,
                              happened_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        after.id.0,
        after.version,
        event.code(),
        before.map(|before| before.status().code()),
        after.state.status().code(),
        before.and_then(State::technician).map(|technician| technician.0),
        after.state.technician().map(|technician| technician.0),
        detail_before,
        detail_after,
        comment.map(|comment| comment.0),
        actor.0.0,
        actor.1.0,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The number of a history's first line, which says that the ticket was opened.
pub const OPENED: u32 = 1;

/// What its author did to a comment once it was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing.
    Untouched,
    /// It says something else.
    Edited,
    /// It was taken back.
    Retracted,
}

impl Since {
    pub(super) fn of(edited: bool, retracted: bool) -> Self {
        match (edited, retracted) {
            (_, true) => Self::Retracted,
            (true, false) => Self::Edited,
            (false, false) => Self::Untouched,
        }
    }
}

/// A line of a ticket's history, with the words that came with it.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub actor: AccountId,
    /// Their name.
    pub actor_name: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// The comment it came with.
    pub comment: Option<CommentId>,
    /// The words of that comment, as they are now; none of one that its author took back.
    pub words: Option<String>,
    /// What its author did to it since.
    pub since: Since,
    /// What was changed by it, before and after.
    pub details: Option<(String, String)>,
    /// Who was in charge before.
    pub technician_before: Option<AccountId>,
    /// Who is in charge since, and their name.
    pub technician: Option<(AccountId, Named)>,
}

impl Happening {
    /// Whether somebody else put it into other hands.
    #[must_use]
    pub fn is_handing(&self) -> bool {
        matches!(self.event, Event::Done(Action::Assign | Action::HandOver))
    }

    /// Whether who is in charge is told of it, or was until then, by what it is and not as whoever asked.
    #[must_use]
    pub fn is_for_technicians(&self) -> bool {
        let is_taken_or_back = matches!(self.event, Event::Done(Action::Release | Action::Reopen));
        self.is_handing() || is_taken_or_back || matches!(self.event, Event::Done(Action::Rate | Action::Help))
    }

    /// Whether somebody was called to help by it, rather than let go.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.details.as_ref().is_some_and(|(before, _)| before.is_empty())
    }

    /// Who was called to help by it, or is needed no more.
    #[must_use]
    pub fn helper(&self) -> Option<AccountId> {
        helper_in(self.event, self.details.as_ref())
    }

    /// Whether it is told to somebody as the one who is in charge, or was until then.
    #[must_use]
    pub fn concerns(&self, account: AccountId) -> bool {
        if self.event == Event::Done(Action::Help) {
            return self.helper() == Some(account);
        }
        let technician = self.technician.as_ref().map(|(technician, _)| *technician);
        let is_theirs =
            matches!(self.event, Event::Done(Action::Release | Action::Reopen)) || self.is_for_technicians();
        is_theirs && [technician, self.technician_before].contains(&Some(account))
    }
}

/// Who was called to help by an event with these details, or is needed no more.
#[must_use]
pub fn helper_in(event: Event, details: Option<&(String, String)>) -> Option<AccountId> {
    let (before, after) = details.filter(|_| event == Event::Done(Action::Help))?;
    let called = if after.is_empty() { before } else { after };
    called.parse().ok().map(AccountId)
}

/// Finds a line of a ticket's history.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, ticket: TicketId, seq: u32) -> Result<Option<Happening>, Fault> {
    let row = sqlx::query!(
        r#"SELECT h.event, h.actor_id, a.name, h.happened_at AS "at: DateTime<Utc>", h.comment_id,
                  c.body AS "body?", c.edited_at IS NOT NULL AS "edited!: bool", c.retracted_at IS NOT NULL AS "retracted!: bool",
                  h.detail_before, h.detail_after, h.technician_before, h.technician_after, t.name AS "technician?"
           FROM history h JOIN accounts a ON a.id = h.actor_id LEFT JOIN comments c ON c.id = h.comment_id
           LEFT JOIN accounts t ON t.id = h.technician_after
           WHERE h.ticket_id = ? AND h.seq = ?"#,
        ticket.0,
        seq,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(|row| {
        let event = Event::of(&row.event).ok_or_else(|| Fault::Unreadable(format!("event {}", row.event)))?;
        let since = Since::of(row.edited, row.retracted);
        Ok(Happening {
            event,
            actor: AccountId(row.actor_id),
            actor_name: Named::read(Some(row.name)),
            at: row.at,
            comment: row.comment_id.map(CommentId),
            words: row.body.filter(|_| since != Since::Retracted),
            since,
            details: row
                .detail_before
                .zip(row.detail_after)
                .filter(|_| since != Since::Retracted),
            technician_before: row.technician_before.map(AccountId),
            technician: row
                .technician_after
                .map(|id| (AccountId(id), Named::read(row.technician))),
        })
    })
    .transpose()
}

/// A line of a ticket's history, as it is looked up.
#[derive(Clone, Debug)]
pub struct PastLine {
    /// Its number.
    pub seq: u32,
    /// Who did it.
    pub by: AccountId,
    /// What happened.
    pub event: Event,
    /// The name of who did it.
    pub actor: Named,
    /// From which platform; unknown of a chat that is gone.
    pub platform: Option<Platform>,
    /// When.
    pub at: DateTime<Utc>,
    /// The status before, and since.
    pub statuses: (Option<Status>, Status),
    /// The name of who was in charge before, and of who is since.
    pub technicians: (Option<Named>, Option<Named>),
    /// What was changed by it, before and after.
    pub details: Option<(String, String)>,
    /// The names of the people that these are the numbers of, before and after.
    pub named: (Option<Named>, Option<Named>),
}

/// Lists the lines of a ticket's history, the newest first, behind `offset` of them, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    ticket: TicketId,
    part: (u32, u32),
) -> Result<Vec<PastLine>, Fault> {
    lines(view, ticket, part).await
}

/// The same of those that whoever asked may read of: `is_told` says it of an event, and of who did it.
///
/// # Errors
/// [`Fault`].
pub async fn list_told(
    view: &mut View,
    ticket: TicketId,
    limit: u32,
    is_told: impl Fn(Event, AccountId) -> bool,
) -> Result<Vec<PastLine>, Fault> {
    let mut lines = lines(view, ticket, (0, limit)).await?;
    lines.retain(|line| is_told(line.event, line.by));
    // Whoever works on it is nobody's to watch.
    for line in &mut lines {
        line.platform = None;
    }
    Ok(lines)
}

async fn lines(view: &mut View, ticket: TicketId, (offset, limit): (u32, u32)) -> Result<Vec<PastLine>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT h.seq, h.actor_id, h.event, a.name, i.platform AS "platform?", h.happened_at AS "at: DateTime<Utc>",
                  h.status_before, h.status_after, b.name AS "had?", t.name AS "has?",
                  h.detail_before, h.detail_after, f.name AS "former?", l.name AS "latter?",
                  EXISTS (SELECT 1 FROM comments c WHERE c.id = h.comment_id AND c.retracted_at IS NOT NULL) AS "retracted!: bool"
           FROM history h JOIN accounts a ON a.id = h.actor_id LEFT JOIN identities i ON i.id = h.identity_id
           LEFT JOIN accounts b ON b.id = h.technician_before LEFT JOIN accounts t ON t.id = h.technician_after
           LEFT JOIN accounts f ON h.event IN ('opened', 'helped') AND f.id = CAST(h.detail_before AS UNSIGNED)
           LEFT JOIN accounts l ON h.event IN ('opened', 'helped') AND l.id = CAST(h.detail_after AS UNSIGNED)
           WHERE h.ticket_id = ? ORDER BY h.seq DESC LIMIT ? OFFSET ?"#,
        ticket.0,
        limit,
        offset,
    )
    .fetch_all(view.db())
    .await?;
    let lines = rows.into_iter().map(|row| {
        let event = Event::of(&row.event).ok_or_else(|| Fault::Unreadable(format!("event {}", row.event)))?;
        let before = row.status_before.map(|code| code.parse()).transpose()?;
        let named = |name: Option<String>| name.map(|name| Named::read(Some(name)));
        Ok(PastLine {
            seq: row.seq,
            by: AccountId(row.actor_id),
            event,
            actor: Named::read(Some(row.name)),
            platform: row.platform.map(|code| code.parse()).transpose()?,
            at: row.at,
            statuses: (before, row.status_after.parse()?),
            technicians: (named(row.had), named(row.has)),
            details: row.detail_before.zip(row.detail_after).filter(|_| !row.retracted),
            named: (named(row.former), named(row.latter)),
        })
    });
    lines.collect()
}

/// The newest line of a ticket's history of that event: who took it, and when, for instance.
///
/// # Errors
/// [`Fault`].
pub async fn find_last(view: &mut View, ticket: TicketId, event: Event) -> Result<Option<Happening>, Fault> {
    let seq = sqlx::query_scalar!(
        "SELECT MAX(seq) FROM history WHERE ticket_id = ? AND event = ?",
        ticket.0,
        event.code()
    )
    .fetch_one(view.db())
    .await?;
    match seq {
        Some(seq) => find(view, ticket, seq).await,
        None => Ok(None),
    }
}
