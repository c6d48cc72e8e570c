//! A connection on loan from the pool, on which nothing waits for ever.
//!
//! A server that is frozen, or a network that swallows packets, never answers: every statement has until the end
//! of the loan. And a connection is given back only when it is known to be sound: to drain an answer that was
//! abandoned, or to roll back on a server that hangs, would hang in the pool's own tasks.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::mysql::{MySqlQueryResult, MySqlRow, MySqlStatement, MySqlTypeInfo};
use sqlx::pool::PoolConnection;
use sqlx::{Describe, Either, Error, Execute, Executor, MySql, SqlStr};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout, timeout_at};

use super::fault;
use super::hosts::Hosts;
use super::idle::{Idle, Origin};

/// How long a loan, and with it a whole transaction, may last.
const LOAN: Duration = Duration::from_secs(10);
/// How long giving a connection back may take before it is closed instead.
const GIVING_BACK: Duration = Duration::from_secs(2);

/// The rights that come with a connection, over when it is back.
pub(super) type Turns = [Option<OwnedSemaphorePermit>; 2];

/// What is known of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    /// Inside a transaction.
    Open,
    /// A statement is on its way, was abandoned, or failed in a way that the connection does not survive.
    Broken,
}

/// The loan.
#[derive(Debug)]
pub(super) struct Link {
    /// Gone only once this is dropped.
    connection: Option<PoolConnection<MySql>>,
    hosts: Arc<Hosts>,
    idle: Arc<Idle>,
    origin: Origin,
    turns: Turns,
    until: Instant,
    state: State,
}

impl Link {
    pub(super) fn new(
        connection: PoolConnection<MySql>,
        hosts: Arc<Hosts>,
        idle: Arc<Idle>,
        origin: Origin,
        turns: Turns,
    ) -> Self {
        Self {
            connection: Some(connection),
            hosts,
            idle,
            origin,
            turns,
            until: Instant::now() + LOAN,
            state: State::Idle,
        }
    }

    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        self.execute("BEGIN").await?;
        self.state = State::Open;
        Ok(())
    }

    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.end("COMMIT").await
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), Error> {
        if self.state == State::Broken {
            return Ok(());
        }
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, statement: &'static str) -> Result<(), Error> {
        self.execute(statement).await?;
        self.state = State::Idle;
        Ok(())
    }

    /// Until the statement has ended, the connection counts as broken: its future may be dropped at any point.
    fn set_out(&mut self) -> Result<(&mut PoolConnection<MySql>, Instant, State), Error> {
        let before = std::mem::replace(&mut self.state, State::Broken);
        let connection = self.connection.as_mut().filter(|_| before != State::Broken);
        // What comes after a failure of the connection fails like it.
        let connection = connection.ok_or_else(|| Error::Io(io::ErrorKind::NotConnected.into()))?;
        Ok((connection, self.until, before))
    }

    fn arrive<T>(&mut self, before: State, ended: Result<Result<T, Error>, Elapsed>) -> Result<T, Error> {
        let ended = ended.unwrap_or_else(|_| Err(Error::Io(io::ErrorKind::TimedOut.into())));
        match &ended {
            Err(error) if !fault::spares_connection(error) => {
                self.hosts.doubt();
                self.idle.doubt();
            }
            _ => self.state = before,
        }
        ended
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        match (self.state, Handle::try_current()) {
            (State::Idle, _) => self.idle.keep(connection, self.origin),
            (State::Open, Ok(runtime)) => {
                let (idle, turns) = (Arc::clone(&self.idle), std::mem::take(&mut self.turns));
                drop(runtime.spawn(roll_back(connection, idle, self.origin, turns)));
            }
            // Outside of the pool it is closed without a word.
            _ => drop(connection.detach()),
        }
    }
}

/// Ends a transaction that was left open, and then the turns.
async fn roll_back(mut connection: PoolConnection<MySql>, idle: Arc<Idle>, origin: Origin, _turns: Turns) {
    match timeout(GIVING_BACK, connection.execute("ROLLBACK")).await {
        Ok(Ok(_)) => idle.keep(connection, origin),
        _ => drop(connection.detach()),
    }
}

/// What a statement gives: counts and rows.
type Step = Either<MySqlQueryResult, MySqlRow>;

impl<'c> Executor<'c> for &'c mut Link {
    type Database = MySql;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, MySql>,
    {
        let all = async move {
            let (connection, until, before) = self.set_out()?;
            let ended = timeout_at(until, connection.fetch_many(query).try_collect::<Vec<_>>()).await;
            self.arrive(before, ended)
        };
        stream::once(all)
            .map_ok(|steps| stream::iter(steps.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<MySqlRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, MySql>,
    {
        Box::pin(async move {
            let (connection, until, before) = self.set_out()?;
            let ended = timeout_at(until, connection.fetch_optional(query)).await;
            self.arrive(before, ended)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [MySqlTypeInfo],
    ) -> BoxFuture<'e, Result<MySqlStatement, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let (connection, until, before) = self.set_out()?;
            let ended = timeout_at(until, connection.prepare_with(sql, parameters)).await;
            self.arrive(before, ended)
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<MySql>, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let (connection, until, before) = self.set_out()?;
            let ended = timeout_at(until, connection.describe(sql)).await;
            self.arrive(before, ended)
        })
    }
}
