//! Tickets.

use chrono::{DateTime, Utc};

use super::search::{self, Readers};
use super::ticket_links::Around;
use super::{Fault, Tx, View, ratings};
use crate::domain::account::Named;
use crate::domain::edit::Edit;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, IdentityId, TicketId};
use crate::domain::platform::Platform;
use crate::domain::rating::Rating;
use crate::domain::text::{Description, Title};
use crate::domain::ticket::{State, Status, Ticket, Urgency};
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
    status_before: Option<String>,
    version: u32,
    opened_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
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
    let id = TicketId(done.last_insert_id());
    let text = format!("{} {}", new.title, new.description);
    search::add(tx, id, &text).await?;
    Ok(Ticket {
        id,
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
                  status_before, version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>"
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
                  status_before, version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>"
           FROM tickets WHERE id = ?"#,
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Ticket::try_from).transpose()
}

/// What a card says of a ticket beside itself.
#[derive(Clone, Debug)]
pub struct About {
    /// The name of who asked.
    pub requester: Named,
    /// The name of the technician in charge.
    pub technician: Option<Named>,
    /// The platform it was opened on.
    pub platform: Platform,
    /// Whether files came with it.
    pub has_files: bool,
    /// Whether who asked has a chat in which they read of it.
    pub has_chat: bool,
    /// What it is linked to.
    pub around: Around,
    /// What who asked thinks of how it was dealt with.
    pub rating: Option<Rating>,
}

/// Finds a ticket, and what a card says beside it.
///
/// # Errors
/// [`Fault`].
pub async fn find_for_card(view: &mut View, id: TicketId) -> Result<Option<(Ticket, About)>, Fault> {
    let row = sqlx::query!(
        r#"SELECT t.id, t.requester_id, t.identity_id, t.title, t.description, t.status, t.urgency, t.category_id,
                  t.technician_id, t.status_before, t.version, t.opened_at AS "opened_at: DateTime<Utc>",
                  t.changed_at AS "changed_at: DateTime<Utc>",
                  r.name AS requester, a.name AS "technician?", i.platform,
                  EXISTS (SELECT 1 FROM attachments f WHERE f.ticket_id = t.id AND f.comment_id IS NULL)
                      AS "has_files!: bool",
                  EXISTS (SELECT 1 FROM identities c WHERE c.account_id = t.requester_id) AS "has_chat!: bool",
                  (SELECT MAX(l.other_id) FROM ticket_links l JOIN tickets o ON o.id = l.other_id
                   WHERE l.ticket_id = t.id AND l.kind = 'follows' AND o.status <> 'deleted') AS follows,
                  (SELECT MAX(l.ticket_id) FROM ticket_links l JOIN tickets o ON o.id = l.ticket_id
                   WHERE l.other_id = t.id AND l.kind = 'follows' AND o.status <> 'deleted') AS followed_by,
                  EXISTS (SELECT 1 FROM ticket_links l WHERE l.ticket_id = t.id AND l.kind <> 'follows')
                  OR EXISTS (SELECT 1 FROM ticket_links l WHERE l.other_id = t.id AND l.kind <> 'follows') AS "has_links!: bool",
                  g.stars AS "stars?", g.words AS "words?"
           FROM tickets t JOIN accounts r ON r.id = t.requester_id JOIN identities i ON i.id = t.identity_id
           LEFT JOIN accounts a ON a.id = t.technician_id LEFT JOIN ratings g ON g.ticket_id = t.id
           WHERE t.id = ?"#,
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let about = About {
        requester: Named::read(Some(row.requester)),
        technician: row.technician.map(|name| Named::read(Some(name))),
        platform: row.platform.parse()?,
        has_files: row.has_files,
        has_chat: row.has_chat,
        around: Around {
            follows: row.follows.map(TicketId),
            followed_by: row.followed_by.map(TicketId),
            has_links: row.has_links,
        },
        rating: row.stars.map(|stars| ratings::read(stars, row.words)).transpose()?,
    };
    let ticket = TicketRow {
        id: row.id,
        requester_id: row.requester_id,
        identity_id: row.identity_id,
        title: row.title,
        description: row.description,
        status: row.status,
        urgency: row.urgency,
        category_id: row.category_id,
        technician_id: row.technician_id,
        status_before: row.status_before,
        version: row.version,
        opened_at: row.opened_at,
        changed_at: row.changed_at,
    };
    Ok(Some((ticket.try_into()?, about)))
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
    if done.rows_affected() != 1 {
        return Err(Fault::Overtaken("tickets"));
    }
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
    if done.rows_affected() != 1 {
        return Err(Fault::Overtaken("tickets"));
    }
    Ok(Ticket {
        version: ticket.version + 1,
        ..ticket.clone()
    })
}

/// When the `nth` newest of the tickets was opened that this person opened since then, if they opened as many.
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
        r#"SELECT opened_at AS "at: DateTime<Utc>" FROM tickets
           WHERE requester_id = ? AND (is_open IN (TRUE, FALSE) OR is_open IS NULL) AND changed_at > ? AND opened_at > ?
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
