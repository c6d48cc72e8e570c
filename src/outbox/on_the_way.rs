//! What is on its way, and for how much more there is room.

use std::collections::HashMap;

use crate::domain::ids::OutboxId;
use crate::domain::platform::Carrier;
use crate::store::outbox::{Dest, OutboxRow};

/// How many deliveries are on the way at once, on each platform.
pub(super) const AT_ONCE: usize = 128;
/// How many letters: mail servers allow few connections from one address, and each takes one.
const LETTERS_AT_ONCE: usize = 4;
/// How many of them to one place or person: a slow one does not take the room of others.
pub(super) const ABREAST: usize = 8;

/// The destinations to which something is on the way, and how many deliveries that is: by each carrier, and to each
/// place or person. What is told together is one.
#[derive(Default)]
pub(super) struct OnTheWay {
    /// By destination: the row on its way.
    pub dests: HashMap<String, OutboxId>,
    deliveries: HashMap<Option<Carrier>, usize>,
    readers: HashMap<String, usize>,
    /// The destinations where something has ended since the last look began: what it has read of them may be told.
    pub ended: HashMap<String, Ended>,
}

/// A destination, with its shard and its carrier.
#[derive(Clone)]
pub(super) struct Lane {
    pub carrier: Option<Carrier>,
    pub dest: Dest,
}

/// A destination where something has ended.
pub(super) struct Ended {
    pub carrier: Option<Carrier>,
    pub dest: Dest,
    /// Whether it is told, and not there any more.
    pub is_told: bool,
}

impl OnTheWay {
    /// Whether the row may set off. Where nothing is limited, a place or person may take a quarter of the room there is.
    pub fn is_free(&self, row: &OutboxRow, is_limited: bool) -> bool {
        let abreast = self.readers.get(row.reader()).copied().unwrap_or_default();
        let is_known = self.dests.contains_key(&row.dest) || self.ended.contains_key(&row.dest);
        let room = self.room_on(row.carrier);
        let most = if is_limited { ABREAST } else { ABREAST.max(room / 4) };
        room > 0 && abreast < most && !is_known
    }

    pub fn room_on(&self, carrier: Option<Carrier>) -> usize {
        let deliveries = self.deliveries.get(&carrier).copied().unwrap_or_default();
        let most = match carrier {
            Some(Carrier::Mail) => LETTERS_AT_ONCE,
            Some(Carrier::Chat(_)) | None => AT_ONCE,
        };
        most.saturating_sub(deliveries)
    }

    pub fn start(&mut self, row: &OutboxRow) {
        self.dests.insert(row.dest.clone(), row.id);
        *self.deliveries.entry(row.carrier).or_default() += 1;
        *self.readers.entry(row.reader().to_owned()).or_default() += 1;
    }

    /// Takes a row on its way together with others; unless something is on the way to its destination.
    pub fn take(&mut self, row: &OutboxRow) -> bool {
        let is_free = !self.dests.contains_key(&row.dest);
        if is_free {
            self.dests.insert(row.dest.clone(), row.id);
        }
        is_free
    }

    pub fn arrived(&mut self, row: &OutboxRow, is_delivery: bool, is_told: bool) {
        self.dests.remove(&row.dest);
        let ended = Ended {
            carrier: row.carrier,
            dest: (row.shard, row.dest.clone()),
            is_told,
        };
        self.ended.insert(row.dest.clone(), ended);
        if is_delivery {
            self.make_room(row);
        }
    }

    pub fn make_room(&mut self, row: &OutboxRow) {
        if let Some(deliveries) = self.deliveries.get_mut(&row.carrier) {
            *deliveries -= 1;
        }
        if let Some(abreast) = self.readers.get_mut(row.reader()) {
            *abreast -= 1;
            if *abreast == 0 {
                self.readers.remove(row.reader());
            }
        }
    }
}
