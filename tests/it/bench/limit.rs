//! The same rows without Guichet, ticket by ticket: what this machine, its disk and its database do for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::mysql::{MySqlArguments, MySqlPool, MySqlPoolOptions, MySqlQueryResult};
use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::{Error, MySql, query};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::cost::{mean, mean_time, processor_time};
use super::people::Room;

/// As many connections as the desk has.
const CONNECTIONS: u32 = 16;

/// When the rows become true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// Where Guichet has to: an update before it is acknowledged, its effect before it is answered, and what was done
    /// before more of it is.
    AsPromised,
    /// As seldom as can be: once before and once after the card is posted.
    Twice,
}

/// What bare rows came to.
pub struct Bare {
    pub a_second: f64,
    /// Processor time for the rows of one ticket: the database's, and that of who writes them.
    pub database: Duration,
    pub writer: Duration,
}

impl Bare {
    /// What stretches of the same length came to.
    pub fn mean(all: &[Self]) -> Self {
        Self {
            a_second: mean(all.iter().map(|bare| bare.a_second)),
            database: mean_time(all.iter().map(|bare| bare.database)),
            writer: mean_time(all.iter().map(|bare| bare.writer)),
        }
    }
}

/// Writes, again and again, the rows that a ticket leaves or passes through; `pings` of them are told to the admin by
/// themselves, the others among others. Nothing is asked, and nothing said to anybody.
/// They are numbered on from `numbers`.
pub async fn play(room: &Room, numbers: &Arc<AtomicU64>, lasts: Duration, (commits, pings): (Commits, f64)) -> Bare {
    let pool = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .connect_with(room.engine.options())
        .await
        .expect("connections");
    let (database, people) = (room.engine.process(), std::process::id());
    let before = [database, people].map(processor_time);
    let since = Instant::now();
    let mut writers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (pool, numbers, until) = (pool.clone(), Arc::clone(numbers), since + lasts);
        writers.spawn(async move { write(&pool, &numbers, until, (commits, pings)).await });
    }
    let written: u32 = writers.join_all().await.into_iter().sum();
    let took = since.elapsed();
    let after = [database, people].map(processor_time);
    Bare {
        a_second: f64::from(written) / took.as_secs_f64(),
        database: after[0].saturating_sub(before[0]) / written.max(1),
        writer: after[1].saturating_sub(before[1]) / written.max(1),
    }
}

async fn write(pool: &MySqlPool, numbers: &AtomicU64, until: Instant, (commits, pings): (Commits, f64)) -> u32 {
    let connection = pool.acquire().await.expect("a connection");
    let mut rows = Rows { connection, commits };
    let mut due = 0.0;
    let mut written = 0;
    while Instant::now() < until || written == 0 {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        due += pings;
        let is_pinged = due >= 1.0;
        due -= f64::from(u8::from(is_pinged));
        rows.of_a_ticket(number, is_pinged).await.expect("the rows of a ticket");
        written += 1;
    }
    written
}

struct Rows {
    connection: PoolConnection<MySql>,
    commits: Commits,
}

impl Rows {
    async fn of_a_ticket(&mut self, number: u64, is_pinged: bool) -> Result<(), Error> {
        let (message, press) = (format!("a{number}"), format!("b{number}"));
        self.run(query("BEGIN")).await?;
        self.receive(&message).await?;
        self.dialog(number, "{\"none\":{}}").await?;
        self.handled(&message).await?;
        self.answered(&message).await?;
        self.receive(&press).await?;
        self.dialog(number, "{\"none\":null}").await?;
        let ticket = self.ticket(number).await?;
        self.handled(&press).await?;
        self.remember(ticket, number, "requester").await?;
        self.answered(&press).await?;
        if self.commits == Commits::Twice {
            self.commit().await?;
        }
        let card = "INSERT INTO cards (ticket_id, place_id, message_id) VALUES (?, 1, ?)";
        self.run(query(card).bind(ticket).bind(number.to_string())).await?;
        self.remember(ticket, number, "place").await?;
        self.end().await?;
        let thread = "UPDATE cards SET thread = ? WHERE ticket_id = ? AND place_id = 1";
        self.run(query(thread).bind(format!("bare{number}")).bind(ticket))
            .await?;
        self.told(0, number).await?;
        if is_pinged {
            self.end().await?;
            self.remember(ticket, number, "admin").await?;
        }
        self.told(1, number).await?;
        self.run(query("COMMIT")).await.map(drop)
    }

    async fn run(&mut self, query: Query<'_, MySql, MySqlArguments>) -> Result<MySqlQueryResult, Error> {
        query.execute(&mut *self.connection).await
    }

    /// A commit where Guichet has to.
    async fn end(&mut self) -> Result<(), Error> {
        if self.commits == Commits::AsPromised {
            self.commit().await?;
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), Error> {
        self.run(query("COMMIT")).await?;
        self.run(query("BEGIN")).await.map(drop)
    }

    async fn receive(&mut self, update: &str) -> Result<(), Error> {
        let sql = "INSERT INTO inbox (platform, update_id, lane, shard, raw, received_at)
                   VALUES ('bare', ?, ?, 0, ?, NOW(6))";
        self.run(query(sql).bind(update).bind(update).bind("x".repeat(700)))
            .await?;
        self.end().await
    }

    async fn dialog(&mut self, number: u64, state: &str) -> Result<(), Error> {
        let sql = "INSERT INTO dialogs (identity_id, spot, state, message_id, changed_at) VALUES (1, ?, ?, '1', NOW(6))
                   ON DUPLICATE KEY UPDATE state = VALUES(state), changed_at = NOW(6)";
        let spot = format!("bare{}", number % 128);
        self.run(query(sql).bind(spot).bind(state)).await.map(drop)
    }

    async fn handled(&mut self, update: &str) -> Result<(), Error> {
        let sql = "UPDATE inbox SET handled_at = NOW(6), answer = ? WHERE platform = 'bare' AND update_id = ?";
        self.run(query(sql).bind("x".repeat(700)).bind(update)).await?;
        self.end().await
    }

    async fn answered(&mut self, update: &str) -> Result<(), Error> {
        let sql = "UPDATE inbox SET answered_at = NOW(6) WHERE platform = 'bare' AND update_id = ?";
        self.run(query(sql).bind(update)).await?;
        self.end().await
    }

    /// The ticket, its history, and a notice for the place and one for the admin, which are not due: the desk, which is
    /// open beside, leaves them alone.
    async fn ticket(&mut self, number: u64) -> Result<u64, Error> {
        let sql = "INSERT INTO tickets (requester_id, identity_id, title, description, status, urgency, category_id,
                                        version, opened_at, changed_at)
                   SELECT account_id, id, ?, ?, 'waiting', 'medium', 1, 1, NOW(6), NOW(6) FROM identities WHERE id = 1";
        let title = format!("Panne {number}");
        let inserted = self.run(query(sql).bind(&title).bind(&title)).await?;
        let ticket = inserted.last_insert_id();
        let sql = "INSERT INTO ticket_words (word, ticket_id, staff_only) VALUES (?, ?, FALSE)
                   ON DUPLICATE KEY UPDATE staff_only = staff_only AND VALUES(staff_only)";
        let words = query(sql).bind(number.to_string()).bind(ticket);
        self.run(words).await?;
        let sql = "INSERT INTO history (ticket_id, seq, event, status_after, actor_id, identity_id, happened_at)
                   SELECT ?, 1, 'opened', 'waiting', account_id, id, NOW(6) FROM identities WHERE id = 1";
        self.run(query(sql).bind(ticket)).await?;
        let sql = "INSERT INTO outbox (shard, dest, platform, notice, due_at)
                   VALUES (0, ?, '', '{}', '2100-01-01'), (1, ?, '', '{}', '2100-01-01')";
        let dest = format!("bare:{number}");
        self.run(query(sql).bind(&dest).bind(&dest)).await?;
        Ok(ticket)
    }

    async fn remember(&mut self, ticket: u64, number: u64, chat: &str) -> Result<(), Error> {
        let sql = "INSERT INTO messages (platform, chat, message_id, ticket_id, relays) VALUES ('bare', ?, ?, ?, 0)";
        self.run(query(sql).bind(chat).bind(number).bind(ticket))
            .await
            .map(drop)
    }

    async fn told(&mut self, shard: u16, number: u64) -> Result<(), Error> {
        let sql = "DELETE FROM outbox WHERE shard = ? AND dest = ?";
        self.run(query(sql).bind(shard).bind(format!("bare:{number}")))
            .await
            .map(drop)
    }
}
