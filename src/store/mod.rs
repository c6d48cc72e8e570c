//! The only SQL: every query lives here, a file for each thing it is about, and gives domain types.
//!
//! Writes go through a [`Tx`]; [`Store::transact`] runs a whole transaction again when the database says that
//! another was in the way. To add a query, put it in the file of its table, with a `query!` macro (checked
//! against the real schema), and refresh `.sqlx` with `make sqlx`.

pub mod cards;
pub mod codes;
pub mod comments;
pub mod dialogs;
mod fault;
pub mod files;
pub mod history;
pub mod inbox;
pub mod leases;
pub mod outbox;
pub mod people;
pub mod places;
pub mod server;
pub mod tickets;
mod tx;

pub use fault::Fault;
pub use tx::Tx;

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};

use crate::clock::Clock;

/// How often a transaction is run before its fault is passed on.
const ATTEMPTS: u32 = 5;

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: MySqlPool,
    clock: Clock,
}

impl Store {
    /// Connects, with at most `connections` connections, and brings the schema up to date.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached or a migration fails.
    pub async fn open(options: MySqlConnectOptions, connections: u32, clock: Clock) -> Result<Self, Fault> {
        let pool = MySqlPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // Every read that decides something locks its row, so repeatable reads would only add gap
                    // locks, and with them deadlocks.
                    sqlx::query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
            .after_release(|connection, _| {
                Box::pin(async move {
                    // A cancelled `begin()` gives the connection back inside a transaction.
                    sqlx::query("ROLLBACK").execute(connection).await?;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        sqlx::migrate!()
            .run(&pool)
            .await
            .map_err(|error| Fault::from(sqlx::Error::from(error)))?;
        Ok(Self { pool, clock })
    }

    /// Starts a transaction.
    ///
    /// # Errors
    /// [`Fault`] when there is no connection.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        Ok(Tx::new(self.pool.begin().await?, self.clock.now()))
    }

    /// Runs `work`, with what it needs to know, in a transaction and commits it. When another transaction was in the way, all of it is run
    /// again, a bounded number of times; so too when the connection broke, at the commit perhaps: `work` must
    /// recognise its own effect.
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
                    tracing::debug!(db.attempt = attempt, "transaction runs again");
                    tokio::time::sleep(Duration::from_millis(u64::from(rand::random_range(1..=20 * attempt)))).await;
                    attempt += 1;
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
