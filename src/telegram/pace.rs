//! How often Telegram lets a bot write:
//! <https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>.
//!
//! Rates are a little below what Telegram grants, and bursts well below: requests that left apart may arrive together.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use teloxide::types::ChatId;
use tokio::time::Instant;

use crate::outbox::pacing::{Budget, Claim, Limits, Pacer, Pacing, Permit, Rate, Urgency};

/// Thirty a second, in all chats together.
const LIMITS: Limits = Limits {
    rate: Rate {
        burst: 15.0,
        per_second: 29.5,
    },
    reserve: 5.0,
    window: None,
};
/// One a second in a private chat, where short bursts pass.
const PRIVATE: Rate = Rate {
    burst: 3.0,
    per_second: 0.98,
};
/// Twenty a minute in a group, whatever the topic.
const GROUP: Rate = Rate {
    burst: 15.0,
    per_second: 19.6 / 60.0,
};
/// What goes out to one group within half a minute.
const BEARABLE: usize = 10;
/// For how long everything stops when a chat is limited that has had little: Telegram doesn't say which limit was met.
const A_MOMENT: Duration = Duration::from_secs(1);

/// What a request takes of the limits. Requests that write nothing take nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    chat: ChatId,
    overall: u32,
    own: u32,
}

impl Charge {
    /// A message, or an album of so many.
    pub(super) fn message(chat: ChatId, items: usize) -> Self {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        Self {
            chat,
            overall: items,
            own: items,
        }
    }

    /// An edit: it counts in groups, and overall.
    pub(super) fn edit(chat: ChatId) -> Self {
        Self {
            chat,
            overall: 1,
            own: u32::from(is_group(chat)),
        }
    }

    /// A topic opened, closed or deleted, or a message deleted.
    pub(super) fn topic(chat: ChatId) -> Self {
        Self {
            chat,
            overall: 1,
            own: 0,
        }
    }

    fn budget(self) -> Budget {
        Budget {
            key: self.chat.to_string(),
            rate: Some(if is_group(self.chat) { GROUP } else { PRIVATE }),
        }
    }
}

/// Groups have negative ids.
fn is_group(chat: ChatId) -> bool {
    chat.0 < 0
}

/// The limits of one bot.
#[derive(Debug)]
pub(super) struct Pace {
    pacer: Pacer,
    /// The chat that was limited last although it had had little, and until when.
    suspect: Mutex<Option<(ChatId, Instant)>>,
}

impl Pace {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self {
            pacer: Pacer::new(pacing, LIMITS),
            suspect: Mutex::default(),
        }
    }

    /// Waits for the turn of a request; says how long to wait elsewhere when that is long.
    pub(super) async fn turn(&self, charge: Charge, urgency: Urgency) -> Result<Permit<'_>, Duration> {
        let claim = Claim {
            overall: charge.overall,
            own: Some((charge.budget(), charge.own)),
        };
        self.pacer.turn(&claim, urgency).await
    }

    /// Telegram asks to wait. Mostly that is about the chat. Where it can't be, everything rests a moment; and when it
    /// happens to a second chat meanwhile, it is about the bot.
    pub(super) fn limited(&self, permit: &Permit<'_>, charge: Charge, delay: Duration) {
        self.pacer.hold(&charge.budget(), delay);
        if !permit.had_plenty() {
            return;
        }
        let now = Instant::now();
        let mut suspect = self.suspect.lock().unwrap_or_else(PoisonError::into_inner);
        let is_the_bot = suspect.is_some_and(|(chat, until)| chat != charge.chat && until > now);
        *suspect = Some((charge.chat, now + delay));
        self.pacer
            .hold_all(if is_the_bot { delay } else { delay.min(A_MOMENT) });
    }

    pub(super) fn share(&self, replicas: u32) {
        self.pacer.share(replicas);
    }

    /// How many messages may wait for one place before they are too many; nothing without limits.
    pub(super) fn bearable(&self) -> Option<usize> {
        self.pacer.is_limited().then_some(BEARABLE)
    }
}
