//! The servers that may hold the database: one is used, the others are for failover.
//!
//! All replicas look for one in the same order, so they come to the same. The one that is used is used until it
//! fails: nobody goes back to a server that may have missed something.

use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::mysql::{MySqlConnectOptions, MySqlPool};
use sqlx::{ConnectOptions, Connection, Error};
use tokio::time::timeout;

use super::fault;

/// How long a server has to show that it can be used.
const LOOK: Duration = Duration::from_secs(2);

/// The servers, in the order of preference.
#[derive(Debug)]
pub(super) struct Hosts {
    all: Vec<MySqlConnectOptions>,
    chosen: Mutex<Chosen>,
    /// One looks for all.
    looking: tokio::sync::Mutex<()>,
    /// Something failed on the one that is used.
    doubted: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Chosen {
    index: usize,
    since: Instant,
}

impl Hosts {
    pub(super) fn new(all: Vec<MySqlConnectOptions>) -> Self {
        Self {
            all,
            chosen: Mutex::new(Chosen {
                index: 0,
                since: Instant::now(),
            }),
            looking: tokio::sync::Mutex::default(),
            doubted: AtomicBool::new(true),
        }
    }

    /// Something failed: before the next loan, the servers are looked at.
    pub(super) fn doubt(&self) {
        self.doubted.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_doubted(&self) -> bool {
        self.all.len() > 1 && self.doubted.load(Ordering::Relaxed)
    }

    /// Whether a connection of that age leads to a server that is not used any more.
    pub(super) fn is_left(&self, age: Duration) -> bool {
        Instant::now()
            .checked_sub(age)
            .is_some_and(|made| made < self.chosen().since)
    }

    /// Points `pool` at the first server that answers and takes writes, unless the one that is used does. With none,
    /// all stays as it is.
    pub(super) async fn look(&self, pool: &MySqlPool) {
        let asked = Instant::now();
        let _one = self.looking.lock().await;
        // Another has looked meanwhile.
        if self.chosen().since > asked || !self.is_doubted() {
            return;
        }
        for index in iter::once(self.chosen().index).chain(0..self.all.len()) {
            let Some(options) = self.all.get(index) else { continue };
            if matches!(timeout(LOOK, takes_writes(options)).await, Ok(Ok(true))) {
                self.doubted.store(false, Ordering::Relaxed);
                self.choose(pool, index);
                return;
            }
        }
    }

    fn choose(&self, pool: &MySqlPool, index: usize) {
        let Some(options) = self.all.get(index).filter(|_| self.chosen().index != index) else {
            return;
        };
        tracing::warn!(
            db.host = options.get_host(),
            db.port = options.get_port(),
            "another database server is used now"
        );
        pool.set_connect_options(options.clone());
        let since = Instant::now();
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = Chosen { index, since };
    }

    fn chosen(&self) -> Chosen {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn takes_writes(options: &MySqlConnectOptions) -> Result<bool, Error> {
    let mut connection = options.connect().await?;
    let read_only: String = sqlx::query_scalar("SELECT CAST(@@GLOBAL.read_only AS CHAR)")
        .fetch_one(&mut connection)
        .await?;
    // A Galera node without its cluster says what it is worth only when a table is read.
    let read = sqlx::query("SELECT version FROM _sqlx_migrations LIMIT 1")
        .fetch_optional(&mut connection)
        .await;
    connection.close().await?;
    // On an empty database there is no such table yet.
    let reads = read.err().is_none_or(|error| fault::spares_connection(&error));
    Ok(reads && matches!(read_only.as_str(), "0" | "OFF"))
}
