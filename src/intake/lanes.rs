//! The updates that this process has in hand: a queue for each conversation.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::ids::InboxId;
use crate::store::inbox::InboxRow;

/// An update in hand.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) row: InboxRow,
    /// Another life of the program may have ended over it.
    pub(super) inherited: bool,
}

/// The queues.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// A conversation is here for as long as somebody works on it.
    queues: HashMap<String, BTreeMap<InboxId, Waiting>>,
    /// All that are in hand: in a queue, being handled, or resting until their answer is tried again.
    known: HashSet<InboxId>,
    /// How many updates were left in the inbox since the last look at it.
    left: u64,
}

impl Lanes {
    /// Whether a new update can be taken in hand. Otherwise there is no room for it, or earlier ones were left in the
    /// inbox and go first.
    pub(super) fn takes(&self) -> bool {
        self.left == 0 && !self.is_full()
    }

    /// Leaves one in the inbox, for the next look.
    pub(super) fn leave(&mut self) {
        self.left += 1;
    }

    /// How many were left so far: said again to [`Lanes::looked`].
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// The inbox has been looked at, and all that was in it is in hand. What was left meanwhile counts on.
    pub(super) fn looked(&mut self, left: u64) {
        if self.left == left {
            self.left = 0;
        }
    }

    /// Whether there is room for no more.
    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= super::MOST as usize
    }

    /// Whether an update is in hand.
    pub(super) fn knows(&self, id: InboxId) -> bool {
        self.known.contains(&id)
    }

    /// Queues an update, in its place; says whether its conversation is to be worked on from now on.
    pub(super) fn add(&mut self, waiting: Waiting) -> bool {
        if !self.known.insert(waiting.row.id) {
            return false;
        }
        self.queue(waiting)
    }

    /// Queues an update again whose answer has rested.
    pub(super) fn queue(&mut self, waiting: Waiting) -> bool {
        let begins = !self.queues.contains_key(&waiting.row.lane);
        let queue = self.queues.entry(waiting.row.lane.clone()).or_default();
        queue.insert(waiting.row.id, waiting);
        begins
    }

    /// The next update of a conversation; nobody works on it any more when there is none.
    pub(super) fn next(&mut self, lane: &str) -> Option<Waiting> {
        let next = self.queues.get_mut(lane)?.pop_first();
        if next.is_none() {
            self.queues.remove(lane);
        }
        next.map(|(_, waiting)| waiting)
    }

    /// Lets go of an update.
    pub(super) fn forget(&mut self, id: InboxId) {
        self.known.remove(&id);
    }

    /// Lets go of all that waits in a conversation: it is another's now.
    pub(super) fn forget_lane(&mut self, lane: &str) {
        for id in self.queues.remove(lane).unwrap_or_default().into_keys() {
            self.known.remove(&id);
        }
    }
}
