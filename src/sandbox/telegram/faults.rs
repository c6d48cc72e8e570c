//! What can be made to go wrong on the way between the bot and Telegram, while it runs.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

use crate::sandbox::Gate;

/// One thing that goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// This status, with the body that Telegram's servers give with it. Nothing is carried out.
    Status(u16),
    /// This status and body. Nothing is carried out.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Value,
    },
    /// The request waits this long before anything else happens to it.
    Delay(Duration),
    /// The connection closes without an answer, before or after the method is carried out.
    Cut {
        /// Whether it has been carried out by then.
        after_effect: bool,
    },
    /// No answer ever comes, and nothing is carried out.
    Hang,
    /// The request is held, before or after the method is carried out.
    Hold {
        /// Where.
        gate: Gate,
        /// Whether it has been carried out by then.
        after_effect: bool,
    },
    /// `getUpdates` forgets the offset that it was given, and the webhook (method name `webhook`) does not hear
    /// that its update was taken: updates come again.
    DropConfirmation,
}

#[derive(Debug)]
struct Rule {
    method: String,
    fault: Fault,
    /// How many more requests it befalls; `None` for all.
    left: Option<usize>,
}

/// The switches of one world; clones share them. Methods are named as in the
/// specification, in any case; `*` is all of them and `download` the files' address.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rules: Vec<Rule>,
    limits: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            rules: Vec::new(),
            limits: true,
        })))
    }
}

impl Faults {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, method: &str, fault: Fault, left: Option<usize>) {
        let method = method.to_owned();
        self.with(|state| state.rules.push(Rule { method, fault, left }));
    }

    /// Befalls the next `times` requests of that method.
    pub fn next(&self, method: &str, fault: Fault, times: usize) {
        self.add(method, fault, Some(times));
    }

    /// Befalls every request of that method until [`Faults::clear`].
    pub fn all(&self, method: &str, fault: Fault) {
        self.add(method, fault, None);
    }

    /// Mends everything; the rate limits stay as they are.
    pub fn clear(&self) {
        self.with(|state| state.rules.clear());
    }

    /// Switches the rate limits on (as they are at first) or off.
    pub fn limits(&self, on: bool) {
        self.with(|state| state.limits = on);
    }

    pub(super) fn limited(&self) -> bool {
        self.with(|state| state.limits)
    }

    /// What befalls a request now, in order: delays, and at most one thing that ends it.
    pub(super) fn strike(&self, method: &str) -> Vec<Fault> {
        self.with(|state| {
            let mut struck = Vec::new();
            for rule in &mut state.rules {
                let all = rule.method == "*" && method != "webhook";
                if rule.left == Some(0) || !(all || rule.method.eq_ignore_ascii_case(method)) {
                    continue;
                }
                rule.left = rule.left.map(|n| n - 1);
                struck.push(rule.fault.clone());
                if !matches!(rule.fault, Fault::Delay(_)) {
                    break;
                }
            }
            state.rules.retain(|rule| rule.left != Some(0));
            struck
        })
    }
}
