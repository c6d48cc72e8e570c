//! The answer to an update, once it is handled.

use std::sync::Arc;
use std::time::Duration;

use super::Intake;
use super::lanes::Waiting;
use super::work::{Done, Trouble};
use crate::chat::intent::Inbound;
use crate::chat::reply::{Message, Reply};
use crate::metrics::{self, Retried};
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::{Pass, Urgency};
use crate::replica::Hold;
use crate::store::cards::Mention;
use crate::store::dialogs::Shown;
use crate::store::inbox::InboxRow;
use crate::store::journal::Entry;

/// The longest wait that a platform asks for during which the conversation waits too.
const SHORT_WAIT: Duration = Duration::from_secs(2);
/// How often an answer is tried at once.
const TRIES: u32 = 4;
/// How long a desk that closes goes on trying to write down that an answer was shown.
const CLOSING: Duration = Duration::from_secs(5);
/// How long an answer rests after these tries, until it is tried again behind what came meanwhile.
const AGAIN: Duration = Duration::from_secs(5);

impl Intake {
    /// Shows the answer and writes down that it was shown.
    pub(super) async fn answer(
        self: &Arc<Self>,
        waiting: &Waiting,
        inbound: &Inbound,
        reply: &Reply,
        hold: &Arc<Hold>,
    ) -> Result<Done, Trouble> {
        let row = &waiting.row;
        let sent = match self.show(row, inbound, reply, hold).await {
            Ok(sent) => sent,
            Err(wait) => {
                let answer = Some(serde_json::to_string(reply)?);
                let row = InboxRow { answer, ..row.clone() };
                self.answer_again(Waiting { row, ..*waiting }, wait);
                return Ok(Done::ButTheAnswer);
            }
        };
        let mut done = vec![Entry::Answered(row.id)];
        done.extend(inbound.holds_code().then_some(Entry::Forgotten(row.id)));
        if let (Some(sent), Some(message)) = (sent, reply.message()) {
            done.extend(remember(inbound, message, &sent));
        }
        // A desk that closes does not wait for a database that is away: the answer is shown once more then.
        tokio::select! {
            written = self.setup.store.write_down(done) => written?,
            () = self.lingers() => return Err(Trouble::Foreign),
        }
        let answered = self.setup.clock.now();
        metrics::update_answered(self.front.platform(), answered - row.received_at);
        Ok(Done::Entirely)
    }

    /// Over some time after the desk began to close.
    async fn lingers(&self) {
        self.finishing.cancelled().await;
        tokio::time::sleep(CLOSING).await;
    }

    /// Shows the answer, trying again a few times; otherwise says after what time it may be shown.
    async fn show(
        &self,
        row: &InboxRow,
        inbound: &Inbound,
        reply: &Reply,
        hold: &Hold,
    ) -> Result<Option<Sent>, Duration> {
        let may_send = || hold.is_good();
        let mut pass = Pass {
            urgency: Urgency::Reply,
            plain: false,
            may_send: &may_send,
        };
        for attempt in 1..=TRIES {
            let wait = match self.front.answer(inbound, &row.raw, reply, pass).await {
                Ok(sent) => return Ok(sent),
                Err(DeliveryError::Refused(cause)) if !pass.plain => {
                    tracing::warn!(
                        inbox.id = row.id.0,
                        cause,
                        "an answer was refused: once more, without markup"
                    );
                    pass.plain = true;
                    continue;
                }
                Err(DeliveryError::NotOurs) => break,
                Err(DeliveryError::RetryAfter(wait)) if wait > SHORT_WAIT => return Err(wait),
                Err(DeliveryError::RetryAfter(wait)) => wait,
                Err(DeliveryError::Transient(cause)) => {
                    tracing::warn!(inbox.id = row.id.0, cause, attempt, "an answer could not be shown yet");
                    Duration::from_millis(300) * attempt * attempt
                }
                Err(error) => {
                    tracing::warn!(inbox.id = row.id.0, cause = %error, "an answer can't be shown");
                    return Ok(None);
                }
            };
            metrics::retried(Retried::Answer);
            tokio::select! {
                () = self.finishing.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        Err(AGAIN)
    }
}

/// Which message answered, so that a reply to it is recognised.
fn remember(inbound: &Inbound, message: &Message, sent: &Sent) -> impl Iterator<Item = Entry> {
    let shown = message.dialog.map(|dialog| {
        Entry::Dialog(Shown {
            dialog,
            spot: inbound.place.spot.clone(),
            message_id: sent.message_id.clone(),
        })
    });
    let mention = message.about.map(|ticket| Mention { ticket, relays: false });
    let mention = mention.map(|mention| sent.entry(inbound.platform, mention));
    let is_private = inbound.place.is_private();
    let own = is_private.then(|| sent.own_card(inbound.platform, message));
    shown.into_iter().chain(mention).chain(own.flatten())
}
