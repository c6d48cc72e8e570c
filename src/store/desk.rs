//! What is read at once, since it is needed for every ticket: all that it takes to tell a place of one, and who is told
//! of a new one.

use chrono::{DateTime, Utc};

use super::cards::Card;
use super::people::one_chat_of_each;
use super::places::{PlaceRow, StaffPlace};
use super::tickets::{About, TicketRow};
use super::{Fault, View};
use crate::domain::ids::{AccountId, IdentityId, PlaceId, TicketId};
use crate::domain::ticket::Ticket;

/// A ticket in a place.
#[derive(Clone, Debug)]
pub struct OnDesk {
    /// The place.
    pub place: StaffPlace,
    /// The ticket.
    pub ticket: Ticket,
    /// What its card says beside it.
    pub about: About,
    /// The card, where it stands there.
    pub card: Option<Card>,
}

/// Finds a ticket and how it stands in a place.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, place: PlaceId, ticket: TicketId) -> Result<Option<OnDesk>, Fault> {
    let row = sqlx::query!(
        r#"SELECT t.id, t.requester_id, t.identity_id, t.title, t.description, t.status, t.urgency, t.category_id,
                  t.technician_id, t.version, t.opened_at AS "opened_at: DateTime<Utc>",
                  t.changed_at AS "changed_at: DateTime<Utc>",
                  r.name AS requester, a.name AS "technician?", i.platform,
                  EXISTS (SELECT 1 FROM attachments f WHERE f.ticket_id = t.id AND f.comment_id IS NULL)
                      AS "has_files!: bool",
                  p.id AS place_id, p.platform AS place_platform, p.chat, p.topics, p.language, p.name,
                  p.lost_at AS "lost_at: DateTime<Utc>", p.lost_cause,
                  c.message_id AS "message_id?", c.thread AS "thread?"
           FROM tickets t JOIN places p JOIN accounts r ON r.id = t.requester_id
           JOIN identities i ON i.id = t.identity_id
           LEFT JOIN accounts a ON a.id = t.technician_id
           LEFT JOIN cards c ON c.ticket_id = t.id AND c.place_id = p.id
           WHERE t.id = ? AND p.id = ?"#,
        ticket.0,
        place.0,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let place = PlaceRow {
        id: row.place_id,
        platform: row.place_platform,
        chat: row.chat,
        topics: row.topics,
        language: row.language,
        name: row.name,
        lost_at: row.lost_at,
        lost_cause: row.lost_cause,
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
    let about = About {
        requester: row.requester,
        technician: row.technician,
        platform: row.platform.parse()?,
        has_files: row.has_files,
    };
    let card = row.message_id.map(|message_id| Card {
        message_id,
        thread: row.thread.and_then(|spot| spot.parse().ok()),
    });
    Ok(Some(OnDesk {
        place: place.try_into()?,
        ticket: ticket.try_into()?,
        about,
        card,
    }))
}

/// Lists all staff places, and a chat identity of every admin but `except`: of those in which they can be reached, the
/// one made last.
///
/// # Errors
/// [`Fault`].
pub async fn list_audience(view: &mut View, except: AccountId) -> Result<(Vec<StaffPlace>, Vec<IdentityId>), Fault> {
    let rows = sqlx::query!(
        r#"SELECT NULL AS "admin?: u64", id AS "id!: u64", platform AS "platform!", chat AS "chat!", topics AS "topics!: i8",
                  language AS "language!", name AS "name?", lost_at AS "lost_at?: DateTime<Utc>", lost_cause AS "lost_cause?",
                  FALSE AS "is_reachable!: bool"
           FROM places
           UNION ALL
           SELECT a.id, i.id, i.platform, '', 0, i.language, NULL, NULL, NULL, i.unreachable_at IS NULL
           FROM accounts a JOIN identities i ON i.account_id = a.id
           WHERE a.role = 'admin' AND a.id <> ?"#,
        except.0,
    )
    .fetch_all(view.db())
    .await?;
    let (mut places, mut chats) = (Vec::<StaffPlace>::new(), Vec::new());
    for row in rows {
        let Some(admin) = row.admin else {
            let place = PlaceRow {
                id: row.id,
                platform: row.platform,
                chat: row.chat,
                topics: row.topics,
                language: row.language,
                name: row.name,
                lost_at: row.lost_at,
                lost_cause: row.lost_cause,
            };
            places.push(place.try_into()?);
            continue;
        };
        chats.push((admin, row.is_reachable, row.id));
    }
    places.sort_unstable_by_key(|place| place.id);
    Ok((places, one_chat_of_each(chats)))
}
