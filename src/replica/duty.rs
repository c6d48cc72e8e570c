//! What only one replica may do at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Replica;
use crate::metrics;

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

    /// Does `work` whenever the duty is ours, until `stop` or until the work itself ends. The token that `work` is
    /// given is cancelled when the duty is lost, or at `stop`; the duty is laid down only after the work has ended.
    pub async fn perform<T, F: Future<Output = T>>(
        &self,
        stop: &CancellationToken,
        mut work: impl FnMut(CancellationToken) -> F,
    ) -> Option<T> {
        while !stop.is_cancelled() {
            if self.take().await {
                let ours = stop.child_token();
                let worked = tokio::select! {
                    worked = work(ours.clone()) => Some(worked),
                    () = self.keep(&ours) => None,
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

    /// Renews the duty; ends only when it is lost. What is done meanwhile is dropped then, at once: there may be no
    /// time left to end it in order.
    async fn keep(&self, ours: &CancellationToken) {
        let mut renewed = Instant::now();
        loop {
            tokio::time::sleep(RENEW).await;
            let begun = Instant::now();
            let left = USABLE.saturating_sub(renewed.elapsed());
            match tokio::time::timeout(left, self.take()).await {
                Ok(true) => renewed = begun,
                Ok(false) | Err(_) if renewed.elapsed() < USABLE => {}
                Ok(false) | Err(_) => {
                    ours.cancel();
                    return;
                }
            }
        }
    }

    async fn take(&self) -> bool {
        let taken = self.replica.store.take_duty(self.name, self.replica.id(), LEASE).await;
        let taken = taken.unwrap_or_else(|fault| {
            tracing::debug!(cause = %fault, duty = self.name, "nobody can tell whose duty it is");
            false
        });
        metrics::duty_held(self.name, taken);
        taken
    }

    async fn lay_down(&self) {
        metrics::duty_held(self.name, false);
        if let Err(fault) = self.replica.store.leave_duty(self.name, self.replica.id()).await {
            tracing::debug!(cause = %fault, duty = self.name, "the duty ends by itself");
        }
    }
}
