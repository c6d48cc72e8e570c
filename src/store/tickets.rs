//! Tickets and their categories.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

use super::{Fault, Tx, View, in_round_numbers};
use crate::domain::account::Named;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, IdentityId, TicketId};
use crate::domain::permission::{EveryTicket, Permit};
use crate::domain::platform::Platform;
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
        let state = State::of(status, row.technician_id.map(AccountId)).ok_or_else(|| {
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
pub async fn find(view: &mut View, id: TicketId) -> Result<Option<Ticket>, Fault> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"SELECT id, requester_id, identity_id, title, description, status, urgency, category_id, technician_id,
                  version, opened_at AS "opened_at: DateTime<Utc>", changed_at AS "changed_at: DateTime<Utc>"
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
}

/// Finds a ticket, and what a card says beside it.
///
/// # Errors
/// [`Fault`].
pub async fn find_for_card(view: &mut View, id: TicketId) -> Result<Option<(Ticket, About)>, Fault> {
    let row = sqlx::query!(
        r#"SELECT t.id, t.requester_id, t.identity_id, t.title, t.description, t.status, t.urgency, t.category_id,
                  t.technician_id, t.version, t.opened_at AS "opened_at: DateTime<Utc>",
                  t.changed_at AS "changed_at: DateTime<Utc>",
                  r.name AS requester, a.name AS "technician?", i.platform,
                  EXISTS (SELECT 1 FROM attachments f WHERE f.ticket_id = t.id AND f.comment_id IS NULL)
                      AS "has_files!: bool"
           FROM tickets t JOIN accounts r ON r.id = t.requester_id JOIN identities i ON i.id = t.identity_id
           LEFT JOIN accounts a ON a.id = t.technician_id
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
    pub technician: Option<Named>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct TicketLineRow {
    id: u64,
    title: String,
    status: String,
    technician: Option<String>,
    changed_at: DateTime<Utc>,
}

impl TryFrom<TicketLineRow> for TicketLine {
    type Error = Fault;

    fn try_from(row: TicketLineRow) -> Result<Self, Fault> {
        Ok(Self {
            id: TicketId(row.id),
            title: row.title,
            status: row.status.parse()?,
            technician: row.technician.map(|name| Named::read(Some(name))),
            changed_at: row.changed_at,
        })
    }
}

/// Lists these tickets, in the order of their numbers.
///
/// # Errors
/// [`Fault`].
pub async fn list_lines(view: &mut View, tickets: &[TicketId]) -> Result<Vec<TicketLine>, Fault> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new(
        "SELECT t.id, t.title, t.status, t.changed_at, a.name AS technician
         FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id WHERE t.id IN (",
    );
    let mut numbers = query.separated(", ");
    for ticket in in_round_numbers(tickets) {
        numbers.push_bind(ticket.0);
    }
    query.push(") ORDER BY t.id");
    let rows: Vec<TicketLineRow> = query.build_query_as().fetch_all(view.db()).await?;
    rows.into_iter().map(TicketLine::try_from).collect()
}

/// Lists a person's tickets that are not closed, newest change first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_open_of(view: &mut View, requester: AccountId, limit: u32) -> Result<Vec<TicketLine>, Fault> {
    let rows = sqlx::query_as!(
        TicketLineRow,
        r#"SELECT t.id, t.title, t.status, t.changed_at AS "changed_at: DateTime<Utc>", a.name AS "technician?"
           FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id
           WHERE t.requester_id = ? AND t.is_open = TRUE
           ORDER BY t.changed_at DESC, t.id DESC LIMIT ?"#,
        requester.0,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(TicketLine::try_from).collect()
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

/// Lists everybody's tickets that are neither resolved nor closed, oldest first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_unresolved(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    limit: u32,
) -> Result<Vec<TicketLine>, Fault> {
    let rows = sqlx::query_as!(
        TicketLineRow,
        r#"SELECT t.id, t.title, t.status, t.changed_at AS "changed_at: DateTime<Utc>", a.name AS "technician?"
           FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id
           WHERE t.status IN ('waiting', 'in_progress', 'awaiting_info')
           ORDER BY t.id LIMIT ?"#,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(TicketLine::try_from).collect()
}

/// Lists all tickets that are not closed, oldest first.
///
/// # Errors
/// [`Fault`].
pub async fn list_open(view: &mut View) -> Result<Vec<TicketId>, Fault> {
    let rows = sqlx::query_scalar!("SELECT id FROM tickets WHERE status <> 'closed' ORDER BY id")
        .fetch_all(view.db())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

/// Lists all categories, as they were a second ago at most.
///
/// # Errors
/// [`Fault`].
pub async fn list_categories(view: &mut View) -> Result<Vec<Category>, Fault> {
    if let Some(known) = view.categories().get() {
        return Ok(known);
    }
    let rows = sqlx::query!("SELECT id, code, name_fr, name_en, keywords FROM categories ORDER BY id")
        .fetch_all(view.db())
        .await?;
    let categories = rows.into_iter().map(|row| Category {
        id: CategoryId(row.id),
        code: row.code,
        name_fr: row.name_fr,
        name_en: row.name_en,
        keywords: row.keywords,
    });
    let categories: Vec<_> = categories.collect();
    view.categories().put(categories.clone());
    Ok(categories)
}
