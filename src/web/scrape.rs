//! `/metrics`: what was counted, and what the database is asked for when somebody looks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::routing::get;
use tokio::sync::Mutex;

use crate::metrics;
use crate::store::{Fault, Store};

/// For how long an answer of the database is good, so that many who look cost no more than one.
const FRESH: Duration = Duration::from_secs(2);
/// How long the database may take; Prometheus waits ten seconds for the page.
const PATIENCE: Duration = Duration::from_secs(5);
/// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Scrape {
    store: Store,
    /// When the database was last asked.
    asked: Arc<Mutex<Option<Instant>>>,
}

pub(super) fn page(store: Store) -> Router {
    // From now on is counted.
    metrics::recorder();
    let asked = Arc::default();
    Router::new()
        .route("/metrics", get(show))
        .with_state(Scrape { store, asked })
}

async fn show(State(scrape): State<Scrape>) -> ([(HeaderName, &'static str); 1], String) {
    scrape.ask_database().await;
    let connections = scrape.store.connections();
    metrics::database_connections(connections.used, connections.idle, connections.max);
    ([(CONTENT_TYPE, FORMAT)], metrics::recorder().render())
}

impl Scrape {
    /// Brings up to date what only the database knows. When it does not answer, that is told, and the rest stays
    /// as it was.
    async fn ask_database(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|asked| asked.elapsed() < FRESH) {
            return;
        }
        let counted = tokio::time::timeout(PATIENCE, self.count()).await;
        if let Ok(Err(fault)) = &counted {
            tracing::warn!(cause = %fault, "what waits can't be counted");
        }
        metrics::database_up(matches!(counted, Ok(Ok(()))));
        *asked = Some(Instant::now());
    }

    async fn count(&self) -> Result<(), Fault> {
        for queues in self.store.count_waiting().await? {
            if let Some(inbox) = queues.inbox {
                metrics::inbox(queues.carrier, inbox);
            }
            metrics::outbox(queues.carrier, queues.outbox);
        }
        metrics::dead_letters(self.store.count_dead_letters().await?);
        Ok(())
    }
}
