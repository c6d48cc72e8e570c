//! Lines of histories, of several tickets at once, as they are told together.

use chrono::{DateTime, Utc};

use super::history::{Event, Happening, Since};
use super::{Fault, View, in_round_numbers};
use crate::domain::account::Named;
use crate::domain::ids::{AccountId, CommentId, TicketId};

/// What happened to a ticket, as it is told among other things.
#[derive(Clone, Debug)]
pub struct News {
    /// The ticket.
    pub ticket: TicketId,
    /// Its title.
    pub title: String,
    /// Who asked for it.
    pub requester: AccountId,
    /// It is deleted by now.
    pub is_deleted: bool,
    /// The number of the line.
    pub seq: u32,
    /// The line.
    pub happening: Happening,
}

#[derive(sqlx::FromRow)]
struct NewsRow {
    ticket_id: u64,
    seq: u32,
    event: String,
    actor_id: u64,
    name: String,
    happened_at: DateTime<Utc>,
    comment_id: Option<u64>,
    body: Option<String>,
    edited: bool,
    retracted: bool,
    detail_before: Option<String>,
    detail_after: Option<String>,
    technician_before: Option<u64>,
    technician_after: Option<u64>,
    technician: Option<String>,
    title: String,
    requester_id: u64,
    is_deleted: bool,
}

/// How many lines are read in one statement.
const READ_AT_ONCE: usize = 128;

/// Lists those of these lines that are there, by ticket and in order.
///
/// # Errors
/// [`Fault`].
pub async fn list_news(view: &mut View, lines: &[(TicketId, u32)]) -> Result<Vec<News>, Fault> {
    let mut news = Vec::new();
    for lines in lines.chunks(READ_AT_ONCE) {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT h.ticket_id, h.seq, h.event, h.actor_id, a.name, h.happened_at, h.comment_id, c.body,
                    c.edited_at IS NOT NULL AS edited, c.retracted_at IS NOT NULL AS retracted,
                    h.detail_before, h.detail_after, h.technician_before, h.technician_after, b.name AS technician,
                    t.title, t.requester_id, t.status = 'deleted' AS is_deleted
             FROM history h FORCE INDEX (PRIMARY) JOIN tickets t ON t.id = h.ticket_id
             JOIN accounts a ON a.id = h.actor_id LEFT JOIN comments c ON c.id = h.comment_id
             LEFT JOIN accounts b ON b.id = h.technician_after WHERE ",
        );
        let mut keys = query.separated(" OR ");
        for (ticket, seq) in in_round_numbers(lines) {
            keys.push("(h.ticket_id = ").push_bind_unseparated(ticket.0);
            keys.push_unseparated(" AND h.seq = ").push_bind_unseparated(seq);
            keys.push_unseparated(")");
        }
        let rows: Vec<NewsRow> = query.build_query_as().fetch_all(view.db()).await?;
        for row in rows {
            news.push(News::try_from(row)?);
        }
    }
    news.sort_by_key(|news| (news.ticket, news.seq));
    Ok(news)
}

impl TryFrom<NewsRow> for News {
    type Error = Fault;

    fn try_from(row: NewsRow) -> Result<Self, Fault> {
        let event = Event::of(&row.event).ok_or_else(|| Fault::Unreadable(format!("event {}", row.event)))?;
        let since = Since::of(row.edited, row.retracted);
        Ok(Self {
            ticket: TicketId(row.ticket_id),
            title: row.title,
            requester: AccountId(row.requester_id),
            is_deleted: row.is_deleted,
            seq: row.seq,
            happening: Happening {
                event,
                actor: AccountId(row.actor_id),
                actor_name: Named::read(Some(row.name)),
                at: row.happened_at,
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
            },
        })
    }
}
