//! What only one replica may do at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Replica;
use crate::metrics;
use crate::store::Fault;

/// How long a duty lasts without being renewed, in seconds.
const LEASE: u32 = 4;
/// How often it is renewed, or asked for.
const RENEW: Duration = Duration::from_millis(500);
/// When it counts as lost: before another may take it.
const USABLE: Duration = Duration::from_secs(3);

/// A duty, whoever does it at present.
#[derive(Clone, Debug)]
pub struct Duty {
    name: &'static str,
    replica: Arc<Replica>,
}

impl Duty {
    /// Fetching updates from Telegram, which tells them to one at a time.
    #[must_use]
    pub fn telegram_polling(replica: Arc<Replica>) -> Self {
        let name = "telegram-polling";
        Self { name, replica }
    }

    /// Does `work` whenever the duty is ours, until it ends by itself, which it does at `stop`. When the duty is lost,
    /// `work` is dropped where it is.
    pub async fn perform<T, F: Future<Output = T>>(
        &self,
        stop: &CancellationToken,
        mut work: impl FnMut() -> F,
    ) -> Option<T> {
        while !stop.is_cancelled() {
            let begun = Instant::now();
            if matches!(self.take().await, Ok(true)) {
                let worked = tokio::select! {
                    worked = work() => Some(worked),
                    () = self.keep(begun) => None,
                };
                self.lay_down().await;
                if worked.is_some() {
                    return worked;
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(RENEW) => {}
            }
        }
        None
    }

    /// Renews the duty, last renewed then; ends only when it is lost.
    async fn keep(&self, mut renewed: Instant) {
        loop {
            tokio::time::sleep(RENEW).await;
            let begun = Instant::now();
            let left = USABLE.saturating_sub(renewed.elapsed());
            match tokio::time::timeout(left, self.take()).await {
                Ok(Ok(true)) => renewed = begun,
                Ok(Err(fault)) if renewed.elapsed() < USABLE => {
                    tracing::debug!(cause = %fault, duty = self.name, "nobody can tell whose duty it is");
                }
                Ok(_) | Err(_) => return,
            }
        }
    }

    async fn take(&self) -> Result<bool, Fault> {
        let taken = self.replica.store.take_duty(self.name, self.replica.id(), LEASE).await;
        metrics::duty_held(self.name, matches!(taken, Ok(true)));
        taken
    }

    async fn lay_down(&self) {
        metrics::duty_held(self.name, false);
        if let Err(fault) = self.replica.store.leave_duty(self.name, self.replica.id()).await {
            tracing::debug!(cause = %fault, duty = self.name, "the duty ends by itself");
        }
    }
}
