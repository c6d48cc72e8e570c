//! Fetching updates, such that none is lost: the next request, which confirms what came before, leaves only once
//! what came before is stored. teloxide's own polling confirms when a batch arrives.

use std::fmt::Display;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::requests::Payload;
use tokio_util::sync::CancellationToken;

use super::Telegram;
use super::failure::Failure;
use crate::intake::front::RawUpdate;

/// How long Telegram holds a request while there is nothing to tell.
const HOLD_SECONDS: u8 = 15;
/// The kinds of update asked for.
pub(super) const KINDS: [&str; 5] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
];
/// How long to rest after a failure, at first and at most.
const REST: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// `getUpdates`, with its results left as they come.
#[derive(Debug, Serialize)]
struct GetRawUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: u8,
    timeout: u8,
    allowed_updates: [&'static str; 5],
}

impl Payload for GetRawUpdates {
    type Output = Vec<Box<RawValue>>;

    const NAME: &'static str = "GetUpdates";
}

impl Telegram {
    /// Fetches updates until `stop`. `receive` stores a batch in order (on an error some of it may be stored: it comes
    /// again and is passed over); only when all is, Telegram is told so. Rests and goes on after any failure but a
    /// refused token.
    ///
    /// # Errors
    /// When Telegram does not know the token.
    pub async fn poll<E: Display, F: Future<Output = Result<(), E>>>(
        &self,
        receive: impl Fn(Vec<RawUpdate>) -> F,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        self.poll_from(Poll::resting(REST), receive, stop).await
    }

    pub(super) async fn poll_from<E: Display, F: Future<Output = Result<(), E>>>(
        &self,
        mut poll: Poll,
        receive: impl Fn(Vec<RawUpdate>) -> F,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        loop {
            let fetched = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                fetched = self.get_updates(poll.next, 100, HOLD_SECONDS) => fetched,
            };
            let rest = match fetched {
                Ok(batch) => poll.store(batch, &receive).await,
                Err(failure) if failure.is_bad_token() => return Err(failure),
                Err(failure) => {
                    if failure.is_webhook_in_the_way() {
                        self.remove_webhook().await;
                    }
                    Some(poll.rest_after(&failure))
                }
            };
            if let Some(rest) = rest {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(rest) => {}
                }
            }
        }
        if poll.next != poll.confirmed {
            // Lets Telegram forget what is stored; what else it tells comes again.
            if let Err(failure) = self.get_updates(poll.next, 1, 0).await {
                tracing::info!(error = %failure, "the last updates may come a second time");
            }
        }
        Ok(())
    }

    async fn get_updates(&self, offset: Option<i64>, limit: u8, timeout: u8) -> Result<Vec<Box<RawValue>>, Failure> {
        let payload = GetRawUpdates {
            offset,
            limit,
            timeout,
            allowed_updates: KINDS,
        };
        self.client().poll(&payload).await
    }
}

/// Where the polling stands.
#[derive(Debug)]
pub(super) struct Poll {
    /// The offset of the next request: everything below it is stored.
    next: Option<i64>,
    /// The offset of the last request that got through.
    confirmed: Option<i64>,
    /// How long the next rest is.
    rest: Duration,
    /// How long a rest is at first, and at most.
    rests: (Duration, Duration),
    conflict_told: bool,
}

impl Poll {
    /// From the start, resting so long after a failure, at first and at most.
    pub(super) fn resting(rests: (Duration, Duration)) -> Self {
        Self {
            next: None,
            confirmed: None,
            rest: rests.0,
            rests,
            conflict_told: false,
        }
    }

    /// Has a batch stored; says how long to rest when that failed.
    async fn store<E: Display, F: Future<Output = Result<(), E>>>(
        &mut self,
        batch: Vec<Box<RawValue>>,
        receive: impl Fn(Vec<RawUpdate>) -> F,
    ) -> Option<Duration> {
        self.confirmed = self.next;
        self.conflict_told = false;
        if batch.is_empty() {
            self.rest = self.rests.0;
            return None;
        }
        let updates: Vec<(i64, RawUpdate)> = batch.iter().filter_map(|raw| envelope(raw.get())).collect();
        let Some(last) = updates.iter().map(|(id, _)| *id).max() else {
            tracing::error!(updates = batch.len(), "updates without an id can't be kept");
            return Some(self.longer());
        };
        if let Err(error) = receive(updates.into_iter().map(|(_, update)| update).collect()).await {
            tracing::warn!(%error, "updates could not be stored; Telegram keeps them");
            // Whoever waits for the database is answered as soon as it is back.
            return Some(self.rests.0);
        }
        self.next = last.checked_add(1);
        self.rest = self.rests.0;
        None
    }

    fn rest_after(&mut self, failure: &Failure) -> Duration {
        match failure {
            Failure::RetryAfter(time) => return self.longer().max(*time),
            Failure::Refused { code: 409, .. } if !self.conflict_told => {
                self.conflict_told = true;
                let reason = if failure.is_webhook_in_the_way() {
                    "a webhook is set for this bot, by another program or by a Guichet with telegram.mode = \"webhook\""
                } else {
                    "another program fetches this bot's updates: stop one of the two"
                };
                tracing::error!("Telegram gives no updates: {reason}");
            }
            Failure::Refused { code: 409, .. } => {}
            other => tracing::warn!(error = %other, "updates could not be fetched"),
        }
        self.longer()
    }

    /// The present rest; the next one is twice as long.
    fn longer(&mut self) -> Duration {
        let rest = self.rest;
        self.rest = (rest * 2).min(self.rests.1);
        rest
    }
}

#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

#[derive(Deserialize)]
struct Routed {
    message: Option<Somewhere>,
    edited_message: Option<Somewhere>,
    callback_query: Option<Pressed>,
    my_chat_member: Option<Somewhere>,
    message_reaction: Option<Somewhere>,
}

#[derive(Deserialize)]
struct Somewhere {
    chat: Identified,
}

#[derive(Deserialize)]
struct Pressed {
    from: Identified,
    message: Option<Somewhere>,
}

#[derive(Deserialize)]
struct Identified {
    id: i64,
}

/// An update with its id and lane; `None` without an id.
pub(super) fn envelope(raw: &str) -> Option<(i64, RawUpdate)> {
    let Numbered { update_id } = serde_json::from_str(raw).ok()?;
    let lane = serde_json::from_str(raw).ok().and_then(lane);
    let update = RawUpdate {
        update_id: update_id.to_string(),
        lane: lane.map_or_else(|| "none".to_owned(), |id| id.to_string()),
        raw: raw.to_owned(),
    };
    Some((update_id, update))
}

/// The chat that an update belongs to.
fn lane(update: Routed) -> Option<i64> {
    let pressed = update
        .callback_query
        .map(|query| query.message.map_or(query.from, |message| message.chat));
    let changed = update.edited_message.or(update.my_chat_member);
    let somewhere = update.message.or(changed).or(update.message_reaction);
    somewhere
        .map(|somewhere| somewhere.chat)
        .or(pressed)
        .map(|chat| chat.id)
}

#[cfg(test)]
mod tests {
    use super::{Poll, REST, envelope};
    use crate::telegram::failure::Failure;

    #[test]
    fn an_update_goes_to_the_lane_of_its_chat() {
        for (raw, lane) in [
            (
                r#"{"update_id":7,"message":{"chat":{"id":-100},"text":"\ud83d"}}"#,
                "-100",
            ),
            (r#"{"update_id":7,"edited_message":{"chat":{"id":5}}}"#, "5"),
            (
                r#"{"update_id":7,"callback_query":{"from":{"id":5},"message":{"chat":{"id":-9}}}}"#,
                "-9",
            ),
            (r#"{"update_id":7,"callback_query":{"from":{"id":5}}}"#, "5"),
            (r#"{"update_id":7,"my_chat_member":{"chat":{"id":5}}}"#, "5"),
            (r#"{"update_id":7,"poll":{}}"#, "none"),
            (
                r#"{"update_id":7,"message":{"chat":{"id":99999999999999999999}}}"#,
                "none",
            ),
        ] {
            let (id, update) = envelope(raw).unwrap();
            assert_eq!((id, update.lane.as_str(), update.raw.as_str()), (7, lane, raw));
        }
        assert!(envelope(r#"{"message":{}}"#).is_none());
    }

    #[test]
    fn rests_grow_to_half_a_minute() {
        let mut poll = Poll::resting(REST);
        let lost = Failure::Network("connection refused".to_owned());
        let rests: Vec<u64> = (0..7).map(|_| poll.rest_after(&lost).as_secs()).collect();
        assert_eq!(rests, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn a_wait_that_telegram_asks_for_is_no_shorter_than_a_rest() {
        let mut poll = Poll::resting(REST);
        let rests = [0, 0, 0, 60].map(|asked| {
            let asked = Failure::from_answer(429, "Too Many Requests", Some(asked), None);
            poll.rest_after(&asked).as_secs()
        });
        assert_eq!(rests, [1, 2, 4, 60]);
    }

    #[tokio::test]
    async fn only_what_is_stored_is_confirmed() {
        let batch = || vec![serde_json::from_str(r#"{"update_id":41}"#).unwrap()];
        let mut poll = Poll::resting(REST);
        let rest = poll.store(batch(), async |_| Err("the database is away")).await;
        assert_eq!((poll.next, rest), (None, Some(REST.0)));
        let rest = poll.store(batch(), async |_| Ok::<(), &str>(())).await;
        assert_eq!((poll.next, rest), (Some(42), None));
    }
}
