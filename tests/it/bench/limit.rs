//! The same rows without Guichet: what this machine, its disk and its database could do at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::mysql::{MySqlPool, MySqlPoolOptions};
use sqlx::{Connection as _, MySqlConnection};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Bench;
use super::cost::processor_time;
use super::people::Room;

/// As many connections as the desk has.
const CONNECTIONS: u32 = 16;

/// What bare rows came to.
pub struct Bare {
    pub a_second: f64,
    /// Processor time for the rows of one ticket: the database's, and that of who writes them.
    pub database: Duration,
    pub writer: Duration,
}

/// Writes, again and again, the rows that a ticket leaves or passes through: two updates with their answers, the
/// dialog, the ticket, its history and three notices in one transaction; the card, its messages and the end of the
/// notices in another. All of it is there before, so nothing is asked.
pub async fn play(bench: &Bench, room: &Room) -> Bare {
    let pool = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .connect_with(room.engine.options())
        .await
        .expect("connections");
    let numbers = Arc::new(AtomicU64::new(0));
    let (database, people) = (room.engine.process(), std::process::id());
    let before = [database, people].map(processor_time);
    let since = Instant::now();
    let mut writers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (pool, numbers, until) = (pool.clone(), Arc::clone(&numbers), since + bench.lasts);
        writers.spawn(async move { write(&pool, &numbers, until).await });
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

async fn write(pool: &MySqlPool, numbers: &AtomicU64, until: Instant) -> u32 {
    let mut connection = pool.acquire().await.expect("a connection");
    let mut written = 0;
    while Instant::now() < until || written == 0 {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        one(&mut connection, number).await.expect("the rows of a ticket");
        written += 1;
    }
    written
}

async fn one(connection: &mut MySqlConnection, number: u64) -> Result<(), sqlx::Error> {
    let raw = "x".repeat(700);
    let mut tx = connection.begin().await?;
    sqlx::query(
        "INSERT INTO inbox (platform, update_id, lane, shard, raw, received_at, handled_at, answer, answered_at)
         VALUES ('bare', ?, ?, 0, ?, NOW(6), NOW(6), ?, NOW(6)), ('bare', ?, ?, 0, ?, NOW(6), NOW(6), ?, NOW(6))",
    )
    .bind(format!("a{number}"))
    .bind(number.to_string())
    .bind(&raw)
    .bind(&raw)
    .bind(format!("b{number}"))
    .bind(number.to_string())
    .bind(&raw)
    .bind(&raw)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO dialogs (identity_id, spot, state, message_id, changed_at) VALUES (1, ?, ?, '1', NOW(6))
         ON DUPLICATE KEY UPDATE state = VALUES(state), changed_at = NOW(6)",
    )
    .bind(format!("bare{}", number % 128))
    .bind("{\"none\":null}")
    .execute(&mut *tx)
    .await?;
    let ticket = sqlx::query(
        "INSERT INTO tickets (requester_id, identity_id, title, description, status, urgency, category_id, version,
                              opened_at, changed_at)
         SELECT a.account_id, a.id, ?, ?, 'waiting', 'medium', 1, 1, NOW(6), NOW(6) FROM identities a WHERE a.id = 1",
    )
    .bind(format!("Panne {number}"))
    .bind(format!("Panne {number}"))
    .execute(&mut *tx)
    .await?
    .last_insert_id();
    sqlx::query(
        "INSERT INTO history (ticket_id, seq, event, status_after, actor_id, identity_id, happened_at)
         SELECT ?, 1, 'opened', 'waiting', account_id, id, NOW(6) FROM identities WHERE id = 1",
    )
    .bind(ticket)
    .execute(&mut *tx)
    .await?;
    // Not due: the desk, which is open beside, leaves them alone.
    sqlx::query(
        "INSERT INTO outbox (shard, dest, platform, notice, due_at) VALUES
         (0, ?, '', '{}', '2100-01-01'), (1, ?, '', '{}', '2100-01-01'), (2, ?, '', '{}', '2100-01-01')",
    )
    .bind(format!("bare:{number}"))
    .bind(format!("bare:{number}"))
    .bind(format!("bare:{number}"))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    let mut tx = connection.begin().await?;
    sqlx::query("INSERT INTO cards (ticket_id, place_id, message_id, thread) VALUES (?, 1, ?, ?)")
        .bind(ticket)
        .bind(number.to_string())
        .bind(format!("bare{number}"))
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO messages (platform, chat, message_id, ticket_id, relays)
         VALUES ('bare', 'a', ?, ?, 0), ('bare', 'b', ?, ?, 0), ('bare', 'c', ?, ?, 0)",
    )
    .bind(number)
    .bind(ticket)
    .bind(number)
    .bind(ticket)
    .bind(number)
    .bind(ticket)
    .execute(&mut *tx)
    .await?;
    sqlx::query("DELETE FROM outbox WHERE (shard, dest) IN ((0, ?), (1, ?), (2, ?))")
        .bind(format!("bare:{number}"))
        .bind(format!("bare:{number}"))
        .bind(format!("bare:{number}"))
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
