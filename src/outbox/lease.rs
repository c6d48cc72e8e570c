//! The leases on the shards: who may send.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::store::{Fault, Store};

/// How long a lease lasts, in seconds.
const LEASE: u32 = 20;
/// How often it is renewed.
const RENEW: Duration = Duration::from_secs(5);
/// Nothing is sent later than this after a renewal began: a request takes at most 10 s, and ends within the lease.
const USABLE: Duration = Duration::from_secs(9);

/// The leases that this process holds.
pub(super) struct Leases {
    owner: String,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    shards: HashSet<u16>,
    /// When the last renewal that succeeded began.
    renewed: Option<Instant>,
}

impl Leases {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            owner: format!("{:032x}", rand::random::<u128>()),
            held: Mutex::default(),
        }
    }

    /// Whether the shard is ours for long enough to send something now.
    pub(super) fn usable(&self, shard: u16) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.renewed.is_some_and(|renewed| renewed.elapsed() < USABLE) && held.shards.contains(&shard)
    }

    /// Renews them when it is time, and takes those that are free.
    pub(super) async fn renew(&self, store: &Store) -> Result<(), Fault> {
        let begun = Instant::now();
        let is_fresh = |held: &Held| held.renewed.is_some_and(|renewed| begun - renewed < RENEW);
        if is_fresh(&self.held.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let shards = store.lease_shards(&self.owner, LEASE).await?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Held {
            shards: shards.into_iter().collect(),
            renewed: Some(begun),
        };
        Ok(())
    }

    /// Gives them back.
    pub(super) async fn release(&self, store: &Store) -> Result<(), Fault> {
        store.release_shards(Some(&self.owner)).await
    }
}
