//! Tickets, with their comments, attachments and history.

use chrono::{DateTime, Utc};

use super::{Fault, Tx};
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, CommentId, IdentityId, TicketId};
use crate::domain::text::{Description, Title};
use crate::domain::ticket::{Category, State, Status, Ticket, Urgency};
use crate::domain::transition::Transition;

struct TicketRow {
    id: u64,
    requester_id: u64,
    identity_id: u64,
    title: String,
    description: String,
    status: String,
    urgency: String,
    category_id: u64,
    technician_id: Option<u64>,
    version: u32,
    opened_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

impl TryFrom<TicketRow> for Ticket {
    type Error = Fault;

    fn try_from(row: TicketRow) -> Result<Self, Fault> {
        let status: Status = row.status.parse()?;
        let state = State::of(status, row.technician_id.map(AccountId))
            .ok_or_else(|| Fault::Unreadable(format!("ticket {} is {} without a technician", row.id, row.status)))?;
        Ok(Self {
            id: TicketId(row.id),
            title: row.title,
            description: row.description,
            state,
            urgency: row.urgency.parse()?,
            category: CategoryId(row.category_id),
            requester: AccountId(row.requester_id),
            identity: IdentityId(row.identity_id),
            version: row.version,
            opened_at: row.opened_at,
            changed_at: row.changed_at,
        })
    }
}

/// A ticket to be.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// Its title.
    pub title: Title,
    /// What it is about.
    pub description: Description,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What it is about.
    pub category: CategoryId,
    /// The files that come with it.
    pub files: Vec<StoredFile>,
}

/// Adds a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, new: &NewTicket, by: AccountId, from: IdentityId) -> Result<Ticket, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO tickets (requester_id, identity_id, title, description, status, urgency, category_id, version,
                              opened_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        by.0,
        from.0,
        new.title.as_str(),
        new.description.as_str(),
        Status::Waiting.code(),
        new.urgency.code(),
        new.category.0,
        now,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(Ticket {
        id: TicketId(done.last_insert_id()),
        title: new.title.to_string(),
        description: new.description.to_string(),
        state: State::Waiting,
        urgency: new.urgency,
        category: new.category,
        requester: by,
        identity: from,
        version: 1,
        opened_at: now,
        changed_at: now,
    })
}

/// Finds a ticket and locks its row, so that what is decided about it stays true until the commit.
///
/// # Errors
/// [`Fault`].
pub async fn lock(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, Fault> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"SELECT id, requester_id, identity_id, title, description, status, urgency, category_id, technician_id,
                  version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>"
           FROM tickets WHERE id = ? FOR UPDATE"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(Ticket::try_from).transpose()
}

/// Finds a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, Fault> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"SELECT id, requester_id, identity_id, title, description, status, urgency, category_id, technician_id,
                  version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>"
           FROM tickets WHERE id = ?"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(Ticket::try_from).transpose()
}

/// Writes a permitted change and gives the ticket as it is now.
///
/// # Errors
/// [`Fault::Overtaken`] when the ticket changed since it was read.
pub async fn change(tx: &mut Tx, ticket: &Ticket, transition: &Transition) -> Result<Ticket, Fault> {
    let now = tx.now();
    let to = transition.to();
    let done = sqlx::query!(
        // The version and status that were read: a change made meanwhile is not overwritten.
        "UPDATE tickets SET status = ?, technician_id = ?, version = version + 1, changed_at = ?
         WHERE id = ? AND version = ? AND status = ?",
        to.status().code(),
        to.technician().map(|technician| technician.0),
        now,
        ticket.id.0,
        ticket.version,
        transition.from().status().code(),
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() != 1 {
        return Err(Fault::Overtaken("tickets"));
    }
    Ok(Ticket {
        state: to,
        version: ticket.version + 1,
        changed_at: now,
        ..ticket.clone()
    })
}

/// The kinds of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// Both sides read it.
    Comment,
    /// Only staff read it.
    Note,
    /// What a technician asks the requester.
    Question,
    /// What was done, when it is resolved.
    Report,
    /// What still fails, when it is reopened.
    Reason,
}

impl CommentKind {
    const ALL: [Self; 5] = [Self::Comment, Self::Note, Self::Question, Self::Report, Self::Reason];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Note => "note",
            Self::Question => "question",
            Self::Report => "report",
            Self::Reason => "reason",
        }
    }
}

/// Adds a comment.
///
/// # Errors
/// [`Fault`].
pub async fn insert_comment(
    tx: &mut Tx,
    ticket: TicketId,
    by: AccountId,
    kind: CommentKind,
    body: &str,
) -> Result<CommentId, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO comments (ticket_id, author_id, kind, body, written_at) VALUES (?, ?, ?, ?, ?)",
        ticket.0,
        by.0,
        kind.code(),
        body,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(CommentId(done.last_insert_id()))
}

/// What somebody wrote on a ticket.
#[derive(Clone, Debug)]
pub struct Words {
    /// What kind of comment it is.
    pub kind: CommentKind,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub body: String,
}

/// Lists the last `limit` comments on a ticket, oldest first; internal notes only `with_notes`.
///
/// # Errors
/// [`Fault`].
pub async fn list_last_words(tx: &mut Tx, ticket: TicketId, with_notes: bool, limit: u32) -> Result<Vec<Words>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT c.kind, a.name, c.written_at AS "at: DateTime<Utc>", c.body
           FROM comments c JOIN accounts a ON a.id = c.author_id
           WHERE c.ticket_id = ? AND (? OR c.kind <> 'note') ORDER BY c.id DESC LIMIT ?"#,
        ticket.0,
        with_notes,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    let words = rows.into_iter().rev().map(|row| {
        let kind = CommentKind::ALL.into_iter().find(|kind| kind.code() == row.kind);
        let kind = kind.ok_or_else(|| Fault::Unreadable(format!("comment kind {}", row.kind)))?;
        Ok(Words {
            kind,
            author: row.name,
            at: row.at,
            body: row.body,
        })
    });
    words.collect()
}

/// Attaches files to a ticket, or to one of its comments.
///
/// # Errors
/// [`Fault`].
pub async fn insert_attachments(
    tx: &mut Tx,
    ticket: TicketId,
    comment: Option<CommentId>,
    files: &[StoredFile],
) -> Result<(), Fault> {
    for file in files {
        sqlx::query!(
            "INSERT INTO attachments (ticket_id, comment_id, sha256, name, media_type, size) VALUES (?, ?, ?, ?, ?, ?)",
            ticket.0,
            comment.map(|comment| comment.0),
            file.sha256,
            file.name,
            file.media_type,
            file.size,
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}

/// Lists the files of a ticket itself (`comment` is `None`) or of one of its comments.
///
/// # Errors
/// [`Fault`].
pub async fn list_attachments(
    tx: &mut Tx,
    ticket: TicketId,
    comment: Option<CommentId>,
) -> Result<Vec<StoredFile>, Fault> {
    Ok(sqlx::query_as!(
        StoredFile,
        "SELECT sha256, name, media_type, size FROM attachments WHERE ticket_id = ? AND comment_id <=> ? ORDER BY id",
        ticket.0,
        comment.map(|comment| comment.0),
    )
    .fetch_all(tx.db())
    .await?)
}

/// What happened to a ticket, by the codes of its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was opened.
    Opened,
    /// This was done to it.
    Done(Action),
}

impl Event {
    fn code(self) -> &'static str {
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
        }
    }

    fn of(code: &str) -> Option<Self> {
        let events = Action::ALL.into_iter().map(Self::Done);
        std::iter::once(Self::Opened)
            .chain(events)
            .find(|event| event.code() == code)
    }
}

/// Adds a line to a ticket's history: its number is the ticket's version.
///
/// # Errors
/// [`Fault`].
pub async fn insert_history(
    tx: &mut Tx,
    after: &Ticket,
    event: Event,
    before: Option<State>,
    comment: Option<CommentId>,
    actor: (AccountId, IdentityId),
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO history (ticket_id, seq, event, status_before, status_after, technician_before,
                              technician_after, comment_id, actor_id, identity_id, happened_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        after.id.0,
        after.version,
        event.code(),
        before.map(|before| before.status().code()),
        after.state.status().code(),
        before.and_then(State::technician).map(|technician| technician.0),
        after.state.technician().map(|technician| technician.0),
        comment.map(|comment| comment.0),
        actor.0.0,
        actor.1.0,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A line of a ticket's history, with the words that came with it.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub actor: AccountId,
    /// Their name.
    pub actor_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The comment it came with.
    pub comment: Option<CommentId>,
    /// The words of that comment.
    pub words: Option<String>,
}

/// Finds a line of a ticket's history.
///
/// # Errors
/// [`Fault`].
pub async fn find_happening(tx: &mut Tx, ticket: TicketId, seq: u32) -> Result<Option<Happening>, Fault> {
    let row = sqlx::query!(
        r#"SELECT h.event, h.actor_id, a.name, h.happened_at AS "at: DateTime<Utc>", h.comment_id,
                  c.body AS "body?"
           FROM history h JOIN accounts a ON a.id = h.actor_id LEFT JOIN comments c ON c.id = h.comment_id
           WHERE h.ticket_id = ? AND h.seq = ?"#,
        ticket.0,
        seq,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(|row| {
        let event = Event::of(&row.event).ok_or_else(|| Fault::Unreadable(format!("event {}", row.event)))?;
        Ok(Happening {
            event,
            actor: AccountId(row.actor_id),
            actor_name: row.name,
            at: row.at,
            comment: row.comment_id.map(CommentId),
            words: row.body,
        })
    })
    .transpose()
}

/// The newest line of a ticket's history of that event: who took it, and when, for instance.
///
/// # Errors
/// [`Fault`].
pub async fn find_last(tx: &mut Tx, ticket: TicketId, event: Event) -> Result<Option<Happening>, Fault> {
    let seq = sqlx::query_scalar!(
        "SELECT MAX(seq) FROM history WHERE ticket_id = ? AND event = ?",
        ticket.0,
        event.code()
    )
    .fetch_one(tx.db())
    .await?;
    match seq {
        Some(seq) => find_happening(tx, ticket, seq).await,
        None => Ok(None),
    }
}

/// One line of a list of tickets.
#[derive(Clone, Debug)]
pub struct TicketLine {
    /// Its number.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// The name of the technician in charge.
    pub technician: Option<String>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// Lists a person's tickets that are not closed, newest change first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_open_of(tx: &mut Tx, requester: AccountId, limit: u32) -> Result<Vec<TicketLine>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.title, t.status, t.changed_at AS "changed_at: DateTime<Utc>", a.name AS "technician?"
           FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id
           WHERE t.requester_id = ? AND t.status IN ('waiting', 'in_progress', 'awaiting_info', 'resolved')
           ORDER BY t.changed_at DESC, t.id DESC LIMIT ?"#,
        requester.0,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TicketLine {
                id: TicketId(row.id),
                title: row.title,
                status: row.status.parse()?,
                technician: row.technician,
                changed_at: row.changed_at,
            })
        })
        .collect()
}

/// Lists everybody's tickets that are neither resolved nor closed, oldest first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_unresolved(tx: &mut Tx, limit: u32) -> Result<Vec<TicketLine>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.title, t.status, t.changed_at AS "changed_at: DateTime<Utc>", a.name AS "technician?"
           FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id
           WHERE t.status IN ('waiting', 'in_progress', 'awaiting_info')
           ORDER BY t.id LIMIT ?"#,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TicketLine {
                id: TicketId(row.id),
                title: row.title,
                status: row.status.parse()?,
                technician: row.technician,
                changed_at: row.changed_at,
            })
        })
        .collect()
}

/// Lists all categories.
///
/// # Errors
/// [`Fault`].
pub async fn list_categories(tx: &mut Tx) -> Result<Vec<Category>, Fault> {
    let rows = sqlx::query!("SELECT id, code, name_fr, name_en, keywords FROM categories ORDER BY id")
        .fetch_all(tx.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Category {
            id: CategoryId(row.id),
            code: row.code,
            name_fr: row.name_fr,
            name_en: row.name_en,
            keywords: row.keywords,
        })
        .collect())
}
