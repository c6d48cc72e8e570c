//! Pacing: when a request may go out, so that the platforms' limits are kept rather than met.
//!
//! One [`Pacer`] a platform, shared by answers and notices. A request [claims](Claim) from the overall budget and from
//! one of its own (a chat's, a route's), and gets from both or from neither. Answers go before notices, which leave
//! them a reserve; among equals, whoever had less goes first (start-time fair queueing, Goyal et al., 1996). Nothing
//! runs in the background: who waits sleeps until it may be ready, and looks again.
//!
//! The overall budget is a token bucket, which spreads requests, and a sliding window, which no burst gets past. Not
//! the crate governor: it can't look without taking, so two budgets can't be taken from together, and it knows
//! neither holds nor precedence. The limits themselves are with the adapters, which know the platforms.

mod budget;
mod queue;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use self::budget::{Budget, Limits, Rate};
use self::queue::{Look, Order, Queue};

/// The longest that we wait because a platform asks us to; then we ask it again. It may ask for centuries by mistake.
pub const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The shortest: who is told to wait for no time at all would ask at full pace, and be shut out for it.
pub const SHORTEST_WAIT: Duration = Duration::from_millis(250);

/// How long we wait when a platform asks for so long.
#[must_use]
pub fn wait_asked_for(asked: Duration) -> Duration {
    asked.clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

/// Whether somebody is waiting for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// An answer: the person has just written or pressed, and looks at the screen.
    Reply,
    /// What somebody else did.
    Notice,
}

impl Urgency {
    /// How long a turn of its own is waited for; with more to wait, it is for later. A notice holds one of the few
    /// deliveries that are on their way at once, an answer only its conversation.
    fn patience(self) -> Duration {
        match self {
            Self::Reply => Duration::from_secs(5),
            Self::Notice => Duration::from_secs(2),
        }
    }
}

/// Under what conditions a request goes out.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    /// Whether somebody is waiting for it.
    pub urgency: Urgency,
    /// Without markup: what the platform refused as we rendered it.
    pub plain: bool,
    /// Whether we still have the right to send: asked when the request's turn has come.
    pub may_send: &'a (dyn Fn() -> bool + Send + Sync),
}

impl Pass<'static> {
    /// An answer, to be sent whoever has the leases.
    #[must_use]
    pub fn reply() -> Self {
        Self {
            urgency: Urgency::Reply,
            plain: false,
            may_send: &|| true,
        }
    }
}

/// Which limits are kept.
#[derive(Clone, Copy, Debug)]
pub struct Pacing {
    limited: bool,
}

impl Pacing {
    /// Those of the platforms.
    #[must_use]
    pub fn platforms() -> Self {
        Self { limited: true }
    }

    /// None: for simulated platforms that enforce none.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { limited: false }
    }
}

/// What a request takes.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Of the overall budget; with nothing, it is not held with all either.
    pub overall: u32,
    /// Of a budget of its own. With nothing, it waits with the others where that is held.
    pub own: Option<(Budget, u32)>,
}

/// The budgets of one platform.
#[derive(Debug)]
pub struct Pacer(Option<Mutex<Queue>>);

/// The turn of a request. Its lane is in use until this is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    pacer: &'a Pacer,
    lane: Option<Arc<str>>,
}

/// A place in the queue, left when the waiting ends, however it does.
struct Place<'a> {
    pacer: &'a Pacer,
    order: Order,
    wake: Arc<Notify>,
}

impl Pacer {
    /// Full budgets.
    #[must_use]
    pub fn new(pacing: Pacing, limits: Limits) -> Self {
        let queue = Queue::new(limits, Instant::now());
        Self(pacing.limited.then(|| Mutex::new(queue)))
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// How long to wait before asking again, when the turn would come too late to wait here.
    pub async fn turn(&self, claim: &Claim, urgency: Urgency) -> Result<Permit<'_>, Duration> {
        let Some(place) = self.enqueue(claim, urgency) else {
            return Ok(Permit {
                pacer: self,
                lane: None,
            });
        };
        loop {
            match place.look() {
                Look::Go(lane) => return Ok(Permit { pacer: self, lane }),
                Look::TooLong(wait) => return Err(wait),
                Look::Again(Some(at)) => tokio::select! {
                    () = place.wake.notified() => {}
                    () = tokio::time::sleep_until(at) => {}
                },
                Look::Again(None) => place.wake.notified().await,
            }
        }
    }

    /// Lets nothing more out of a budget for so long, [`LONGEST_WAIT`] at most.
    pub fn hold(&self, budget: &Budget, time: Duration) {
        if let Some(mut queue) = self.lock() {
            let now = Instant::now();
            queue.lane(budget, now).hold(now + time.min(LONGEST_WAIT));
        }
    }

    /// Lets nothing more out of the overall budget for so long, [`LONGEST_WAIT`] at most.
    pub fn hold_all(&self, time: Duration) {
        if let Some(mut queue) = self.lock() {
            queue.hold_all(Instant::now() + time.min(LONGEST_WAIT));
        }
    }

    /// Keeps to a share of the overall rate: so many send beside each other.
    pub fn share(&self, replicas: u32) {
        if let Some(mut queue) = self.lock() {
            queue.share(replicas, Instant::now());
        }
    }

    /// Whether any limit is kept.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.0.is_some()
    }

    fn lock(&self) -> Option<MutexGuard<'_, Queue>> {
        let queue = self.0.as_ref()?;
        Some(queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A place in the queue; none where nothing is limited.
    fn enqueue(&self, claim: &Claim, urgency: Urgency) -> Option<Place<'_>> {
        let wake = Arc::new(Notify::new());
        let order = self.lock()?.enqueue(claim, urgency, Arc::clone(&wake), Instant::now());
        Some(Place {
            pacer: self,
            order,
            wake,
        })
    }
}

impl Place<'_> {
    fn look(&self) -> Look {
        let queue = self.pacer.lock();
        queue.map_or(Look::Go(None), |mut queue| queue.look(self.order, Instant::now()))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(mut queue) = self.pacer.lock() {
            queue.leave(self.order, Instant::now());
        }
    }
}

impl Permit<'_> {
    /// Whether the request's own budget had plenty left when it went out: then it was not its own limit that it met.
    #[must_use]
    pub fn had_plenty(&self) -> bool {
        let (Some(mut queue), Some(key)) = (self.pacer.lock(), &self.lane) else {
            return true;
        };
        queue.has_plenty(key, Instant::now())
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let (Some(mut queue), Some(key)) = (self.pacer.lock(), &self.lane) {
            queue.end(key, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests;
