//! What is taken away: the card and thread of a ticket that was purged; and the last word to somebody who was deleted.

use std::slice::from_ref;

use super::courier::{Address, DeliveryError, Errand};
use super::errands::{Errands, Failure, Task, refuse_lost, told};
use crate::chat::notices;
use crate::domain::ids::{PlaceId, TicketId};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::store::cards::{self, Card};
use crate::store::deletions;
use crate::store::journal::Entry;
use crate::store::places::{self, StaffPlace};

impl Errands {
    /// Takes away what shows a purged ticket in a staff place.
    pub(super) async fn clear_away(&self, task: Task<'_>, place: PlaceId, ticket: TicketId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let now = view.now();
        let card = cards::find(&mut view, ticket, place).await?;
        let place = places::find(&mut view, place).await?;
        refuse_lost(place.as_ref(), now)?;
        let (Some(place), Some(card)) = (place, card) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let mut below = cards::list_messages(&mut view, ticket, place.platform, &place.spot.chat).await?;
        drop(view);
        below.retain(|message| *message != card.message_id);
        if let Some(thread) = &card.thread
            && self.take_thread_away(task, &place, thread).await?
            && place.spot.chat == thread.chat
        {
            // They were in it.
            below.clear();
        }
        for message_id in below {
            let spot = place.spot.clone();
            let errand = Errand::Delete { spot, message_id };
            // What the platform keeps, nobody but an administrator there can take away.
            is_gone(self.deliver(place.platform, task, "", errand).await)?;
        }
        self.take_card_away(task, &place, ticket, card).await?;
        let mut done = vec![Entry::CardGone(ticket, place.id)];
        done.extend(told(from_ref(task.row)));
        Ok(self.store.write_down(done).await?)
    }

    /// Deletes the thread or topic; where that is not permitted, closes it. Whether it is gone.
    async fn take_thread_away(&self, task: Task<'_>, place: &StaffPlace, thread: &Spot) -> Result<bool, Failure> {
        let spot = thread.clone();
        let errand = Errand::DeleteThread { spot: spot.clone() };
        if is_gone(self.deliver(place.platform, task, "", errand).await)? {
            return Ok(true);
        }
        is_gone(
            self.deliver(place.platform, task, "", Errand::CloseThread { spot })
                .await,
        )?;
        Ok(false)
    }

    /// Deletes the card; where the platform does not let us any more, leaves but a line of it.
    async fn take_card_away(
        &self,
        task: Task<'_>,
        place: &StaffPlace,
        ticket: TicketId,
        card: Card,
    ) -> Result<(), Failure> {
        let spot = place.spot_of(&card);
        let errand = Errand::Delete {
            spot: spot.clone(),
            message_id: card.message_id.clone(),
        };
        if is_gone(self.deliver(place.platform, task, "", errand).await)? {
            return Ok(());
        }
        let errand = Errand::Edit {
            spot,
            message_id: card.message_id,
            message: notices::purged(place.language, ticket),
        };
        is_gone(self.deliver(place.platform, task, "", errand).await).map(drop)
    }

    /// Tells somebody that their account was deleted. No more is known of them than the notice says.
    pub(super) async fn tell_farewell(
        &self,
        task: Task<'_>,
        (platform, to): (Platform, Address),
        language: Language,
    ) -> Result<(), Failure> {
        let message = notices::farewell(language);
        let sent = self.post_parts(platform, (task, ""), &to, &message, None).await?;
        for sent in sent {
            // What was on its way there when they were deleted may have been written down since.
            let forgotten = self.store.insist(&sent.spot.chat, |tx, chat| {
                Box::pin(deletions::forget_messages(tx, platform, chat))
            });
            forgotten.await?;
        }
        self.acknowledge(from_ref(task.row)).await
    }
}

/// Whether what was to be taken away is gone; not where the platform refuses to. What may work later is tried again.
pub(super) fn is_gone<T>(outcome: Result<T, Failure>) -> Result<bool, Failure> {
    match outcome {
        Ok(_) | Err(Failure::Delivery(DeliveryError::MessageGone(_))) => Ok(true),
        Err(Failure::Delivery(DeliveryError::Refused(_))) => Ok(false),
        Err(Failure::Delivery(DeliveryError::PlaceGone(gone))) => match gone.obstacle {
            Obstacle::Deleted | Obstacle::NoTopics => Ok(true),
            Obstacle::NotAllowed => Ok(false),
            _ => Err(Failure::Lost(gone)),
        },
        Err(failure) => Err(failure),
    }
}
