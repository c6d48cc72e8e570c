//! Lists of tickets, a line each. What a page shows is found along a key from its first line to its last, however many
//! tickets there are; but for those that somebody helps with, which are all read: helpers are let go when a ticket is closed.
//!
//! A choice more (of status, urgency, ...) needs a key that ends in the order of the list. What waits for somebody has its own, [`list_day`].

mod day;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, MySql, QueryBuilder, Row};

pub use day::{Waits, list_day};

use super::{Fault, View, in_round_numbers};
use crate::domain::account::Named;
use crate::domain::age::Span;
use crate::domain::ids::{AccountId, CategoryId, TicketId};
use crate::domain::permission::{EveryTicket, Permit, Purge};
use crate::domain::ticket::{Status, Urgency};

/// One line of a list of tickets.
#[derive(Clone, Debug)]
pub struct TicketLine {
    /// Its number.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The name of the technician in charge.
    pub technician: Option<Named>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

#[derive(FromRow)]
pub(super) struct TicketLineRow {
    id: u64,
    title: String,
    status: String,
    urgency: String,
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
            urgency: row.urgency.parse()?,
            technician: row.technician.map(|name| Named::read(Some(name))),
            changed_at: row.changed_at,
        })
    }
}

/// A part of a list: how many lines before it, and how many it has at most.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// How many lines before it.
    pub offset: u32,
    /// How many it has at most.
    pub limit: u32,
}

/// Lists these tickets, in the order of their numbers, without those that are deleted.
///
/// # Errors
/// [`Fault`].
pub async fn list_lines(view: &mut View, tickets: &[TicketId]) -> Result<Vec<TicketLine>, Fault> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new(
        "SELECT t.id, t.title, t.status, t.urgency, t.changed_at, a.name AS technician
         FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id WHERE t.id IN (",
    );
    let mut numbers = query.separated(", ");
    for ticket in in_round_numbers(tickets) {
        numbers.push_bind(ticket.0);
    }
    query.push(") AND t.status <> 'deleted' ORDER BY t.id");
    let rows: Vec<TicketLineRow> = query.build_query_as().fetch_all(view.db()).await?;
    rows.into_iter().map(TicketLine::try_from).collect()
}

/// Lists a person's tickets that are still open, or those that are closed, newest change first.
///
/// # Errors
/// [`Fault`].
pub async fn list_of(
    view: &mut View,
    requester: AccountId,
    is_open: bool,
    part: Part,
) -> Result<Vec<TicketLine>, Fault> {
    let rows = sqlx::query_as!(
        TicketLineRow,
        r#"SELECT t.id, t.title, t.status, t.urgency, t.changed_at AS "changed_at: DateTime<Utc>",
                  a.name AS "technician?"
           FROM tickets t LEFT JOIN accounts a ON a.id = t.technician_id
           WHERE t.requester_id = ? AND t.is_open = ?
           ORDER BY t.changed_at DESC, t.id DESC LIMIT ? OFFSET ?"#,
        requester.0,
        is_open,
        part.limit,
        part.offset,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(TicketLine::try_from).collect()
}

/// One line of the list of deleted tickets.
#[derive(Clone, Debug)]
pub struct DeletedLine {
    /// Its number.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// The name of who asked.
    pub requester: Named,
    /// The name of who deleted it.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
}

/// Lists the tickets that are deleted, the latest first.
///
/// # Errors
/// [`Fault`].
pub async fn list_deleted(view: &mut View, _permit: Permit<Purge>, part: Part) -> Result<Vec<DeletedLine>, Fault> {
    let rows = sqlx::query!(
        // Nothing is done to it after its deletion: that is the last line of its history.
        r#"SELECT t.id, t.title, r.name AS requester, d.name AS deleter, t.changed_at AS "at: DateTime<Utc>"
           FROM tickets t JOIN accounts r ON r.id = t.requester_id
           JOIN history h ON h.ticket_id = t.id AND h.seq = t.version JOIN accounts d ON d.id = h.actor_id
           WHERE t.deleted_at IS NOT NULL ORDER BY t.deleted_at DESC, t.id DESC LIMIT ? OFFSET ?"#,
        part.limit,
        part.offset,
    )
    .fetch_all(view.db())
    .await?;
    let lines = rows.into_iter().map(|row| DeletedLine {
        id: TicketId(row.id),
        title: row.title,
        requester: Named::read(Some(row.requester)),
        by: Named::read(Some(row.deleter)),
        at: row.at,
    });
    Ok(lines.collect())
}

/// In which order staff read tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The oldest first.
    Oldest,
    /// The newest first.
    Newest,
    /// The most urgent first, of those the oldest.
    MostUrgent,
}

/// Which of everybody's tickets staff want to see.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Where they stand.
    pub statuses: &'a [Status],
    /// How urgent they are; all the same where there is none.
    pub urgency: Option<Urgency>,
    /// What they are about; anything where there is none.
    pub category: Option<CategoryId>,
    /// Who is in charge, or helps; anybody or nobody where there is none.
    pub technician: Option<AccountId>,
    /// When they were opened.
    pub opened: Span,
    /// In which order.
    pub order: Order,
}

/// Lists everybody's tickets, and tells the name of the technician whose they are, if one is wanted.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    wanted: &Wanted<'_>,
    part: Part,
) -> Result<(Vec<TicketLine>, Option<Named>), Fault> {
    let order = match wanted.order {
        Order::Oldest => "p.opened_at, p.id",
        Order::Newest => "p.opened_at DESC, p.id DESC",
        Order::MostUrgent => BY_URGENCY,
    };
    // The name stands in a row of its own where there is no line.
    let mut query = QueryBuilder::new("SELECT w.name AS whose, ");
    query
        .push(LINE)
        .push(" FROM (SELECT MAX(name) AS name FROM accounts WHERE id = ");
    query.push_bind(wanted.technician.map(|technician| technician.0));
    query.push(") AS w LEFT JOIN (SELECT p.* FROM (");
    branches(&mut query, wanted, part.offset.saturating_add(part.limit));
    query.push(") AS p ORDER BY ").push(order);
    query.push(" LIMIT ").push_bind(part.limit);
    query.push(" OFFSET ").push_bind(part.offset);
    query.push(") AS p ON TRUE LEFT JOIN accounts a ON a.id = p.technician_id ORDER BY ");
    query.push(order);
    let (mut lines, mut whose) = (Vec::new(), None);
    for row in query.build().fetch_all(view.db()).await? {
        whose = row.try_get("whose")?;
        if row.try_get::<Option<u64>, _>("id")?.is_some() {
            lines.push(TicketLineRow::from_row(&row)?.try_into()?);
        }
    }
    Ok((lines, wanted.technician.map(|_| Named::read(whose))))
}

const LINE: &str = "p.id, p.title, p.status, p.urgency, p.changed_at, a.name AS technician";

/// One for each status and urgency, whose tickets lie beside one another in a key, in the order in which they were opened; one
/// more for the tickets that somebody helps with.
fn branches(query: &mut QueryBuilder<MySql>, wanted: &Wanted<'_>, limit: u32) {
    let urgencies = match &wanted.urgency {
        Some(urgency) => std::slice::from_ref(urgency),
        None => &Urgency::ALL,
    };
    // Left to itself the database may go through all tickets, for want of a few.
    let key = match (wanted.technician, wanted.category) {
        (Some(_), None) => " FROM tickets t FORCE INDEX (tickets_technician) WHERE t.status = ",
        (Some(_), Some(_)) => " FROM tickets t FORCE INDEX (tickets_technician_category) WHERE t.status = ",
        (None, Some(_)) => " FROM tickets t FORCE INDEX (tickets_category) WHERE t.status = ",
        (None, None) => " FROM tickets t FORCE INDEX (tickets_status) WHERE t.status = ",
    };
    let mut union = "(SELECT ";
    for status in wanted.statuses {
        for urgency in urgencies {
            query.push(union).push(SORTED).push(key).push_bind(status.code());
            query.push(" AND t.urgency = ").push_bind(urgency.code());
            if let Some(technician) = wanted.technician {
                query.push(" AND t.technician_id = ").push_bind(technician.0);
            }
            narrow(query, wanted);
            query.push(if wanted.order == Order::Newest {
                " ORDER BY t.opened_at DESC, t.id DESC LIMIT "
            } else {
                " ORDER BY t.opened_at, t.id LIMIT "
            });
            query.push_bind(limit).push(")");
            union = " UNION ALL (SELECT ";
        }
    }
    if let Some(helper) = wanted.technician {
        query.push(union).push(SORTED).push(HELPED).push_bind(helper.0);
        one_of(query, " AND t.status IN (", wanted.statuses.iter().map(|of| of.code()));
        one_of(query, " AND t.urgency IN (", urgencies.iter().map(|of| of.code()));
        narrow(query, wanted);
        query.push(")");
    }
}

/// What a line shows and is sorted by.
const SORTED: &str = "t.id, t.title, t.status, t.urgency, t.changed_at, t.opened_at, t.technician_id";

/// First which tickets one account helps with, then each of them.
const HELPED: &str = " FROM ticket_helpers h FORCE INDEX (ticket_helpers_account)
    STRAIGHT_JOIN tickets t ON t.id = h.ticket_id WHERE h.account_id = ";

fn one_of(query: &mut QueryBuilder<MySql>, condition: &str, codes: impl Iterator<Item = &'static str>) {
    let mut list = query.push(condition).separated(", ");
    for code in codes {
        list.push_bind(code);
    }
    query.push(")");
}

fn narrow(query: &mut QueryBuilder<MySql>, wanted: &Wanted<'_>) {
    if let Some(category) = wanted.category {
        query.push(" AND t.category_id = ").push_bind(category.0);
    }
    if let Some(since) = wanted.opened.since {
        query.push(" AND t.opened_at >= ").push_bind(since);
    }
    if let Some(before) = wanted.opened.before {
        query.push(" AND t.opened_at < ").push_bind(before);
    }
}

/// The most urgent first, of those the oldest.
const BY_URGENCY: &str = "CASE p.urgency WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, p.opened_at, p.id";
