//! Telegram's webhook, from the page to the intake.

use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::intake::Intake;
use crate::store::Fault;
use crate::telegram::{Failure, Telegram};
use crate::web::Readiness;

/// The part that is ready once updates can be taken.
const PART: &str = "telegram";

/// The webhook of one desk.
pub(super) struct Webhook {
    url: Url,
    readiness: Readiness,
}

/// Why an update can't be taken now.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the bot does not know its name yet")]
    NotReady,
}

impl Webhook {
    pub(super) fn new(url: Url, readiness: Readiness) -> Self {
        readiness.await_part(PART);
        Self { url, readiness }
    }

    /// The page that Telegram posts to.
    pub(super) fn page(&self, telegram: &Telegram, intake: &Arc<Intake>) -> Router {
        let (intake, readiness) = (Arc::clone(intake), self.readiness.clone());
        telegram.webhook(move |updates| {
            let (intake, readiness) = (Arc::clone(&intake), readiness.clone());
            async move {
                // What an earlier run left comes first, and a bot that does not know its name can't tell its
                // commands in groups from another's.
                if !readiness.is_ready(PART) {
                    return Err(Refusal::NotReady);
                }
                Ok(intake.receive(updates).await?)
            }
        })
    }

    /// Takes updates from now on, until `stop`.
    pub(super) async fn keep(self, telegram: &Telegram, stop: CancellationToken) -> Result<(), Failure> {
        self.readiness.ready(PART);
        telegram.keep_webhook(&self.url, stop).await
    }
}
