//! A ticket with all that is shown beside it, in one statement: a card takes no more.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::ratings::Closing;
use super::ticket_links::{Around, Linked, Page, read};
use super::tickets::TicketRow;
use super::{Fault, View, ratings};
use crate::domain::account::Named;
use crate::domain::category::Category;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, PageId, TicketId};
use crate::domain::platform::Platform;
use crate::domain::rating::Rating;
use crate::domain::ticket::Ticket;

/// What stands beside a ticket.
#[derive(Clone, Debug)]
pub struct About {
    /// The name of who asked.
    pub requester: Named,
    /// The name of who opened it, where that is somebody else.
    pub opened_by: Option<Named>,
    /// The name of the technician in charge.
    pub technician: Option<Named>,
    /// Those who help, by the numbers of their accounts, and their names.
    pub helpers: Vec<(AccountId, Named)>,
    /// What it is about.
    pub category: Category,
    /// What was asked when it was opened, and what was answered.
    pub answers: Vec<(String, String)>,
    /// The platform it was opened on.
    pub platform: Platform,
    /// The files that came with it.
    pub files: Vec<StoredFile>,
    /// Whether who asked has a chat in which they read of it.
    pub has_chat: bool,
    /// What it is linked to.
    pub around: Around,
    /// The pages that belong to it.
    pub pages: Vec<Page>,
    /// That it is closed after it had been resolved.
    pub closing: Option<Closing>,
    /// What who asked thinks of how it was dealt with.
    pub rating: Option<Rating>,
    /// Who deleted it, and when.
    pub deletion: Option<(Named, DateTime<Utc>)>,
}

#[derive(Debug, Deserialize)]
struct Helper {
    id: u64,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Answered {
    at: u64,
    asked: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct File {
    id: u64,
    sha256: String,
    name: String,
    media_type: String,
    size: u64,
}

#[derive(Debug, Deserialize)]
struct Link {
    kind: String,
    id: u64,
    title: String,
    requester: u64,
}

#[derive(Debug, Deserialize)]
struct Url {
    id: u64,
    url: String,
}

/// Finds a ticket, and what stands beside it.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: TicketId) -> Result<Option<(Ticket, About)>, Fault> {
    let row = sqlx::query!(
        r#"SELECT t.id, t.requester_id, t.identity_id, t.title, t.description, t.status, t.urgency, t.category_id,
                  t.technician_id, t.status_before, t.version, t.opened_at AS "opened_at: DateTime<Utc>",
                  t.changed_at AS "changed_at: DateTime<Utc>", r.name AS requester, a.name AS "technician?", i.platform,
                  k.code, k.name_fr, k.name_en, k.keywords,
                  k.version AS category_version, k.retired_at IS NOT NULL AS "is_retired!: bool", g.stars AS "stars?", g.words AS "words?",
                  (SELECT p.name FROM history o JOIN accounts p ON p.id = o.actor_id
                   WHERE o.ticket_id = t.id AND o.seq = 1 AND o.actor_id <> t.requester_id) AS opened_by,
                  d.name AS "deleted_by?", h.happened_at AS "deleted_at?: DateTime<Utc>",
                  EXISTS (SELECT 1 FROM identities c WHERE c.account_id = t.requester_id) AS "has_chat!: bool",
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('id', w.account_id, 'name', b.name))
                   FROM ticket_helpers w JOIN accounts b ON b.id = w.account_id WHERE w.ticket_id = t.id)
                      AS "helpers: Json<Vec<Helper>>",
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('at', q.position, 'asked', q.question, 'text', q.answer))
                   FROM ticket_answers q WHERE q.ticket_id = t.id) AS "answers: Json<Vec<Answered>>",
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('id', f.id, 'sha256', f.sha256, 'name', f.name,
                                                    'media_type', f.media_type, 'size', f.size))
                   FROM attachments f WHERE f.ticket_id = t.id AND f.comment_id IS NULL) AS "files: Json<Vec<File>>",
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('kind', l.kind, 'id', o.id, 'title', o.title,
                                                    'requester', o.requester_id))
                   FROM ticket_links l JOIN tickets o ON o.id = l.other_id
                   WHERE l.ticket_id = t.id AND l.kind <> 'follows' AND o.status <> 'deleted') AS "says: Json<Vec<Link>>",
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('kind', l.kind, 'id', o.id, 'title', o.title,
                                                    'requester', o.requester_id))
                   FROM ticket_links l JOIN tickets o ON o.id = l.ticket_id
                   WHERE l.other_id = t.id AND l.kind <> 'follows' AND o.status <> 'deleted') AS "said: Json<Vec<Link>>",
                  (SELECT MAX(l.other_id) FROM ticket_links l JOIN tickets o ON o.id = l.other_id
                   WHERE l.ticket_id = t.id AND l.kind = 'follows' AND o.status <> 'deleted') AS follows,
                  (SELECT MAX(l.ticket_id) FROM ticket_links l JOIN tickets o ON o.id = l.ticket_id
                   WHERE l.other_id = t.id AND l.kind = 'follows' AND o.status <> 'deleted') AS followed_by,
                  (SELECT JSON_ARRAYAGG(JSON_OBJECT('id', u.id, 'url', u.url))
                   FROM ticket_urls u WHERE u.ticket_id = t.id) AS "pages: Json<Vec<Url>>",
                  (SELECT MAX(c.happened_at) FROM history c
                   WHERE t.status = 'closed' AND c.ticket_id = t.id
                     AND c.status_before = 'resolved' AND c.status_after = 'closed') AS "closed_at: DateTime<Utc>"
           FROM tickets t JOIN accounts r ON r.id = t.requester_id JOIN identities i ON i.id = t.identity_id
           JOIN categories k ON k.id = t.category_id
           LEFT JOIN history h ON t.status = 'deleted' AND h.ticket_id = t.id AND h.seq = t.version
           LEFT JOIN accounts d ON d.id = h.actor_id
           LEFT JOIN accounts a ON a.id = t.technician_id LEFT JOIN ratings g ON g.ticket_id = t.id
           WHERE t.id = ?"#,
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let rating = row.stars.map(|stars| ratings::read(stars, row.words)).transpose()?;
    let closing = row.closed_at.map(|at| Closing {
        at,
        rating: rating.clone(),
    });
    let about = About {
        requester: Named::read(Some(row.requester)),
        opened_by: row.opened_by.map(|name| Named::read(Some(name))),
        technician: row.technician.map(|name| Named::read(Some(name))),
        helpers: with_names(row.helpers),
        category: Category {
            id: CategoryId(row.category_id),
            code: row.code,
            name_fr: row.name_fr,
            name_en: row.name_en,
            keywords: row.keywords,
            is_retired: row.is_retired,
            version: row.category_version,
        },
        answers: answered(row.answers),
        platform: row.platform.parse()?,
        files: stored(row.files),
        has_chat: row.has_chat,
        around: Around {
            follows: row.follows.map(TicketId),
            followed_by: row.followed_by.map(TicketId),
            links: links(row.says, row.said)?,
        },
        pages: pages(row.pages),
        closing,
        rating,
        deletion: row.deleted_at.map(|at| (Named::read(row.deleted_by), at)),
    };
    let mut ticket: Ticket = TicketRow {
        id: row.id,
        requester_id: row.requester_id,
        identity_id: row.identity_id,
        helpers: None,
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
    }
    .try_into()?;
    ticket.helpers = about.helpers.iter().map(|(helper, _)| *helper).collect();
    Ok(Some((ticket, about)))
}

fn stored(files: Option<Json<Vec<File>>>) -> Vec<StoredFile> {
    let files = in_order(files, |file| file.id).map(|file| StoredFile {
        sha256: file.sha256,
        name: file.name,
        media_type: file.media_type,
        size: file.size,
    });
    files.collect()
}

fn answered(answers: Option<Json<Vec<Answered>>>) -> Vec<(String, String)> {
    let answers = in_order(answers, |answer| answer.at);
    answers.map(|answer| (answer.asked, answer.text)).collect()
}

fn with_names(helpers: Option<Json<Vec<Helper>>>) -> Vec<(AccountId, Named)> {
    let helpers = in_order(helpers, |helper| helper.id);
    helpers
        .map(|helper| (AccountId(helper.id), Named::read(Some(helper.name))))
        .collect()
}

fn pages(pages: Option<Json<Vec<Url>>>) -> Vec<Page> {
    let pages = in_order(pages, |page| page.id).map(|page| Page {
        id: PageId(page.id),
        url: page.url,
    });
    pages.collect()
}

/// What the database gathered, which it does in no order, and gives nothing where there was none.
fn in_order<T>(gathered: Option<Json<Vec<T>>>, key: impl Fn(&T) -> u64) -> impl Iterator<Item = T> {
    let mut gathered = gathered.map(|Json(all)| all).unwrap_or_default();
    gathered.sort_by_key(key);
    gathered.into_iter()
}

/// What it says of others, and what others say of it, in the order of their numbers.
fn links(says: Option<Json<Vec<Link>>>, said: Option<Json<Vec<Link>>>) -> Result<Vec<Linked>, Fault> {
    let [says, said] = [says, said].map(|links| in_order(links, |link| link.id));
    let both = says.map(|link| (link, true)).chain(said.map(|link| (link, false)));
    let links = both.map(|(link, says_it)| {
        Ok(Linked {
            relation: read(&link.kind, says_it)?,
            ticket: TicketId(link.id),
            title: link.title,
            requester: AccountId(link.requester),
        })
    });
    let mut links = links.collect::<Result<Vec<_>, Fault>>()?;
    links.sort_by_key(|link| link.ticket);
    Ok(links)
}
