//! Many new tickets at once in a place that takes only so many messages: gathered into one.
//!
//! Telegram takes twenty messages a minute in a group, so the card of the hundredth ticket of a minute would come
//! when nobody waits for it any more. Cards not yet posted are therefore told together, as a list, and each ticket
//! gets its card when something happens to it. So no reader is much more than a minute behind.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::courier::{Address, DeliveryError, Errand};
use super::errands::{Errands, Failure, Task, part_of, refuse_lost};
use super::worker::Worker;
use crate::chat::cards as card_view;
use crate::domain::ids::{OutboxId, PlaceId};
use crate::replica::Hold;
use crate::store::lists;
use crate::store::outbox::{Notice, OutboxRow};
use crate::store::places::{self, Layout};

/// How many tickets are named in one message; Discord takes 25 buttons.
pub(super) const NAMED: u32 = 20;
/// The most that one message stands for.
const MOST: u32 = 1_000;
/// Fewer are not worth a list.
pub(super) const FEWEST: usize = 4;
/// How long is waited for a turn at the platform, in all.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long after a failure cards are not gathered again.
const REST: Duration = Duration::from_secs(5);

impl Worker {
    /// Gathers, once, what waits with this row, if that is a crowd.
    pub(super) fn disperse_crowd(self: &Arc<Self>, row: &OutboxRow) {
        let Ok(Notice::Card { place, .. }) = row.notice() else {
            return;
        };
        let is_crowd = self.bearable(row.carrier).is_some_and(|bearable| row.crowd > bearable);
        // In a storm the one try is for a row of its own.
        if !is_crowd || !self.weather.is_calm(row.carrier) {
            return;
        }
        let Some(hold) = self.replica.hold(row.shard) else {
            return;
        };
        // The place itself is a destination of its own meanwhile.
        let whole = row.whole();
        if let Some((whole, _)) = self.may_start(whole) {
            let worker = Arc::clone(self);
            self.spawn(async move {
                if let Err(failure) = worker.gather(place, &whole.row, &hold).await {
                    tracing::warn!(dest = whole.row.dest, cause = %failure, "cards could not be gathered");
                    tokio::time::sleep(REST).await;
                }
            });
        }
    }

    async fn gather(self: &Arc<Self>, place: PlaceId, whole: &OutboxRow, hold: &Hold) -> Result<(), Failure> {
        let waiting = self.errands.store.list_unposted(place, whole, MOST).await?;
        let mut taken = self.take_all(waiting);
        // What had been told before it was taken is not there any more.
        let still = self.errands.store.list_unposted(place, whole, MOST).await?;
        let still: HashSet<OutboxId> = still.into_iter().map(|row| row.id).collect();
        taken.retain(|journey| still.contains(&journey.row.id));
        if taken.len() < FEWEST {
            return Ok(());
        }
        let rows: Vec<OutboxRow> = taken.iter().map(|journey| journey.row.clone()).collect();
        // Given back meanwhile, they would set off one by one, and take each turn before their list got one.
        let until = Instant::now() + LONGEST_WAIT;
        loop {
            match self.errands.tell_together(place, &rows, hold).await {
                Err(Failure::Delivery(DeliveryError::RetryAfter(wait))) if Instant::now() + wait <= until => {
                    tokio::time::sleep(wait).await;
                }
                told => break told?,
            }
        }
        for journey in &mut taken {
            journey.is_told = true;
        }
        Ok(())
    }
}

impl Errands {
    async fn tell_together(&self, place: PlaceId, rows: &[OutboxRow], hold: &Hold) -> Result<(), Failure> {
        let Some(first) = rows.first() else { return Ok(()) };
        let mut view = self.store.look().await?;
        let now = view.now();
        let place = places::find(&mut view, place).await?;
        let mut named = Vec::new();
        for row in rows.iter().take(NAMED as usize) {
            named.extend(row.notice()?.ticket());
        }
        let lines = lists::list_lines(&mut view, &named).await?;
        drop(view);
        // Those that are deleted by now are told to nobody.
        let gone = named.len() - lines.len();
        if lines.is_empty() && gone == rows.len() {
            return self.acknowledge(rows).await;
        }
        // Each row by itself finds that out, and another way.
        refuse_lost(place.as_ref(), now)?;
        if let Some(place) = place {
            let count = rows.len() - gone;
            let message = card_view::gathered(place.language, &lines, count);
            let errand = if place.layout == Layout::Forum {
                Errand::OpenPost {
                    spot: place.spot,
                    name: place.language.say("gathered", &[("count", count.into())]),
                    is_unique: false,
                    message,
                }
            } else {
                Errand::Post {
                    to: Address::Spot(place.spot),
                    message,
                    reply_to: None,
                }
            };
            let task = Task { row: first, hold };
            // Other rows gathered after a failure are another message.
            let part = part_of(rows.iter().map(|row| row.id));
            self.deliver(place.platform, task, &part, errand).await?;
        }
        self.acknowledge(rows).await
    }
}
