//! The statement that reads a ticket together with where it is shown.

use chrono::{DateTime, Utc};

use super::About;
use crate::domain::account::Named;
use crate::domain::category::Category;
use crate::domain::ids::{CategoryId, IdentityId, PlaceId, TicketId};
use crate::domain::ticket::Ticket;
use crate::store::cards::Card;
use crate::store::own_cards::OwnCard;
use crate::store::people::{Identity, IdentityRow};
use crate::store::places::{PlaceRow, StaffPlace};
use crate::store::ticket_links::Around;
use crate::store::tickets::TicketRow;
use crate::store::{Fault, View};

/// A ticket; the staff place asked for, with the ticket's card in it; the chat asked for, with the requester's card.
pub(super) struct Row {
    pub(super) id: u64,
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
    requester: String,
    technician: Option<String>,
    platform: String,
    /// Whether who asked has the chat that they asked in.
    pub(super) has_chat: bool,
    /// Whether anything was ever put beside it.
    pub(super) has_more: bool,
    code: String,
    name_fr: String,
    name_en: String,
    keywords: String,
    category_version: u32,
    retired_at: Option<DateTime<Utc>>,
    place_id: Option<u64>,
    place_platform: Option<String>,
    place_chat: Option<String>,
    topics: Option<i8>,
    place_language: Option<String>,
    place_name: Option<String>,
    lost_at: Option<DateTime<Utc>>,
    lost_cause: Option<String>,
    card_message: Option<String>,
    thread: Option<String>,
    reader_id: Option<u64>,
    reader_platform: Option<String>,
    user_id: Option<String>,
    display_name: Option<String>,
    reader_language: Option<String>,
    language_known: Option<i8>,
    private_chat: Option<String>,
    unreachable_at: Option<DateTime<Utc>>,
    unreachable_cause: Option<String>,
    account_id: Option<u64>,
    reader_name: Option<String>,
    role: Option<String>,
    disabled_at: Option<DateTime<Utc>>,
    is_latest: Option<bool>,
    own_message: Option<String>,
    is_whole: Option<bool>,
    is_stale: Option<bool>,
    lapses_at: Option<DateTime<Utc>>,
}

impl Row {
    pub(super) async fn find(
        view: &mut View,
        id: TicketId,
        place: Option<PlaceId>,
        reader: Option<IdentityId>,
    ) -> Result<Option<Self>, Fault> {
        let row = sqlx::query_as!(
            Self,
            r#"SELECT t.id, t.requester_id, t.identity_id, t.title, t.description, t.status, t.urgency, t.category_id,
                      t.technician_id, t.status_before, t.version, t.opened_at AS "opened_at: DateTime<Utc>",
                      t.changed_at AS "changed_at: DateTime<Utc>", r.name AS requester, a.name AS "technician?",
                      i.platform, i.account_id <=> t.requester_id AS "has_chat!: bool",
                      t.has_more OR t.status IN ('closed', 'deleted') AS "has_more!: bool", k.code, k.name_fr,
                      k.name_en, k.keywords, k.version AS category_version,
                      k.retired_at AS "retired_at: DateTime<Utc>",
                      p.id AS "place_id?", p.platform AS "place_platform?", p.chat AS "place_chat?",
                      p.topics AS "topics?", p.language AS "place_language?", p.name AS "place_name?",
                      p.lost_at AS "lost_at?: DateTime<Utc>", p.lost_cause AS "lost_cause?",
                      c.message_id AS "card_message?", c.thread AS "thread?",
                      m.id AS "reader_id?", m.platform AS "reader_platform?", m.user_id AS "user_id?",
                      m.display_name AS "display_name?", m.language AS "reader_language?",
                      m.language_known AS "language_known?", m.private_chat AS "private_chat?",
                      m.unreachable_at AS "unreachable_at?: DateTime<Utc>", m.unreachable_cause AS "unreachable_cause?",
                      m.account_id AS "account_id?", n.name AS "reader_name?", n.role AS "role?",
                      n.disabled_at AS "disabled_at?: DateTime<Utc>", n.chat_id = m.id AS "is_latest: bool",
                      o.message_id AS "own_message?", o.is_whole AS "is_whole?: bool", o.is_stale AS "is_stale?: bool",
                      o.lapses_at AS "lapses_at?: DateTime<Utc>"
               FROM tickets t JOIN accounts r ON r.id = t.requester_id JOIN identities i ON i.id = t.identity_id
               JOIN categories k ON k.id = t.category_id LEFT JOIN accounts a ON a.id = t.technician_id
               LEFT JOIN places p ON p.id = ? LEFT JOIN cards c ON c.ticket_id = t.id AND c.place_id = p.id
               LEFT JOIN identities m ON m.id = ? LEFT JOIN accounts n ON n.id = m.account_id
               LEFT JOIN own_cards o
                      ON o.ticket_id = t.id AND o.platform = m.platform AND o.chat = m.private_chat
               WHERE t.id = ?"#,
            place.map(|place| place.0),
            reader.map(|reader| reader.0),
            id.0,
        );
        Ok(row.fetch_optional(view.db()).await?)
    }

    /// The place, if there is one, and the card in it.
    pub(super) fn take_place(&mut self) -> Result<Option<(StaffPlace, Option<Card>)>, Fault> {
        let (Some(id), Some(platform), Some(chat), Some(topics), Some(language)) = (
            self.place_id,
            self.place_platform.take(),
            self.place_chat.take(),
            self.topics,
            self.place_language.take(),
        ) else {
            return Ok(None);
        };
        let place = PlaceRow {
            id,
            platform,
            chat,
            topics,
            language,
            name: self.place_name.take(),
            lost_at: self.lost_at,
            lost_cause: self.lost_cause.take(),
        };
        let thread = self.thread.take();
        let card = self.card_message.take().map(|message_id| Card {
            message_id,
            thread: thread.and_then(|spot| spot.parse().ok()),
        });
        Ok(Some((place.try_into()?, card)))
    }

    /// The reader, if there is one, and the card in their chat.
    pub(super) fn take_reader(&mut self) -> Result<Option<(Identity, Option<OwnCard>)>, Fault> {
        let (Some(id), Some(platform), Some(user_id), Some(display_name), Some(language), Some(language_known)) = (
            self.reader_id,
            self.reader_platform.take(),
            self.user_id.take(),
            self.display_name.take(),
            self.reader_language.take(),
            self.language_known,
        ) else {
            return Ok(None);
        };
        let reader = IdentityRow {
            id,
            platform,
            user_id,
            display_name,
            language,
            language_known,
            private_chat: self.private_chat.take(),
            unreachable_at: self.unreachable_at,
            unreachable_cause: self.unreachable_cause.take(),
            account_id: self.account_id,
            name: self.reader_name.take(),
            role: self.role.take(),
            is_disabled: self.disabled_at.is_some(),
            is_latest: self.is_latest,
        };
        let reader = Identity::try_from(reader)?;
        let card = self.own_message.take().zip(reader.private_chat.clone());
        let card = card.map(|(message_id, chat)| OwnCard {
            ticket: TicketId(self.id),
            platform: reader.platform,
            chat,
            message_id,
            is_whole: self.is_whole.unwrap_or_default(),
            is_stale: self.is_stale.unwrap_or_default(),
            lapses_at: self.lapses_at,
        });
        Ok(Some((reader, card)))
    }

    /// The ticket, without its helpers, and beside it nothing but what stands in its row.
    pub(super) fn read(self) -> Result<(Ticket, About), Fault> {
        let about = About {
            requester: Named::read(Some(self.requester)),
            opened_by: None,
            technician: self.technician.map(|name| Named::read(Some(name))),
            helpers: Vec::new(),
            category: Category {
                id: CategoryId(self.category_id),
                code: self.code,
                name_fr: self.name_fr,
                name_en: self.name_en,
                keywords: self.keywords,
                is_retired: self.retired_at.is_some(),
                version: self.category_version,
            },
            answers: Vec::new(),
            platform: self.platform.parse()?,
            files: Vec::new(),
            has_chat: self.has_chat,
            around: Around::default(),
            pages: Vec::new(),
            closing: None,
            rating: None,
            deletion: None,
            words: Vec::new(),
        };
        let ticket = TicketRow {
            id: self.id,
            requester_id: self.requester_id,
            identity_id: self.identity_id,
            helpers: None,
            title: self.title,
            description: self.description,
            status: self.status,
            urgency: self.urgency,
            category_id: self.category_id,
            technician_id: self.technician_id,
            status_before: self.status_before,
            version: self.version,
            opened_at: self.opened_at,
            changed_at: self.changed_at,
        };
        Ok((ticket.try_into()?, about))
    }
}
