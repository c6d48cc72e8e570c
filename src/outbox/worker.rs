//! The worker: takes the oldest due row of each destination, and settles what became of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::courier::Courier;
use super::errands::{Errands, Failure};
use super::outcomes;
use super::weather::{Departure, Weather};
use crate::domain::platform::Platform;
use crate::replica::{Hold, Replica};
use crate::store::outbox::OutboxRow;
use crate::store::{Fault, Store};

/// How often the outbox is looked at when nobody says that there is something.
const SWEEP: Duration = Duration::from_secs(1);
/// The same beside other replicas, who don't say so.
const SWEEP_BESIDE: Duration = Duration::from_millis(200);
/// How many deliveries are on the way at once.
const AT_ONCE: usize = 256;
/// How many of them to one place or person: a slow one does not take the room of others.
const ABREAST: u32 = 8;
/// How much longer than a look at the outbox took it is left alone: a long queue does not keep the database busy.
const REST: u32 = 4;

/// Sends what the outbox holds.
pub struct Worker {
    pub(super) errands: Errands,
    pub(super) replica: Arc<Replica>,
    wake: Arc<Notify>,
    on_the_way: Mutex<OnTheWay>,
    pub(super) weather: Weather,
    tasks: TaskTracker,
    /// Cancelled when [`Worker::run`] is dropped before its end: nothing goes on its way after that.
    abandoned: CancellationToken,
}

/// The destinations to which something is on the way, and how many of each place or person.
#[derive(Default)]
struct OnTheWay {
    dests: HashSet<String>,
    readers: HashMap<String, u32>,
}

impl Worker {
    /// A worker that is not running yet. `wake` tells it that there may be something to send.
    #[must_use]
    pub fn new(store: Store, couriers: Vec<Arc<dyn Courier>>, replica: Arc<Replica>, wake: Arc<Notify>) -> Arc<Self> {
        let couriers: HashMap<Platform, _> = couriers
            .into_iter()
            .map(|courier| (courier.platform(), courier))
            .collect();
        Arc::new(Self {
            errands: Errands { store, couriers },
            replica,
            wake,
            on_the_way: Mutex::default(),
            weather: Weather::default(),
            tasks: TaskTracker::new(),
            abandoned: CancellationToken::new(),
        })
    }

    /// Works until `stop`, then finishes what is on the way.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let _abandons = self.abandoned.clone().drop_guard();
        while !stop.is_cancelled() {
            let begun = Instant::now();
            let rest = match self.step().await {
                Ok(()) => (begun.elapsed() * REST).min(SWEEP),
                // How long an outage held it up says nothing about the queue.
                Err(fault) => {
                    tracing::warn!(cause = %fault, "the outbox can't be read");
                    Duration::ZERO
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(rest) => {}
            }
            let sweep = if self.replica.count() == 1 { SWEEP } else { SWEEP_BESIDE };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(sweep) => {}
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// One look at the outbox: starts a delivery for every destination that has something due and nothing on the
    /// way, as far as there is room.
    ///
    /// # Errors
    /// [`Fault`]; nothing was started then.
    pub async fn step(self: &Arc<Self>) -> Result<(), Fault> {
        let busy = self.busy();
        for courier in self.errands.couriers.values() {
            courier.share(self.replica.count());
        }
        let limit = u32::try_from(AT_ONCE * 2).unwrap_or(u32::MAX);
        for row in self.errands.store.list_heads(self.replica.id(), ABREAST, limit).await? {
            if busy.contains(&row.dest) {
                continue;
            }
            self.disperse_crowd(&row);
            let Some(hold) = self.replica.hold(row.shard) else {
                continue;
            };
            if let Some(departure) = self.may_start(&row) {
                self.spawn(Arc::clone(self).deliver(row, hold, departure));
            }
        }
        Ok(())
    }

    async fn deliver(self: Arc<Self>, row: OutboxRow, hold: Hold, departure: Departure) {
        // In a task of its own: a panic must not leave the destination on the way for ever.
        let (this, carried) = (Arc::clone(&self), row.clone());
        let carried = tokio::spawn(async move { this.errands.carry_out(&carried, &hold).await });
        let carried = AbortOnDropHandle::new(carried).await.unwrap_or(Err(Failure::Panic));
        let failure = carried.err();
        let is_settled = self.weather.note(row.platform, &row.dest, departure, failure.as_ref());
        if let Some(failure) = failure.filter(|_| is_settled) {
            outcomes::settle(&self.errands.store, &row, failure).await;
        }
        self.arrived(&row);
        self.wake.notify_one();
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let abandoned = self.abandoned.clone();
        self.tasks
            .spawn(async move { abandoned.run_until_cancelled(task).await });
    }

    /// The destinations to which something is on the way: to be asked before a look at the outbox. What is on the
    /// way now may be told, and its destination free again, once the rows are there: they would be told twice.
    pub(super) fn busy(&self) -> HashSet<String> {
        self.on_the_way().dests.clone()
    }

    /// Those of the rows whose destinations are free; they are on the way then.
    pub(super) fn take_all(&self, rows: Vec<OutboxRow>, busy: &HashSet<String>) -> Vec<OutboxRow> {
        let mut on_the_way = self.on_the_way();
        rows.into_iter()
            .filter(|row| !busy.contains(&row.dest) && !on_the_way.dests.contains(&row.dest) && on_the_way.start(row))
            .collect()
    }

    /// Nothing is on the way to the row's destination any more.
    pub(super) fn arrived(&self, row: &OutboxRow) {
        self.on_the_way().arrived(row);
    }

    /// As what the row may go, whose destination has to be free, and its platform in weather for it; it is on the way
    /// then.
    pub(super) fn may_start(&self, row: &OutboxRow) -> Option<Departure> {
        let mut on_the_way = self.on_the_way();
        let departure = on_the_way.is_free(row).then(|| self.weather.allows(row.platform))??;
        on_the_way.start(row).then_some(departure)
    }

    fn on_the_way(&self) -> MutexGuard<'_, OnTheWay> {
        self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OnTheWay {
    fn is_free(&self, row: &OutboxRow) -> bool {
        let abreast = self.readers.get(row.reader()).copied().unwrap_or_default();
        self.dests.len() < AT_ONCE && abreast < ABREAST && !self.dests.contains(&row.dest)
    }

    fn start(&mut self, row: &OutboxRow) -> bool {
        *self.readers.entry(row.reader().to_owned()).or_default() += 1;
        self.dests.insert(row.dest.clone())
    }

    fn arrived(&mut self, row: &OutboxRow) {
        self.dests.remove(&row.dest);
        if let Some(abreast) = self.readers.get_mut(row.reader()) {
            *abreast -= 1;
            if *abreast == 0 {
                self.readers.remove(row.reader());
            }
        }
    }
}
