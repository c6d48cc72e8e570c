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

/// An update in a queue.
#[derive(Debug)]
pub(super) enum Queued {
    /// As it was stored, or read before.
    Read(Waiting),
    /// To be read from the inbox when its turn has come: it may be answered by then.
    Unread {
        /// Its id.
        id: InboxId,
        /// Another life of the program may have ended over it.
        inherited: bool,
    },
}

impl Queued {
    fn id(&self) -> InboxId {
        match self {
            Self::Read(waiting) => waiting.row.id,
            Self::Unread { id, .. } => *id,
        }
    }
}

/// The queues.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// A conversation is here for as long as somebody works on it.
    queues: HashMap<String, BTreeMap<InboxId, Queued>>,
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

    /// Takes an update in hand, unless it is already, and queues it, both at once: one that comes later must not be
    /// queued before. Says whether its conversation is to be worked on from now on.
    pub(super) fn take(&mut self, lane: &str, queued: Queued) -> bool {
        self.known.insert(queued.id()) && self.queue(lane, queued)
    }

    /// Queues an update in hand, in its place; says whether its conversation is to be worked on from now on.
    pub(super) fn queue(&mut self, lane: &str, queued: Queued) -> bool {
        let begins = !self.queues.contains_key(lane);
        let queue = self.queues.entry(lane.to_owned()).or_default();
        queue.insert(queued.id(), queued);
        begins
    }

    /// The next update of a conversation; nobody works on it any more when there is none.
    pub(super) fn next(&mut self, lane: &str) -> Option<(InboxId, Queued)> {
        let next = self.queues.get_mut(lane)?.pop_first();
        if next.is_none() {
            self.queues.remove(lane);
        }
        next
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

#[cfg(test)]
mod tests {
    use super::{InboxId, Lanes, Queued};

    fn unread(id: u64) -> Queued {
        let (id, inherited) = (InboxId(id), false);
        Queued::Unread { id, inherited }
    }

    #[test]
    fn a_conversation_goes_in_the_order_of_its_updates_each_once() {
        let mut lanes = Lanes::default();
        assert!(lanes.take("lina", unread(7)));
        // The look finds it and those behind it, while the worker has the first.
        assert!(matches!(lanes.next("lina"), Some((InboxId(7), _))));
        for id in [9, 7, 8, 9] {
            assert!(!lanes.take("lina", unread(id)));
        }
        assert!(matches!(lanes.next("lina"), Some((InboxId(8), _))));
        assert!(matches!(lanes.next("lina"), Some((InboxId(9), _))));
        assert!(lanes.next("lina").is_none());
        lanes.forget(InboxId(7));
        assert!(lanes.take("lina", unread(7)));
    }
}
