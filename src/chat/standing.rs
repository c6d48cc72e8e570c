//! Where the bot stands: what the platforms tell of it, and what hearing from a place shows.

use super::intent::{Inbound, Standing};
use crate::service::reach;
use crate::store::{Fault, Tx, people, places};

/// Writes down what became of the bot in a place or a private chat.
pub(super) async fn note(tx: &mut Tx, inbound: &Inbound, standing: &Standing) -> Result<(), Fault> {
    let chat = &inbound.place.spot.chat;
    if let Standing::Moved(to) = standing {
        return reach::place_moved(tx, inbound.platform, chat, to).await;
    }
    if inbound.place.is_private() {
        let person = people::find_identity(tx, inbound.platform, &inbound.who.user_id, &inbound.place.spot).await?;
        return match (person, standing) {
            (Some((person, _)), Standing::Out(obstacle)) => reach::person_gone(tx, person.id, *obstacle).await,
            (Some((person, _)), _) => reach::person_back(tx, person.id).await,
            (None, _) => Ok(()),
        };
    }
    match (places::find_at(tx, inbound.platform, chat).await?, standing) {
        (Some(place), Standing::Out(obstacle)) => reach::place_lost(tx, place.id, *obstacle).await,
        (Some(place), _) => reach::place_back(tx, place.id).await,
        (None, _) => Ok(()),
    }
}

/// Somebody wrote in a place: where it was silent, that shows that it is there again. Only what is written is sent to
/// the bot as one who sees the place; buttons and commands reach it without.
pub(super) async fn heard(tx: &mut Tx, inbound: &Inbound) -> Result<(), Fault> {
    if inbound.place.is_private() {
        return Ok(());
    }
    match places::find_at(tx, inbound.platform, &inbound.place.spot.chat).await? {
        Some(place) => reach::place_heard(tx, &place).await,
        None => Ok(()),
    }
}
