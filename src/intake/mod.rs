//! The way in: a raw update is stored, then handled, then answered.
//!
//! Once [`Intake::receive`] returns, the updates are in the inbox and may be acknowledged to the platform.
//! Each is handled in one transaction with its effect and its answer, and answered afterwards; whatever dies in
//! between is taken up again by [`Intake::recover`]. Updates of one lane go in order, lanes side by side. A
//! panic in a handler is an error like any other. To add a platform, implement [`front::Front`].

pub mod front;
mod unsure;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use self::front::{FetchError, Front, RawUpdate};
use crate::chat::Chat;
use crate::chat::intent::{Inbound, IncomingFile, Intent};
use crate::chat::reply::{Message, Reply};
use crate::domain::file::Received;
use crate::domain::ids::InboxId;
use crate::outbox::courier::{DeliveryError, Sent};
use crate::store::cards::{self, Mention};
use crate::store::files::{FileStore, KeepError, MAX_BYTES};
use crate::store::inbox::{self, InboxRow};
use crate::store::{Fault, Store, Tx, dialogs, people};

/// How often an update is tried before it is set aside.
const TRIES: u16 = 5;
/// The longest wait that a platform asks for during which the conversation waits too.
const SHORT_WAIT: Duration = Duration::from_secs(2);
/// How often an answer, or a file, is tried at once.
const PLATFORM_TRIES: u32 = 4;
/// How long an answer rests after these tries, until it is tried again behind what came meanwhile.
const ANSWER_AGAIN: Duration = Duration::from_secs(5);

/// The intake of one platform.
pub struct Intake {
    store: Store,
    chat: Arc<Chat>,
    files: FileStore,
    front: Arc<dyn Front>,
    /// Told when there may be something to send.
    outbox: Arc<Notify>,
    lanes: Mutex<HashMap<String, VecDeque<InboxRow>>>,
    /// Updates of which the database did not say whether it has stored them.
    unsure: Mutex<HashSet<String>>,
    tasks: TaskTracker,
    /// Answers that rest are left to the next start.
    finishing: CancellationToken,
    abandoned: CancellationToken,
}

/// Why an update could not be handled this time. None of it holds what people wrote.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the handler panicked")]
    Panic,
}

impl Trouble {
    fn is_outage(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.is_outage())
    }
}

impl Intake {
    /// An intake that is not receiving yet.
    #[must_use]
    pub fn new(
        store: Store,
        chat: Arc<Chat>,
        files: FileStore,
        front: Arc<dyn Front>,
        outbox: Arc<Notify>,
    ) -> Arc<Self> {
        let (lanes, tasks) = (Mutex::default(), TaskTracker::new());
        let (finishing, abandoned) = (CancellationToken::new(), CancellationToken::new());
        Arc::new(Self {
            store,
            chat,
            files,
            front,
            outbox,
            lanes,
            unsure: Mutex::default(),
            tasks,
            finishing,
            abandoned,
        })
    }

    /// Takes up what was stored before and never answered.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn recover(self: &Arc<Self>) -> Result<(), Fault> {
        for row in self.store.list_unanswered(self.front.platform()).await? {
            self.enqueue(row);
        }
        Ok(())
    }

    /// Stores updates. Those stored before are left alone: they are handled already, or being so.
    ///
    /// # Errors
    /// [`Fault`]; then none of them may be acknowledged.
    pub async fn receive(self: &Arc<Self>, updates: Vec<RawUpdate>) -> Result<(), Fault> {
        for update in updates {
            self.store_one(update).await?;
        }
        Ok(())
    }

    /// Waits until every update received so far is done with. What a platform does not take at present is
    /// answered at the next start.
    pub async fn finish(&self) {
        self.finishing.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Stops at once, wherever it is: what is not done yet is taken up at the next start.
    pub fn abandon(&self) {
        self.abandoned.cancel();
    }

    fn enqueue(self: &Arc<Self>, row: InboxRow) {
        let lane = row.lane.clone();
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = lanes.get_mut(&lane) {
            waiting.push_back(row);
            return;
        }
        lanes.insert(lane.clone(), VecDeque::from([row]));
        let work = Arc::clone(self).work_lane(lane);
        let abandoned = self.abandoned.clone();
        self.tasks
            .spawn(async move { abandoned.run_until_cancelled(work).await });
    }

    /// Has an answer tried again later; meanwhile the conversation goes on.
    fn answer_again(self: &Arc<Self>, row: InboxRow, wait: Duration) {
        let this = Arc::clone(self);
        self.tasks.spawn(async move {
            tokio::select! {
                () = this.finishing.cancelled() => {}
                () = this.abandoned.cancelled() => {}
                () = tokio::time::sleep(wait) => this.enqueue(row),
            }
        });
    }

    async fn work_lane(self: Arc<Self>, lane: String) {
        while let Some(row) = self.next(&lane) {
            self.work(row).await;
        }
    }

    /// The next update of the lane; closes the lane when there is none.
    fn next(&self, lane: &str) -> Option<InboxRow> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let next = lanes.get_mut(lane)?.pop_front();
        if next.is_none() {
            lanes.remove(lane);
        }
        next
    }

    /// Handles one update until it is done with or set aside.
    async fn work(self: &Arc<Self>, mut row: InboxRow) {
        let mut waited = Duration::from_millis(50);
        loop {
            let (this, tried) = (Arc::clone(self), row.clone());
            let Err(trouble) = apart(async move { this.try_once(&tried).await }).await else {
                return;
            };
            tracing::warn!(inbox.id = row.id.0, cause = %trouble, "an update could not be handled yet");
            if !trouble.is_outage() {
                row.attempts += 1;
                if row.attempts >= TRIES && self.give_up(&row, &trouble).await.is_ok() {
                    return;
                }
            }
            tokio::select! {
                // It stays in the inbox for the next start.
                () = self.finishing.cancelled(), if trouble.is_outage() => return,
                () = tokio::time::sleep(waited) => {}
            }
            // Who waits for the database is answered as soon as it is back.
            let longest = if trouble.is_outage() { 1 } else { 5 };
            waited = (waited * 2).min(Duration::from_secs(longest));
        }
    }

    /// Sets an update aside. Where telling the person fails like the rest, or the update is handled and only its
    /// answer fails, it goes without a word: the conversation must go on.
    async fn give_up(self: &Arc<Self>, row: &InboxRow, trouble: &Trouble) -> Result<(), Trouble> {
        self.store.count_failure(row.id, &trouble.to_string()).await?;
        let (this, aside, cause) = (Arc::clone(self), row.clone(), trouble.to_string());
        match apart(async move { this.set_aside(&aside, &cause).await }).await {
            Err(Trouble::Fault(fault)) if fault.is_outage() => Err(fault.into()),
            Err(worse) => {
                tracing::error!(inbox.id = row.id.0, cause = %worse, "an update is set aside without a word");
                Ok(self.pass_over(row, None).await?)
            }
            Ok(()) => Ok(()),
        }
    }

    async fn try_once(self: &Arc<Self>, row: &InboxRow) -> Result<(), Fault> {
        let inbound = match self.front.read(&row.raw) {
            Ok(Some(inbound)) => inbound,
            Ok(None) => return self.pass_over(row, None).await,
            Err(unreadable) => return self.pass_over(row, Some(unreadable.to_string())).await,
        };
        let reply: Reply = match &row.answer {
            Some(answer) => serde_json::from_str(answer)?,
            None => self.handle(row, inbound.clone()).await?,
        };
        self.outbox.notify_one();
        self.answer(row, &inbound, &reply).await
    }

    /// There is nothing in the update for us.
    async fn pass_over(&self, row: &InboxRow, cause: Option<String>) -> Result<(), Fault> {
        if let Some(cause) = cause {
            tracing::warn!(inbox.id = row.id.0, cause, "an update can't be read and is set aside");
            self.store.count_failure(row.id, &cause).await?;
        }
        let mut tx = self.store.begin().await?;
        inbox::mark_answered(&mut tx, row.id).await?;
        tx.commit().await
    }

    /// Makes the update's effect and its answer true together.
    async fn handle(&self, row: &InboxRow, mut inbound: Inbound) -> Result<Reply, Fault> {
        let mut tx = self.store.begin().await?;
        let concerns_us = self.chat.concerns(&mut tx, &inbound).await?;
        tx.rollback().await;
        if let (Intent::Message(written), true) = (&mut inbound.intent, concerns_us) {
            for file in std::mem::take(&mut written.files) {
                written.received.push(self.keep(&file).await);
            }
        }
        self.store
            .transact(&(self, row, inbound), |tx, (this, row, inbound)| {
                Box::pin(async move {
                    if let Some(answer) = inbox::find_answer(tx, row.id).await? {
                        return Ok(serde_json::from_str(&answer)?);
                    }
                    let reply = this.chat.handle(tx, inbound).await?;
                    inbox::mark_handled(tx, row.id, &serde_json::to_string(&reply)?).await?;
                    Ok(reply)
                })
            })
            .await
    }

    /// Fetches a file and keeps it.
    async fn keep(&self, file: &IncomingFile) -> Received {
        let name = if file.name.is_empty() { "photo.jpg" } else { &file.name }.to_owned();
        if file.size.is_some_and(|size| size > MAX_BYTES) {
            return Received::TooLarge { name };
        }
        for attempt in 1..=PLATFORM_TRIES {
            let kept = match self.front.fetch(file).await {
                Ok(download) => self.files.keep(download, &name, &file.media_type).await,
                Err(FetchError::TooLarge) => return Received::TooLarge { name },
                Err(error @ FetchError::Failed(_)) => Err(KeepError::Io(std::io::Error::other(error))),
            };
            match kept {
                Ok(stored) => return Received::Kept(stored),
                Err(KeepError::TooLarge) => return Received::TooLarge { name },
                Err(KeepError::Io(error)) => tracing::warn!(%error, attempt, "a file could not be kept"),
            }
            tokio::time::sleep(Duration::from_millis(200) * attempt).await;
        }
        Received::Unavailable { name }
    }

    /// Shows the answer and writes down that it was shown.
    async fn answer(self: &Arc<Self>, row: &InboxRow, inbound: &Inbound, reply: &Reply) -> Result<(), Fault> {
        let sent = match self.show(row, inbound, reply).await {
            Ok(sent) => sent,
            Err(wait) => {
                let answer = Some(serde_json::to_string(reply)?);
                self.answer_again(InboxRow { answer, ..row.clone() }, wait);
                return Ok(());
            }
        };
        self.store
            .transact(&(row, inbound, reply, sent), |tx, (row, inbound, reply, sent)| {
                Box::pin(async move {
                    if let (Some(sent), Some(message)) = (sent, message_of(reply)) {
                        remember(tx, row.id, inbound, message, sent).await?;
                    }
                    inbox::mark_answered(tx, row.id).await
                })
            })
            .await
    }

    /// Shows the answer, trying again a few times; otherwise says after what time it may be shown.
    async fn show(&self, row: &InboxRow, inbound: &Inbound, reply: &Reply) -> Result<Option<Sent>, Duration> {
        for attempt in 1..=PLATFORM_TRIES {
            let wait = match self.front.answer(inbound, &row.raw, reply).await {
                Ok(sent) => return Ok(sent),
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
            tokio::select! {
                () = self.finishing.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        Err(ANSWER_AGAIN)
    }

    /// Answers an update that fails again and again: the person is told, with a reference that the log has too.
    async fn set_aside(self: &Arc<Self>, row: &InboxRow, cause: &str) -> Result<(), Fault> {
        let Ok(Some(inbound)) = self.front.read(&row.raw) else {
            return self.pass_over(row, None).await;
        };
        let reference = format!("G-{}", row.id);
        tracing::error!(inbox.id = row.id.0, reference, cause, "an update is set aside");
        let mut tx = self.store.begin().await?;
        let known = people::find_identity(&mut tx, inbound.platform, &inbound.who.user_id).await?;
        tx.rollback().await;
        let language = known
            .map(|person| person.language)
            .or(inbound.who.language)
            .unwrap_or_default();
        let sentence = language.say("our-fault", &[("reference", reference.into())]);
        let reply = Reply::Aside(Message::text(sentence));
        let answer = serde_json::to_string(&reply)?;
        let mut tx = self.store.begin().await?;
        inbox::mark_handled(&mut tx, row.id, &answer).await?;
        tx.commit().await?;
        self.answer(row, &inbound, &reply).await
    }
}

/// Does a step in a task of its own, so that a panic ends only this step.
async fn apart(step: impl Future<Output = Result<(), Fault>> + Send + 'static) -> Result<(), Trouble> {
    match AbortOnDropHandle::new(tokio::spawn(step)).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Trouble::Panic),
    }
}

fn message_of(reply: &Reply) -> Option<&Message> {
    match reply {
        Reply::Message(message) | Reply::Aside(message) | Reply::Update(message) => Some(message),
        Reply::Quiet | Reply::Toast(_) | Reply::Form(_) | Reply::Receipt(_) => None,
    }
}

/// Writes down which message answered, so that a reply to it is recognised.
async fn remember(
    tx: &mut Tx,
    update: InboxId,
    inbound: &Inbound,
    message: &Message,
    sent: &Sent,
) -> Result<(), Fault> {
    if let Some(ticket) = message.about {
        let mention = Mention { ticket, relays: false };
        cards::record_message(tx, inbound.platform, &sent.spot.chat, &sent.message_id, mention).await?;
    }
    if message.shows_dialog
        && let Some(me) = people::find_identity(tx, inbound.platform, &inbound.who.user_id).await?
    {
        dialogs::set_message(tx, me.id, &inbound.place.spot, &sent.message_id, update).await?;
    }
    Ok(())
}
