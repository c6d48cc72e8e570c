//! The worker: takes the oldest due row of each destination, and settles what became of it.
//!
//! It looks at the whole outbox now and then, and meanwhile only at the destinations that something new is for, and at
//! those where something has ended and more is known to wait: however much waits elsewhere, as long as there is room on
//! their platform, these go at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::courier::Courier;
use super::errands::{Errands, Failure};
use super::letters::Mail;
use super::on_the_way::{ABREAST, AT_ONCE, Ended, Lane, OnTheWay};
use super::outcomes;
use super::outlook::{LATE, Outlook};
use super::weather::{Departure, Weather};
use crate::domain::ids::OutboxId;
use crate::domain::platform::{Carrier, Platform};
use crate::replica::{Hold, Replica};
use crate::store::files::FileStore;
use crate::store::outbox::OutboxRow;
use crate::store::{Fault, Store};

/// How often the whole outbox is looked at.
const SWEEP: Duration = Duration::from_secs(1);
/// The same beside other replicas, which don't say what is new.
const SWEEP_BESIDE: Duration = Duration::from_millis(200);
/// How long is waited, at least, between two looks at what is new.
const SHORTEST_REST: Duration = Duration::from_millis(3);
/// How many destinations a look at the whole finds, for each carrier.
const MOST: usize = AT_ONCE * 2;
/// How many rows that are new are looked at; with more it is soon time for a look at the whole.
const MOST_FRESH: u32 = 500;
/// How much longer than a look at the whole outbox took it is left alone: a long queue does not keep the database busy.
const REST: u32 = 4;
/// How long a destination is left alone of which could not be written down what became of a delivery: it would be told
/// the same again and again.
const UNSETTLED: Duration = Duration::from_secs(30);
/// The same where the database is away, which ends deliveries by itself: the next look waits for it.
const UNSETTLED_WITHOUT_DATABASE: Duration = Duration::from_secs(1);

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
    /// Whether it is told by now.
    pub(super) is_told: bool,
}

impl Worker {
    /// A worker that is not running yet. What it sends as a file is made of `files`, with times of `timezone`; `wake` tells it that there may be something to send.
    #[must_use]
    pub fn new(
        store: Store,
        couriers: Vec<Arc<dyn Courier>>,
        mail: Option<Mail>,
        (files, timezone): (FileStore, Tz),
        replica: Arc<Replica>,
        wake: Arc<Notify>,
    ) -> Arc<Self> {
        let couriers: HashMap<Platform, _> = couriers
            .into_iter()
            .map(|courier| (courier.platform(), courier))
            .collect();
        Arc::new(Self {
            // Many set off at once: whoever is to be answered meanwhile finds connections free.
            errands: Errands {
                store: store.with_part_of_the_connections(),
                couriers,
                mail,
                files,
                timezone,
                transcribing: Semaphore::new(2),
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
        let mut outlook = Outlook::new();
        let mut cause = Cause::Time;
        while !stop.is_cancelled() {
            let is_known = !outlook.left_out && (!outlook.is_short || !outlook.waiting.is_empty());
            if cause == Cause::Freed && !is_known {
                outlook.again = outlook.rested;
            }
            let looked = if outlook.again <= Instant::now() {
                self.look(&mut outlook).await
            } else {
                let begun = Instant::now();
                let looked = self.look_at_some(cause, &mut outlook).await;
                // As long again, at least: what comes meanwhile is looked at together.
                let rest = if looked.is_ok() {
                    begun.elapsed().clamp(SHORTEST_REST, LATE)
                } else {
                    Duration::ZERO
                };
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(rest) => {}
                }
                looked
            };
            if let Err(fault) = looked {
                tracing::warn!(cause = %fault, "the outbox can't be read");
            }
            cause = tokio::select! {
                () = stop.cancelled() => Cause::Time,
                () = self.wake.notified() => Cause::New,
                () = self.freed.notified() => Cause::Freed,
                () = tokio::time::sleep_until(outlook.again.into()) => Cause::Time,
            };
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Looks at the whole outbox: starts a delivery for every destination that has something due and nothing on the
    /// way, as far as there is room.
    async fn look(self: &Arc<Self>, outlook: &mut Outlook) -> Result<(), Fault> {
        let begun = Instant::now();
        let sweep = if self.replica.count() == 1 { SWEEP } else { SWEEP_BESIDE };
        outlook.again = begun + sweep;
        for courier in self.errands.couriers.values() {
            courier.share(self.replica.count());
        }
        let (busy, _) = self.take_stock();
        let generation = self.replica.generation();
        let newest = self.store.find_newest_notice().await?;
        let may_begin = |shard| self.replica.hold(shard).is_some();
        let heads = self
            .store
            .list_heads(self.replica.id(), may_begin, ABREAST, MOST)
            .await?;
        if generation != self.replica.generation() {
            // A shard that came back meanwhile has been another's: what was read of it may be told.
            outlook.again = Instant::now();
            return Ok(());
        }
        outlook.marks.saw(newest, begun);
        outlook.left_out = heads.iter().any(|row| row.crowd > ABREAST);
        outlook.waiting.clear();
        outlook.held_back.clear();
        outlook.followed.retain(|dest| busy.contains_key(dest));
        for row in heads {
            if busy.contains_key(&row.dest) {
                outlook.note_followed(&row);
            } else {
                self.start_or_wait(row, outlook);
            }
        }
        outlook.is_short = !outlook.waiting.is_empty();
        outlook.rested = Instant::now() + (begun.elapsed() * REST).min(SWEEP);
        outlook.again = outlook.rested.max(begun + sweep);
        Ok(())
    }

    /// The same for the destinations that something new is for, for those that waited for room, as far as there is some,
    /// and, where none wait any more, for those where something has ended and something is left.
    async fn look_at_some(self: &Arc<Self>, cause: Cause, outlook: &mut Outlook) -> Result<(), Fault> {
        let (busy, ended) = self.take_stock();
        let generation = self.replica.generation();
        let mut new = BTreeMap::new();
        if cause == Cause::New {
            let begun = Instant::now();
            let fresh = self.store.list_fresh(outlook.marks.from, MOST_FRESH);
            let fresh = fresh.await?;
            outlook.marks.saw(fresh.rows.first().map(|(_, newest)| *newest), begun);
            let is_ours = |shard| self.replica.hold(shard).is_some();
            for (dest, id) in fresh.rows.into_iter().filter(|((shard, _), _)| is_ours(*shard)) {
                match busy.get(&dest.1) {
                    None if outlook.held_back.contains(&dest.1) => {}
                    // The oldest of a destination is the last.
                    None => _ = new.insert(dest, id),
                    // One with a lower id may have been committed later.
                    Some(on_the_way) if id != *on_the_way => _ = outlook.followed.insert(dest.1),
                    Some(_) => {}
                }
            }
            if !fresh.is_all {
                outlook.again = outlook.rested;
            }
        }
        for lane in &outlook.waiting {
            new.remove(&lane.dest);
        }
        let mut dests = Vec::new();
        let mut room: HashMap<_, _> = HashMap::new();
        let waiting = std::mem::take(&mut outlook.waiting).into_iter();
        for lane in waiting.filter(|lane| !busy.contains_key(&lane.dest.1)) {
            let room = room.entry(lane.carrier).or_insert_with(|| self.room_on(lane.carrier));
            if *room > 0 {
                *room -= 1;
                dests.push(lane.dest);
            } else {
                outlook.waiting.push(lane);
            }
        }
        let others_wait = |carrier| outlook.waiting.iter().any(|lane| lane.carrier == carrier);
        let ended = ended.into_values().filter(|ended| !others_wait(ended.carrier));
        let has_more = ended.filter(|ended| outlook.followed.remove(&ended.dest.1) || !ended.is_told);
        dests.extend(has_more.map(|ended| ended.dest));
        dests.retain(|(_, dest)| !busy.contains_key(dest));
        for dest in &dests {
            new.remove(dest);
        }
        let new: Vec<OutboxId> = new.into_values().collect();
        let firsts = self.store.list_firsts(self.replica.id(), &new).await?;
        dests.extend(firsts.behind);
        dests.sort_unstable();
        dests.dedup();
        let mut heads = self.store.list_heads_of(self.replica.id(), &dests).await?;
        heads.extend(firsts.heads);
        if generation != self.replica.generation() {
            outlook.again = Instant::now();
            return Ok(());
        }
        for row in heads {
            self.start_or_wait(row, outlook);
        }
        Ok(())
    }

    /// Has the row delivered, or keeps in view that it has to wait.
    fn start_or_wait(self: &Arc<Self>, row: OutboxRow, outlook: &mut Outlook) {
        self.disperse_crowd(&row);
        let Some(hold) = self.replica.hold(row.shard) else {
            return;
        };
        let lane = Lane {
            carrier: row.carrier,
            dest: (row.shard, row.dest.clone()),
        };
        outlook.note_followed(&row);
        if let Some((journey, departure)) = self.may_start(row) {
            outlook.held_back.remove(&lane.dest.1);
            self.spawn(deliver(journey, hold, departure));
        } else if self.room_on(lane.carrier) == 0 {
            outlook.waiting.push(lane);
        } else {
            outlook.held_back.insert(lane.dest.1.clone());
            outlook.followed.insert(lane.dest.1);
            outlook.left_out = true;
        }
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let abandoned = self.abandoned.clone();
        self.tasks
            .spawn(async move { abandoned.run_until_cancelled(task).await });
    }

    /// The destinations to which something is on the way, and those where something has ended since the last look
    /// began: to be asked before a look at the outbox. What is on the way now may be told, and its destination free
    /// again, once the rows are there: they would be told twice.
    fn take_stock(&self) -> (HashMap<String, OutboxId>, HashMap<String, Ended>) {
        let mut on_the_way = self.on_the_way();
        let ended = std::mem::take(&mut on_the_way.ended);
        (on_the_way.dests.clone(), ended)
    }

    /// How many messages may wait for one place there before they are too many; nothing without limits.
    pub(super) fn bearable(&self, carrier: Option<Carrier>) -> Option<usize> {
        match carrier? {
            Carrier::Chat(platform) => self.errands.couriers.get(&platform)?.bearable(),
            Carrier::Mail => None,
        }
    }

    fn room_on(&self, carrier: Option<Carrier>) -> usize {
        self.on_the_way().room_on(carrier)
    }

    /// Those of the rows whose destinations are free; they are on the way then, together.
    pub(super) fn take_all(self: &Arc<Self>, rows: Vec<OutboxRow>) -> Vec<Journey> {
        let mut on_the_way = self.on_the_way();
        let free = rows.into_iter().filter(|row| on_the_way.take(row));
        free.map(|row| self.journey(row, false)).collect()
    }

    /// The row on its way, and as what, when its destination is free and its carrier in weather for it.
    pub(super) fn may_start(self: &Arc<Self>, row: OutboxRow) -> Option<(Journey, Departure)> {
        let is_limited = self.bearable(row.carrier).is_some();
        let mut on_the_way = self.on_the_way();
        let departure = on_the_way
            .is_free(&row, is_limited)
            .then(|| self.weather.allows(row.carrier))??;
        on_the_way.start(&row);
        Some((self.journey(row, true), departure))
    }

    fn journey(self: &Arc<Self>, row: OutboxRow, is_delivery: bool) -> Journey {
        Journey {
            worker: Arc::clone(self),
            row,
            is_delivery,
            is_told: false,
        }
    }

    fn on_the_way(&self) -> MutexGuard<'_, OnTheWay> {
        self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn deliver(mut journey: Journey, hold: Hold, departure: Departure) {
    let worker = Arc::clone(&journey.worker);
    let row = journey.row.clone();
    // In a task of its own: a panic is an outcome like others.
    let (this, carried) = (Arc::clone(&worker), row.clone());
    let carried = tokio::spawn(async move { this.errands.carry_out(&carried, &hold).await });
    let carried = AbortOnDropHandle::new(carried).await.unwrap_or(Err(Failure::Panic));
    journey.is_told = carried.is_ok();
    let failure = carried.err();
    let is_settled = worker.weather.note(row.carrier, &row.dest, departure, failure.as_ref());
    if let Some(failure) = failure.filter(|_| is_settled) {
        match outcomes::settle(&worker.errands.store, &row, failure).await {
            // Others may have to be told of it.
            Ok(()) => worker.wake.notify_one(),
            Err(fault) => {
                tracing::warn!(outbox.id = row.id.0, cause = %fault, "a notice stays as it is for now");
                journey.rest(if fault.is_outage() {
                    UNSETTLED_WITHOUT_DATABASE
                } else {
                    UNSETTLED
                });
            }
        }
    }
}

impl Journey {
    /// Leaves the destination alone for a while, without the room of a delivery.
    fn rest(mut self, lasts: Duration) {
        let worker = Arc::clone(&self.worker);
        if std::mem::take(&mut self.is_delivery) {
            worker.on_the_way().make_room(&self.row);
            worker.freed.notify_one();
        }
        // Nobody waits for it at the end.
        let abandoned = worker.abandoned.clone();
        tokio::spawn(async move {
            abandoned.run_until_cancelled(tokio::time::sleep(lasts)).await;
            drop(self);
        });
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        self.worker
            .on_the_way()
            .arrived(&self.row, self.is_delivery, self.is_told);
        self.worker.freed.notify_one();
    }
}
