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

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::front::{Front, RawUpdate};
use self::lanes::{Lanes, Waiting};
use crate::chat::Chat;
use crate::clock::Clock;
use crate::metrics;
use crate::replica::Replica;
use crate::store::files::FileStore;
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
/// How often old updates are deleted, and how many at once: a short transaction each.
const PRUNE: Duration = Duration::from_mins(10);
const PRUNE_AT_ONCE: u32 = 1_000;

/// What an intake is made of.
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

    /// Stores updates. Those stored before are handled already, or will be.
    ///
    /// # Errors
    /// [`Fault`]; then none of them may be acknowledged.
    pub async fn receive(self: &Arc<Self>, updates: Vec<RawUpdate>) -> Result<(), Fault> {
        for update in &updates {
            if self.setup.replica.holds(shard_of(&update.lane)) {
                self.front.arrived(&update.raw);
            }
        }
        for update in updates {
            let platform = self.front.platform();
            let stored = self
                .setup
                .store
                .receive(platform, &update.update_id, &update.lane, &update.raw);
            let stored = stored.await;
            if matches!(stored, Ok(Some(_))) {
                metrics::update_stored(platform);
            }
            // Where others receive too, an earlier update of the lane may be in the inbox and not in hand.
            let alone = self.setup.replica.count() == 1;
            match stored {
                Ok(Some(row)) if alone && self.lanes().takes() => self.add(Waiting { row, inherited: false }),
                Ok(None) if alone && self.lanes().takes() => {}
                Ok(_) => {
                    self.lanes().leave();
                    self.look.notify_one();
                }
                Err(fault) => {
                    // It may be in the inbox all the same.
                    self.lanes().leave();
                    return Err(fault);
                }
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
        let mut inherited = true;
        while !self.finishing.is_cancelled() {
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
                gained = gains.changed() => inherited |= gained.is_ok(),
                () = self.look.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes what is in the inbox for us, and not in hand yet, as far as there is room.
    async fn look(self: &Arc<Self>, inherited: bool) -> Result<(), Fault> {
        let left = self.lanes().left();
        let Setup { store, replica, .. } = &self.setup;
        let found = store.list_unanswered(self.front.platform(), replica.id(), MOST).await?;
        let mut all = found.len() < MOST as usize;
        for id in found {
            if self.lanes().knows(id) {
                continue;
            }
            if self.lanes().is_full() {
                all = false;
                break;
            }
            if let Some(row) = store.find_unanswered(id).await? {
                self.add(Waiting { row, inherited });
            }
        }
        if all {
            self.lanes().looked(left);
        }
        Ok(())
    }

    async fn prune(self: Arc<Self>) {
        while !self.finishing.is_cancelled() {
            let before = self.setup.clock.now() - KEEP;
            let platform = self.front.platform();
            let pruned = self.setup.store.prune_inbox(platform, before, PRUNE_AT_ONCE).await;
            if let Ok(pruned) = pruned
                && pruned >= u64::from(PRUNE_AT_ONCE)
            {
                continue;
            }
            tokio::select! {
                () = self.finishing.cancelled() => {}
                () = tokio::time::sleep(PRUNE) => {}
            }
        }
    }

    fn add(self: &Arc<Self>, waiting: Waiting) {
        let lane = waiting.row.lane.clone();
        if self.lanes().add(waiting) {
            self.spawn(Arc::clone(self).work_lane(lane));
        }
    }

    /// Has an answer tried again later; meanwhile the conversation goes on.
    fn answer_again(self: &Arc<Self>, waiting: Waiting, wait: Duration) {
        let this = Arc::clone(self);
        self.spawn(async move {
            tokio::select! {
                () = this.finishing.cancelled() => {}
                () = tokio::time::sleep(wait) => {
                    let lane = waiting.row.lane.clone();
                    if this.lanes().queue(waiting) {
                        this.spawn(Arc::clone(&this).work_lane(lane));
                    }
                }
            }
        });
    }

    async fn work_lane(self: Arc<Self>, lane: String) {
        loop {
            let next = self.lanes().next(&lane);
            let Some(waiting) = next else { return };
            let (id, shard) = (waiting.row.id, waiting.row.shard);
            let worked = match self.setup.replica.hold(shard) {
                Some(hold) => self.work(waiting, hold).await,
                None => Err(work::Lost),
            };
            match worked {
                Ok(work::Done::Entirely) => self.lanes().forget(id),
                Ok(work::Done::ButTheAnswer) => {}
                Err(work::Lost) => {
                    let mut lanes = self.lanes();
                    lanes.forget(id);
                    lanes.forget_lane(&lane);
                    return;
                }
            }
        }
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
