//! The connections: opened with the session that the store wants, lent for a while, never waited for for ever.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::mysql::{
    MySqlConnectOptions, MySqlConnection, MySqlPool, MySqlPoolOptions, MySqlQueryResult, MySqlRow, MySqlStatement,
    MySqlTypeInfo,
};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Describe, Either, Error, Execute, Executor, MySql, SqlStr};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use super::fault;
use super::hosts::Hosts;
use super::idle::{Idle, Origin};
use super::link::{Link, Turns};

/// How long one attempt to get a connection may take: a server that is frozen greets nobody.
const ONE_TRY: Duration = Duration::from_secs(3);
/// How long a connection is waited for in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// How many statements a connection keeps prepared: all there are, with some for several numbers of rows. A server
/// permits 16,382 in all (`max_prepared_stmt_count`).
const STATEMENTS: usize = 160;

/// The pool, and the servers behind it.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    inner: MySqlPool,
    hosts: Arc<Hosts>,
    idle: Arc<Idle>,
    /// As many as there may be connections.
    turns: Arc<Semaphore>,
    /// Where not all connections may be used.
    part: Option<Arc<Semaphore>>,
}

impl Pool {
    /// A pool that connects when it is first used. `hosts` are the servers in the order of preference.
    pub(super) fn new(hosts: Vec<MySqlConnectOptions>, connections: u32) -> Self {
        let hosts: Vec<_> = hosts
            .into_iter()
            .map(|host| host.statement_cache_capacity(STATEMENTS))
            .collect();
        let first = hosts.first().cloned().unwrap_or_default();
        let hosts = Arc::new(Hosts::new(hosts));
        let (session, by_hook) = (Arc::new(OnceCell::new()), Arc::clone(&hosts));
        let inner = MySqlPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ONE_TRY)
            .after_connect(move |connection, _| {
                let session = Arc::clone(&session);
                Box::pin(async move { set_session(connection, &session).await })
            })
            .before_acquire(move |_, about| {
                let is_left = by_hook.is_left(about.age);
                Box::pin(async move { Ok(!is_left) })
            })
            .connect_lazy_with(first);
        Self {
            idle: Arc::new(Idle::new(inner.clone(), Arc::clone(&hosts))),
            inner,
            hosts,
            turns: Arc::new(Semaphore::new(connections as usize)),
            part: None,
        }
    }

    /// The same connections, of which so many are used at once.
    pub(super) fn with_at_most(&self, connections: usize) -> Self {
        Self {
            part: Some(Arc::new(Semaphore::new(connections))),
            ..self.clone()
        }
    }

    /// The same connections, all of them.
    pub(super) fn whole(&self) -> Self {
        Self {
            part: None,
            ..self.clone()
        }
    }

    /// Where migrations run: they may take longer than any loan. With the connections that are lent to nobody.
    pub(super) fn unbounded(&self) -> &MySqlPool {
        self.idle.clear();
        &self.inner
    }

    /// A connection, on loan.
    pub(super) async fn link(&self) -> Result<Link, Error> {
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(20);
        loop {
            if self.hosts.is_doubted() {
                self.hosts.look(&self.inner).await;
            }
            // For one attempt: while the database is away, whoever has a turn would keep all others waiting.
            let Ok(turns) = timeout(ONE_TRY, self.turns()).await else {
                if Instant::now() >= until {
                    return Err(Error::PoolTimedOut);
                }
                // Perhaps all who have one wait for a server that hangs.
                self.hosts.doubt();
                continue;
            };
            match self.connection().await {
                Ok((connection, origin)) => {
                    let (hosts, idle) = (Arc::clone(&self.hosts), Arc::clone(&self.idle));
                    return Ok(Link::new(connection, hosts, idle, origin, turns));
                }
                Err(error) if fault::is_outage(&error) && Instant::now() < until => self.hosts.doubt(),
                Err(error) => return Err(error),
            }
            drop(turns);
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// The right to one of the connections, and to one of the part.
    async fn turns(&self) -> Turns {
        let part = match &self.part {
            Some(part) => Arc::clone(part).acquire_owned().await.ok(),
            None => None,
        };
        [part, Arc::clone(&self.turns).acquire_owned().await.ok()]
    }

    /// A connection to the server that is used now.
    async fn connection(&self) -> Result<(PoolConnection<MySql>, Origin), Error> {
        let since = self.hosts.since();
        if let Some(spare) = self.idle.take(since).await {
            return Ok(spare);
        }
        let connection = self.inner.acquire().await?;
        let made = std::time::Instant::now();
        Ok((connection, Origin { since, made }))
    }

    /// How many connections are open, how many of them are free, and how many there may be.
    pub(super) fn sizes(&self) -> (u32, usize, u32) {
        let most = self.inner.options().get_max_connections();
        (self.inner.size(), self.inner.num_idle() + self.idle.len(), most)
    }

    pub(super) async fn close(&self) {
        let closing = self.inner.close();
        self.idle.close().await;
        closing.await;
    }
}

/// Variables that only some servers have, and what they are set to.
const WHERE_KNOWN: [(&str, &str); 2] = [
    // The open transaction of a replica that is frozen frees its locks.
    ("idle_transaction_timeout", "10"),
    // What one node of a Galera cluster has committed is seen on every other.
    ("wsrep_sync_wait", "1"),
];

/// Sets up a new connection in one round trip; the first of all asks what the server knows.
async fn set_session(connection: &mut MySqlConnection, session: &OnceCell<String>) -> Result<(), Error> {
    let sql = session.get_or_try_init(|| session_for(connection)).await?.clone();
    connection.execute(AssertSqlSafe(sql)).await?;
    Ok(())
}

async fn session_for(connection: &mut MySqlConnection) -> Result<String, Error> {
    let known: Vec<(String, String)> =
        sqlx::query_as("SHOW VARIABLES WHERE Variable_name IN ('idle_transaction_timeout', 'wsrep_sync_wait')")
            .fetch_all(connection)
            .await?;
    // Every read that decides something locks its row, so repeatable reads would only add gap locks, and with them
    // deadlocks. Whoever waits for a lock longer than this had better begin again.
    // MariaDB cuts what it gathers from rows there, MySQL some of it much sooner.
    let mut sql = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
                   SET SESSION group_concat_max_len = 1048576, SESSION innodb_lock_wait_timeout = 4"
        .to_owned();
    for (name, value) in WHERE_KNOWN {
        if known.iter().any(|(known, _)| known == name) {
            let _ = write!(sql, ", SESSION {name} = {value}");
        }
    }
    Ok(sql)
}

impl<'p> Executor<'p> for &'p Pool {
    type Database = MySql;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<MySqlQueryResult, MySqlRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, MySql>,
    {
        let all = async move {
            let mut link = self.link().await?;
            link.fetch_many(query).try_collect::<Vec<_>>().await
        };
        stream::once(all)
            .map_ok(|steps| stream::iter(steps.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<MySqlRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, MySql>,
    {
        Box::pin(async move { self.link().await?.fetch_optional(query).await })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [MySqlTypeInfo],
    ) -> BoxFuture<'e, Result<MySqlStatement, Error>>
    where
        'p: 'e,
    {
        Box::pin(async move { self.link().await?.prepare_with(sql, parameters).await })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<MySql>, Error>>
    where
        'p: 'e,
    {
        Box::pin(async move { self.link().await?.describe(sql).await })
    }
}
