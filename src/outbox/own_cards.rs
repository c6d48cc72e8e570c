//! The cards of those who asked: edited in their private chats, as what they show changes.

use std::slice::from_ref;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::courier::{DeliveryError, Errand};
use super::errands::{Errands, Failure, Task, told};
use crate::chat::details::{self, LAST_WORDS};
use crate::chat::reply::Message;
use crate::domain::account::Actor;
use crate::domain::ids::{IdentityId, TicketId};
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::Spot;
use crate::domain::ticket::Ticket;
use crate::service::reach;
use crate::store::about::{self, About};
use crate::store::journal::Entry;
use crate::store::own_cards::{self, OwnCard};
use crate::store::people::Identity;

/// How often an edit is tried that the platform's limits put off. Old messages may be edited seldom, and others wait.
const TRIES: u16 = 3;
/// The longest that others wait for such an edit.
const LONGEST: Duration = Duration::from_secs(10);

impl Errands {
    /// Edits somebody's card. Where that can't be, nobody misses it: who is told of the change is told beside.
    pub(super) async fn bring_own_card_up_to_date(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        ticket: TicketId,
    ) -> Result<(), Failure> {
        // It shows the present state, and with it all that waits to be shown there by now.
        let superseded = if task.row.is_followed {
            self.store.list_equal(task.row).await?
        } else {
            from_ref(task.row).to_vec()
        };
        let mut done: Vec<Entry> = told(&superseded).collect();
        let mut view = self.store.look().await?;
        let now = view.now();
        let found = about::find_for(&mut view, ticket, identity, LAST_WORDS).await?;
        drop(view);
        let Some((ticket, about, reader, Some(card))) = found else {
            return Ok(self.store.write_down(done).await?);
        };
        let outcome = match render(&reader, &card, (&ticket, about), now) {
            Some(message) => self.edit_own_card(task, &reader, &card, message).await?,
            None => Some(Entry::OwnCardStale(card)),
        };
        // First: with the notice gone, nothing else shows what is to be made good.
        done.splice(0..0, outcome);
        Ok(self.store.write_down(done).await?)
    }

    /// What is to be written down of the edit.
    async fn edit_own_card(
        &self,
        task: Task<'_>,
        reader: &Identity,
        card: &OwnCard,
        message: Message,
    ) -> Result<Option<Entry>, Failure> {
        let shown = message.own_card.as_ref();
        let (version, lapses_at) = shown.map_or((0, None), |shown| (shown.version, shown.lapses_at));
        let edit = |message| Errand::Edit {
            spot: Spot::chat(card.chat.clone()),
            message_id: card.message_id.clone(),
            message,
        };
        let bare = Message {
            buttons: Vec::new(),
            ..message.clone()
        };
        let stale = || Ok(Some(Entry::OwnCardStale(card.clone())));
        match self.deliver(reader.platform, task, "", edit(message)).await {
            Ok(_) => {
                let waiting = self.store.list_equal(task.row).await?;
                let is_superseded = waiting.iter().all(|row| row.id != task.row.id);
                if is_superseded {
                    let mut view = self.store.look().await?;
                    let newest = own_cards::find(&mut view, card.ticket, card.platform, &card.chat).await?;
                    drop(view);
                    if newest.is_some_and(|newest| newest.is_newer_than(&card.message_id)) {
                        // An answer has taken its place meanwhile, and its buttons away, which are there again.
                        self.deliver(reader.platform, task, ".former", edit(bare)).await?;
                    }
                }
                let fresh = OwnCard {
                    is_stale: false,
                    lapses_at,
                    ..card.clone()
                };
                let is_otherwise = card.is_stale || card.lapses_at != lapses_at;
                // Of what an answer took out of the outbox, it shows more than what was read before its turn came.
                Ok((is_superseded || is_otherwise).then_some(Entry::OwnCard(fresh, version)))
            }
            Err(Failure::Delivery(DeliveryError::MessageGone(_) | DeliveryError::Refused(_))) => {
                Ok(Some(Entry::OwnCardGone(card.clone())))
            }
            Err(Failure::Delivery(DeliveryError::PlaceGone(gone))) if gone.obstacle == Obstacle::Deleted => {
                Ok(Some(Entry::OwnCardGone(card.clone())))
            }
            Err(Failure::Delivery(DeliveryError::Unreachable(gone))) => {
                let obstacle = (reader.id, gone.obstacle);
                let marked = self.store.insist(&obstacle, |tx, (person, obstacle)| {
                    Box::pin(reach::person_gone(tx, *person, *obstacle))
                });
                marked.await?;
                stale()
            }
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) => stale(),
            Err(Failure::Delivery(DeliveryError::RetryAfter(wait)))
                if wait > LONGEST || task.row.attempts + 1 >= TRIES =>
            {
                stale()
            }
            Err(other) => Err(other),
        }
    }
}

/// What the card in the reader's chat is to show; nothing where the ticket is not theirs by now, or they can't be reached.
fn render(reader: &Identity, card: &OwnCard, (ticket, about): (&Ticket, About), now: DateTime<Utc>) -> Option<Message> {
    let account = reader
        .account
        .as_ref()
        .filter(|account| account.id == ticket.requester)?;
    if reader.unreachable.is_some_and(|mark| mark.is_believed(now)) {
        return None;
    }
    let by = Actor {
        account: account.id,
        identity: reader.id,
        role: account.role,
    };
    Some(details::own(
        reader.language,
        (ticket, about),
        (&by, card.is_whole),
        now,
    ))
}
