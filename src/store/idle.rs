//! Connections that were given back a moment ago, lent again without a word to the server: sqlx's own pool asks it at
//! the beginning of every loan and at its end whether it is there, which costs as much as two short queries.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sqlx::Connection as _;
use sqlx::mysql::{MySql, MySqlPool};
use sqlx::pool::PoolConnection;
use tokio::time::timeout;

/// After so long a connection has to show that it is still good.
const FRESH: Duration = Duration::from_secs(1);
/// How long that may take.
const SHOWING: Duration = Duration::from_secs(2);

/// The connections, the one that was used last at the end.
#[derive(Debug)]
pub(super) struct Idle {
    pool: MySqlPool,
    connections: Mutex<Vec<Spare>>,
    /// When a connection broke last: those given back before have to show that they are good.
    doubted: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Spare {
    connection: PoolConnection<MySql>,
    /// Since when the server was used that it leads to.
    since: Instant,
    given_back: Instant,
}

impl Idle {
    pub(super) fn new(pool: MySqlPool) -> Self {
        let (connections, doubted) = (Mutex::default(), Mutex::default());
        Self {
            pool,
            connections,
            doubted,
        }
    }

    /// A connection that is good, to the server that is used since then.
    pub(super) async fn take(&self, since: Instant) -> Option<PoolConnection<MySql>> {
        loop {
            let mut spare = self.connections().pop()?;
            if spare.since != since {
                drop(spare.connection.detach());
                continue;
            }
            let is_good = self.is_fresh(spare.given_back)
                || matches!(timeout(SHOWING, spare.connection.ping()).await, Ok(Ok(())));
            if is_good {
                return Some(spare.connection);
            }
            drop(spare.connection.detach());
            self.forget_stale();
        }
    }

    /// Where one that had to show that it is good was not, to ask the others would take as long again for each.
    fn forget_stale(&self) {
        let mut connections = self.connections();
        for spare in connections.extract_if(.., |spare| !self.is_fresh(spare.given_back)) {
            drop(spare.connection.detach());
        }
    }

    /// One connection broke, and perhaps the others with it.
    pub(super) fn doubt(&self) {
        *self.doubted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_fresh(&self, given_back: Instant) -> bool {
        let doubted = *self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        given_back.elapsed() < FRESH && doubted.is_none_or(|at| given_back > at)
    }

    /// Keeps a connection on which nothing is going on.
    pub(super) fn keep(&self, connection: PoolConnection<MySql>, since: Instant) {
        let mut connections = self.connections();
        if self.pool.is_closed() {
            drop(connection.detach());
            return;
        }
        connections.push(Spare {
            connection,
            since,
            given_back: Instant::now(),
        });
    }

    /// Closes them all.
    pub(super) async fn close(&self) {
        let spares: Vec<Spare> = self.connections().drain(..).collect();
        let goodbyes = spares
            .into_iter()
            .map(|spare| timeout(SHOWING, spare.connection.close()));
        join_all(goodbyes).await;
    }

    pub(super) fn len(&self) -> usize {
        self.connections().len()
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Spare>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
