//! This process among those that share its database: which conversations and destinations are its own.
//!
//! Conversations (inbox lanes) and destinations (outbox) fall into 64 shards, and `shard_leases` says which
//! replica may work on each. A lease lasts sixteen seconds by the database's clock and is renewed every second;
//! work begins only within five seconds of a renewal, and no request takes longer than ten. So a replica that was
//! frozen or cut off has stopped by the time another may begin; all but the sending of files, which may take two minutes
//! and can then be seen done twice. Who dies is replaced once its leases end, who
//! leaves at once; who comes gets a fair share as soon as the others have put it down.
//!
//! What only one may do at all is a [`Duty`].

mod duty;
mod identity;

pub use duty::Duty;
pub use identity::Identity;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::metrics;
use crate::store::leases::{SHARDS, Standing};
use crate::store::{Fault, Store};

/// How long a lease lasts, in seconds.
const LEASE: u32 = 16;
/// How often it is renewed.
const RENEW: Duration = Duration::from_secs(1);
/// How long one renewal may take: there is time for another.
const PATIENCE: Duration = Duration::from_secs(3);
/// Nothing begins later than this after a renewal began: what takes ten seconds more ends within the lease.
const USABLE: Duration = Duration::from_secs(5);

/// One process that serves the desk.
#[derive(Debug)]
pub struct Replica {
    identity: Identity,
    store: Store,
    held: Mutex<Held>,
    /// Changes when shards are gained.
    gains: watch::Sender<u64>,
}

#[derive(Debug)]
struct Held {
    shards: HashMap<u16, Tenure>,
    /// When the last renewal that succeeded began.
    renewed: Option<Instant>,
    replicas: u32,
    /// Counts the times when shards were gained, or replicas came or went.
    generation: u64,
}

/// The time from gaining a shard to losing it.
#[derive(Debug, Default)]
struct Tenure {
    /// Who works in the shard has a clone.
    token: Arc<()>,
    /// Nothing new begins: others shall have it.
    leaving: bool,
}

/// A shard in use: it is not given away meanwhile.
#[derive(Debug)]
pub struct Hold {
    replica: Arc<Replica>,
    shard: u16,
    token: Arc<()>,
}

impl Hold {
    /// Whether the shard is still ours, for long enough to send something now.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let held = self.replica.held();
        let tenure = held.shards.get(&self.shard);
        held.is_fresh() && tenure.is_some_and(|tenure| Arc::ptr_eq(&tenure.token, &self.token))
    }
}

impl Replica {
    /// A replica that holds nothing yet.
    #[must_use]
    pub fn new(store: Store, identity: Identity) -> Arc<Self> {
        let held = Held {
            shards: HashMap::new(),
            renewed: None,
            replicas: 1,
            generation: 0,
        };
        Arc::new(Self {
            identity,
            store,
            held: Mutex::new(held),
            gains: watch::Sender::new(0),
        })
    }

    /// What this replica is called in the database.
    #[must_use]
    pub fn id(&self) -> &str {
        self.identity.id()
    }

    /// Whether the shard was ours at the last renewal, even if that is long ago.
    #[must_use]
    pub fn holds(&self, shard: u16) -> bool {
        self.held().shards.contains_key(&shard)
    }

    /// Begins work in a shard, if it is ours for long enough.
    #[must_use]
    pub fn hold(self: &Arc<Self>, shard: u16) -> Option<Hold> {
        let held = self.held();
        let tenure = held.shards.get(&shard).filter(|tenure| !tenure.leaving)?;
        held.is_fresh().then(|| Hold {
            replica: Arc::clone(self),
            shard,
            token: Arc::clone(&tenure.token),
        })
    }

    /// How many replicas there were at the last renewal, this one included.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.held().replicas
    }

    /// Changes whenever shards were gained, or replicas came or went: until the inbox has been looked at again, there
    /// may be earlier updates in it than the one just stored.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.held().generation
    }

    /// Lets the replicas that are here take note of this one, before it receives anything.
    pub async fn introduce(&self) {
        if self.count() > 1 {
            tokio::time::sleep(RENEW * 2).await;
        }
    }

    /// Changes whenever shards were gained: what waits in them may be taken up.
    #[must_use]
    pub fn gains(&self) -> watch::Receiver<u64> {
        self.gains.subscribe()
    }

    /// Renews the leases until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut told = false;
        loop {
            match self.renew().await {
                Ok(()) => told = false,
                Err(fault) if !told => {
                    tracing::warn!(cause = %fault, "the leases can't be renewed");
                    told = true;
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RENEW) => {}
            }
        }
    }

    /// Renews the leases once.
    ///
    /// # Errors
    /// [`Fault`]; what is held stays usable for as long as the last renewal allows.
    pub async fn renew(&self) -> Result<(), Fault> {
        let begun = Instant::now();
        let surplus = self.held().put_down();
        let renewed = self.store.renew_leases(self.id(), &surplus, LEASE);
        let Ok(standing) = tokio::time::timeout(PATIENCE, renewed).await else {
            return Err(Fault::Database(
                std::io::Error::from(std::io::ErrorKind::TimedOut).into(),
            ));
        };
        let standing = standing?;
        let gained = !standing.gained.is_empty();
        metrics::shards_held(standing.kept.len() + standing.gained.len());
        metrics::replicas(standing.replicas as usize);
        self.held().renew(standing, begun);
        if gained {
            self.gains.send_modify(|gains| *gains += 1);
        }
        Ok(())
    }

    /// Gives everything back.
    pub async fn leave(&self) {
        self.held().put_all_down();
        if let Err(fault) = self.store.leave(self.id()).await {
            tracing::warn!(cause = %fault, "the leases end by themselves");
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn is_fresh(&self) -> bool {
        self.renewed.is_some_and(|renewed| renewed.elapsed() < USABLE)
    }

    /// Chooses what is beyond a fair share, and gives what of it nobody works in any more.
    fn put_down(&mut self) -> Vec<u16> {
        let share = u32::from(SHARDS).div_ceil(self.replicas.max(1));
        let keep = usize::try_from(share).unwrap_or(usize::MAX);
        let mut shards: Vec<u16> = self.shards.keys().copied().collect();
        shards.sort_unstable();
        for (rank, shard) in shards.iter().enumerate() {
            if let Some(tenure) = self.shards.get_mut(shard) {
                tenure.leaving = rank >= keep;
            }
        }
        shards.retain(|shard| {
            let tenure = self.shards.get(shard);
            tenure.is_some_and(|tenure| tenure.leaving && Arc::strong_count(&tenure.token) == 1)
        });
        shards
    }

    fn put_all_down(&mut self) {
        self.shards.clear();
        self.renewed = None;
    }

    fn renew(&mut self, standing: Standing, begun: Instant) {
        if !standing.gained.is_empty() || standing.replicas != self.replicas {
            self.generation += 1;
        }
        let mut before = std::mem::take(&mut self.shards);
        for shard in standing.kept {
            self.shards.insert(shard, before.remove(&shard).unwrap_or_default());
        }
        for shard in standing.gained {
            self.shards.insert(shard, Tenure::default());
        }
        self.renewed = Some(begun);
        self.replicas = standing.replicas;
    }
}
