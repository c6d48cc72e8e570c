//! The cards of those who asked: in each of their private chats one message for each ticket, the newest of those that
//! showed it, which is edited as the ticket moves.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::leases::shard_of;
use super::outbox::{self, Notice};
use super::people::Identity;
use super::{Fault, Tx, View, in_round_numbers};
use crate::domain::ids::{AccountId, IdentityId, TicketId};
use crate::domain::platform::Platform;

/// How many rows go into one statement.
const AT_ONCE: usize = 128;

/// A message that is somebody's card of their ticket.
#[derive(Clone, Debug)]
pub struct OwnCard {
    /// The ticket.
    pub ticket: TicketId,
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the private chat.
    pub chat: String,
    /// The platform's id of the message.
    pub message_id: String,
    /// It shows what was said last, too.
    pub is_whole: bool,
    /// A change could not be shown there.
    pub is_stale: bool,
    /// The moment from which a button of it is of no more use, if there is one.
    pub lapses_at: Option<DateTime<Utc>>,
}

impl OwnCard {
    /// Whether it came after another message of its chat.
    #[must_use]
    pub fn is_newer_than(&self, message_id: &str) -> bool {
        let age = |id: &str| (id.len(), id.to_owned());
        age(&self.message_id) > age(message_id)
    }
}

/// Writes down which messages are cards, with the version of the ticket that each shows. Of several in one chat the newest
/// is the card. Where more is true by now, it is to be brought up to date.
pub(super) async fn record(tx: &mut Tx, shown: &[(&OwnCard, u32)]) -> Result<(), Fault> {
    for shown in shown.chunks(AT_ONCE) {
        // Whoever is changing a ticket at this moment is waited for; whoever does so later finds the card.
        let versions = lock_versions(tx, shown).await?;
        let mut shown = shown.to_vec();
        shown.retain(|(card, _)| versions.contains_key(&card.ticket.0));
        if shown.is_empty() {
            continue;
        }
        insert(tx, &shown).await?;
        for (card, version) in shown {
            if versions.get(&card.ticket.0).is_some_and(|newest| *newest > version) {
                let notices = list(tx, card.ticket, false).await?;
                outbox::insert(tx, &notices).await?;
            }
        }
    }
    Ok(())
}

async fn lock_versions(tx: &mut Tx, shown: &[(&OwnCard, u32)]) -> Result<HashMap<u64, u32>, Fault> {
    // Left to itself, MariaDB reads the whole of a small table, and would wait for whoever holds other tickets.
    let mut query = QueryBuilder::new("SELECT id, version FROM tickets FORCE INDEX (PRIMARY) WHERE id IN (");
    let mut ids = query.separated(", ");
    for (card, _) in in_round_numbers(shown) {
        ids.push_bind(card.ticket.0);
    }
    query.push(") ORDER BY id LOCK IN SHARE MODE");
    let rows = query.build_query_as::<(u64, u32)>().fetch_all(tx.db()).await?;
    Ok(rows.into_iter().collect())
}

async fn insert(tx: &mut Tx, shown: &[(&OwnCard, u32)]) -> Result<(), Fault> {
    let mut query = QueryBuilder::new(
        "INSERT INTO own_cards (ticket_id, platform, chat, message_id, is_whole, is_stale, lapses_at) ",
    );
    query.push_values(in_round_numbers(shown), |mut values, (card, _)| {
        values.push_bind(card.ticket.0).push_bind(card.platform.code());
        values.push_bind(&card.chat).push_bind(&card.message_id);
        values.push_bind(card.is_whole).push_bind(card.is_stale);
        values.push_bind(card.lapses_at);
    });
    // The id last: what stands before it compares with the one that was known.
    let is_newer = "LPAD(VALUES(message_id), 32, '0') >= LPAD(message_id, 32, '0')";
    query.push(" ON DUPLICATE KEY UPDATE ");
    let mut columns = query.separated(", ");
    for column in ["is_whole", "is_stale", "lapses_at", "message_id"] {
        columns.push(format_args!("{column} = IF({is_newer}, VALUES({column}), {column})"));
    }
    query.build().execute(tx.db()).await?;
    Ok(())
}

/// Finds the card of a ticket in a chat.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, ticket: TicketId, platform: Platform, chat: &str) -> Result<Option<OwnCard>, Fault> {
    let row = sqlx::query!(
        r#"SELECT message_id, is_whole AS "is_whole: bool", is_stale AS "is_stale: bool",
                  lapses_at AS "lapses_at: DateTime<Utc>" FROM own_cards
           WHERE ticket_id = ? AND platform = ? AND chat = ?"#,
        ticket.0,
        platform.code(),
        chat,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| OwnCard {
        ticket,
        platform,
        chat: chat.to_owned(),
        message_id: row.message_id,
        is_whole: row.is_whole,
        is_stale: row.is_stale,
        lapses_at: row.lapses_at,
    }))
}

/// What brings the cards of a ticket up to date; of those that show what was said last alone.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View, ticket: TicketId, only_whole: bool) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query!(
        "SELECT i.id FROM own_cards o JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat
         WHERE o.ticket_id = ? AND (o.is_whole = TRUE OR ? = FALSE)",
        ticket.0,
        only_whole,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| notice(row.id, ticket.0)).collect())
}

/// What brings the cards of the tickets up to date to which one is linked.
///
/// # Errors
/// [`Fault`].
pub async fn list_linked(view: &mut View, ticket: TicketId) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query!(
        "SELECT i.id, o.ticket_id FROM ticket_links l JOIN own_cards o ON o.ticket_id = l.other_id
         JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat WHERE l.ticket_id = ?
         UNION SELECT i.id, o.ticket_id FROM ticket_links l JOIN own_cards o ON o.ticket_id = l.ticket_id
         JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat WHERE l.other_id = ?",
        ticket.0,
        ticket.0,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| notice(row.id, row.ticket_id)).collect())
}

/// What brings the cards up to date that name somebody: who resolved a ticket, or opened it for who asked.
///
/// # Errors
/// [`Fault`].
pub async fn list_naming(view: &mut View, account: AccountId) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query!(
        "SELECT i.id AS `id!: u64`, o.ticket_id AS `ticket_id!: u64` FROM tickets t JOIN own_cards o ON o.ticket_id = t.id
         JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat
         WHERE t.technician_id = ? AND t.is_open = TRUE
         UNION SELECT i.id, o.ticket_id
         FROM history h JOIN tickets t ON t.id = h.ticket_id AND t.requester_id <> h.actor_id
         JOIN own_cards o ON o.ticket_id = t.id JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat
         WHERE h.actor_id = ? AND h.seq = 1",
        account.0,
        account.0,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| notice(row.id, row.ticket_id)).collect())
}

/// What brings the cards in a chat up to date that show less than is true, or more than is of use.
///
/// # Errors
/// [`Fault`].
pub async fn list_stale(view: &mut View, chat: IdentityId) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query!(
        "SELECT i.id, o.ticket_id FROM identities i
         JOIN own_cards o ON o.platform = i.platform AND o.chat = i.private_chat
         WHERE i.id = ? AND (o.is_stale = TRUE OR o.lapses_at <= ?)",
        chat.0,
        view.now(),
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| notice(row.id, row.ticket_id)).collect())
}

/// Lists what brings cards up to date that show less than is true, or more than is of use, in chats of those who asked
/// that can be reached: at most `limit`, any of them, so that none which is edited no more stands in the way of others.
///
/// # Errors
/// [`Fault`].
pub async fn list_overdue(view: &mut View, limit: u32) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query!(
        "SELECT i.id, o.ticket_id FROM own_cards o
         JOIN identities i ON i.platform = o.platform AND i.private_chat = o.chat
         JOIN tickets t ON t.id = o.ticket_id AND t.requester_id = i.account_id
         JOIN accounts a ON a.id = i.account_id
         WHERE (o.is_stale = TRUE OR o.lapses_at <= ?) AND i.unreachable_at IS NULL AND a.disabled_at IS NULL ORDER BY RAND() LIMIT ?",
        view.now(),
        limit,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows.map(|row| notice(row.id, row.ticket_id)).collect())
}

fn notice(identity: u64, ticket: u64) -> Notice {
    Notice::OwnCard {
        identity: IdentityId(identity),
        ticket: TicketId(ticket),
    }
}

/// An answer takes the place of a card, and shows what was to be shown there; until that is written down, the card shows
/// less than is true.
///
/// # Errors
/// [`Fault`].
pub async fn supersede(tx: &mut Tx, chat: &Identity, card: &OwnCard) -> Result<(), Fault> {
    mark_stale(tx, card).await?;
    let notice = Notice::OwnCard {
        identity: chat.id,
        ticket: card.ticket,
    };
    let (shard, dest) = (shard_of(&chat.user_id), notice.dest());
    let waiting = sqlx::query_scalar!(
        // Without a lock: a search that deletes what it finds would wait for whoever holds other rows.
        "SELECT id FROM outbox WHERE shard = ? AND dest = ? AND notice = ?",
        shard,
        dest,
        serde_json::to_string(&notice)?,
    );
    for id in waiting.fetch_all(tx.db()).await? {
        sqlx::query!(
            "DELETE FROM outbox WHERE shard = ? AND dest = ? AND id = ?",
            shard,
            dest,
            id
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}

/// Keeps that a change could not be shown in a card.
pub(super) async fn mark_stale(tx: &mut Tx, card: &OwnCard) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE own_cards SET is_stale = TRUE WHERE ticket_id = ? AND platform = ? AND chat = ?",
        card.ticket.0,
        card.platform.code(),
        card.chat,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets a card that is not there any more, unless another message is the card by now.
pub(super) async fn forget(tx: &mut Tx, card: &OwnCard) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM own_cards WHERE ticket_id = ? AND platform = ? AND chat = ? AND message_id = ?",
        card.ticket.0,
        card.platform.code(),
        card.chat,
        card.message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets the cards of a ticket.
pub(super) async fn forget_ticket(tx: &mut Tx, ticket: TicketId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM own_cards WHERE ticket_id = ?", ticket.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Forgets the cards in a chat.
pub(super) async fn forget_chat(tx: &mut Tx, platform: Platform, chat: &str) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM own_cards WHERE platform = ? AND chat = ?",
        platform.code(),
        chat
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
