//! What waits for the bot: updates, kept until it confirms them.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

/// Kinds of update that only come when asked for by name.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Where updates are posted to, instead of being fetched.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub(super) url: url::Url,
    pub(super) secret: Option<String>,
    pub(super) max_connections: i64,
    /// When the last delivery failed, and why.
    pub(super) error: Option<(i64, String)>,
}

#[derive(Clone, Debug)]
struct Waiting {
    id: i64,
    update: Value,
    /// It comes a second time, so that an offset past it does not confirm it until it has been given out.
    again: bool,
}

/// The queue of one bot.
#[derive(Debug)]
pub(super) struct Queue {
    last: i64,
    waiting: VecDeque<Waiting>,
    all: BTreeMap<i64, Value>,
    /// `None` for the default list.
    pub(super) allowed: Option<Vec<String>>,
    /// Which `getUpdates` is the newest; the others are turned away.
    pub(super) poller: u64,
    pub(super) webhook: Option<Webhook>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            last: 731_000_000,
            waiting: VecDeque::new(),
            all: BTreeMap::new(),
            allowed: None,
            poller: 0,
            webhook: None,
        }
    }
}

impl Queue {
    /// Adds an update, if the bot wants that kind.
    pub(super) fn push(&mut self, kind: &str, body: Value) {
        let wanted = match &self.allowed {
            Some(kinds) => kinds.iter().any(|k| k == kind),
            None => !ON_REQUEST.contains(&kind),
        };
        if wanted {
            self.push_raw(Value::Object([(kind.to_owned(), body)].into_iter().collect()));
        }
    }

    /// Adds an update as it is, with its number filled in.
    pub(super) fn push_raw(&mut self, mut update: Value) -> i64 {
        self.last += 1;
        if let Some(fields) = update.as_object_mut() {
            fields.insert("update_id".to_owned(), json!(self.last));
        }
        self.all.insert(self.last, update.clone());
        self.waiting.push_back(Waiting {
            id: self.last,
            update,
            again: false,
        });
        self.last
    }

    /// Queues an earlier update again, in its place: an offset confirms all before it, so none may come too early.
    pub(super) fn again(&mut self, id: i64) {
        if let Some(update) = self.all.get(&id).cloned() {
            let place = self.waiting.partition_point(|waiting| waiting.id < id);
            let waiting = Waiting {
                id,
                update,
                again: true,
            };
            self.waiting.insert(place, waiting);
        }
    }

    pub(super) fn last(&self) -> i64 {
        self.last
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// What waits, a line an update.
    pub(super) fn waiting(&self) -> String {
        let lines: Vec<String> = self.waiting.iter().map(|w| w.update.to_string()).collect();
        lines.join("\n")
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Forgets what an offset confirms: all before it, or all but the last few when it is negative.
    pub(super) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let drop = self.waiting.len().saturating_sub(keep);
            self.waiting.drain(..drop);
        } else {
            self.waiting.retain(|w| w.again || w.id >= offset);
        }
    }

    /// The oldest updates; they stay until confirmed.
    pub(super) fn batch(&mut self, limit: usize) -> Vec<Value> {
        let given = self.waiting.iter_mut().take(limit);
        given
            .map(|w| {
                w.again = false;
                w.update.clone()
            })
            .collect()
    }

    /// The oldest update, for the webhook.
    pub(super) fn first(&self) -> Option<(i64, Value)> {
        self.waiting.front().map(|w| (w.id, w.update.clone()))
    }

    /// The webhook took it.
    pub(super) fn taken(&mut self, id: i64) {
        if let Some(at) = self.waiting.iter().position(|w| w.id == id) {
            self.waiting.remove(at);
        }
    }
}
