//! The way in: a raw update is stored, then handled, then answered.
//!
//! Once [`Intake::receive`] returns, the updates are in the inbox and may be acknowledged to the platform. A replica
//! handles those of its own shards: what it stored itself at once, what others stored when it next looks into the
//! inbox, and what others left undone when it gains their shards. Each update is handled in one transaction with its
//! effect and its answer (`work`), and answered afterwards (`answer`); whatever dies in between is taken up again.
//! Updates of one lane go in order, lanes side by side (`lanes`). A panic in a handler is an error like any other.
//! To add a platform, implement [`front::Front`].

mod answer;
pub mod front;
mod lanes;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::front::{ASKING, Front, RawUpdate};
use self::lanes::{Lanes, Queued, Waiting};
use crate::chat::Chat;
use crate::chat::suggesting::{Suggestion, Typing};
use crate::clock::Clock;
use crate::domain::ids::InboxId;
use crate::metrics;
use crate::replica::{Hold, Replica};
use crate::store::files::FileStore;
use crate::store::inbox::InboxRow;
use crate::store::leases::shard_of;
use crate::store::{Fault, Store};

/// How often a replica looks for what others stored in its shards, and for what fell through.
const LOOK: Duration = Duration::from_millis(200);
/// The same for a replica that is alone: everything new is in its hands already.
const LOOK_ALONE: Duration = Duration::from_secs(1);
/// How long an update is kept after it was answered: Telegram repeats one for a day at most.
const KEEP: chrono::TimeDelta = chrono::TimeDelta::days(3);
/// The most updates in hand; more wait in the inbox.
const MOST: u32 = 2_000;
/// The most of one conversation: somebody who floods it takes no room from others.
const ABREAST: u32 = 50;
/// How often old updates are deleted, and how many at once: a short transaction each.
const PRUNE: Duration = Duration::from_mins(10);
const PRUNE_AT_ONCE: u32 = 1_000;
/// How many discarded files are looked at in a row: for each all drafts are searched.
const FILES_AT_ONCE: u32 = 50;

/// What an intake is made of.
#[derive(Clone)]
pub struct Setup {
    /// The database.
    pub store: Store,
    /// The conversation.
    pub chat: Arc<Chat>,
    /// The files people attach.
    pub files: FileStore,
    /// This process among those that share the database.
    pub replica: Arc<Replica>,
    /// The time.
    pub clock: Clock,
    /// Told when there may be something to send.
    pub outbox: Arc<Notify>,
}

/// The intake of one platform.
pub struct Intake {
    setup: Setup,
    front: Arc<dyn Front>,
    lanes: Mutex<Lanes>,
    /// There may be something for us in the inbox that is not in hand.
    look: Notify,
    /// Held by the one update that is tried although an earlier life may have ended over it.
    suspects: tokio::sync::Mutex<()>,
    tasks: TaskTracker,
    /// Answers that rest are left to the next start.
    finishing: CancellationToken,
    abandoned: CancellationToken,
}

impl Intake {
    /// An intake that is not receiving yet.
    #[must_use]
    pub fn new(setup: Setup, front: Arc<dyn Front>) -> Arc<Self> {
        Arc::new(Self {
            setup,
            front,
            lanes: Mutex::default(),
            look: Notify::new(),
            suspects: tokio::sync::Mutex::default(),
            tasks: TaskTracker::new(),
            finishing: CancellationToken::new(),
            abandoned: CancellationToken::new(),
        })
    }

    /// From now on takes up what is in the inbox: what was stored before and never answered, and what other
    /// replicas store. To be called once, when the front can read updates.
    pub fn start(self: &Arc<Self>) {
        self.spawn(Arc::clone(self).look_again_and_again());
        self.spawn(Arc::clone(self).prune());
    }

    /// Says that updates have come, before they can be stored: the front has to acknowledge some of them in time.
    pub fn announce(&self, updates: &[RawUpdate]) {
        for update in updates {
            let elsewhere = (!self.setup.replica.holds(shard_of(&update.lane)))
                .then(|| self.is_answered(update.update_id.clone()).boxed());
            self.front.arrived(&update.raw, elsewhere);
        }
    }

    /// Whether another replica has answered an update; not as far as we know, when the database does not say so soon.
    fn is_answered(&self, update_id: String) -> impl Future<Output = bool> + use<> {
        let (store, platform) = (self.setup.store.clone(), self.front.platform());
        async move {
            // Not given up half-way, which would cost the connection.
            let asked = tokio::spawn(async move { store.is_answered(platform, &update_id).await });
            matches!(tokio::time::timeout(ASKING, asked).await, Ok(Ok(Ok(true))))
        }
    }

    /// What somebody may mean who is typing; nothing when the database does not say so soon. Nothing of it is stored.
    pub async fn suggest(&self, typing: Typing) -> Vec<Suggestion> {
        let (store, chat) = (self.setup.store.clone(), Arc::clone(&self.setup.chat));
        // Not given up half-way, which would cost the connection.
        let asked = tokio::spawn(async move { chat.suggest(&mut store.look().await?, &typing).await });
        match tokio::time::timeout(ASKING, asked).await {
            Ok(Ok(Ok(suggestions))) => suggestions,
            Ok(Ok(Err(fault))) => {
                tracing::warn!(cause = %fault, "nothing can be suggested");
                Vec::new()
            }
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }

    /// Stores updates. Those stored before are handled already, or will be.
    ///
    /// # Errors
    /// [`Fault`]; then none of them may be acknowledged.
    pub async fn receive(self: &Arc<Self>, updates: Vec<RawUpdate>) -> Result<(), Fault> {
        // However this ends, they may be in the inbox from now on.
        let unsure = Unsure(self);
        let platform = self.front.platform();
        let Setup { store, replica, .. } = &self.setup;
        let rows = store.receive(platform, &updates).await?;
        std::mem::forget(unsure);
        if rows.len() < updates.len() {
            // Some were stored before, and perhaps not seen by the look since: they go first.
            self.leave();
        }
        for row in rows {
            metrics::update_stored(platform);
            // Where others receive too, an earlier update of the lane may be in the inbox and not in hand.
            let alone = replica.count() == 1;
            if !alone || !self.lanes().takes(&row.lane, replica.generation()) {
                self.leave();
            } else {
                let lane = row.lane.clone();
                let waiting = Waiting { row, inherited: false };
                self.take(&lane, Queued::Read(waiting));
            }
        }
        Ok(())
    }

    /// Waits until every update in hand is done with. What a platform does not take at present is answered at the
    /// next start, or by another replica.
    pub async fn finish(&self) {
        self.finishing.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Stops at once, wherever it is: what is not done yet is taken up later.
    pub fn abandon(&self) {
        self.abandoned.cancel();
    }

    async fn look_again_and_again(self: Arc<Self>) {
        let mut gains = self.setup.replica.gains();
        // What is ours from the start was perhaps another's before.
        let (mut seen, mut inherited) = (*gains.borrow(), true);
        while !self.finishing.is_cancelled() {
            let now = *gains.borrow_and_update();
            inherited |= now != seen;
            seen = now;
            match self.look(inherited).await {
                Ok(()) => inherited = false,
                Err(fault) => tracing::warn!(cause = %fault, "the inbox can't be read"),
            }
            let pause = if self.setup.replica.count() == 1 {
                LOOK_ALONE
            } else {
                LOOK
            };
            tokio::select! {
                () = self.finishing.cancelled() => {}
                _ = gains.changed() => {}
                () = self.look.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if self.lanes().left() > 0
            && let Err(fault) = self.look(inherited).await
        {
            tracing::info!(cause = %fault, "some updates wait for the next start");
        }
    }

    /// Takes what is in the inbox for us, and not in hand yet, as far as there is room.
    async fn look(self: &Arc<Self>, inherited: bool) -> Result<(), Fault> {
        let Setup { store, replica, .. } = &self.setup;
        let (left, generation) = (self.lanes().left(), replica.generation());
        let platform = self.front.platform();
        let found = store.list_unanswered(platform, replica.id(), ABREAST, MOST).await?;
        let mut all = found.len() < MOST as usize;
        for one in found {
            all &= one.in_line < u64::from(ABREAST);
            if self.lanes().is_full() {
                all = false;
                break;
            }
            self.take(&one.lane, Queued::Unread { id: one.id, inherited });
        }
        if all {
            self.lanes().looked(left, generation);
        }
        Ok(())
    }

    async fn prune(self: Arc<Self>) {
        while !self.finishing.is_cancelled() {
            let before = self.setup.clock.now() - KEEP;
            let platform = self.front.platform();
            match self.setup.store.prune_inbox(platform, before, PRUNE_AT_ONCE).await {
                Ok(pruned) if pruned >= u64::from(PRUNE_AT_ONCE) => continue,
                Ok(_) => {}
                Err(fault) => tracing::warn!(cause = %fault, "old updates can't be deleted yet"),
            }
            if let Err(fault) = self.forget_the_deleted().await {
                tracing::warn!(cause = %fault, "what is left of deleted people can't be forgotten yet");
            }
            tokio::select! {
                () = self.finishing.cancelled() => {}
                () = tokio::time::sleep(PRUNE) => {}
            }
        }
    }

    /// Leaves nothing of what deleted people wrote in updates, and some less of the files that nothing refers to any more.
    async fn forget_the_deleted(&self) -> Result<(), Fault> {
        let Setup { store, files, .. } = &self.setup;
        let mut after = 0;
        while let Some(last) = store
            .forget_answered(self.front.platform(), after, PRUNE_AT_ONCE)
            .await?
        {
            after = last;
        }
        for (sha256, is_used) in store.list_discarded_files(FILES_AT_ONCE).await? {
            match files.discard(&sha256, is_used).await {
                Ok(true) => store.forget_discarded_file(&sha256).await?,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "a file can't be removed yet"),
            }
        }
        Ok(())
    }

    fn take(self: &Arc<Self>, lane: &str, queued: Queued) {
        if self.lanes().take(lane, queued) {
            self.spawn(Arc::clone(self).work_lane(lane.to_owned()));
        }
    }

    /// Queues an update once more.
    fn queue_again(self: &Arc<Self>, waiting: Waiting) {
        let lane = waiting.row.lane.clone();
        if self.lanes().queue(&lane, Queued::Read(waiting)) {
            self.spawn(Arc::clone(self).work_lane(lane));
        }
    }

    /// Has an answer tried again later; meanwhile the conversation goes on.
    fn answer_again(self: &Arc<Self>, waiting: Waiting, wait: Duration) {
        let this = Arc::clone(self);
        self.spawn(async move {
            tokio::select! {
                () = this.finishing.cancelled() => {}
                () = tokio::time::sleep(wait) => this.queue_again(waiting),
            }
        });
    }

    async fn work_lane(self: Arc<Self>, lane: String) {
        loop {
            let next = self.lanes().next(&lane);
            let Some((id, queued)) = next else { return };
            let worked = match self.setup.replica.hold(shard_of(&lane)) {
                Some(hold) => self.read_and_work(queued, hold).await,
                None => Err(work::Lost),
            };
            match worked {
                Ok(work::Done::Entirely) => self.lanes().forget(id),
                Ok(work::Done::ButTheAnswer) => {}
                Err(work::Lost) => {
                    self.lanes().lose(id, &lane);
                    return;
                }
            }
        }
    }

    async fn read_and_work(self: &Arc<Self>, queued: Queued, hold: Hold) -> Result<work::Done, work::Lost> {
        let waiting = match queued {
            Queued::Read(waiting) => waiting,
            Queued::Unread { id, inherited } => match self.read_again_and_again(id, &hold).await? {
                Some(row) => Waiting { row, inherited },
                None => return Ok(work::Done::Entirely),
            },
        };
        self.work(waiting, hold).await
    }

    /// Reads an update for as long as it is ours, however often that fails; nothing when it is answered by now.
    async fn read_again_and_again(&self, id: InboxId, hold: &Hold) -> Result<Option<InboxRow>, work::Lost> {
        while hold.is_good() {
            match self.setup.store.find_unanswered(id).await {
                Ok(found) => return Ok(found),
                Err(fault) => tracing::warn!(inbox.id = id.0, cause = %fault, "an update can't be read yet"),
            }
            tokio::select! {
                () = self.finishing.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        Err(work::Lost)
    }

    /// Leaves an update in the inbox, for the next look.
    fn leave(&self) {
        self.lanes().leave();
        self.look.notify_one();
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let abandoned = self.abandoned.clone();
        self.tasks
            .spawn(async move { abandoned.run_until_cancelled(task).await });
    }
}

/// An update of which it is not certain that it is in hand, if it is in the inbox at all.
struct Unsure<'a>(&'a Intake);

impl Drop for Unsure<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
