//! The receipts on what people wrote: that it was delivered, was read, or is done.

use std::slice::from_ref;

use super::courier::{DeliveryError, Errand};
use super::errands::{Errands, Failure, Task};
use crate::domain::ids::CommentId;
use crate::domain::platform::Spot;
use crate::domain::receipt::Receipt;
use crate::store::copies;

/// How often a receipt is tried that the platform's limits put off: others wait behind it.
const TRIES: u16 = 3;

impl Errands {
    /// Puts a receipt on the message in which a comment was written. Where that can't be, it is not missed.
    pub(super) async fn mark(&self, task: Task<'_>, comment: CommentId, receipt: Receipt) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let original = copies::find_original(&mut view, comment).await?;
        drop(view);
        let Some((_, (platform, chat, message_id))) = original else {
            return self.acknowledge(from_ref(task.row)).await;
        };
        let errand = Errand::React {
            spot: Spot::chat(chat),
            message_id,
            receipt,
        };
        match self.deliver(platform, task, "", errand).await {
            Err(later @ Failure::Delivery(DeliveryError::RetryAfter(_))) if task.row.attempts + 1 < TRIES => Err(later),
            Err(later @ (Failure::Delivery(DeliveryError::Transient(_)) | Failure::Lease | Failure::Fault(_))) => {
                Err(later)
            }
            _ => self.acknowledge(from_ref(task.row)).await,
        }
    }
}
