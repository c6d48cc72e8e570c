//! Who waits for what, and whose turn it is. Only bookkeeping: the waiting itself is in `pacing`.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::budget::{Bucket, Lane, Window};
use super::{Budget, Claim, Limits, Urgency};

/// The longest time for which a notice that waits is promised its turn; it may be given another then.
const LONGEST_PROMISE: Duration = Duration::from_mins(1);
/// Beyond so many budgets, those that are full again are forgotten.
const MANY: usize = 1024;

/// What somebody in the queue learns.
pub(super) enum Look {
    /// It is its turn, in this lane.
    Go(Option<Arc<str>>),
    /// It would take too long: it shall come back after this.
    TooLong(Duration),
    /// It shall look again then, or when it is woken.
    Again(Option<Instant>),
}

#[derive(Debug)]
pub(super) struct Queue {
    /// What all replicas may do together.
    whole: Limits,
    /// Our share of it.
    limits: Limits,
    overall: Bucket,
    window: Window,
    held: Option<Instant>,
    promised: Option<Instant>,
    lanes: HashMap<Arc<str>, Lane>,
    /// How many lanes there may be before the idle ones are forgotten.
    many: usize,
    waiting: BTreeMap<Order, Waiter>,
    /// The tag of whoever got its turn last.
    tag: u64,
    arrivals: u64,
}

/// Urgency, then tag (what the lane has had so far), then arrival.
pub(super) type Order = (Urgency, u64, u64);

#[derive(Debug)]
struct Waiter {
    overall: u32,
    lane: Option<(Arc<str>, u32)>,
    wake: Arc<Notify>,
    granted: Option<Instant>,
    /// When it has to look again; `None` where it is woken, once those before it are gone.
    look: Option<Instant>,
    /// About when its own budget and the holds let it go.
    expected: Instant,
}

/// What is taken by those who go first.
#[derive(Default)]
struct Ahead {
    /// By those who have all they need but this.
    overall: f64,
    /// How many in each lane, and how much.
    lanes: HashMap<Arc<str>, (u32, f64)>,
}

impl Ahead {
    fn add(&mut self, waiter: &Waiter, is_ready: bool) {
        if is_ready {
            self.overall += f64::from(waiter.overall);
        }
        if let Some((key, cost)) = &waiter.lane {
            let (count, sum) = self.lanes.entry(Arc::clone(key)).or_default();
            *count += 1;
            *sum += f64::from(*cost);
        }
    }
}

impl Waiter {
    fn is_too_late(&self, urgency: Urgency, now: Instant) -> bool {
        self.expected.saturating_duration_since(now) > urgency.patience()
    }
}

impl Queue {
    pub(super) fn new(limits: Limits, now: Instant) -> Self {
        Self {
            whole: limits,
            limits,
            overall: Bucket::full(limits.rate, now),
            window: Window::default(),
            held: None,
            promised: None,
            lanes: HashMap::new(),
            many: MANY,
            waiting: BTreeMap::new(),
            tag: 0,
            arrivals: 0,
        }
    }

    pub(super) fn lane(&mut self, budget: &Budget, now: Instant) -> &mut Lane {
        if self.lanes.len() >= self.many {
            self.lanes.retain(|_, lane| !lane.is_idle(now));
            self.many = MANY.max(self.lanes.len() * 2);
        }
        match self.lanes.entry(budget.key.as_str().into()) {
            Entry::Occupied(lane) => lane.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(Lane::new(budget.rate, now)),
        }
    }

    /// One more waits.
    pub(super) fn enqueue(&mut self, claim: &Claim, urgency: Urgency, wake: Arc<Notify>, now: Instant) -> Order {
        self.arrivals += 1;
        let mut tag = self.tag;
        let lane = claim.own.as_ref().map(|(budget, cost)| {
            let floor = self.tag;
            let lane = self.lane(budget, now);
            tag = lane.join(floor, claim.overall);
            (budget.key.as_str().into(), *cost)
        });
        let order = (urgency, tag, self.arrivals);
        let waiter = Waiter {
            overall: claim.overall,
            lane,
            wake,
            granted: None,
            look: None,
            expected: now,
        };
        self.waiting.insert(order, waiter);
        self.grant(now);
        order
    }

    /// Gives all whose turn has come theirs, and tells the others when to look again.
    fn grant(&mut self, now: Instant) {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut ahead = Ahead::default();
        for (order, waiter) in waiting.iter_mut().filter(|(_, waiter)| waiter.granted.is_none()) {
            self.consider(*order, waiter, &mut ahead, now);
        }
        self.waiting = waiting;
    }

    fn consider(&mut self, (urgency, tag, _): Order, waiter: &mut Waiter, ahead: &mut Ahead, now: Instant) {
        let cost = f64::from(waiter.overall);
        let (own, behind) = self.own_turn(waiter, ahead, now);
        let held = self.held.filter(|held| cost > 0.0 && *held > now).unwrap_or(now);
        let overall = self.overall_turn(urgency, cost, ahead, now).max(held);
        let is_ready = own <= now && !behind;
        if is_ready && overall <= now {
            self.overall.take(cost);
            if cost > 0.0 && self.limits.window.is_some() {
                self.window.take(cost, now);
            }
            if let Some((key, cost)) = &waiter.lane
                && let Some(lane) = self.lanes.get_mut(key)
            {
                lane.take(f64::from(*cost));
            }
            self.tag = self.tag.max(tag);
            waiter.granted = Some(now);
            waiter.wake.notify_one();
            return;
        }
        ahead.add(waiter, is_ready);
        let look = (!behind).then_some(own.max(overall));
        let is_earlier = look.is_some_and(|look| waiter.look.is_none_or(|before| look < before));
        (waiter.look, waiter.expected) = (look, own.max(held));
        if is_earlier || waiter.is_too_late(urgency, now) {
            waiter.wake.notify_one();
        }
    }

    /// About when its own budget lets a request go, and whether it is another that has to go first.
    fn own_turn(&mut self, waiter: &Waiter, ahead: &Ahead, now: Instant) -> (Instant, bool) {
        let Some((key, cost)) = &waiter.lane else {
            return (now, false);
        };
        let Some(lane) = self.lanes.get_mut(key) else {
            return (now, false);
        };
        let (count, sum) = ahead.lanes.get(key).copied().unwrap_or_default();
        let expected = lane.expected(f64::from(*cost), count, sum, now);
        (expected, count > 0 || lane.is_taken())
    }

    /// When the overall budget lets a request go.
    fn overall_turn(&mut self, urgency: Urgency, cost: f64, ahead: &Ahead, now: Instant) -> Instant {
        if cost == 0.0 {
            return now;
        }
        let kept = match urgency {
            Urgency::Reply => 0.0,
            Urgency::Notice => self.limits.reserve,
        };
        let spread = self.overall.ready(cost, kept, ahead.overall, now);
        let room = self
            .limits
            .window
            .map(|limit| self.window.ready(limit, cost, ahead.overall, now));
        room.map_or(spread, |room| spread.max(room))
    }

    /// When a notice that can't wait here shall ask again: each after the one before, so that they don't all come
    /// back at once.
    fn put_off(&mut self, order: Order, now: Instant) -> Duration {
        let Some(waiter) = self.waiting.get(&order) else {
            return Duration::ZERO;
        };
        let expected = waiter.expected;
        if order.0 == Urgency::Reply {
            return expected - now;
        }
        let latest = expected.max(now + LONGEST_PROMISE);
        let mut at = expected;
        if let Some((key, cost)) = &waiter.lane
            && let Some(lane) = self.lanes.get_mut(key)
        {
            at = lane.promise(expected, f64::from(*cost), latest);
        }
        if self.held.is_some_and(|held| held > now) {
            let step = Duration::from_secs_f64(f64::from(waiter.overall) / self.overall.per_second());
            at = self.promised.map_or(at, |promised| promised.max(at));
            self.promised = Some((at + step).min(latest));
        }
        at - now
    }

    /// Takes somebody out of the queue who is still there; what was given and not used goes back.
    pub(super) fn leave(&mut self, order: Order, now: Instant) {
        let Some(waiter) = self.waiting.remove(&order) else {
            return;
        };
        if let Some(then) = waiter.granted {
            self.overall.take(-f64::from(waiter.overall));
            self.window.give_back(f64::from(waiter.overall), then);
        }
        if let Some((key, cost)) = &waiter.lane
            && let Some(lane) = self.lanes.get_mut(key)
        {
            lane.leave(waiter.overall, f64::from(*cost), waiter.granted.is_some());
        }
        self.grant(now);
    }

    /// How it stands with somebody in the queue, who is out of it with [`Look::Go`].
    pub(super) fn look(&mut self, order: Order, now: Instant) -> Look {
        self.grant(now);
        let Some(waiter) = self.waiting.get(&order) else {
            return Look::Go(None);
        };
        if waiter.granted.is_some() {
            let waiter = self.waiting.remove(&order);
            return Look::Go(waiter.and_then(|waiter| waiter.lane).map(|(key, _)| key));
        }
        if waiter.is_too_late(order.0, now) {
            return Look::TooLong(self.put_off(order, now));
        }
        Look::Again(waiter.look)
    }

    /// A request is done.
    pub(super) fn end(&mut self, key: &str, now: Instant) {
        if let Some(lane) = self.lanes.get_mut(key) {
            lane.end();
        }
        self.grant(now);
    }

    pub(super) fn has_plenty(&mut self, key: &str, now: Instant) -> bool {
        self.lanes.get_mut(key).is_none_or(|lane| lane.has_plenty(now))
    }

    #[cfg(test)]
    pub(super) fn lanes(&self) -> usize {
        self.lanes.len()
    }

    pub(super) fn hold_all(&mut self, until: Instant) {
        self.held = self.held.max(Some(until));
    }

    /// Divides what may be done in all.
    pub(super) fn share(&mut self, among: u32, now: Instant) {
        self.limits = self.whole.shared(among);
        self.overall.set_rate(self.limits.rate, now);
    }
}
