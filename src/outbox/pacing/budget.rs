//! The budgets that pacing takes from: token buckets, a sliding window, and the lanes of requests that share one.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// What floating point may lack of a token.
const CRUMB: f64 = 1e-6;
/// How far apart requests are expected to go where the platform does not say beforehand how many it takes:
/// Discord mostly takes five in five seconds.
const SPACING: Duration = Duration::from_secs(1);

/// How many requests at once, and how many a second on average.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// At once.
    pub burst: f64,
    /// A second.
    pub per_second: f64,
}

/// What a bot may do in all.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How requests are spread.
    pub rate: Rate,
    /// What notices leave of it to answers.
    pub reserve: f64,
    /// Where a burst counts together with what follows it: at most so many in any span of so long.
    pub window: Option<(f64, Duration)>,
}

impl Limits {
    /// The same for each of so many that send beside each other.
    pub(super) fn shared(self, among: u32) -> Self {
        let share = f64::from(among.max(1));
        Self {
            rate: Rate {
                burst: (self.rate.burst / share).max(1.0),
                per_second: self.rate.per_second / share,
            },
            reserve: self.reserve / share,
            window: self.window.map(|(most, span)| ((most / share).max(1.0), span)),
        }
    }
}

/// The budget of a chat or a route.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Its name, unique on the platform.
    pub key: String,
    /// What it lets out; where only answers tell, `None`: one request at a time then.
    pub rate: Option<Rate>,
}

/// A token bucket. With more taken than there was, it is in debt.
#[derive(Debug)]
pub(super) struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    pub(super) fn full(rate: Rate, at: Instant) -> Self {
        Self {
            rate,
            tokens: rate.burst,
            at,
        }
    }

    pub(super) fn per_second(&self) -> f64 {
        self.rate.per_second
    }

    pub(super) fn set_rate(&mut self, rate: Rate, now: Instant) {
        self.refill(now);
        self.rate = rate;
        self.tokens = self.tokens.min(rate.burst);
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate.per_second).min(self.rate.burst);
        self.at = now;
    }

    /// When it holds `cost`, besides what is kept and what others take before. What costs more than it can ever hold
    /// needs it full.
    pub(super) fn ready(&mut self, cost: f64, kept: f64, before: f64, now: Instant) -> Instant {
        self.refill(now);
        let lacking = (cost + kept).min(self.rate.burst) + before - self.tokens;
        if lacking <= CRUMB {
            return now;
        }
        now + Duration::from_secs_f64(lacking / self.rate.per_second)
    }

    pub(super) fn take(&mut self, cost: f64) {
        self.tokens -= cost;
    }
}

/// What was taken lately.
#[derive(Debug, Default)]
pub(super) struct Window {
    taken: VecDeque<(Instant, f64)>,
}

impl Window {
    /// When it has room for `cost`, after what others take before: at most a span from now, even where that is not known
    /// yet. For what costs more than there can be room for, when it is empty.
    pub(super) fn ready(&mut self, (most, span): (f64, Duration), cost: f64, before: f64, now: Instant) -> Instant {
        while self.taken.front().is_some_and(|(at, _)| *at + span <= now) {
            self.taken.pop_front();
        }
        let used: f64 = self.taken.iter().map(|(_, cost)| cost).sum();
        let mut over = used + cost.min(most) + before - most;
        if over <= CRUMB {
            return now;
        }
        let enough = self.taken.iter().find(|(_, cost)| {
            over -= cost;
            over <= CRUMB
        });
        enough.map_or(now, |(at, _)| *at) + span
    }

    pub(super) fn take(&mut self, cost: f64, now: Instant) {
        self.taken.push_back((now, cost));
    }

    /// Takes back what was taken then.
    pub(super) fn give_back(&mut self, cost: f64, then: Instant) {
        if let Some(at) = self.taken.iter().rposition(|taken| *taken == (then, cost)) {
            self.taken.remove(at);
        }
    }
}

/// The requests of one budget.
#[derive(Debug)]
pub(super) struct Lane {
    /// `None`: one at a time.
    bucket: Option<Bucket>,
    /// Given a turn, and not done yet.
    busy: u32,
    /// Waiting.
    waiting: u32,
    held: Option<Instant>,
    /// The tag of the next request.
    tag: u64,
    /// When the last of those put off shall come back.
    promised: Option<Instant>,
}

impl Lane {
    pub(super) fn new(rate: Option<Rate>, now: Instant) -> Self {
        Self {
            bucket: rate.map(|rate| Bucket::full(rate, now)),
            busy: 0,
            waiting: 0,
            held: None,
            tag: 0,
            promised: None,
        }
    }

    /// Nobody would notice if it were new.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        let passed = |at: Option<Instant>| at.is_none_or(|at| at <= now);
        let is_full = |bucket: &mut Bucket| bucket.ready(bucket.rate.burst, 0.0, 0.0, now) <= now;
        let in_use = self.busy > 0 || self.waiting > 0;
        !in_use && passed(self.held) && passed(self.promised) && self.bucket.as_mut().is_none_or(is_full)
    }

    /// One more waits; gives its tag.
    pub(super) fn join(&mut self, floor: u64, cost: u32) -> u64 {
        self.waiting += 1;
        let tag = self.tag.max(floor);
        self.tag = tag + u64::from(cost);
        tag
    }

    /// One that waited goes without having sent anything.
    pub(super) fn leave(&mut self, overall: u32, cost: f64, granted: bool) {
        self.tag = self.tag.saturating_sub(u64::from(overall));
        if !granted {
            self.waiting -= 1;
            return;
        }
        self.busy -= 1;
        if let Some(bucket) = &mut self.bucket {
            bucket.take(-cost);
        }
    }

    /// About when a request may go, with so many, and so much, before it.
    pub(super) fn expected(&mut self, cost: f64, count: u32, before: f64, now: Instant) -> Instant {
        let own = match &mut self.bucket {
            Some(bucket) if cost > 0.0 => bucket.ready(cost, 0.0, before, now),
            Some(_) => now,
            None => now + SPACING * count,
        };
        self.held.map_or(own, |held| held.max(own))
    }

    /// Whether another request has to be done first.
    pub(super) fn is_taken(&self) -> bool {
        self.bucket.is_none() && self.busy > 0
    }

    pub(super) fn take(&mut self, cost: f64) {
        self.waiting -= 1;
        self.busy += 1;
        if let Some(bucket) = &mut self.bucket {
            bucket.take(cost);
        }
    }

    pub(super) fn end(&mut self) {
        self.busy -= 1;
    }

    pub(super) fn hold(&mut self, until: Instant) {
        self.held = self.held.max(Some(until));
    }

    /// A time to come back: not before `expected`, and after those promised before, but not after `latest`.
    pub(super) fn promise(&mut self, expected: Instant, cost: f64, latest: Instant) -> Instant {
        let at = self.promised.map_or(expected, |promised| promised.max(expected));
        let step = match &self.bucket {
            Some(bucket) => Duration::from_secs_f64(cost / bucket.rate.per_second),
            None => SPACING,
        };
        self.promised = Some((at + step).min(latest));
        at
    }

    /// Whether at least half of the budget is left.
    pub(super) fn has_plenty(&mut self, now: Instant) -> bool {
        let Some(bucket) = &mut self.bucket else { return true };
        bucket.refill(now);
        bucket.tokens >= bucket.rate.burst / 2.0
    }
}
