//! `/readyz`: whether this process can do its work, and what is missing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::time::{Instant, timeout};

use crate::store::Store;

/// How long the database may take to answer.
const DATABASE: Duration = Duration::from_secs(1);
/// For how long its answer is taken for true: however often the page is asked for, the database is not.
const FRESH: Duration = Duration::from_secs(1);

/// What has to be ready before work can be sent here. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<BTreeSet<&'static str>>>);

impl Readiness {
    /// This part has to become ready.
    pub fn await_part(&self, part: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(part);
    }

    /// This part is ready.
    pub fn ready(&self, part: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(part);
    }

    /// Whether this part is.
    #[must_use]
    pub fn is_ready(&self, part: &str) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(part)
    }

    fn missing(&self) -> BTreeSet<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Debug, Serialize)]
struct Report {
    ready: bool,
    /// The parts that are not ready.
    missing: BTreeSet<&'static str>,
}

/// Whether the database answers. Who asks while another does waits for the same answer.
struct Database {
    store: Store,
    last: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Database {
    async fn answers(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, answered)) = *last
            && at.elapsed() < FRESH
        {
            return answered;
        }
        let answered = matches!(timeout(DATABASE, self.store.ping()).await, Ok(Ok(())));
        *last = Some((Instant::now(), answered));
        answered
    }
}

pub(super) fn page(store: Store, readiness: Readiness) -> Router {
    let database = Database {
        store,
        last: tokio::sync::Mutex::default(),
    };
    Router::new()
        .route("/readyz", get(report))
        .with_state((Arc::new(database), readiness))
}

async fn report(State((database, readiness)): State<(Arc<Database>, Readiness)>) -> (StatusCode, Json<Report>) {
    let mut missing = readiness.missing();
    if !database.answers().await {
        missing.insert("database");
    }
    let ready = missing.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Report { ready, missing }))
}
