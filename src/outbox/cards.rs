//! The card of a ticket in a staff place: posted, and brought up to date. In a forum it begins a post.

use super::courier::{Address, DeliveryError, Errand, Sent};
use super::errands::{Desk, Errands, Failure};
use crate::chat::reply::Message;
use crate::chat::{attached, cards as card_view, notices};
use crate::domain::platform::Spot;
use crate::domain::ticket::Status;
use crate::store::cards::{Card, Mention};
use crate::store::journal::Entry;
use crate::store::places::Layout;

impl Errands {
    /// Edits the card, or posts it when there is none (any more).
    pub(super) async fn bring_card_up_to_date(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        if let Some(card) = desk.card.clone() {
            let spot = desk.place.spot_of(&card);
            let errand = Errand::Edit {
                spot: spot.clone(),
                message_id: card.message_id,
                message: render(desk),
            };
            let edited = self.deliver(desk.place.platform, desk.task, "", errand).await;
            match edited.map_err(|failure| failure.at(&spot, &desk.place)) {
                Err(Failure::Delivery(DeliveryError::MessageGone(_))) => {}
                // The post that it began.
                Err(Failure::Delivery(DeliveryError::PlaceGone(_))) => desk.card = None,
                outcome => return outcome.map(drop),
            }
            if desk.ticket.state.is_deleted() {
                return Ok(());
            }
        }
        self.post_card(desk).await
    }

    /// Posts the card, with its thread.
    pub(super) async fn post_card(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        // The thread of a card that somebody deleted is still the ticket's.
        let thread = desk.card.take().and_then(|card| card.thread);
        let (sent, thread) = if desk.place.layout == Layout::Forum {
            let sent = self.post_in_forum(desk, thread).await?;
            let thread = sent.spot.clone();
            (sent, Some(thread))
        } else {
            (self.post_at(desk, desk.place.spot.clone()).await?, thread)
        };
        let card = Card {
            message_id: sent.message_id.clone(),
            thread,
        };
        let has_thread = card.thread.is_some();
        desk.card = Some(card.clone());
        let mention = Mention {
            ticket: desk.ticket.id,
            relays: false,
        };
        let posted = vec![
            Entry::Card {
                ticket: desk.ticket.id,
                place: desk.place.id,
                card,
            },
            sent.entry(desk.place.platform, mention),
        ];
        self.store.write_down(posted).await?;
        if desk.place.has_threads() && !has_thread {
            self.open_thread(desk).await?;
        }
        Ok(())
    }

    /// Posts the card in the ticket's post, or as a post where there is none (any more).
    async fn post_in_forum(&self, desk: &mut Desk<'_>, thread: Option<Spot>) -> Result<Sent, Failure> {
        if let Some(thread) = thread {
            match self.post_at(desk, thread).await {
                Err(Failure::Delivery(DeliveryError::PlaceGone(_))) => {}
                outcome => return outcome,
            }
        }
        let errand = Errand::OpenPost {
            spot: desk.place.spot.clone(),
            name: notices::thread_name(desk.place.language, &desk.ticket),
            is_unique: true,
            message: render(desk),
        };
        let sent = self.deliver(desk.place.platform, desk.task, ".card", errand).await;
        let sent = must_stand(sent.map_err(Failure::of_place)?)?;
        desk.opened = true;
        Ok(sent)
    }

    async fn post_at(&self, desk: &Desk<'_>, spot: Spot) -> Result<Sent, Failure> {
        let errand = Errand::Post {
            to: Address::Spot(spot.clone()),
            message: render(desk),
            reply_to: None,
        };
        let sent = self.deliver(desk.place.platform, desk.task, ".card", errand).await;
        must_stand(sent.map_err(|failure| failure.at(&spot, &desk.place))?)
    }
}

fn must_stand(sent: Option<Sent>) -> Result<Sent, Failure> {
    Ok(sent.ok_or_else(|| DeliveryError::Transient("the card got no id".to_owned()))?)
}

fn render(desk: &Desk<'_>) -> Message {
    let card = card_view::staff(desk.place.language, &desk.ticket, &desk.about);
    Message {
        rings: desk.ticket.state.status() == Status::Waiting,
        ..attached::fitting(desk.place.language, desk.place.platform, card)
    }
}
