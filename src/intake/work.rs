//! One update, handled: its effect and its answer become true together, or it is set aside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use tokio::sync::MutexGuard;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::front::FetchError;
use super::lanes::Waiting;
use super::{Intake, Setup};
use crate::chat::intent::{Inbound, IncomingFile, Intent};
use crate::chat::reply::{Message, Reply};
use crate::domain::file::Received;
use crate::metrics::{self, Retried};
use crate::replica::Hold;
use crate::store::files::{KeepError, MAX_BYTES};
use crate::store::inbox::{self, InboxRow, Standing};
use crate::store::journal::Entry;
use crate::store::{Fault, people};

/// How often an update is tried before it is set aside.
const TRIES: u16 = 5;
/// An update over which the program ended so often, and which has waited so long, is set aside: a program that is
/// killed from outside now and then is not its fault.
const DEADLY: u16 = 10;
const SUSPICIOUS: TimeDelta = TimeDelta::minutes(2);
/// How long such an update is handled alone.
const ALONE: Duration = Duration::from_secs(2);
/// How often a file is asked for.
const FILE_TRIES: u32 = 4;
/// How long after it came a message waits for what it may speak of, and how often that is looked for: it is written down
/// within a tenth of a second, and soon after an outage of the database. Those behind it have waited as well by then.
const EARLY: Duration = Duration::from_secs(5);
const EARLY_LOOK: Duration = Duration::from_millis(25);

/// What became of an update.
pub(super) enum Done {
    /// Nothing is left to do for it.
    Entirely,
    /// Its answer is tried again later.
    ButTheAnswer,
}

/// The update's shard is not ours any more, or we are leaving: it stays in the inbox.
pub(super) struct Lost;

/// Why an update could not be handled this time. None of it holds what people wrote.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the handler panicked")]
    Panic,
    #[error("the program ended over it again and again")]
    Deadly,
    #[error("another replica has it now")]
    Foreign,
}

impl Trouble {
    fn is_outage(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.is_outage())
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Intake {
    /// Handles one update until it is done with or set aside.
    pub(super) async fn work(self: &Arc<Self>, mut waiting: Waiting, hold: Hold) -> Result<Done, Lost> {
        let hold = Arc::new(hold);
        let (mut failures, mut pause) = (0, Duration::from_millis(50));
        while hold.is_good() {
            let (this, update, right) = (Arc::clone(self), waiting.clone(), Arc::clone(&hold));
            let trouble = match apart(Box::pin(async move { this.try_once(&update, &right).await })).await {
                Ok(done) => return Ok(done),
                Err(Trouble::Foreign) => return Err(Lost),
                Err(trouble) => trouble,
            };
            tracing::warn!(inbox.id = waiting.row.id.0, cause = %trouble, "an update could not be handled yet");
            // This life has not ended over it.
            waiting.inherited = false;
            metrics::retried(Retried::Update);
            if !trouble.is_outage() {
                failures += 1;
                let last = failures >= TRIES || matches!(trouble, Trouble::Deadly);
                if last {
                    match Box::pin(self.give_up(&waiting, &trouble, &hold)).await {
                        Ok(done) => {
                            metrics::update_set_aside(self.front.platform());
                            return Ok(done);
                        }
                        Err(Trouble::Foreign) => return Err(Lost),
                        Err(_) => {}
                    }
                }
            }
            tokio::select! {
                () = self.finishing.cancelled(), if trouble.is_outage() => return Err(Lost),
                () = tokio::time::sleep(pause) => {}
            }
            // Who waits for the database is answered as soon as it is back.
            let longest = if trouble.is_outage() { 1 } else { 5 };
            pause = (pause * 2).min(Duration::from_secs(longest));
        }
        Err(Lost)
    }

    /// Sets an update aside. Where telling the person fails like the rest, or the update is handled and only its
    /// answer fails, it goes without a word: the conversation must go on.
    async fn give_up(
        self: &Arc<Self>,
        waiting: &Waiting,
        trouble: &Trouble,
        hold: &Arc<Hold>,
    ) -> Result<Done, Trouble> {
        let id = waiting.row.id;
        self.setup.store.count_failure(id, &trouble.to_string()).await?;
        let (this, aside, right) = (Arc::clone(self), waiting.clone(), Arc::clone(hold));
        let cause = trouble.to_string();
        match apart(Box::pin(async move { this.set_aside(&aside, &right, &cause).await })).await {
            Err(Trouble::Fault(fault)) if fault.is_outage() => Err(fault.into()),
            // Another replica's by now: it has to find the update as it is.
            Err(_) if !self.is_ours(&waiting.row).await? => Err(Trouble::Foreign),
            Err(worse) => {
                tracing::error!(inbox.id = id.0, cause = %worse, "an update is set aside without a word");
                self.pass_over(&waiting.row, None).await
            }
            done => done,
        }
    }

    async fn try_once(self: &Arc<Self>, waiting: &Waiting, hold: &Arc<Hold>) -> Result<Done, Trouble> {
        let row = &waiting.row;
        let alone = self.begin(waiting).await?;
        let inbound = match self.front.read(&row.raw) {
            Ok(Some(inbound)) => inbound,
            Ok(None) => return self.pass_over(row, None).await,
            Err(unreadable) => return self.pass_over(row, Some(unreadable.to_string())).await,
        };
        let handled = match &row.answer {
            Some(_) => self.find_handled(row).await?,
            None => self.handle_alone(row, inbound.clone(), alone).await?,
        };
        let Some(reply) = handled else {
            return Ok(Done::Entirely);
        };
        self.setup.outbox.notify_one();
        self.answer(waiting, &inbound, &reply, hold).await
    }

    /// Counts a try beforehand, of an update that was left undone: only then, since it costs a write. What was tried
    /// in an earlier life is tried alone: whatever ends this life counts against no other.
    async fn begin(&self, waiting: &Waiting) -> Result<Option<MutexGuard<'_, ()>>, Trouble> {
        let row = &waiting.row;
        if !waiting.inherited || row.answer.is_some() {
            return Ok(None);
        }
        let alone = match row.attempts {
            0 => None,
            _ => Some(self.suspects.lock().await),
        };
        let age = self.setup.clock.now() - row.received_at;
        if row.attempts >= DEADLY && age > SUSPICIOUS {
            return Err(Trouble::Deadly);
        }
        self.setup.store.count_try(row.id).await?;
        Ok(alone)
    }

    /// There is nothing in the update for us.
    async fn pass_over(&self, row: &InboxRow, cause: Option<String>) -> Result<Done, Trouble> {
        if let Some(cause) = cause {
            tracing::warn!(inbox.id = row.id.0, cause, "an update can't be read and is set aside");
            metrics::update_set_aside(self.front.platform());
            self.setup.store.count_failure(row.id, &cause).await?;
        }
        self.setup.store.write_down(vec![Entry::Answered(row.id)]).await?;
        Ok(Done::Entirely)
    }

    /// Handles an update, for some time alone: what ends a program ends it soon.
    async fn handle_alone(
        &self,
        row: &InboxRow,
        inbound: Inbound,
        alone: Option<MutexGuard<'_, ()>>,
    ) -> Result<Option<Reply>, Trouble> {
        let mut handled = std::pin::pin!(self.handle(row, inbound));
        if alone.is_some() {
            tokio::select! {
                handled = &mut handled => return handled,
                () = tokio::time::sleep(ALONE) => drop(alone),
            }
        }
        handled.await
    }

    /// Makes the update's effect and its answer true together; no answer when it is answered already.
    async fn handle(&self, row: &InboxRow, mut inbound: Inbound) -> Result<Option<Reply>, Trouble> {
        let Setup { store, chat, .. } = &self.setup;
        let age = (self.setup.clock.now() - row.received_at).to_std().unwrap_or_default();
        let known_by = Instant::now() + EARLY.saturating_sub(age);
        while Instant::now() < known_by && chat.is_early(store, &inbound).await? {
            tokio::time::sleep(EARLY_LOOK).await;
        }
        if !self.follow_changes(&mut inbound).await? {
            store.write_down(vec![Entry::Answered(row.id)]).await?;
            return Ok(None);
        }
        let brings_files = inbound
            .intent
            .written()
            .is_some_and(|written| !written.files.is_empty());
        if brings_files && chat.takes_files(&mut store.look().await?, &inbound).await? {
            self.keep_all(&mut inbound).await;
        }
        let tried = AtomicBool::new(false);
        let work = (self, row, inbound, tried);
        let handled = store.transact(&work, |tx, (this, row, inbound, tried)| {
            Box::pin(async move {
                let owner = this.setup.replica.id();
                // The first time that is found out at the end: nearly always it is ours and to be handled.
                if tried.swap(true, Ordering::Relaxed) {
                    let standing = inbox::find_standing(tx, row.id, owner).await?;
                    if !matches!(standing, Standing::Open) {
                        return Ok(Err(standing));
                    }
                }
                let reply = this.setup.chat.handle(tx, inbound).await?;
                inbox::mark_handled(tx, row, owner, &serde_json::to_string(&reply)?).await?;
                Ok(Ok(reply))
            })
        });
        handled.await?.map_or_else(answer_of, |reply| Ok(Some(reply)))
    }

    /// Has a message say what changes of it say that came before it; whether it is still there.
    async fn follow_changes(&self, inbound: &mut Inbound) -> Result<bool, Trouble> {
        let Intent::Message(written) = &mut inbound.intent else {
            return Ok(true);
        };
        let Some(beginning) = self.front.changes_of(&written.message_id) else {
            return Ok(true);
        };
        let platform = self.front.platform();
        for raw in self.setup.store.list_updates_of(platform, &beginning).await? {
            match self.front.read(&raw) {
                Ok(Some(Inbound {
                    intent: Intent::Edited(edited),
                    ..
                })) if written.edited_at.is_none_or(|known| known <= edited.at) => {
                    written.text = edited.text;
                    written.edited_at = Some(edited.at);
                }
                Ok(Some(Inbound {
                    intent: Intent::Erased(_),
                    ..
                })) => return Ok(false),
                _ => {}
            }
        }
        Ok(true)
    }

    /// The answer of an update that is handled, unless it is answered meanwhile.
    async fn find_handled(&self, row: &InboxRow) -> Result<Option<Reply>, Trouble> {
        let mut tx = self.setup.store.begin().await?;
        let standing = inbox::find_standing(&mut tx, row.id, self.setup.replica.id()).await?;
        tx.rollback().await;
        answer_of(standing)
    }

    async fn is_ours(&self, row: &InboxRow) -> Result<bool, Fault> {
        let mut view = self.setup.store.look().await?;
        let standing = inbox::find_standing(&mut view, row.id, self.setup.replica.id()).await?;
        Ok(!matches!(standing, Standing::Foreign))
    }

    async fn keep_all(&self, inbound: &mut Inbound) {
        if let Some(written) = inbound.intent.written_mut() {
            for file in std::mem::take(&mut written.files) {
                written.received.push(self.keep(&file).await);
            }
        }
    }

    /// Fetches a file and keeps it.
    async fn keep(&self, file: &IncomingFile) -> Received {
        let name = if file.name.is_empty() { "photo.jpg" } else { &file.name }.to_owned();
        if file.size.is_some_and(|size| size > MAX_BYTES) {
            return Received::TooLarge { name };
        }
        for attempt in 1..=FILE_TRIES {
            let kept = match self.front.fetch(file).await {
                Ok(download) => self.setup.files.keep(download, &name, &file.media_type).await,
                Err(FetchError::TooLarge) => return Received::TooLarge { name },
                Err(error @ FetchError::Failed(_)) => Err(KeepError::Io(std::io::Error::other(error))),
            };
            match kept {
                Ok(stored) => return Received::Kept(stored),
                Err(KeepError::TooLarge) => return Received::TooLarge { name },
                Err(KeepError::Io(error)) => tracing::warn!(%error, attempt, "a file could not be kept"),
            }
            if attempt < FILE_TRIES {
                tokio::time::sleep(Duration::from_millis(200) * attempt).await;
            }
        }
        Received::Unavailable { name }
    }

    /// Answers an update that fails again and again: the person is told, with a reference that the log has too.
    async fn set_aside(self: &Arc<Self>, waiting: &Waiting, hold: &Arc<Hold>, cause: &str) -> Result<Done, Trouble> {
        let row = &waiting.row;
        let Ok(Some(inbound)) = self.front.read(&row.raw) else {
            return self.pass_over(row, None).await;
        };
        let reference = format!("G-{}", row.id);
        tracing::error!(inbox.id = row.id.0, reference, cause, "an update is set aside");
        let mut view = self.setup.store.look().await?;
        let (user_id, spot) = (&inbound.who.user_id, &inbound.place.spot);
        let known = people::find_identity(&mut view, inbound.platform, user_id, spot).await?;
        drop(view);
        let language = known
            .map(|(person, _)| person.language)
            .or(inbound.who.language)
            .unwrap_or_default();
        let sentence = language.say("our-fault", &[("reference", reference.into())]);
        let reply = Reply::Aside(Message::text(sentence));
        let answer = serde_json::to_string(&reply)?;
        let mut tx = self.setup.store.begin().await?;
        inbox::mark_handled(&mut tx, row, self.setup.replica.id(), &answer).await?;
        tx.commit().await?;
        self.answer(waiting, &inbound, &reply, hold).await
    }
}

fn answer_of(standing: Standing) -> Result<Option<Reply>, Trouble> {
    match standing {
        Standing::Handled(answer) => Ok(Some(serde_json::from_str(&answer)?)),
        Standing::Answered => Ok(None),
        Standing::Foreign | Standing::Open => Err(Trouble::Foreign),
    }
}

/// Does a step in a task of its own, so that a panic ends only this step. Boxed, since a conversation's own task would
/// be as large as all its steps.
async fn apart(step: BoxFuture<'static, Result<Done, Trouble>>) -> Result<Done, Trouble> {
    AbortOnDropHandle::new(tokio::spawn(step))
        .await
        .unwrap_or(Err(Trouble::Panic))
}
