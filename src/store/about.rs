//! A ticket with all that is shown beside it, and where it is shown, in two statements at most: one where nothing was
//! ever put beside it.

mod row;

use chrono::{DateTime, Utc};

use self::row::Row;
use super::cards::Card;
use super::comments::Words;
use super::own_cards::OwnCard;
use super::people::Identity;
use super::places::StaffPlace;
use super::ratings::Closing;
use super::ticket_links::{Around, LinkKind, Linked, Page, read};
use super::{Fault, View, ratings};
use crate::domain::account::Named;
use crate::domain::category::Category;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, IdentityId, PageId, PlaceId, TicketId};
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
    /// The last that was written on it, oldest first, where that was asked for.
    pub words: Vec<Words>,
}

/// Something that stands beside a ticket. What `a`, `b` and `c` are depends on its kind.
struct Beside {
    kind: String,
    /// Its number or position, by which those of its kind are ordered; of a rating, the stars.
    id: u64,
    a: Option<String>,
    b: Option<String>,
    c: Option<String>,
    number: Option<i64>,
    at: Option<DateTime<Utc>>,
}

/// Which of the last words on a ticket are asked for.
#[derive(Clone, Copy, Default)]
struct Wanted {
    words: u32,
    with_notes: bool,
}

/// Finds a ticket, and what stands beside it.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: TicketId) -> Result<Option<(Ticket, About)>, Fault> {
    find_with_words(view, id, 0, false).await
}

/// The same with the last `words` comments that are not taken back; internal notes only `with_notes`.
///
/// # Errors
/// [`Fault`].
pub async fn find_with_words(
    view: &mut View,
    id: TicketId,
    words: u32,
    with_notes: bool,
) -> Result<Option<(Ticket, About)>, Fault> {
    let Some(row) = Row::find(view, id, None, None).await? else {
        return Ok(None);
    };
    complete(view, row, Wanted { words, with_notes }).await.map(Some)
}

/// Finds a ticket as it stands in a staff place, with its card there, if any.
///
/// # Errors
/// [`Fault`].
pub async fn find_in_place(
    view: &mut View,
    id: TicketId,
    place: PlaceId,
) -> Result<Option<(Ticket, About, StaffPlace, Option<Card>)>, Fault> {
    let Some(mut row) = Row::find(view, id, Some(place), None).await? else {
        return Ok(None);
    };
    let Some((place, card)) = row.take_place()? else {
        return Ok(None);
    };
    let (ticket, about) = complete(view, row, Wanted::default()).await?;
    Ok(Some((ticket, about, place, card)))
}

/// Finds a ticket as it stands in somebody's private chat, with the card of whoever asked, if it is there. One that is
/// whole comes with the last `words` comments, internal notes among them for staff alone.
///
/// # Errors
/// [`Fault`].
pub async fn find_for(
    view: &mut View,
    id: TicketId,
    identity: IdentityId,
    words: u32,
) -> Result<Option<(Ticket, About, Identity, Option<OwnCard>)>, Fault> {
    let Some(mut row) = Row::find(view, id, None, Some(identity)).await? else {
        return Ok(None);
    };
    let Some((reader, card)) = row.take_reader()? else {
        return Ok(None);
    };
    let is_whole = card.as_ref().is_some_and(|card| card.is_whole);
    let wanted = Wanted {
        words: if is_whole { words } else { 0 },
        with_notes: reader.account.as_ref().is_some_and(|account| account.role.is_staff()),
    };
    let (ticket, about) = complete(view, row, wanted).await?;
    Ok(Some((ticket, about, reader, card)))
}

async fn complete(view: &mut View, row: Row, wanted: Wanted) -> Result<(Ticket, About), Fault> {
    let beside = if row.has_more || !row.has_chat || wanted.words > 0 {
        list(view, TicketId(row.id), wanted).await?
    } else {
        Vec::new()
    };
    let (mut ticket, mut about) = row.read()?;
    for beside in beside {
        about.add(beside)?;
    }
    if let Some(closing) = &mut about.closing {
        closing.rating.clone_from(&about.rating);
    }
    ticket.helpers = about.helpers.iter().map(|(helper, _)| *helper).collect();
    Ok((ticket, about))
}

/// Lists what stands beside a ticket, each kind in its order. Gathered as rows: the database takes ten times as long to
/// gather them as JSON. Their numbers are signed, as NULL is: with unsigned ones they would be decimals.
async fn list(view: &mut View, ticket: TicketId, wanted: Wanted) -> Result<Vec<Beside>, Fault> {
    let rows = sqlx::query_as!(
        Beside,
        r#"SELECT 'helper' AS "kind!", w.account_id AS "id!", b.name AS a, NULL AS "b: String", NULL AS "c: String",
                  NULL AS "number: i64", NULL AS "at: DateTime<Utc>"
           FROM ticket_helpers w JOIN accounts b ON b.id = w.account_id WHERE w.ticket_id = ?
           UNION ALL SELECT 'answer', position, question, answer, NULL, NULL, NULL
           FROM ticket_answers WHERE ticket_id = ?
           UNION ALL SELECT 'file', id, name, sha256, media_type, CAST(size AS SIGNED), NULL
           FROM attachments WHERE ticket_id = ? AND comment_id IS NULL
           UNION ALL SELECT 'page', id, url, NULL, NULL, NULL, NULL FROM ticket_urls WHERE ticket_id = ?
           UNION ALL SELECT 'says', o.id, o.title, l.kind, NULL, CAST(o.requester_id AS SIGNED), NULL
           FROM ticket_links l JOIN tickets o ON o.id = l.other_id WHERE l.ticket_id = ? AND o.status <> 'deleted'
           UNION ALL SELECT 'said', o.id, o.title, l.kind, NULL, CAST(o.requester_id AS SIGNED), NULL
           FROM ticket_links l JOIN tickets o ON o.id = l.ticket_id WHERE l.other_id = ? AND o.status <> 'deleted'
           UNION ALL SELECT 'opener', o.seq, p.name, NULL, NULL, NULL, NULL
           FROM tickets t JOIN history o ON o.ticket_id = t.id AND o.seq = 1 JOIN accounts p ON p.id = o.actor_id
           WHERE t.id = ? AND o.actor_id <> t.requester_id
           UNION ALL SELECT 'chat', i.id, NULL, NULL, NULL, NULL, NULL
           FROM tickets t JOIN identities i ON i.account_id = t.requester_id WHERE t.id = ?
           UNION ALL SELECT 'rating', stars, words, NULL, NULL, NULL, NULL FROM ratings WHERE ticket_id = ?
           UNION ALL SELECT 'closing', h.seq, NULL, NULL, NULL, NULL, h.happened_at
           FROM tickets t JOIN history h ON h.ticket_id = t.id
           WHERE t.id = ? AND t.status = 'closed' AND h.status_before = 'resolved' AND h.status_after = 'closed'
           UNION ALL SELECT 'deletion', h.seq, d.name, NULL, NULL, NULL, h.happened_at
           FROM tickets t JOIN history h ON h.ticket_id = t.id AND h.seq = t.version JOIN accounts d ON d.id = h.actor_id
           WHERE t.id = ? AND t.status = 'deleted'
           UNION ALL (SELECT 'words', c.id, a.name, c.kind, c.body, NULL, c.written_at
                      FROM comments c JOIN accounts a ON a.id = c.author_id
                      WHERE c.ticket_id = ? AND (? OR c.kind <> 'note') AND c.retracted_at IS NULL
                      ORDER BY c.id DESC LIMIT ?)"#,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        ticket.0,
        wanted.with_notes,
        wanted.words,
    );
    let mut rows = rows.fetch_all(view.db()).await?;
    rows.sort_by_key(|beside| beside.id);
    Ok(rows)
}

impl About {
    fn add(&mut self, beside: Beside) -> Result<(), Fault> {
        let Beside {
            kind,
            id,
            a,
            b,
            c,
            number,
            at,
        } = beside;
        let number = number.and_then(|number| u64::try_from(number).ok());
        let lacking = || Fault::Unreadable(format!("{kind} beside a ticket"));
        match kind.as_str() {
            "helper" => self.helpers.push((AccountId(id), Named::read(a))),
            "answer" => self.answers.extend(a.zip(b)),
            "file" => self.files.push(StoredFile {
                name: a.ok_or_else(lacking)?,
                sha256: b.ok_or_else(lacking)?,
                media_type: c.ok_or_else(lacking)?,
                size: number.ok_or_else(lacking)?,
            }),
            "page" => self.pages.push(Page {
                id: PageId(id),
                url: a.ok_or_else(lacking)?,
            }),
            "says" | "said" => {
                let (says_it, other, link) = (kind == "says", TicketId(id), b.ok_or_else(lacking)?);
                if link == LinkKind::Follows.code() {
                    let end = if says_it {
                        &mut self.around.follows
                    } else {
                        &mut self.around.followed_by
                    };
                    *end = Some(other);
                } else {
                    self.around.links.push(Linked {
                        relation: read(&link, says_it)?,
                        ticket: other,
                        title: a.ok_or_else(lacking)?,
                        requester: number.map(AccountId).ok_or_else(lacking)?,
                    });
                }
            }
            "opener" => self.opened_by = Some(Named::read(a)),
            "chat" => self.has_chat = true,
            "rating" => self.rating = Some(ratings::read(u8::try_from(id).map_err(|_| lacking())?, a)?),
            "closing" => {
                let at = at.ok_or_else(lacking)?;
                self.closing = Some(Closing { at, rating: None });
            }
            "deletion" => self.deletion = Some((Named::read(a), at.ok_or_else(lacking)?)),
            "words" => self.words.push(Words::read(
                &b.ok_or_else(lacking)?,
                a,
                at.ok_or_else(lacking)?,
                c.ok_or_else(lacking)?,
            )?),
            _ => return Err(lacking()),
        }
        Ok(())
    }
}
