//! One notice, carried out: which messages and threads it takes on the platform, from the ticket's present
//! state. No transaction is open while a courier is on the way; each step is written down before the next.

use std::collections::HashMap;
use std::slice::from_ref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::Semaphore;

use super::courier::{Address, Courier, Delivery, DeliveryError, Errand, Gone, Sent};
use super::letters::Mail;
use super::pacing::{Pass, Urgency};
use crate::chat::reply::Message;
use crate::domain::ids::{OutboxId, PlaceId, TicketId};
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Carrier, Platform, Spot};
use crate::domain::ticket::Ticket;
use crate::metrics::{self, Outcome};
use crate::replica::Hold;
use crate::service::reach;
use crate::store::about::{self, About};
use crate::store::cards::Card;
use crate::store::files::FileStore;
use crate::store::journal::Entry;
use crate::store::outbox::{Notice, OutboxRow};
use crate::store::places::{Layout, StaffPlace};
use crate::store::reach::Mark;
use crate::store::{Fault, Store};

/// Why a notice was not told.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The place of the notice itself, rather than a thread in it, can't be written to.
    #[error("the place is gone: {0}")]
    Lost(Gone),
    /// Not tried, since the place is marked.
    #[error("the place is gone: known, and not tried")]
    KnownLost(Obstacle),
    /// Not tried, since the person is marked.
    #[error("the person can't be reached: known, and not tried")]
    KnownUnreachable(Obstacle),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the lease is not ours for long enough any more")]
    Lease,
    #[error("the delivery panicked")]
    Panic,
}

impl Failure {
    /// Of what was done in the place itself: where that is gone, the place is.
    pub(super) fn of_place(self) -> Self {
        match self {
            Self::Delivery(DeliveryError::PlaceGone(gone)) => Self::Lost(gone),
            other => other,
        }
    }

    /// Of what was done at a spot in a place. [`DeliveryError::PlaceGone`] stays of a thread that alone is gone: another
    /// may be made.
    pub(super) fn at(self, spot: &Spot, place: &StaffPlace) -> Self {
        if *spot == place.spot {
            return self.of_place();
        }
        let is_post = place.layout == Layout::Forum;
        match self {
            // A post that somebody locked tells nothing of the others.
            Self::Delivery(DeliveryError::PlaceGone(gone)) if is_post && gone.obstacle == Obstacle::NotAllowed => {
                Self::Delivery(DeliveryError::Refused(gone.said))
            }
            Self::Delivery(DeliveryError::PlaceGone(gone)) if gone.obstacle != Obstacle::Deleted => Self::Lost(gone),
            other => other,
        }
    }
}

/// Carries notices out.
pub(super) struct Errands {
    pub store: Store,
    pub couriers: HashMap<Platform, Arc<dyn Courier>>,
    pub mail: Option<Mail>,
    pub files: FileStore,
    /// The zone of the times in what is sent as a file.
    pub timezone: Tz,
    /// Held while a transcript is made: each takes some ten megabytes.
    pub transcribing: Semaphore,
}

/// A row on its way out, and the right to send.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub row: &'a OutboxRow,
    pub hold: &'a Hold,
}

/// A ticket's card in a place, and all it takes to work on it.
pub(super) struct Desk<'a> {
    pub task: Task<'a>,
    pub place: StaffPlace,
    pub ticket: Ticket,
    pub about: About,
    pub card: Option<Card>,
    /// A thread was opened for this notice.
    pub opened: bool,
    /// What was done last and is not written down yet.
    pub done: Vec<Entry>,
    /// The moment at which all of it was read.
    pub now: DateTime<Utc>,
}

impl Desk<'_> {
    /// Whether threads are known not to be allowed in the place. From then on the desk does without.
    pub(super) fn is_without_threads(&mut self) -> bool {
        let mark = self.place.lost.filter(|mark| mark.is_believed(self.now));
        if mark.is_some_and(|mark| mark.obstacle == Obstacle::NoThreads) {
            self.place.layout = Layout::Plain;
        }
        !self.place.has_threads()
    }
}

/// Fails for a place that is known to be lost.
pub(super) fn refuse_lost(place: Option<&StaffPlace>, now: DateTime<Utc>) -> Result<(), Failure> {
    match place.and_then(|place| place.known_lost(now)) {
        Some(obstacle) => Err(Failure::KnownLost(obstacle)),
        None => Ok(()),
    }
}

/// What tells a message made of these rows from one made of others: nine characters, which leave, of the
/// [25](super::courier::Delivery::nonce), enough for the id of a row and the number of a part.
pub(super) fn part_of(rows: impl Iterator<Item = OutboxId>) -> String {
    let ids: Vec<u8> = rows.flat_map(|id| id.0.to_le_bytes()).collect();
    format!(".{:x}", crc32fast::hash(&ids))
}

/// That these rows are told.
pub(super) fn told(rows: &[OutboxRow]) -> impl Iterator<Item = Entry> {
    rows.iter().map(|row| Entry::Told(row.key()))
}

impl Errands {
    /// Tells one notice, and takes it out of the outbox.
    pub(super) async fn carry_out(&self, row: &OutboxRow, hold: &Hold) -> Result<(), Failure> {
        let task = Task { row, hold };
        match row.notice()? {
            Notice::Card { place, ticket } => {
                // The card shows the present state, and with it all that waits to be shown there by now.
                let superseded = if row.is_followed {
                    self.store.list_equal(row).await?
                } else {
                    vec![row.clone()]
                };
                let Some(mut desk) = self.desk(task, place, ticket).await? else {
                    return self.acknowledge(&superseded).await;
                };
                self.bring_card_up_to_date(&mut desk).await?;
                self.told_place(desk, &superseded).await
            }
            Notice::Thread { place, ticket, .. } => {
                let Some(mut desk) = self.desk(task, place, ticket).await? else {
                    return self.acknowledge(from_ref(row)).await;
                };
                let lines = self.lines_together(&desk).await?;
                self.write_in_thread(&mut desk, &lines).await?;
                self.told_place(desk, &lines).await
            }
            Notice::Unreached {
                place,
                ticket,
                identity,
            } => {
                let Some(mut desk) = self.desk(task, place, ticket).await? else {
                    return self.acknowledge(from_ref(row)).await;
                };
                self.tell_unreached(&mut desk, identity).await?;
                self.told_place(desk, from_ref(row)).await
            }
            Notice::Person {
                identity,
                gathered: true,
                ..
            }
            | Notice::PersonInstead {
                identity,
                gathered: true,
                ..
            } => self.tell_digest(task, identity).await,
            Notice::Person {
                identity, ticket, seq, ..
            } => self.tell_person(task, identity, ticket, seq, None).await,
            Notice::OwnCard { identity, ticket } => self.bring_own_card_up_to_date(task, identity, ticket).await,
            Notice::Unread { identity, ticket, seq } => self.tell_unread(task, identity, (ticket, seq)).await,
            Notice::Marked { comment, receipt, .. } => self.mark(task, comment, receipt).await,
            Notice::NewTicket { identity, ticket, .. } => self.tell_new(task, identity, ticket).await,
            Notice::PersonInstead {
                identity,
                ticket,
                seq,
                instead_of,
                ..
            } => self.tell_person(task, identity, ticket, seq, Some(instead_of)).await,
            Notice::PlaceLost { identity, place } => self.tell_place_lost(task, identity, place).await,
            Notice::Linked { identity, chat } => self.tell_linked(task, identity, chat).await,
            Notice::Unlinked { identity, whence } => self.tell_unlinked(task, identity, whence).await,
            Notice::OtherUnlinked { identity, chat, whence } => {
                self.tell_other_unlinked(task, identity, chat, whence).await
            }
            Notice::LinkAnswered { identity, yes } => self.tell_link_answered(task, identity, yes).await,
            Notice::LinkLapsed { identity } => self.tell_link_lapsed(task, identity).await,
            Notice::Role { identity } => self.tell_role(task, identity).await,
            Notice::Purged { place, ticket } => self.clear_away(task, place, ticket).await,
            Notice::Farewell {
                platform,
                user_id,
                chat,
                language,
                ..
            } => {
                let to = Address::Person { user_id, chat };
                self.tell_farewell(task, (platform, to), language).await
            }
            Notice::PasswordChanged { identity } => self.tell_password_changed(task, identity).await,
            Notice::Letter { letter, .. } => self.send_letter(task, letter).await,
            Notice::Transcript { identity, ticket } => self.send_transcript(task, identity, ticket).await,
            Notice::LetterRefused { identity, letter } => self.tell_letter_refused(task, identity, letter).await,
        }
    }

    pub(super) async fn acknowledge(&self, rows: &[OutboxRow]) -> Result<(), Failure> {
        Ok(self.store.write_down(told(rows).collect()).await?)
    }

    /// Notices are told in their place, which shows that it can be written to. That is written down first: with the
    /// notice gone, nothing else might show it for long.
    async fn told_place(&self, desk: Desk<'_>, rows: &[OutboxRow]) -> Result<(), Failure> {
        let mut done = desk.done;
        let is_over = |mark: Mark| mark.obstacle != Obstacle::NoThreads || desk.opened;
        if desk.place.lost.is_some_and(is_over) {
            self.store.write_down(std::mem::take(&mut done)).await?;
            let back = self
                .store
                .insist(&desk.place.id, |tx, place| Box::pin(reach::place_back(tx, *place)));
            back.await?;
        }
        done.extend(told(rows));
        Ok(self.store.write_down(done).await?)
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
        let is_message = matches!(
            delivery.errand,
            Errand::Post { .. } | Errand::OpenPost { .. } | Errand::Edit { .. }
        );
        if let (Err(DeliveryError::Refused(cause)), true) = (&delivered, is_message) {
            tracing::warn!(
                outbox.id = task.row.id.0,
                cause,
                "a notice was refused: once more, without markup"
            );
            delivered = courier.deliver(&delivery, Pass { plain: true, ..pass }).await;
        }
        let outcome = delivered
            .as_ref()
            .map_or_else(DeliveryError::outcome, |_| Outcome::Sent);
        metrics::delivery(Carrier::Chat(platform), outcome);
        match delivered {
            Err(DeliveryError::NotOurs) => Err(Failure::Lease),
            delivered => Ok(delivered?),
        }
    }

    /// What is needed to tell a place of a ticket; nothing when there is no such place or ticket any more. A place that
    /// is known to be lost is not tried.
    async fn desk<'a>(&self, task: Task<'a>, place: PlaceId, ticket: TicketId) -> Result<Option<Desk<'a>>, Failure> {
        let mut view = self.store.look().await?;
        let now = view.now();
        let found = about::find_in_place(&mut view, ticket, place).await?;
        drop(view);
        refuse_lost(found.as_ref().map(|(_, _, place, _)| place), now)?;
        // What is deleted is not shown where it is not.
        let found = found.filter(|(ticket, _, _, card)| card.is_some() || !ticket.state.is_deleted());
        Ok(found.map(|(ticket, about, place, card)| Desk {
            task,
            place,
            ticket,
            about,
            card,
            opened: false,
            done: Vec::new(),
            now,
        }))
    }

    /// Posts a message, in several when it is long. `part` tells it from the other messages of the row.
    pub(super) async fn post_parts(
        &self,
        platform: Platform,
        (task, part): (Task<'_>, &str),
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
            sent.extend(
                self.deliver(platform, task, &format!("{part}.{number}"), errand)
                    .await?,
            );
        }
        Ok(sent)
    }
}
