//! Connections that were given back a moment ago, lent again without a word to the server: sqlx's own pool asks it at
//! the beginning of every loan and at its end whether it is there, which costs as much as two short queries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sqlx::Connection as _;
use sqlx::mysql::{MySql, MySqlPool};
use sqlx::pool::PoolConnection;
use tokio::time::timeout;

use super::hosts::Hosts;

/// After so long a connection has to show that it is still good.
const FRESH: Duration = Duration::from_secs(1);
/// How long that may take.
const SHOWING: Duration = Duration::from_secs(2);
/// After so long a connection is made anew, and one that nobody used is closed: what an address leads to may change.
const OLD: Duration = Duration::from_mins(30);
const UNUSED: Duration = Duration::from_mins(10);

/// The connections, the one that was used last at the end.
#[derive(Debug)]
pub(super) struct Idle {
    pool: MySqlPool,
    hosts: Arc<Hosts>,
    connections: Mutex<Vec<Spare>>,
    /// When a connection broke last: those given back before have to show that they are good.
    doubted: Mutex<Option<Instant>>,
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// Since when the server was used that it leads to.
    pub(super) since: Instant,
    pub(super) made: Instant,
}

/// Closed when it is dropped, be it in the middle of a question: it would be given back to sqlx's pool otherwise, with
/// an answer on its way that belongs to nobody.
#[derive(Debug)]
struct Spare {
    /// Gone once it is lent.
    connection: Option<PoolConnection<MySql>>,
    origin: Origin,
    given_back: Instant,
}

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}

impl Idle {
    pub(super) fn new(pool: MySqlPool, hosts: Arc<Hosts>) -> Self {
        let (connections, doubted) = (Mutex::default(), Mutex::default());
        Self {
            pool,
            hosts,
            connections,
            doubted,
        }
    }

    /// A connection that is good, to the server that is used since then.
    pub(super) async fn take(&self, since: Instant) -> Option<(PoolConnection<MySql>, Origin)> {
        loop {
            let mut spare = self.connections().pop()?;
            if spare.origin.since != since || spare.origin.made.elapsed() > OLD {
                continue;
            }
            if !self.is_fresh(spare.given_back) {
                let connection = spare.connection.as_mut()?;
                if !matches!(timeout(SHOWING, connection.ping()).await, Ok(Ok(()))) {
                    self.hosts.doubt();
                    self.forget_stale();
                    continue;
                }
            }
            return spare.connection.take().map(|connection| (connection, spare.origin));
        }
    }

    /// Where one that had to show that it is good was not, to ask the others would take as long again for each.
    fn forget_stale(&self) {
        self.connections().retain(|spare| self.is_fresh(spare.given_back));
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
    pub(super) fn keep(&self, connection: PoolConnection<MySql>, origin: Origin) {
        let spare = Spare {
            connection: Some(connection),
            origin,
            given_back: Instant::now(),
        };
        let mut connections = self.connections();
        if !self.pool.is_closed() {
            connections.push(spare);
        }
        if connections
            .first()
            .is_some_and(|oldest| oldest.given_back.elapsed() > UNUSED)
        {
            connections.remove(0);
        }
    }

    /// Closes them all, without a word.
    pub(super) fn clear(&self) {
        self.connections().clear();
    }

    /// Closes them all.
    pub(super) async fn close(&self) {
        let spares: Vec<Spare> = self.connections().drain(..).collect();
        let connections = spares.into_iter().filter_map(|mut spare| spare.connection.take());
        join_all(connections.map(|connection| timeout(SHOWING, connection.close()))).await;
    }

    pub(super) fn len(&self) -> usize {
        self.connections().len()
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Spare>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
