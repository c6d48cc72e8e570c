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
    /// How many updates were left in the inbox since all of it was in hand.
    left: u64,
    /// When all of it was in hand, by the replica's generation.
    looked: Option<u64>,
}

impl Lanes {
    /// Whether a new update of a conversation can be taken in hand at once. Otherwise there is no room for it, or
    /// there may be earlier ones in the inbox, which go first.
    pub(super) fn takes(&self, lane: &str, generation: u64) -> bool {
        let queued = self.queues.get(lane).map_or(0, BTreeMap::len);
        self.left == 0 && self.looked == Some(generation) && queued < super::ABREAST as usize && !self.is_full()
    }

    /// Leaves one in the inbox, for the next look.
    pub(super) fn leave(&mut self) {
        self.left += 1;
    }

    /// How many were left so far: said again to [`Lanes::looked`].
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// The inbox has been looked at in that generation, and all that was in it is in hand. What was left meanwhile
    /// counts on.
    pub(super) fn looked(&mut self, left: u64, generation: u64) {
        if self.left == left {
            self.left = 0;
            self.looked = Some(generation);
        }
    }

    /// Whether there is room for no more.
    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= super::MOST as usize
    }

    /// Takes an update in hand; not one that is already.
    pub(super) fn reserve(&mut self, id: InboxId) -> bool {
        self.known.insert(id)
    }

    /// Queues an update in hand, in its place; says whether its conversation is to be worked on from now on.
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

    /// Lets go of an update and all that waits behind it: they stay in the inbox, for the next look or another replica.
    pub(super) fn lose(&mut self, id: InboxId, lane: &str) {
        self.known.remove(&id);
        for id in self.queues.remove(lane).unwrap_or_default().into_keys() {
            self.known.remove(&id);
        }
        self.leave();
    }
}
