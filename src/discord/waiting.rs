//! Updates that wait to be stored: Discord does not send them again, so they wait for as long as it takes.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::intake::front::RawUpdate;

/// The most updates that wait, some 100 MB.
const MOST: usize = 20_000;
/// The most updates stored at once.
const BATCH: usize = 100;
/// The longest pause between two attempts to store.
const PAUSE: Duration = Duration::from_secs(1);

/// The updates, in their order.
#[derive(Default)]
pub(super) struct Waiting {
    queue: Mutex<Queue>,
    changed: Notify,
}

#[derive(Default)]
struct Queue {
    updates: VecDeque<RawUpdate>,
    /// How many had no room.
    lost: usize,
    closed: bool,
}

impl Waiting {
    /// Puts more behind those that wait. Beyond what there is room for, the oldest are lost.
    pub(super) fn push(&self, updates: Vec<RawUpdate>) {
        let mut queue = self.queue();
        queue.updates.extend(updates);
        let over = queue.updates.len().saturating_sub(MOST);
        if over > 0 {
            queue.updates.drain(..over);
            queue.lost += over;
        }
        drop(queue);
        self.changed.notify_one();
    }

    /// No more will come.
    pub(super) fn close(&self) {
        self.queue().closed = true;
        self.changed.notify_one();
    }

    /// Stores until closed. `lost` is told, once storing works again, that some had no room.
    pub(super) async fn store_all<R, F, E>(&self, receive: &R, lost: impl Fn(), stop: &CancellationToken)
    where
        R: Fn(Vec<RawUpdate>) -> F,
        F: Future<Output = Result<(), E>>,
        E: std::fmt::Display,
    {
        while let Some(updates) = self.next().await {
            if !store(updates, receive, stop).await {
                continue;
            }
            let missing = std::mem::take(&mut self.queue().lost);
            if missing > 0 {
                tracing::error!(
                    updates.count = missing,
                    "updates from Discord had no room while they could not be stored: messages are read again"
                );
                lost();
            }
        }
    }

    async fn next(&self) -> Option<Vec<RawUpdate>> {
        loop {
            {
                let mut queue = self.queue();
                let count = queue.updates.len().min(BATCH);
                if count > 0 {
                    return Some(queue.updates.drain(..count).collect());
                }
                if queue.closed {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Offers updates until they are stored; after `stop`, once more.
async fn store<R, F, E>(updates: Vec<RawUpdate>, receive: &R, stop: &CancellationToken) -> bool
where
    R: Fn(Vec<RawUpdate>) -> F,
    F: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let mut pause = Duration::from_millis(100);
    while let Err(error) = receive(updates.clone()).await {
        if stop.is_cancelled() {
            tracing::error!(%error, updates.count = updates.len(), "updates from Discord are lost: they can't be stored");
            return false;
        }
        tracing::warn!(%error, updates.count = updates.len(), "updates from Discord can't be stored yet");
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(pause) => pause = (pause * 2).min(PAUSE),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    fn updates(ids: std::ops::Range<usize>) -> Vec<RawUpdate> {
        ids.map(|id| RawUpdate {
            update_id: id.to_string(),
            lane: String::new(),
            raw: String::new(),
        })
        .collect()
    }

    #[tokio::test]
    async fn what_has_no_room_is_the_oldest_and_is_told_once() {
        let waiting = Waiting::default();
        waiting.push(updates(0..MOST));
        waiting.push(updates(MOST..MOST + 3));
        waiting.close();
        let (stored, told) = (RefCell::new(Vec::new()), Cell::new(0));
        let receive = |updates: Vec<RawUpdate>| {
            stored
                .borrow_mut()
                .extend(updates.into_iter().map(|update| update.update_id));
            std::future::ready(Ok::<_, String>(()))
        };
        let lost = || told.set(told.get() + 1);
        waiting.store_all(&receive, lost, &CancellationToken::new()).await;
        assert_eq!(stored.borrow().len(), MOST);
        assert_eq!(stored.borrow().first().map(String::as_str), Some("3"));
        assert_eq!(told.get(), 1);
    }

    #[tokio::test]
    async fn what_is_refused_is_offered_again_and_keeps_its_order() {
        let waiting = Waiting::default();
        waiting.push(updates(0..250));
        waiting.close();
        let (stored, refusals) = (RefCell::new(Vec::new()), Cell::new(3));
        let receive = |updates: Vec<RawUpdate>| {
            let left: u32 = refusals.get();
            if left > 0 {
                refusals.set(left - 1);
                return std::future::ready(Err("away"));
            }
            stored
                .borrow_mut()
                .extend(updates.into_iter().map(|update| update.update_id));
            std::future::ready(Ok(()))
        };
        waiting.store_all(&receive, || {}, &CancellationToken::new()).await;
        let all: Vec<String> = (0..250).map(|id| id.to_string()).collect();
        assert_eq!(*stored.borrow(), all);
    }
}
