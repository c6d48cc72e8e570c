//! Notices to people, in their private chats.

use std::slice::from_ref;

use super::copies::{self, Chat, Reader};
use super::courier::Address;
use super::crowd::{FEWEST, NAMED};
use super::errands::{Errands, Failure, Task, part_of, told};
use crate::chat::reply::Message;
use crate::chat::{attached, cards, notices, undelivered};
use crate::domain::account::Role;
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, IdentityId, LetterId, PlaceId, TicketId};
use crate::domain::platform::Spot;
use crate::service::reach;
use crate::store::cards::Mention;
use crate::store::history::{self, Event, Happening, Since};
use crate::store::journal::Entry;
use crate::store::outbox::{Notice, OutboxRow};
use crate::store::people::{self, Identity};
use crate::store::{View, about, accounts, letters, lists, places};

/// The lines of histories in a message to a person.
#[derive(Default)]
pub(super) struct Lines {
    /// The one that came with a comment, of which the message is a copy.
    pub(super) copied: Option<(TicketId, u32)>,
    /// Those whose comments were written for the reader.
    pub(super) delivered: Vec<(TicketId, u32)>,
}

impl Errands {
    pub(super) async fn tell_person(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        ticket: TicketId,
        seq: u32,
        instead_of: Option<IdentityId>,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let found = about::find_for(&mut view, ticket, identity, 0).await?;
        let happening = match &found {
            Some((ticket, ..)) => history::find(&mut view, ticket.id, seq).await?,
            None => None,
        };
        let (Some((ticket, about, reader, _)), Some(happening)) = (found, happening) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        if ticket.state.is_deleted() && happening.event != Event::Done(Action::Delete) {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        }
        if !may_hear(&reader, ticket.requester, happening.event == Event::Opened) && !is_of(&happening, &reader) {
            let latest = accounts::find_chat(&mut view, ticket.requester).await?;
            drop(view);
            // It may have been for an admin, or for whoever has the ticket or had it; or the other chats have it.
            let elsewhere_too = matches!(task.row.notice(), Ok(Notice::Person { everywhere: true, .. }));
            // Who asked opened it, and has its card.
            let is_own = happening.event == Event::Opened && happening.actor == ticket.requester;
            let others_hear = elsewhere_too || is_own || happening.is_for_technicians();
            let Some(identity) = latest.filter(|latest| *latest != identity && !others_hear) else {
                return self.acknowledge(from_ref(task.row)).await;
            };
            // The chat was the requester's when it was to be told.
            let ticket = ticket.id;
            let notice = Notice::Person {
                identity,
                ticket,
                seq,
                everywhere: false,
                gathered: false,
            };
            let another = (task.row, notice);
            let moved = self.store.insist(&another, |tx, (row, notice)| {
                Box::pin(reach::readdress(tx, row, notice.clone()))
            });
            return Ok(moved.await?);
        }
        if let (Event::Done(Action::Reword | Action::Retract), Some(comment)) = (happening.event, happening.comment) {
            drop(view);
            if let Some(chat) = &reader.private_chat {
                let chat = Chat {
                    platform: reader.platform,
                    spot: Spot::chat(chat.clone()),
                    reader: Reader::Person(&reader, &about),
                };
                self.follow_change(task, &chat, (&ticket, comment), seq).await?;
            }
            return self.acknowledge(from_ref(task.row)).await;
        }
        if notices::is_taken_back(&happening) {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        }
        let message = notices::person(&mut view, &reader, (&ticket, &about), &happening).await?;
        let mut message = attached::fitting(reader.language, reader.platform, message);
        if let Some(before) = instead_of {
            let before = people::find_identity_by_id(&mut view, before).await?;
            message = notices::instead(reader.language, before.as_ref(), message);
        }
        let copied = happening.comment.map(|_| (ticket.id, seq));
        let is_for_reader = reader.is_account(ticket.requester);
        let delivered = copied.into_iter().filter(|_| is_for_reader).collect();
        let lines = Lines { copied, delivered };
        self.write_lines_to(view, (task, from_ref(task.row)), &reader, (&message, lines))
            .await
    }

    /// Tells an admin of a new ticket; where several wait one behind the other, of all in one message.
    pub(super) async fn tell_new(&self, task: Task<'_>, identity: IdentityId, ticket: TicketId) -> Result<(), Failure> {
        let new = self.new_tickets_from(task.row).await?;
        let mut view = self.store.look().await?;
        if new.len() >= FEWEST
            && let Some(reader) = people::find_identity_by_id(&mut view, identity).await?
            && is_admin(&reader)
        {
            let numbers: Vec<TicketId> = new.iter().filter_map(|row| row.notice().ok()?.ticket()).collect();
            let lines = lists::list_lines(&mut view, &numbers).await?;
            if lines.is_empty() {
                drop(view);
                return self.acknowledge(&new).await;
            }
            let message = cards::gathered(reader.language, &lines, lines.len());
            return self.write_to(view, (task, &new), &reader, &message).await;
        }
        let found = about::find_for(&mut view, ticket, identity, 0).await?;
        let told = found
            .filter(|(ticket, _, reader, _)| may_hear(reader, ticket.requester, true) && !ticket.state.is_deleted());
        let Some((ticket, about, reader, _)) = told else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = notices::opened(&reader, (&ticket, &about), view.now());
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// This row, which tells of a new ticket, and those right behind it that tell of others.
    async fn new_tickets_from(&self, row: &OutboxRow) -> Result<Vec<OutboxRow>, Failure> {
        if !row.is_followed {
            return Ok(vec![row.clone()]);
        }
        let behind = self.store.list_behind(row, NAMED).await?.into_iter();
        Ok(behind
            .take_while(|row| matches!(row.notice(), Ok(Notice::NewTicket { .. })))
            .collect())
    }

    /// Tells an admin that a place is lost; unless it is there again.
    pub(super) async fn tell_place_lost(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        place: PlaceId,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let place = places::find(&mut view, place).await?;
        let lost = place.and_then(|place| place.lost.map(|mark| (place, mark)));
        // Who is an admin no more reads nothing of the team's places.
        let reader = reader.filter(is_admin);
        let (Some(reader), Some((place, mark))) = (reader, lost) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = undelivered::place_lost(reader.language, &place, mark.obstacle);
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells whoever asked that their words are nowhere that the team can read; unless they are by now.
    pub(super) async fn tell_unread(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        (ticket, seq): (TicketId, u32),
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let now = view.now();
        let found = about::find_for(&mut view, ticket, identity, 0).await?;
        let happening = history::find(&mut view, ticket, seq).await?;
        let places = places::list(&mut view).await?;
        let lost: Option<Vec<_>> = places.iter().map(|place| place.known_lost(now)).collect();
        let lost = lost.and_then(|obstacles| obstacles.first().copied());
        let told =
            found.filter(|(ticket, _, reader, _)| reader.is_account(ticket.requester) && !ticket.state.is_deleted());
        let is_there = happening.is_some_and(|happening| happening.since != Since::Retracted);
        let (Some((ticket, _, reader, _)), Some(obstacle), true) = (told, lost, is_there) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = undelivered::unread(reader.language, &ticket, obstacle);
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a person what they are here now.
    pub(super) async fn tell_role(&self, task: Task<'_>, identity: IdentityId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let told = reader.and_then(|reader| Some((reader.account.as_ref()?.role, reader)));
        let Some((role, reader)) = told else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = notices::role(reader.language, role);
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a person that the password of their account is another; unless the chat is not theirs any more.
    pub(super) async fn tell_password_changed(&self, task: Task<'_>, identity: IdentityId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let Some(reader) = reader.filter(|reader| reader.account.is_some()) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = Message {
            rings: true,
            ..Message::text(reader.language.say("told-password", &[]))
        };
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a person that their letter is not taken; unless they asked for another, or have an account by now.
    pub(super) async fn tell_letter_refused(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        letter: LetterId,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let letter = letters::find(&mut view, letter).await?;
        let reader = reader.filter(|reader| reader.account.is_none() && !reader.is_disabled);
        let (Some(reader), Some(letter)) = (reader, letter.filter(|letter| !letter.is_over)) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = notices::letter_refused(reader.language, &letter.address);
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Writes to a person in private what these rows are to tell, once `view` has read what to say. Who is known to be
    /// out of reach is not tried.
    pub(super) async fn write_to(
        &self,
        view: View,
        (task, rows): (Task<'_>, &[OutboxRow]),
        reader: &Identity,
        message: &Message,
    ) -> Result<(), Failure> {
        self.write_lines_to(view, (task, rows), reader, (message, Lines::default()))
            .await
    }

    /// The same, with lines of histories in it.
    pub(super) async fn write_lines_to(
        &self,
        view: View,
        (task, rows): (Task<'_>, &[OutboxRow]),
        reader: &Identity,
        (message, lines): (&Message, Lines),
    ) -> Result<(), Failure> {
        let now = view.now();
        drop(view);
        if let Some(mark) = reader.unreachable.filter(|mark| mark.is_believed(now)) {
            return Err(Failure::KnownUnreachable(mark.obstacle));
        }
        let to = Address::Person {
            user_id: reader.user_id.clone(),
            chat: reader.private_chat.clone(),
        };
        let part = if rows.len() > 1 {
            part_of(rows.iter().map(|row| row.id))
        } else {
            String::new()
        };
        let sent = self
            .post_parts(reader.platform, (task, &part), &to, message, None)
            .await?;
        // First: with the notice gone, nothing else might show for long that they can be reached again.
        if reader.unreachable.is_some() {
            let back = self
                .store
                .insist(&reader.id, |tx, reader| Box::pin(reach::person_back(tx, *reader)));
            back.await?;
        }
        let mut done: Vec<Entry> = told(rows).collect();
        for sent in &sent {
            if reader.private_chat.as_ref() != Some(&sent.spot.chat) {
                done.push(Entry::PrivateChat(reader.id, sent.spot.chat.clone()));
            }
            let mention = message.about.map(|ticket| Mention { ticket, relays: false });
            done.extend(mention.map(|mention| sent.entry(reader.platform, mention)));
        }
        if let [sent] = &sent[..] {
            done.extend(sent.own_card(reader.platform, message));
        }
        if let Some((ticket, seq)) = lines.copied {
            done.extend(copies::entries(reader.platform, &sent, ticket, &[seq]));
        }
        let delivered = lines.delivered.into_iter();
        done.extend(delivered.map(|(ticket, seq)| Entry::Delivered(ticket, seq)));
        Ok(self.store.write_down(done).await?)
    }
}

/// Whether somebody may read of a ticket by the time they are told: a notice may wait for long, and who was an admin
/// then, who are told of new ones, may be one no more, the account disabled, or the chat somebody else's.
pub(super) fn may_hear(reader: &Identity, requester: AccountId, is_new: bool) -> bool {
    let account = reader.account.as_ref();
    is_new && is_admin(reader) || account.is_some_and(|account| account.id == requester)
}

/// Whether a technician is told that a ticket is in their hands, or is not any more, or how it was rated.
pub(super) fn is_of(happening: &Happening, reader: &Identity) -> bool {
    let account = reader.account.as_ref().filter(|account| account.role.is_staff());
    account.is_some_and(|account| happening.concerns(account.id))
}

fn is_admin(reader: &Identity) -> bool {
    let account = reader.account.as_ref();
    account.is_some_and(|account| account.role == Role::Admin)
}
