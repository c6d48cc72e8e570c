//! Looking into the tables: what no person in a story can see.

use std::time::Duration;

use sqlx::mysql::MySqlPool;

/// How often is looked, at most: ten seconds in all.
const LOOKS: u32 = 500;

/// Tickets that are not what their history makes them, or whose history has holes or breaks.
const BROKEN_HISTORY: &str = "SELECT COUNT(*) FROM tickets t WHERE
    t.version <> (SELECT COUNT(*) FROM history h WHERE h.ticket_id = t.id)
    OR NOT EXISTS (SELECT 1 FROM history h WHERE h.ticket_id = t.id AND h.seq = t.version
                   AND h.status_after = t.status AND h.technician_after <=> t.technician_id)
    OR EXISTS (SELECT 1 FROM history h
               LEFT JOIN history p ON p.ticket_id = h.ticket_id AND p.seq = h.seq - 1
               WHERE h.ticket_id = t.id AND NOT (p.status_after <=> h.status_before
                                                 AND p.technician_after <=> h.technician_before))";

/// The tables of one desk.
#[derive(Clone)]
pub struct Tables(MySqlPool);

impl Tables {
    pub fn new(database: MySqlPool) -> Self {
        Self(database)
    }

    /// The number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_one(&self.0)
            .await
            .expect("a number")
    }

    /// The texts that a query gives.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_all(&self.0)
            .await
            .expect("texts")
    }

    /// Changes something behind the desk's back.
    pub async fn change(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query(sql).execute(&self.0).await.expect("a change");
    }

    /// Waits until so many rows are there: `until("tickets", 1)`, `until("inbox WHERE answered_at IS NULL", 0)`.
    pub async fn until(&self, rows: &str, wanted: i64) {
        self.until_number(&format!("SELECT COUNT(*) FROM {rows}"), wanted).await;
    }

    /// Waits until a query gives that number.
    pub async fn until_number(&self, sql: &str, wanted: i64) {
        for _ in 0..LOOKS {
            if self.number(sql).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{wanted} was awaited of {sql}: it is {}", self.number(sql).await);
    }

    /// Waits until all that was received is answered, and all that was to be told is told.
    pub async fn quiet(&self) {
        self.until("inbox WHERE answered_at IS NULL", 0).await;
        self.until("outbox", 0).await;
    }

    /// Where these words stand in the database: every column of every table that holds text.
    pub async fn places_of(&self, words: &str) -> Vec<String> {
        let columns = "SELECT CONCAT(table_name, ' ', column_name) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations'
              AND data_type IN ('char', 'varchar', 'text', 'mediumtext', 'longtext')";
        let mut places = Vec::new();
        for column in self.texts(columns).await {
            let (table, name) = column.split_once(' ').expect("a table and a column");
            let found = format!("SELECT COUNT(*) FROM {table} WHERE INSTR({name}, '{words}') > 0");
            if self.number(&found).await > 0 {
                places.push(format!("{table}.{name}"));
            }
        }
        places
    }

    /// What happened to a ticket, in order.
    pub async fn events(&self, ticket: u32) -> String {
        self.texts(&format!(
            "SELECT event FROM history WHERE ticket_id = {ticket} ORDER BY seq"
        ))
        .await
        .join(" ")
    }

    /// How many tickets are not what their history makes them.
    pub async fn broken_histories(&self) -> i64 {
        self.number(BROKEN_HISTORY).await
    }

    /// The state of every ticket is the sum of its history, line by line.
    pub async fn history_adds_up(&self) {
        assert_eq!(self.broken_histories().await, 0, "a ticket and its history differ");
    }

    /// Everything is told, nothing was refused, nothing failed, and the histories add up.
    pub async fn all_went_well(&self) {
        self.quiet().await;
        let none: [String; 0] = [];
        assert_eq!(
            self.texts("SELECT cause FROM inbox WHERE cause IS NOT NULL").await,
            none
        );
        assert_eq!(self.texts("SELECT cause FROM dead_letters").await, none);
        self.history_adds_up().await;
    }
}
