//! What the outbox asks of an adapter, and of the mailer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::pacing::Pass;
use crate::chat::letters::Letter;
use crate::chat::reply::Message;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::receipt::Receipt;
use crate::domain::text::Email;
use crate::metrics::Outcome;
use crate::store::cards::{Mention, Posted};
use crate::store::journal::Entry;
use crate::store::own_cards::OwnCard;

/// Carries messages to one platform: executes a request when its turn has come, reports what became of it, and
/// never tries again by itself.
pub trait Courier: Send + Sync + 'static {
    /// Which platform.
    fn platform(&self) -> Platform;

    /// Carries out one delivery. Every request of it waits for its turn, and asks `pass` again before it goes out.
    fn deliver<'a>(
        &'a self,
        delivery: &'a Delivery,
        pass: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>>;

    /// So many processes send beside each other from now on: the overall limit of the platform is divided by them.
    fn share(&self, replicas: u32);

    /// How many messages may wait for one place before they are too many: what goes out within half a minute. Nothing
    /// where no limits are kept.
    fn bearable(&self) -> Option<usize>;
}

/// Carries letters to the mail server, and reports what became of each.
pub trait Postman: Send + Sync + 'static {
    /// Hands one letter over, within a bounded time. `may_send` is asked right before.
    fn post<'a>(
        &'a self,
        envelope: &'a Envelope,
        may_send: &'a (dyn Fn() -> bool + Sync),
    ) -> BoxFuture<'a, Result<(), DeliveryError>>;
}

/// A letter as it is handed over.
pub struct Envelope {
    /// The same whenever this letter is sent again, and no other's.
    pub id: String,
    /// Whom it is for.
    pub to: Email,
    /// When it is sent.
    pub at: DateTime<Utc>,
    /// What it says.
    pub letter: Letter,
}

/// One thing to do on a platform.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The same whenever this delivery is tried again, and no other's: Discord's nonce, at most 25 characters
    /// (<https://discord.com/developers/docs/resources/message#create-message>).
    pub nonce: String,
    /// What to do.
    pub errand: Errand,
}

/// The kinds of thing to do.
#[derive(Clone, Debug)]
pub enum Errand {
    /// Post a message. With `reply_to`, as an answer to that message where it still exists.
    Post {
        /// Where.
        to: Address,
        /// What.
        message: Message,
        /// The message it answers.
        reply_to: Option<String>,
    },
    /// Edit a message of ours.
    Edit {
        /// Where it stands.
        spot: Spot,
        /// The platform's id of it.
        message_id: String,
        /// What it shall say.
        message: Message,
    },
    /// Open the thread or topic of a card, answering with its spot as [`Sent::spot`]. On Discord it hangs on
    /// the card's message; on Telegram the message id is not used.
    OpenThread {
        /// The place of the card.
        spot: Spot,
        /// The card.
        message_id: String,
        /// The name: shortened by the courier to what the platform allows.
        name: String,
    },
    /// Open a post in a forum, of which there are some on Discord alone, answering with the spot of the post as
    /// [`Sent::spot`].
    OpenPost {
        /// The forum.
        spot: Spot,
        /// The name: shortened by the courier to what the platform allows.
        name: String,
        /// No other is called so: Discord takes no nonce for a post, and one that is there already came of an earlier
        /// try.
        is_unique: bool,
        /// Its first message.
        message: Message,
    },
    /// Close the thread or topic: archived on Discord, closed on Telegram.
    CloseThread {
        /// The thread.
        spot: Spot,
    },
    /// Open the thread or topic again that was closed.
    ReopenThread {
        /// The thread.
        spot: Spot,
    },
    /// Delete the thread or topic with all that is in it.
    DeleteThread {
        /// The thread.
        spot: Spot,
    },
    /// Put a receipt on a message of somebody's.
    React {
        /// Where it stands.
        spot: Spot,
        /// The platform's id of it.
        message_id: String,
        /// What it says.
        receipt: Receipt,
    },
    /// Delete a message of ours.
    Delete {
        /// Where it stands.
        spot: Spot,
        /// The platform's id of it.
        message_id: String,
    },
}

/// Whom a message goes to.
#[derive(Clone, Debug)]
pub enum Address {
    /// A place whose address is known.
    Spot(Spot),
    /// A person's private chat.
    Person {
        /// The platform's id of the person.
        user_id: String,
        /// Their private chat, once known; the courier opens it otherwise.
        chat: Option<String>,
    },
}

/// A message that now stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Where.
    pub spot: Spot,
    /// The platform's id of it.
    pub message_id: String,
    /// The platform's ids of further messages, in which its files came.
    pub files: Vec<String>,
}

impl Sent {
    /// What is written down of it, when it speaks of a ticket.
    #[must_use]
    pub fn entry(&self, platform: Platform, mention: Mention) -> Entry {
        Entry::Message(Posted {
            platform,
            chat: self.spot.chat.clone(),
            message_id: self.message_id.clone(),
            mention,
        })
    }

    /// What is written down of it, when it is the card of whoever asked, in their private chat.
    #[must_use]
    pub fn own_card(&self, platform: Platform, message: &Message) -> Option<Entry> {
        let shown = message.own_card.as_ref()?;
        let card = OwnCard {
            ticket: message.about?,
            platform,
            chat: self.spot.chat.clone(),
            message_id: self.message_id.clone(),
            is_whole: shown.is_whole,
            is_stale: false,
            lapses_at: shown.lapses_at,
        };
        Some(Entry::OwnCard(card, shown.version))
    }
}

/// That somebody, or some place, can't be written to: why, and the platform's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Gone {
    /// Why.
    pub obstacle: Obstacle,
    /// What the platform said. It carries no token and no content.
    pub said: String,
}

impl Gone {
    /// That, in the platform's words.
    #[must_use]
    pub fn new(obstacle: Obstacle, said: impl Into<String>) -> Self {
        let said = said.into();
        Self { obstacle, said }
    }
}

/// Why a delivery did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The platform asks to wait, or would: its limits are reached.
    #[error("the platform's limits ask to wait {0:?}")]
    RetryAfter(Duration),
    /// It may work later: a time-out, a cut connection, a 5xx. The text carries no token and no content.
    #[error("{0}")]
    Transient(String),
    /// The right to send ended while it waited for its turn.
    #[error("the right to send ended")]
    NotOurs,
    /// The person can't be reached: blocked, account gone, private messages closed.
    #[error("the person can't be reached: {0}")]
    Unreachable(Gone),
    /// The place, thread or topic is gone, or closed to the bot.
    #[error("the place is gone: {0}")]
    PlaceGone(Gone),
    /// The chat has this id now.
    #[error("the chat has another id now")]
    Moved(String),
    /// The message to edit is gone.
    #[error("the message is gone: {0}")]
    MessageGone(String),
    /// The platform refuses what we sent: our mistake.
    #[error("the platform refused it: {0}")]
    Refused(String),
}

impl DeliveryError {
    /// What it is counted as.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::RetryAfter(_) => Outcome::Waiting,
            Self::Transient(_) | Self::NotOurs => Outcome::Failed,
            Self::Unreachable(_) => Outcome::Unreachable,
            Self::PlaceGone(_) | Self::Moved(_) | Self::MessageGone(_) => Outcome::Gone,
            Self::Refused(_) => Outcome::Refused,
        }
    }
}
