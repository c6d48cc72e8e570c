//! What can be made to go wrong, while the world runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::Gate;

/// Something that goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Answered with this status and a body as an ailing Discord gives it, without being carried out.
    Status(u16),
    /// Answered with this status and JSON, without being carried out.
    Reply {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Value,
    },
    /// Answered 429 with `Retry-After` in seconds, without being carried out.
    RetryAfter(f64),
    /// Held back this long, then handled as usual (or by the next rule that matches).
    Delay(Duration),
    /// Never answered, and not carried out.
    Hang,
    /// Held, before or after it is carried out.
    Hold {
        /// Where.
        gate: Gate,
        /// Whether the request is carried out before.
        after_effect: bool,
    },
    /// The connection is cut, before or after the request is carried out.
    Cut {
        /// Whether the request is carried out before.
        after_effect: bool,
    },
}

/// The faults in force. Rules are tried in the order in which they were set; each is either for the next few
/// requests or for all of them.
#[derive(Debug)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    limits: AtomicBool,
}

#[derive(Debug)]
struct Rule {
    requests: String,
    fault: Fault,
    left: Option<u32>,
}

/// What the rules make of one request.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) delay: Duration,
    pub(super) end: Option<Fault>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            rules: Mutex::default(),
            limits: AtomicBool::new(true),
        }
    }
}

impl Faults {
    /// Fails the next `times` requests that match. `requests` is `*`, a method, a path prefix or both:
    /// `POST /channels`; paths are without `/api/v10`, and the gateway is `GET /gateway/socket`.
    pub fn next(&self, requests: &str, fault: Fault, times: u32) {
        self.add(requests, fault, Some(times));
    }

    /// Fails all requests that match (see [`Faults::next`]) until [`Faults::clear`].
    pub fn all(&self, requests: &str, fault: Fault) {
        self.add(requests, fault, None);
    }

    /// Everything works again. Requests that hang stay so.
    pub fn clear(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether rates are limited as Discord does; they are from the start.
    pub fn limits(&self, on: bool) {
        self.limits.store(on, Ordering::SeqCst);
    }

    pub(super) fn limited(&self) -> bool {
        self.limits.load(Ordering::SeqCst)
    }

    fn add(&self, requests: &str, fault: Fault, left: Option<u32>) {
        let rule = Rule {
            requests: requests.to_owned(),
            fault,
            left,
        };
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    pub(super) fn plan(&self, method: &str, path: &str) -> Plan {
        let mut plan = Plan::default();
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        for rule in rules.iter_mut().filter(|rule| matches(&rule.requests, method, path)) {
            if rule.left == Some(0) {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            if let Fault::Delay(delay) = rule.fault {
                plan.delay += delay;
            } else {
                plan.end = Some(rule.fault.clone());
                break;
            }
        }
        rules.retain(|rule| rule.left != Some(0));
        plan
    }
}

impl Fault {
    /// The status and body of a fault that answers by itself.
    pub(super) fn answer(&self) -> Option<(u16, Value)> {
        match self {
            Self::Status(status) => Some((
                *status,
                json!({"message": format!("{status}: sandbox fault"), "code": 0}),
            )),
            Self::Reply { status, body } => Some((*status, body.clone())),
            Self::RetryAfter(seconds) => Some((
                429,
                json!({"message": "You are being rate limited.", "retry_after": seconds, "global": false}),
            )),
            Self::Delay(_) | Self::Hang | Self::Hold { .. } | Self::Cut { .. } => None,
        }
    }
}

/// Whether a request is among those that `requests` names (see [`Faults::next`]).
pub(super) fn matches(requests: &str, method: &str, path: &str) -> bool {
    match requests.split_once(' ') {
        Some((wanted, prefix)) => wanted == method && path.starts_with(prefix),
        None if requests.starts_with('/') => path.starts_with(requests),
        None => requests == "*" || requests == method,
    }
}
