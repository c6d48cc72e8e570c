//! `/readyz`: whether this process can do its work, and what is missing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::store::Store;

/// How long the database may take to answer.
const DATABASE: Duration = Duration::from_secs(1);

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

pub(super) fn page(store: Store, readiness: Readiness) -> Router {
    Router::new()
        .route("/readyz", get(report))
        .with_state((store, readiness))
}

async fn report(State((store, readiness)): State<(Store, Readiness)>) -> (StatusCode, Json<Report>) {
    let mut missing = readiness.missing();
    let answers = tokio::time::timeout(DATABASE, store.ping()).await;
    if !matches!(answers, Ok(Ok(()))) {
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
