//! Notices to people, in their private chats.

use super::courier::Address;
use super::errands::{Errands, Failure};
use crate::chat::notices;
use crate::chat::reply::Message;
use crate::domain::ids::{IdentityId, PlaceId, TicketId};
use crate::service::reach;
use crate::store::cards::{self, Mention};
use crate::store::outbox::{self, OutboxRow};
use crate::store::people::{self, Identity};
use crate::store::{Tx, history, places, tickets};

impl Errands {
    pub(super) async fn tell_person(
        &self,
        row: &OutboxRow,
        identity: IdentityId,
        ticket: TicketId,
        seq: u32,
        instead_of: Option<IdentityId>,
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
            return self.acknowledge(row).await;
        };
        let mut message = notices::person(&mut tx, &reader, &ticket, &happening).await?;
        if let Some(before) = instead_of {
            let before = people::find_identity_by_id(&mut tx, before).await?;
            message = notices::instead(reader.language, before.as_ref(), message);
        }
        self.write_to(tx, row, &reader, &message).await
    }

    /// Tells an admin that a place is lost; unless it is there again.
    pub(super) async fn tell_place_lost(
        &self,
        row: &OutboxRow,
        identity: IdentityId,
        place: PlaceId,
    ) -> Result<(), Failure> {
        let mut tx = self.store.begin().await?;
        let reader = people::find_identity_by_id(&mut tx, identity).await?;
        let place = places::find(&mut tx, place).await?;
        let lost = place.and_then(|place| place.lost.map(|mark| (place, mark)));
        let (Some(reader), Some((place, mark))) = (reader, lost) else {
            tx.rollback().await;
            return self.acknowledge(row).await;
        };
        let message = notices::place_lost(reader.language, &place, mark.obstacle);
        self.write_to(tx, row, &reader, &message).await
    }

    /// Writes to a person in private, once `tx` has read what to say. Who is known to be out of reach is not tried.
    async fn write_to(&self, tx: Tx, row: &OutboxRow, reader: &Identity, message: &Message) -> Result<(), Failure> {
        let now = tx.now();
        tx.rollback().await;
        if let Some(mark) = reader.unreachable.filter(|mark| mark.is_believed(now)) {
            return Err(Failure::KnownUnreachable(mark.obstacle));
        }
        let to = Address::Person {
            user_id: reader.user_id.clone(),
            chat: reader.private_chat.clone(),
        };
        let sent = self.post_parts(reader.platform, row, &to, message, None).await?;
        let mut tx = self.store.begin().await?;
        for sent in sent {
            if reader.private_chat.as_ref() != Some(&sent.spot.chat) {
                people::set_private_chat(&mut tx, reader.id, &sent.spot.chat).await?;
            }
            if let Some(ticket) = message.about {
                let mention = Mention { ticket, relays: false };
                cards::record_message(&mut tx, reader.platform, &sent.spot.chat, &sent.message_id, mention).await?;
            }
        }
        outbox::acknowledge(&mut tx, row).await?;
        if reader.unreachable.is_some() {
            reach::person_back(&mut tx, reader.id).await?;
        }
        Ok(tx.commit().await?)
    }
}
