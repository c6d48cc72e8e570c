//! A message that may be earlier than what it speaks of: somebody answered a word of ours, or wrote in a thread that we
//! opened, before it was written down that it was sent.

use super::intent::{Inbound, Intent};
use super::turn::Chat;
use crate::store::{Fault, Store, cards, dialogs, outbox, people, places};

impl Chat {
    /// Whether the message answers one, or stands in a thread, that is not known, where something is being told: what
    /// it speaks of may be known in a moment.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn is_early(&self, store: &Store, inbound: &Inbound) -> Result<bool, Fault> {
        let Intent::Message(written) = &inbound.intent else {
            return Ok(false);
        };
        if inbound.place.is_private() && written.reply_to.is_none() {
            return Ok(false);
        }
        let view = &mut store.look().await?;
        let (platform, spot) = (inbound.platform, &inbound.place.spot);
        let is_known = if let Some(reply_to) = &written.reply_to {
            let speaks_of = cards::find_message(view, platform, &spot.chat, reply_to).await?;
            speaks_of.is_some() || dialogs::is_shown_by(view, spot, reply_to).await?
        } else {
            // What stands in the place itself is in no thread.
            let place = places::find_at(view, platform, &spot.chat).await?;
            place.is_some() && spot.topic.is_none() || cards::find_by_thread(view, platform, spot).await?.is_some()
        };
        if is_known {
            return Ok(false);
        }
        let person = people::find_identity(view, platform, &inbound.who.user_id, spot).await?;
        let Some((person, _)) = person else { return Ok(false) };
        if inbound.place.is_private() {
            return outbox::is_due_to(view, &person).await;
        }
        let is_staff = person.account.is_some_and(|account| account.role.is_staff());
        Ok(is_staff && outbox::is_due_around(view, platform, &spot.chat).await?)
    }
}
