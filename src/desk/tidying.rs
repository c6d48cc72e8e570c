//! Now and then, what is over is deleted, and what could not be shown is tried once more. Tickets that were there before the search was are read for it first.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::service::{leftovers, reach};
use crate::store::Store;

/// How often.
const EVERY: Duration = Duration::from_mins(10);

/// How long it rests between some older tickets and the next.
const REST: Duration = Duration::from_millis(50);

/// Deletes what is over and has overdue cards edited, until `stop`.
pub(super) async fn tidy(store: Store, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match store.read_older_tickets().await {
            Ok(true) => {
                // People who are at these tickets go first.
                tokio::time::sleep(REST).await;
                continue;
            }
            Ok(false) => {}
            Err(fault) => tracing::warn!(cause = %fault, "older tickets can't be read for the search yet"),
        }
        match leftovers::delete(&store).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => tracing::warn!(cause = %fault, "what is over can't be deleted yet"),
        }
        if let Err(fault) = reach::show_overdue_cards(&store).await {
            tracing::warn!(cause = %fault, "cards can't be brought up to date yet");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
