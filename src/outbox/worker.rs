//! The worker: takes the oldest due row of each destination, and settles what became of it.
//!
//! It looks at the whole outbox now and then, and meanwhile only at the destinations that something new is for, or that
//! have just been told something: however much waits elsewhere, these are found at once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::courier::Courier;
use super::errands::{Errands, Failure};
use super::outcomes;
use super::weather::{Departure, Weather};
use crate::domain::ids::OutboxId;
use crate::domain::platform::Platform;
use crate::replica::{Hold, Replica};
use crate::store::outbox::{Dest, OutboxRow};
use crate::store::{Fault, Store};

/// How often the outbox is looked at when nobody says that there is something.
const SWEEP: Duration = Duration::from_secs(1);
/// The same beside other replicas, who don't say so.
const SWEEP_BESIDE: Duration = Duration::from_millis(200);
/// How many deliveries are on the way at once.
const AT_ONCE: usize = 256;
/// How many of them to one place or person: a slow one does not take the room of others.
const ABREAST: usize = 8;
/// How many destinations one look finds, on each platform.
const MOST: usize = AT_ONCE * 2;
/// How much longer than a look at the whole outbox took it is left alone: a long queue does not keep the database busy.
const REST: u32 = 4;

/// Sends what the outbox holds.
pub struct Worker {
    pub(super) errands: Errands,
    store: Store,
    pub(super) replica: Arc<Replica>,
    /// There may be something new.
    wake: Arc<Notify>,
    /// A delivery has ended.
    freed: Notify,
    on_the_way: Mutex<OnTheWay>,
    pub(super) weather: Weather,
    tasks: TaskTracker,
    /// Cancelled when [`Worker::run`] is dropped before its end: nothing goes on its way after that.
    abandoned: CancellationToken,
}

/// The destinations to which something is on the way, and how many deliveries that is: in all, and to each place or
/// person. What is told together is one.
#[derive(Default)]
struct OnTheWay {
    dests: HashSet<String>,
    deliveries: usize,
    readers: HashMap<String, usize>,
    /// The destinations where something arrived since the last look.
    ended: Vec<Dest>,
}

/// What the worker knows of the outbox between two looks at the whole.
struct View {
    /// The newest notices at the last two looks: what is newer is new, and what was committed late.
    newest: [OutboxId; 2],
    /// Something had to wait for room, or for better weather.
    left_out: bool,
    /// The destinations that found no room, in the order of their turns.
    waiting: VecDeque<Dest>,
    /// Before that the whole is left alone.
    rested: Instant,
    /// When the whole is looked at again.
    again: Instant,
}

/// Why the worker looks at the outbox.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    New,
    Freed,
    Time,
}

/// A row on its way. Its destination is free again when this is dropped, be it in a panic.
pub(super) struct Journey {
    worker: Arc<Worker>,
    pub(super) row: OutboxRow,
    /// Whether it takes the room of a delivery.
    is_delivery: bool,
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
            // Many set off at once: whoever is to be answered meanwhile finds connections free.
            errands: Errands {
                store: store.with_part_of_the_connections(),
                couriers,
            },
            store,
            replica,
            wake,
            freed: Notify::new(),
            on_the_way: Mutex::default(),
            weather: Weather::default(),
            tasks: TaskTracker::new(),
            abandoned: CancellationToken::new(),
        })
    }

    /// Works until `stop`, then finishes what is on the way.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let _abandons = self.abandoned.clone().drop_guard();
        let mut view = View {
            newest: [OutboxId(0); 2],
            left_out: false,
            waiting: VecDeque::new(),
            rested: Instant::now(),
            again: Instant::now(),
        };
        let mut cause = Cause::Time;
        while !stop.is_cancelled() {
            if cause == Cause::Freed && view.left_out && view.waiting.is_empty() {
                view.again = view.rested;
            }
            let looked = if view.again <= Instant::now() {
                self.look(&mut view).await
            } else {
                self.look_at_some(cause, &mut view).await
            };
            if let Err(fault) = looked {
                tracing::warn!(cause = %fault, "the outbox can't be read");
            }
            cause = tokio::select! {
                () = stop.cancelled() => Cause::Time,
                () = self.wake.notified() => Cause::New,
                () = self.freed.notified() => Cause::Freed,
                () = tokio::time::sleep_until(view.again.into()) => Cause::Time,
            };
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Looks at the whole outbox: starts a delivery for every destination that has something due and nothing on the
    /// way, as far as there is room.
    async fn look(self: &Arc<Self>, view: &mut View) -> Result<(), Fault> {
        let begun = Instant::now();
        let sweep = if self.replica.count() == 1 { SWEEP } else { SWEEP_BESIDE };
        view.again = begun + sweep;
        for courier in self.errands.couriers.values() {
            courier.share(self.replica.count());
        }
        let (busy, _) = self.take_stock();
        let newest = self.store.find_newest_notice().await?.unwrap_or(view.newest[1]);
        let heads = self.store.list_heads(self.replica.id(), ABREAST, MOST).await?;
        view.newest = match view.newest[1] {
            OutboxId(0) => [newest; 2],
            before => [before, newest],
        };
        view.left_out = heads.len() >= MOST;
        view.waiting.clear();
        for row in heads.into_iter().filter(|row| !busy.contains(&row.dest)) {
            let dest = (row.shard, row.dest.clone());
            if !self.start(row) {
                view.waiting.push_back(dest);
            }
        }
        view.left_out |= !view.waiting.is_empty();
        view.rested = Instant::now() + (begun.elapsed() * REST).min(SWEEP);
        view.again = view.rested.max(begun + sweep);
        Ok(())
    }

    /// The same for the destinations where something has ended, or those that waited for that, and for those that
    /// something new is for.
    async fn look_at_some(self: &Arc<Self>, cause: Cause, view: &mut View) -> Result<(), Fault> {
        let (busy, mut dests) = self.take_stock();
        if !view.waiting.is_empty() {
            let room = AT_ONCE.saturating_sub(self.deliveries()).min(view.waiting.len());
            dests = view.waiting.drain(..room).collect();
        }
        if cause == Cause::New {
            dests.extend(self.store.list_dests_after(view.newest[0], MOST).await?);
        }
        if dests.len() >= MOST {
            view.again = view.rested;
            return Ok(());
        }
        dests.retain(|(_, dest)| !busy.contains(dest));
        dests.sort_unstable();
        dests.dedup();
        for row in self.store.list_heads_of(self.replica.id(), &dests).await? {
            view.left_out |= !self.start(row);
        }
        Ok(())
    }

    /// Whether nothing holds the row up: its delivery is on its way, or another is to its destination.
    fn start(self: &Arc<Self>, row: OutboxRow) -> bool {
        self.disperse_crowd(&row);
        let Some(hold) = self.replica.hold(row.shard) else {
            return true;
        };
        let started = self.may_start(row);
        let is_started = started.is_some();
        if let Some((journey, departure)) = started {
            self.spawn(deliver(journey, hold, departure));
        }
        is_started
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

    /// The same, with the destinations where something has ended since the last look.
    fn take_stock(&self) -> (HashSet<String>, Vec<Dest>) {
        let mut on_the_way = self.on_the_way();
        let ended = std::mem::take(&mut on_the_way.ended);
        (on_the_way.dests.clone(), ended)
    }

    fn deliveries(&self) -> usize {
        self.on_the_way().deliveries
    }

    /// Those of the rows whose destinations are free; they are on the way then, together.
    pub(super) fn take_all(self: &Arc<Self>, rows: Vec<OutboxRow>, busy: &HashSet<String>) -> Vec<Journey> {
        let mut on_the_way = self.on_the_way();
        let free = rows
            .into_iter()
            .filter(|row| !busy.contains(&row.dest) && on_the_way.dests.insert(row.dest.clone()));
        free.map(|row| self.journey(row, false)).collect()
    }

    /// The row on its way, and as what, when its destination is free and its platform in weather for it.
    pub(super) fn may_start(self: &Arc<Self>, row: OutboxRow) -> Option<(Journey, Departure)> {
        let mut on_the_way = self.on_the_way();
        let departure = on_the_way.is_free(&row).then(|| self.weather.allows(row.platform))??;
        on_the_way.start(&row);
        Some((self.journey(row, true), departure))
    }

    fn journey(self: &Arc<Self>, row: OutboxRow, is_delivery: bool) -> Journey {
        Journey {
            worker: Arc::clone(self),
            row,
            is_delivery,
        }
    }

    fn on_the_way(&self) -> MutexGuard<'_, OnTheWay> {
        self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn deliver(journey: Journey, hold: Hold, departure: Departure) {
    let worker = Arc::clone(&journey.worker);
    let row = &journey.row;
    // In a task of its own: a panic is an outcome like others.
    let (this, carried) = (Arc::clone(&worker), row.clone());
    let carried = tokio::spawn(async move { this.errands.carry_out(&carried, &hold).await });
    let carried = AbortOnDropHandle::new(carried).await.unwrap_or(Err(Failure::Panic));
    let failure = carried.err();
    let is_settled = worker
        .weather
        .note(row.platform, &row.dest, departure, failure.as_ref());
    if let Some(failure) = failure.filter(|_| is_settled) {
        outcomes::settle(&worker.errands.store, row, failure).await;
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        self.worker.on_the_way().arrived(&self.row, self.is_delivery);
        self.worker.freed.notify_one();
    }
}

impl OnTheWay {
    fn is_free(&self, row: &OutboxRow) -> bool {
        let abreast = self.readers.get(row.reader()).copied().unwrap_or_default();
        self.deliveries < AT_ONCE && abreast < ABREAST && !self.dests.contains(&row.dest)
    }

    fn start(&mut self, row: &OutboxRow) {
        self.dests.insert(row.dest.clone());
        self.deliveries += 1;
        *self.readers.entry(row.reader().to_owned()).or_default() += 1;
    }

    fn arrived(&mut self, row: &OutboxRow, is_delivery: bool) {
        self.dests.remove(&row.dest);
        self.ended.push((row.shard, row.dest.clone()));
        if !is_delivery {
            return;
        }
        self.deliveries -= 1;
        if let Some(abreast) = self.readers.get_mut(row.reader()) {
            *abreast -= 1;
            if *abreast == 0 {
                self.readers.remove(row.reader());
            }
        }
    }
}
