//! The only SQL: every query lives here, a file for each thing it is about, and gives domain types.
//!
//! Writes go through a [`Tx`]; [`Store::transact`] runs a whole transaction again when the database says that
//! another was in the way. To add a query, put it in the file of its table, with a `query!` macro (checked
//! against the real schema), and refresh `.sqlx` with `make sqlx`.

pub mod about;
pub mod accounts;
pub mod backlog;
pub mod canned;
pub mod cards;
pub mod categories;
pub mod codes;
pub mod colleagues;
pub mod comments;
pub mod copies;
pub mod dead_letters;
pub mod deletions;
pub mod dialogs;
pub mod directory;
mod fault;
pub mod files;
pub mod helpers;
pub mod history;
mod hosts;
mod idle;
pub mod inbox;
pub mod invitations;
pub mod journal;
pub mod leases;
pub mod leftovers;
pub mod letters;
mod link;
pub mod lists;
pub mod news;
pub mod openings;
pub mod outbox;
pub mod own_cards;
pub mod passwords;
pub mod people;
pub mod places;
mod pool;
pub mod purges;
pub mod questions;
pub mod ratings;
pub mod reach;
mod recent;
pub mod requesters;
pub mod retractions;
mod risks;
pub mod search;
pub mod server;
pub mod sessions;
pub mod ticket_links;
pub mod tickets;
pub mod told;
mod tx;

pub use fault::Fault;
pub use tx::{Tx, View};

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::mysql::MySqlConnectOptions;

use self::journal::Journal;
use self::pool::Pool;
use self::recent::Recents;
use crate::clock::Clock;
use crate::metrics;

/// How often a transaction is run before its fault is passed on.
const ATTEMPTS: u32 = 5;
/// A failure that comes sooner is that of a connection which was closed already.
const AT_ONCE: Duration = Duration::from_millis(500);
/// How long what was done is kept in memory while it can't be written down. When this is over, or the process, it is
/// done again.
const INSISTING: Duration = Duration::from_mins(1);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
    clock: Clock,
    recents: Arc<Recents>,
    journal: Arc<Journal>,
}

impl Store {
    /// Connects, with at most `connections` connections, and brings the schema up to date.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached or a migration fails.
    pub async fn open(options: MySqlConnectOptions, connections: u32, clock: Clock) -> Result<Self, Fault> {
        Self::open_first_of(vec![options], connections, clock).await
    }

    /// The same with several servers that may hold the database, in the order of preference: the first that answers
    /// and takes writes is used, and when it fails, again the first of all.
    ///
    /// # Errors
    /// [`Fault`] when none can be reached or a migration fails.
    pub async fn open_first_of(
        servers: Vec<MySqlConnectOptions>,
        connections: u32,
        clock: Clock,
    ) -> Result<Self, Fault> {
        let pool = Pool::new(servers, connections);
        drop(pool.link().await?);
        sqlx::migrate!()
            .run(pool.unbounded())
            .await
            .map_err(|error| Fault::from(sqlx::Error::from(error)))?;
        Ok(Self {
            pool,
            clock,
            recents: Arc::default(),
            journal: Arc::default(),
        })
    }

    /// The same database, for work that must leave connections to others: it uses a quarter of them, two at least.
    #[must_use]
    pub fn with_part_of_the_connections(&self) -> Self {
        let (_, _, most) = self.pool.sizes();
        Self {
            pool: self.pool.with_at_most((most / 4).max(2) as usize),
            ..self.clone()
        }
    }

    fn with_all_connections(&self) -> Self {
        Self {
            pool: self.pool.whole(),
            ..self.clone()
        }
    }

    /// For reading: nothing is begun, and nothing has to be ended.
    ///
    /// # Errors
    /// [`Fault`] when there is no connection.
    pub async fn look(&self) -> Result<View, Fault> {
        let link = self.pool.link().await?;
        Ok(View::new(link, self.clock.now(), Arc::clone(&self.recents)))
    }

    /// Starts a transaction.
    ///
    /// # Errors
    /// [`Fault`] when there is no connection.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        let view = self.look().await?;
        let since = Instant::now();
        match Tx::begin(view).await {
            // The server may have closed the connection since it was used. One that hangs says nothing for long.
            Err(fault) if fault.is_outage() && since.elapsed() < AT_ONCE => Tx::begin(self.look().await?).await,
            begun => begun,
        }
    }

    /// Runs `work`, with what it needs to know, in a transaction and commits it. When another transaction was in the
    /// way, all of it is run again, a bounded number of times; so too when the connection broke, at the commit
    /// perhaps: `work` must recognise its own effect.
    ///
    /// # Errors
    /// What `work` gave, after which nothing is changed; or the [`Fault`] of the database.
    pub async fn transact<C, T, F>(&self, context: &C, work: F) -> Result<T, Fault>
    where
        F: for<'t> Fn(&'t mut Tx, &'t C) -> BoxFuture<'t, Result<T, Fault>>,
    {
        let mut attempt = 1;
        loop {
            match self.attempt(context, &work).await {
                Err(fault) if attempt < ATTEMPTS && fault.is_passing() => {
                    tracing::debug!(db.attempt = attempt, cause = %fault, "transaction runs again");
                    metrics::transaction_retried();
                    // A database that is away is not back in a moment.
                    let longest = if fault.is_outage() { 200 } else { 20 };
                    let pause = rand::random_range(1..=longest * attempt);
                    tokio::time::sleep(Duration::from_millis(pause.into())).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// The same for what has happened already and only has to be written down: while the database is away, it is
    /// tried for up to a minute.
    ///
    /// # Errors
    /// As for [`Store::transact`].
    pub async fn insist<C, T, F>(&self, context: &C, work: F) -> Result<T, Fault>
    where
        F: for<'t> Fn(&'t mut Tx, &'t C) -> BoxFuture<'t, Result<T, Fault>>,
    {
        let until = Instant::now() + INSISTING;
        loop {
            match self.transact(context, &work).await {
                Err(fault) if fault.is_outage() && Instant::now() < until => {
                    tracing::warn!(cause = %fault, "what was done can't be written down yet");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt<C, T, F>(&self, context: &C, work: &F) -> Result<T, Fault>
    where
        F: for<'t> Fn(&'t mut Tx, &'t C) -> BoxFuture<'t, Result<T, Fault>>,
    {
        let mut tx = self.begin().await?;
        match work(&mut tx, context).await {
            Ok(done) => {
                tx.commit().await?;
                Ok(done)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Closes the connections, once they are given back.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The values of a statement for several rows, the last repeated up to the next power of two: the server then has few
/// such statements to prepare, whatever the number of rows.
fn in_round_numbers<T>(rows: &[T]) -> impl Iterator<Item = &T> {
    let missing = rows.len().next_power_of_two() - rows.len();
    rows.iter().chain(rows.last().into_iter().cycle().take(missing))
}
