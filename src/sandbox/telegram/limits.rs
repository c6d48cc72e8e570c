//! How often a bot may write: thirty times a second in all, once a second to one person, twenty times a minute
//! in one group.
//!
//! Telegram lets short bursts to one person pass without saying how long; five is on the careful side of what is
//! observed. Edits count in all and in groups. Time here is the machine's, not the story's: a clock that a story
//! has stopped would never let anything through again.

use std::collections::HashMap;

use tokio::time::Instant;

use super::{params::Params, refusal::Refusal};

/// How much may be sent at once to one person before the rate of one a second is held to.
const BURST: f64 = 5.0;

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    capacity: f64,
    per_second: f64,
    at: Instant,
}

impl Bucket {
    fn new(capacity: f64, per_second: f64, at: Instant) -> Self {
        Self {
            tokens: capacity,
            capacity,
            per_second,
            at,
        }
    }

    /// Seconds until there is room for `cost`; zero when there is now.
    fn wait(&mut self, cost: f64, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.capacity);
        self.at = now;
        (cost.min(self.capacity) - self.tokens) / self.per_second
    }

    fn take(&mut self, cost: f64) {
        self.tokens -= cost.min(self.capacity);
    }
}

/// The counts of one bot.
#[derive(Debug)]
pub(super) struct Limits {
    all: Bucket,
    chats: HashMap<i64, Bucket>,
}

impl Limits {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            all: Bucket::new(30.0, 30.0, now),
            chats: HashMap::new(),
        }
    }

    /// Counts a request, or refuses it with the time to wait. Requests that write nothing are free.
    pub(super) fn count(&mut self, method: &str, params: &Params, now: Instant) -> Result<(), Refusal> {
        let Ok(chat) = params.chat("chat_id") else {
            return Ok(());
        };
        let edit = method.starts_with("edit") && method != "editForumTopic";
        let writes = edit || method == "copyMessage" || method == "forwardMessage" || {
            method.starts_with("send") && method != "sendChatAction"
        };
        if !writes {
            return Ok(());
        }
        let items = if method == "sendMediaGroup" {
            params.array("media")?.map_or(1, |m| m.len().max(1))
        } else {
            1
        };
        let cost = f64::from(u32::try_from(items).unwrap_or(u32::MAX));
        let mut wait = self.all.wait(cost, now);
        let counted = !edit || chat < 0;
        if counted {
            let bucket = self.chats.entry(chat).or_insert_with(|| {
                if chat < 0 {
                    Bucket::new(20.0, 20.0 / 60.0, now)
                } else {
                    Bucket::new(BURST, 1.0, now)
                }
            });
            wait = wait.max(bucket.wait(cost, now));
        }
        if wait > 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a positive number of seconds, below a minute"
            )]
            return Err(Refusal::too_many((wait.ceil() as u64).max(1)));
        }
        self.all.take(cost);
        if counted && let Some(bucket) = self.chats.get_mut(&chat) {
            bucket.take(cost);
        }
        Ok(())
    }
}
