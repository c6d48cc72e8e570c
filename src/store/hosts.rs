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
    /// One looks for all: when the last look ended that found none.
    looking: tokio::sync::Mutex<Option<Instant>>,
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

    /// Since when the server is used that is.
    pub(super) fn since(&self) -> Instant {
        self.chosen().since
    }

    /// Points `pool` at the first server that answers and takes writes, unless the one that is used does. With none,
    /// all stays as it is.
    pub(super) async fn look(&self, pool: &MySqlPool) {
        let asked = Instant::now();
        let mut found_none = self.looking.lock().await;
        // Another has looked meanwhile. Where servers hang, all who wait would otherwise look in turn, seconds each.
        if self.chosen().since > asked || !self.is_doubted() || found_none.is_some_and(|at| at > asked) {
            return;
        }
        let first = self.chosen().index;
        let others = (0..self.all.len()).filter(|index| *index != first);
        for index in iter::once(first).chain(others) {
            let Some(options) = self.all.get(index) else { continue };
            if matches!(timeout(LOOK, takes_writes(options)).await, Ok(Ok(true))) {
                self.doubted.store(false, Ordering::Relaxed);
                self.choose(pool, index);
                return;
            }
        }
        *found_none = Some(Instant::now());
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

#[cfg(test)]
mod tests {
    use sqlx::mysql::MySqlPoolOptions;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn where_every_server_hangs_one_look_is_enough_for_all_who_wait() {
        // They take connections and say nothing.
        let hanging = [
            TcpListener::bind("127.0.0.1:0").await,
            TcpListener::bind("127.0.0.1:0").await,
        ];
        let hanging = hanging.map(Result::unwrap);
        let options = |listener: &TcpListener| {
            let port = listener.local_addr().unwrap().port();
            MySqlConnectOptions::new().host("127.0.0.1").port(port)
        };
        let hosts = Hosts::new(hanging.iter().map(options).collect());
        let pool = MySqlPoolOptions::new().connect_lazy_with(options(&hanging[0]));
        let begun = Instant::now();
        tokio::join!(hosts.look(&pool), hosts.look(&pool), hosts.look(&pool));
        let took = begun.elapsed();
        assert!(took >= LOOK * 2 && took < LOOK * 3, "{took:?}");
        assert!(hosts.is_doubted());
    }
}
