//! The worker: takes the oldest due row of each destination, and settles what became of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::courier::{Courier, DeliveryError};
use super::errands::{Errands, Failure};
use super::lease::Leases;
use crate::clock::Clock;
use crate::domain::platform::Platform;
use crate::metrics::{self, Retried};
use crate::store::outbox::OutboxRow;
use crate::store::{Fault, Store, outbox};

/// How often the outbox is looked at when nobody says that there is something.
const SWEEP: Duration = Duration::from_secs(1);
/// How many deliveries are on the way at once.
const AT_ONCE: usize = 64;
/// How often a notice is tried that fails by a fault of ours, some minutes in all: others wait behind it.
const TRIES: u16 = 10;
/// The longest wait before another try.
const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// Sends what the outbox holds.
pub struct Worker {
    errands: Errands,
    clock: Clock,
    wake: Arc<Notify>,
    on_the_way: Mutex<HashSet<String>>,
    tasks: TaskTracker,
    /// Cancelled when [`Worker::run`] is dropped before its end: nothing goes on its way after that.
    abandoned: CancellationToken,
}

impl Worker {
    /// A worker that is not running yet. `wake` tells it that there may be something to send.
    #[must_use]
    pub fn new(store: Store, couriers: Vec<Arc<dyn Courier>>, clock: Clock, wake: Arc<Notify>) -> Arc<Self> {
        let couriers: HashMap<Platform, _> = couriers
            .into_iter()
            .map(|courier| (courier.platform(), courier))
            .collect();
        Arc::new(Self {
            errands: Errands {
                store,
                couriers,
                leases: Leases::new(),
            },
            clock,
            wake,
            on_the_way: Mutex::default(),
            tasks: TaskTracker::new(),
            abandoned: CancellationToken::new(),
        })
    }

    /// Works until `stop`, then finishes what is on the way and gives the leases back.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let _abandons = self.abandoned.clone().drop_guard();
        while !stop.is_cancelled() {
            if let Err(fault) = self.step().await {
                tracing::warn!(cause = %fault, "the outbox can't be read");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(SWEEP) => {}
            }
        }
        self.tasks.close();
        loop {
            tokio::select! {
                () = self.tasks.wait() => break,
                () = tokio::time::sleep(SWEEP) => {}
            }
            // What is still on the way takes more requests, and each needs the lease.
            if let Err(fault) = self.errands.leases.renew(&self.errands.store).await {
                tracing::warn!(cause = %fault, "the leases of the outbox can't be renewed");
            }
        }
        if let Err(fault) = self.errands.leases.release(&self.errands.store).await {
            tracing::warn!(cause = %fault, "the leases of the outbox end by themselves");
        }
    }

    /// One look at the outbox: renews the leases when it is time, and starts a delivery for every destination
    /// that has something due and nothing on the way.
    ///
    /// # Errors
    /// [`Fault`]; nothing was started then.
    pub async fn step(self: &Arc<Self>) -> Result<(), Fault> {
        self.errands.leases.renew(&self.errands.store).await?;
        // What is on the way now may be told, and its destination free again, once the list is there: the row that
        // the list shows would be told twice.
        let busy = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for row in self.errands.store.list_heads().await? {
            if !busy.contains(&row.dest) && self.may_start(&row) {
                let (worker, abandoned) = (Arc::clone(self), self.abandoned.clone());
                self.tasks
                    .spawn(async move { abandoned.run_until_cancelled(worker.deliver(row)).await });
            }
        }
        Ok(())
    }

    async fn deliver(self: Arc<Self>, row: OutboxRow) {
        // In a task of its own: a panic must not leave the destination on the way for ever.
        let (this, carried) = (Arc::clone(&self), row.clone());
        let carried = tokio::spawn(async move { this.errands.carry_out(&carried).await });
        let carried = AbortOnDropHandle::new(carried).await;
        if let Err(failure) = carried.unwrap_or(Err(Failure::Panic)) {
            self.settle(&row, failure).await;
        }
        self.on_the_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&row.dest);
        self.wake.notify_one();
    }

    /// Whether the row's shard is ours for long enough, and its destination free; it is not any more then.
    fn may_start(&self, row: &OutboxRow) -> bool {
        if !self.errands.leases.usable(row.shard) {
            return false;
        }
        let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        on_the_way.len() < AT_ONCE && on_the_way.insert(row.dest.clone())
    }

    /// Puts the row off, or to the dead letters.
    async fn settle(&self, row: &OutboxRow, failure: Failure) {
        let cause = failure.to_string();
        let settled = match wait_after(&failure, row.attempts) {
            Some(wait) => {
                tracing::warn!(
                    outbox.id = row.id.0,
                    cause,
                    wait_ms = wait.num_milliseconds(),
                    "a notice is put off"
                );
                metrics::retried(Retried::Notice);
                self.errands.store.put_off(row, self.clock.now() + wait, &cause).await
            }
            None => self.bury(row, &cause).await,
        };
        if let Err(fault) = settled {
            tracing::warn!(outbox.id = row.id.0, cause = %fault, "a notice stays as it is for now");
        }
    }

    async fn bury(&self, row: &OutboxRow, cause: &str) -> Result<(), Fault> {
        tracing::error!(
            outbox.id = row.id.0,
            dest = row.dest,
            cause,
            "a notice can't be delivered"
        );
        metrics::buried();
        let mut tx = self.errands.store.begin().await?;
        outbox::bury(&mut tx, row, cause).await?;
        tx.commit().await
    }
}

/// How long to wait before another try; `None` when there is no use in one.
fn wait_after(failure: &Failure, attempts: u16) -> Option<TimeDelta> {
    match failure {
        Failure::Delivery(DeliveryError::RetryAfter(wait)) => Some(TimeDelta::from_std(*wait).unwrap_or(LONGEST)),
        Failure::Delivery(DeliveryError::Transient(_)) | Failure::Lease => Some(backoff(attempts)),
        Failure::Delivery(
            DeliveryError::Unreachable(_)
            | DeliveryError::PlaceGone(_)
            | DeliveryError::MessageGone(_)
            | DeliveryError::Refused(_),
        )
        | Failure::Fault(Fault::Unreadable(_)) => None,
        Failure::Fault(fault) if fault.is_passing() || fault.is_outage() => Some(backoff(attempts)),
        Failure::Fault(_) | Failure::Panic => (attempts < TRIES).then(|| backoff(attempts)),
    }
}

/// Twice as long after every try, from a quarter of a second, with jitter so that what failed together does not
/// come back together.
fn backoff(attempts: u16) -> TimeDelta {
    let doubled = TimeDelta::milliseconds(250 << attempts.min(12));
    let capped = doubled.min(LONGEST).num_milliseconds();
    TimeDelta::milliseconds(rand::random_range(capped / 2..=capped))
}
