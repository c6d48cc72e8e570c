//! Tickets.

use chrono::{DateTime, Utc};
use sqlx::mysql::MySqlQueryResult;

use super::search::{self, Readers};
use super::{Fault, Tx, View, helpers, questions};
use crate::domain::edit::Edit;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, IdentityId, TicketId};
use crate::domain::question::Answer;
use crate::domain::text::{Description, Title};
use crate::domain::ticket::{State, Status, Ticket, Urgency};
use crate::domain::transition::Transition;

pub(super) struct TicketRow {
    pub id: u64,
    pub requester_id: u64,
    pub identity_id: u64,
    pub title: String,
    pub description: String,
    pub status: String,
    pub urgency: String,
    pub category_id: u64,
    pub technician_id: Option<u64>,
    /// The accounts of those who help, between commas.
    pub helpers: Option<String>,
    pub status_before: Option<String>,
    pub version: u32,
    pub opened_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

impl TryFrom<TicketRow> for Ticket {
    type Error = Fault;

    fn try_from(row: TicketRow) -> Result<Self, Fault> {
        let status: Status = row.status.parse()?;
        let technician = row.technician_id.map(AccountId);
        let state = match (status, &row.status_before) {
            (Status::Deleted, Some(before)) => State::of(before.parse()?, technician).map(State::deleted),
            _ => State::of(status, technician),
        };
        let state = state.ok_or_else(|| {
            Fault::Unreadable(format!(
                "ticket {} can't be {} with, or without, a technician",
                row.id, row.status
            ))
        })?;
        Ok(Self {
            id: TicketId(row.id),
            title: row.title,
            description: row.description,
            state,
            urgency: row.urgency.parse()?,
            category: CategoryId(row.category_id),
            requester: AccountId(row.requester_id),
            identity: IdentityId(row.identity_id),
            helpers: read_helpers(row.helpers.as_deref())?,
            version: row.version,
            opened_at: row.opened_at,
            changed_at: row.changed_at,
        })
    }
}

fn read_helpers(ids: Option<&str>) -> Result<Vec<AccountId>, Fault> {
    let ids = ids.into_iter().flat_map(|ids| ids.split(','));
    let ids = ids.map(|id| id.parse().map(AccountId));
    ids.collect::<Result<_, _>>()
        .map_err(|error| Fault::Unreadable(format!("helpers: {error}")))
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
    /// What was answered to the questions of its category.
    pub answers: Vec<Answer>,
    /// The files that come with it.
    pub files: Vec<StoredFile>,
}

/// Adds a ticket of `by`, who is told of it in the chat `from`; `is_for_other` where somebody else opens it for them.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    new: &NewTicket,
    (by, from): (AccountId, IdentityId),
    is_for_other: bool,
) -> Result<Ticket, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO tickets (requester_id, identity_id, title, description, status, urgency, category_id, version,
                              opened_at, changed_at, has_more)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)",
        by.0,
        from.0,
        new.title.as_str(),
        new.description.as_str(),
        Status::Waiting.code(),
        new.urgency.code(),
        new.category.0,
        now,
        now,
        is_for_other || !new.answers.is_empty() || !new.files.is_empty(),
    )
    .execute(tx.db())
    .await?;
    let id = TicketId(done.last_insert_id());
    questions::insert_answers(tx, id, &new.answers).await?;
    let text = format!("{} {}", new.title, new.description);
    search::add(tx, id, &text).await?;
    let answers: Vec<&str> = new.answers.iter().map(|answer| answer.text.as_str()).collect();
    if !answers.is_empty() {
        search::add_more(tx, id, &answers.join(" "), Readers::Both).await?;
    }
    Ok(Ticket {
        id,
        title: new.title.to_string(),
        description: new.description.to_string(),
        state: State::Waiting,
        urgency: new.urgency,
        category: new.category,
        requester: by,
        identity: from,
        helpers: Vec::new(),
        version: 1,
        opened_at: now,
        changed_at: now,
    })
}

/// Notes that something may stand beside a ticket, which its card has to ask for.
///
/// # Errors
/// [`Fault`].
pub(super) async fn mark_more(tx: &mut Tx, id: TicketId) -> Result<(), Fault> {
    sqlx::query!("UPDATE tickets SET has_more = TRUE WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Finds a ticket and locks its row, so that what is decided about it stays true until the commit.
///
/// # Errors
/// [`Fault`].
pub async fn lock(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, Fault> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"SELECT id, requester_id, identity_id, title, description, status, urgency, category_id, technician_id,
                  status_before, version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>",
                  (SELECT GROUP_CONCAT(h.account_id ORDER BY h.account_id) FROM ticket_helpers h WHERE h.ticket_id = id)
                      AS "helpers: String"
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
pub async fn find(view: &mut View, id: TicketId) -> Result<Option<Ticket>, Fault> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"SELECT id, requester_id, identity_id, title, description, status, urgency, category_id, technician_id,
                  status_before, version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>",
                  (SELECT GROUP_CONCAT(h.account_id ORDER BY h.account_id) FROM ticket_helpers h WHERE h.ticket_id = id)
                      AS "helpers: String"
           FROM tickets WHERE id = ?"#,
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Ticket::try_from).transpose()
}

/// Fails where the ticket changed since it was read.
fn is_as_it_was_read(done: &MySqlQueryResult) -> Result<(), Fault> {
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::Overtaken("tickets"))
    }
}

/// Writes a permitted change and gives the ticket as it is now.
///
/// # Errors
/// [`Fault::Overtaken`] when the ticket changed since it was read.
pub async fn change(tx: &mut Tx, ticket: &Ticket, transition: &Transition) -> Result<Ticket, Fault> {
    let now = tx.now();
    let to = transition.to();
    let stood = match to {
        State::Deleted(stood) => Some(stood),
        _ => None,
    };
    let done = sqlx::query!(
        // The version and status that were read: a change made meanwhile is not overwritten.
        "UPDATE tickets SET status = ?, technician_id = ?, status_before = ?, deleted_at = ?, version = version + 1,
                            changed_at = ?
         WHERE id = ? AND version = ? AND status = ?",
        to.status().code(),
        to.technician().map(|technician| technician.0),
        stood.map(|stood| stood.status().code()),
        stood.map(|_| now),
        now,
        ticket.id.0,
        ticket.version,
        transition.from().status().code(),
    )
    .execute(tx.db())
    .await?;
    is_as_it_was_read(&done)?;
    let helpers = helpers::keep(tx, ticket, to).await?;
    Ok(Ticket {
        state: to,
        helpers,
        version: ticket.version + 1,
        changed_at: now,
        ..ticket.clone()
    })
}

/// Writes a permitted change of what it says and gives the ticket as it is now.
///
/// # Errors
/// [`Fault::Overtaken`] when the ticket changed since it was read.
pub async fn edit(tx: &mut Tx, ticket: &Ticket, transition: &Transition, edit: &Edit) -> Result<Ticket, Fault> {
    let now = tx.now();
    let after = edit.applied(ticket);
    let done = sqlx::query!(
        // As in `change`.
        "UPDATE tickets SET title = ?, description = ?, urgency = ?, category_id = ?, version = version + 1,
                            changed_at = ?
         WHERE id = ? AND version = ? AND status = ?",
        after.title,
        after.description,
        after.urgency.code(),
        after.category.0,
        now,
        ticket.id.0,
        ticket.version,
        transition.from().status().code(),
    )
    .execute(tx.db())
    .await?;
    is_as_it_was_read(&done)?;
    match edit {
        Edit::Title(title) => search::add_more(tx, ticket.id, title.as_str(), Readers::Both).await?,
        Edit::Description(words) => search::add_more(tx, ticket.id, words.as_str(), Readers::Both).await?,
        Edit::Urgency(_) | Edit::Category(_) => {}
    }
    Ok(Ticket {
        version: ticket.version + 1,
        changed_at: now,
        ..after
    })
}

/// Makes room for one more line in the history of a ticket that stays as it is, and gives the ticket with it.
///
/// # Errors
/// [`Fault::Overtaken`] when the ticket changed since it was read.
pub async fn advance(tx: &mut Tx, ticket: &Ticket, transition: &Transition) -> Result<Ticket, Fault> {
    let done = sqlx::query!(
        // As in `change`.
        "UPDATE tickets SET version = version + 1 WHERE id = ? AND version = ? AND status = ?",
        ticket.id.0,
        ticket.version,
        transition.from().status().code(),
    )
    .execute(tx.db())
    .await?;
    is_as_it_was_read(&done)?;
    Ok(Ticket {
        version: ticket.version + 1,
        ..ticket.clone()
    })
}

/// When the `nth` newest of the tickets was opened that this person opened for themselves since then, if they opened as
/// many.
///
/// # Errors
/// [`Fault`].
pub async fn find_nth_opened(
    view: &mut View,
    requester: AccountId,
    since: DateTime<Utc>,
    nth: u32,
) -> Result<Option<DateTime<Utc>>, Fault> {
    let opened = sqlx::query_scalar!(
        // What was opened since then has changed since then: by that the key finds it.
        r#"SELECT opened_at AS "at: DateTime<Utc>" FROM tickets t
           WHERE requester_id = ? AND (is_open IN (TRUE, FALSE) OR is_open IS NULL) AND changed_at > ? AND opened_at > ?
             AND EXISTS (SELECT 1 FROM history h WHERE h.ticket_id = t.id AND h.seq = 1 AND h.actor_id = t.requester_id)
           ORDER BY opened_at DESC LIMIT 1 OFFSET ?"#,
        requester.0,
        since,
        since,
        nth.saturating_sub(1),
    );
    Ok(opened.fetch_optional(view.db()).await?)
}

/// Lists the numbers of a person's tickets that are not closed, newest change first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_open_numbers(view: &mut View, requester: AccountId, limit: u32) -> Result<Vec<TicketId>, Fault> {
    let numbers = sqlx::query_scalar!(
        "SELECT id FROM tickets WHERE requester_id = ? AND is_open = TRUE ORDER BY changed_at DESC, id DESC LIMIT ?",
        requester.0,
        limit,
    );
    Ok(numbers.fetch_all(view.db()).await?.into_iter().map(TicketId).collect())
}

/// Lists all tickets that are neither closed nor deleted, oldest first.
///
/// # Errors
/// [`Fault`].
pub async fn list_open(view: &mut View) -> Result<Vec<TicketId>, Fault> {
    let rows = sqlx::query_scalar!("SELECT id FROM tickets WHERE is_open = TRUE ORDER BY id")
        .fetch_all(view.db())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}
