//! One notice, carried out: which messages and threads it takes on the platform, from the ticket's present
//! state. No transaction is open while a courier is on the way; each step is written down before the next.

use std::collections::HashMap;
use std::slice::from_ref;
use std::sync::Arc;

use super::courier::{Address, Courier, Delivery, DeliveryError, Errand, Sent};
use super::pacing::{Pass, Urgency};
use crate::chat::reply::Message;
use crate::chat::{cards as card_view, notices};
use crate::domain::action::Action;
use crate::domain::ids::{IdentityId, PlaceId, TicketId};
use crate::domain::platform::{Platform, Spot};
use crate::domain::ticket::{Status, Ticket};
use crate::replica::Hold;
use crate::store::cards::{self, Card, Mention};
use crate::store::history::{self, Event, Happening};
use crate::store::outbox::{self, Notice, OutboxRow};
use crate::store::places::{self, StaffPlace};
use crate::store::{Fault, Store, people, tickets};

/// Why a notice was not told.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the lease is not ours for long enough any more")]
    Lease,
    #[error("the delivery panicked")]
    Panic,
}

/// Carries notices out.
pub(super) struct Errands {
    pub store: Store,
    pub couriers: HashMap<Platform, Arc<dyn Courier>>,
}

/// A row on its way out, and the right to send.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub row: &'a OutboxRow,
    pub hold: &'a Hold,
}

/// A ticket's card in a place, and all it takes to work on it.
struct Desk<'a> {
    task: Task<'a>,
    place: StaffPlace,
    ticket: Ticket,
    card: Option<Card>,
}

impl Errands {
    /// Tells one notice, and takes it out of the outbox.
    pub(super) async fn carry_out(&self, row: &OutboxRow, hold: &Hold) -> Result<(), Failure> {
        let task = Task { row, hold };
        match row.notice()? {
            Notice::Card { place, ticket } => {
                // The card shows the present state, and with it all that waits to be shown there by now.
                let superseded = self.store.list_equal(row).await?;
                if let Some(mut desk) = self.desk(task, place, ticket).await? {
                    self.bring_card_up_to_date(&mut desk).await?;
                }
                self.acknowledge(&superseded).await
            }
            Notice::Thread { place, ticket, seq } => {
                if let Some(mut desk) = self.desk(task, place, ticket).await? {
                    self.write_in_thread(&mut desk, seq).await?;
                }
                self.acknowledge(from_ref(row)).await
            }
            Notice::Person { identity, ticket, seq } => self.tell_person(task, identity, ticket, seq).await,
        }
    }

    pub(super) async fn acknowledge(&self, rows: &[OutboxRow]) -> Result<(), Failure> {
        let told = self
            .store
            .insist(&rows, |tx, rows| Box::pin(outbox::acknowledge_all(tx, rows)));
        Ok(told.await?)
    }

    /// Has one errand carried out; what the platform refuses, once more without markup, which may be where we went
    /// wrong. `part` tells the errands of one row apart.
    pub(super) async fn deliver(
        &self,
        platform: Platform,
        task: Task<'_>,
        part: &str,
        errand: Errand,
    ) -> Result<Option<Sent>, Failure> {
        if !task.hold.is_good() {
            return Err(Failure::Lease);
        }
        let courier = self.couriers.get(&platform);
        let courier =
            courier.ok_or_else(|| DeliveryError::Transient(format!("{} is not connected", platform.name())))?;
        let nonce = format!("{}{part}", task.row.id);
        let delivery = Delivery { nonce, errand };
        let may_send = || task.hold.is_good();
        let pass = Pass {
            urgency: Urgency::Notice,
            plain: false,
            may_send: &may_send,
        };
        let mut delivered = courier.deliver(&delivery, pass).await;
        let is_message = matches!(delivery.errand, Errand::Post { .. } | Errand::Edit { .. });
        if let (Err(DeliveryError::Refused(cause)), true) = (&delivered, is_message) {
            tracing::warn!(
                outbox.id = task.row.id.0,
                cause,
                "a notice was refused: once more, without markup"
            );
            delivered = courier.deliver(&delivery, Pass { plain: true, ..pass }).await;
        }
        match delivered {
            Err(DeliveryError::NotOurs) => Err(Failure::Lease),
            delivered => Ok(delivered?),
        }
    }

    async fn desk<'a>(&self, task: Task<'a>, place: PlaceId, ticket: TicketId) -> Result<Option<Desk<'a>>, Fault> {
        let mut tx = self.store.begin().await?;
        let card = cards::find(&mut tx, ticket, place).await?;
        let place = places::find(&mut tx, place).await?;
        let ticket = tickets::find(&mut tx, ticket).await?;
        tx.rollback().await;
        Ok(place.zip(ticket).map(|(place, ticket)| Desk {
            task,
            place,
            ticket,
            card,
        }))
    }

    /// Edits the card, or posts it when there is none (any more).
    async fn bring_card_up_to_date(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        if let Some(card) = desk.card.clone() {
            let message = self.render_card(desk).await?;
            let spot = desk.place.spot.clone();
            let errand = Errand::Edit {
                spot,
                message_id: card.message_id,
                message,
            };
            match self.deliver(desk.place.platform, desk.task, "", errand).await {
                Err(Failure::Delivery(DeliveryError::MessageGone(_))) => {}
                outcome => return outcome.map(drop),
            }
        }
        self.post_card(desk).await
    }

    async fn render_card(&self, desk: &Desk<'_>) -> Result<Message, Fault> {
        let mut tx = self.store.begin().await?;
        let message = card_view::staff(&mut tx, desk.place.language, &desk.ticket).await?;
        tx.rollback().await;
        Ok(Message {
            rings: desk.ticket.state.status() == Status::Waiting,
            ..message
        })
    }

    async fn post_card(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        let message = self.render_card(desk).await?;
        let to = Address::Spot(desk.place.spot.clone());
        let errand = Errand::Post {
            to,
            message,
            reply_to: None,
        };
        let sent = self.deliver(desk.place.platform, desk.task, ".card", errand).await?;
        let sent = sent.ok_or_else(|| DeliveryError::Transient("the card got no id".to_owned()))?;
        self.store
            .insist(&(&*desk, &sent), |tx, (desk, sent)| {
                Box::pin(async move {
                    cards::set_message(tx, desk.ticket.id, desk.place.id, &sent.message_id).await?;
                    let mention = Mention {
                        ticket: desk.ticket.id,
                        relays: false,
                    };
                    cards::record_message(tx, desk.place.platform, &sent.spot.chat, &sent.message_id, mention).await
                })
            })
            .await?;
        // The thread of a card that somebody deleted is still the ticket's.
        let thread = desk.card.take().and_then(|card| card.thread);
        let has_thread = thread.is_some();
        desk.card = Some(Card {
            message_id: sent.message_id,
            thread,
        });
        if desk.place.threads && !has_thread {
            self.open_thread(desk).await?;
        }
        Ok(())
    }

    async fn open_thread(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        let Some(card) = &mut desk.card else { return Ok(()) };
        let name = notices::thread_name(desk.place.language, &desk.ticket);
        let spot = desk.place.spot.clone();
        let errand = Errand::OpenThread {
            spot,
            message_id: card.message_id.clone(),
            name,
        };
        card.thread = self
            .deliver(desk.place.platform, desk.task, "", errand)
            .await?
            .map(|sent| sent.spot);
        let written = self.store.insist(&*desk, |tx, desk| {
            let thread = desk.card.as_ref().and_then(|card| card.thread.as_ref());
            Box::pin(cards::set_thread(tx, desk.ticket.id, desk.place.id, thread))
        });
        Ok(written.await?)
    }

    /// Writes a line of the ticket's history in its thread; a thread that is gone is made again.
    async fn write_in_thread(&self, desk: &mut Desk<'_>, seq: u32) -> Result<(), Failure> {
        let mut tx = self.store.begin().await?;
        let Some(happening) = history::find(&mut tx, desk.ticket.id, seq).await? else {
            return Ok(());
        };
        let message = notices::thread(&mut tx, desk.place.language, &desk.ticket, &happening).await?;
        tx.rollback().await;
        if desk.card.is_none() {
            self.post_card(desk).await?;
        }
        match self.post_in_thread(desk, &message, &happening).await {
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) if desk.place.threads => {
                self.open_thread(desk).await?;
                self.post_in_thread(desk, &message, &happening).await?;
            }
            outcome => outcome?,
        }
        let over = matches!(
            happening.event,
            Event::Done(Action::Confirm | Action::Close | Action::Withdraw)
        );
        if over { self.close_thread(desk).await } else { Ok(()) }
    }

    async fn post_in_thread(
        &self,
        desk: &mut Desk<'_>,
        message: &Message,
        happening: &Happening,
    ) -> Result<(), Failure> {
        if desk.place.threads && desk.card.as_ref().is_some_and(|card| card.thread.is_none()) {
            self.open_thread(desk).await?;
        }
        let card = desk.card.as_ref();
        let thread = card.and_then(|card| card.thread.clone());
        let reply_to = card.filter(|_| thread.is_none()).map(|card| card.message_id.clone());
        let to = Address::Spot(thread.unwrap_or_else(|| desk.place.spot.clone()));
        let mention = Mention {
            ticket: desk.ticket.id,
            relays: notices::relays(&desk.ticket, happening),
        };
        for sent in self
            .post_parts(desk.place.platform, desk.task, &to, message, reply_to)
            .await?
        {
            self.store
                .insist(&(&*desk, &sent), |tx, (desk, sent)| {
                    let (chat, id) = (&sent.spot.chat, &sent.message_id);
                    Box::pin(cards::record_message(tx, desk.place.platform, chat, id, mention))
                })
                .await?;
        }
        Ok(())
    }

    /// Posts a message, in several when it is long.
    async fn post_parts(
        &self,
        platform: Platform,
        task: Task<'_>,
        to: &Address,
        message: &Message,
        reply_to: Option<String>,
    ) -> Result<Vec<Sent>, Failure> {
        let mut sent = Vec::new();
        for (number, message) in message.clone().parts().into_iter().enumerate() {
            let errand = Errand::Post {
                to: to.clone(),
                message,
                reply_to: reply_to.clone(),
            };
            sent.extend(self.deliver(platform, task, &format!(".{number}"), errand).await?);
        }
        Ok(sent)
    }

    async fn close_thread(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        let thread: Option<Spot> = desk.card.as_ref().and_then(|card| card.thread.clone());
        let Some(spot) = thread else { return Ok(()) };
        match self
            .deliver(desk.place.platform, desk.task, "", Errand::CloseThread { spot })
            .await
        {
            // What is gone is closed.
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn tell_person(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        ticket: TicketId,
        seq: u32,
    ) -> Result<(), Failure> {
        let mut tx = self.store.begin().await?;
        let reader = people::find_identity_by_id(&mut tx, identity).await?;
        let ticket = tickets::find(&mut tx, ticket).await?;
        let happening = match &ticket {
            Some(ticket) => history::find(&mut tx, ticket.id, seq).await?,
            None => None,
        };
        let (Some(reader), Some(ticket), Some(happening)) = (reader, ticket, happening) else {
            tx.rollback().await;
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = notices::person(&mut tx, &reader, &ticket, &happening).await?;
        tx.rollback().await;
        let to = Address::Person {
            user_id: reader.user_id.clone(),
            chat: reader.private_chat.clone(),
        };
        let sent = self.post_parts(reader.platform, task, &to, &message, None).await?;
        let mention = Mention {
            ticket: ticket.id,
            relays: false,
        };
        self.store
            .insist(&(task.row, reader, sent), |tx, (row, reader, sent)| {
                Box::pin(async move {
                    for sent in sent {
                        if reader.private_chat.as_ref() != Some(&sent.spot.chat) {
                            people::set_private_chat(tx, reader.id, &sent.spot.chat).await?;
                        }
                        cards::record_message(tx, reader.platform, &sent.spot.chat, &sent.message_id, mention).await?;
                    }
                    outbox::acknowledge(tx, row).await
                })
            })
            .await?;
        Ok(())
    }
}
