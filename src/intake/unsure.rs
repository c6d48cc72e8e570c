//! Updates of which the database did not say whether it has stored them: its answer was lost on the way.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::Intake;
use super::front::RawUpdate;
use crate::store::Fault;

impl Intake {
    /// What was stored although the database could not say so is nobody's yet.
    pub(super) async fn take_up_if_unsure(self: &Arc<Self>, update: &RawUpdate) -> Result<(), Fault> {
        if self.unsure().contains(&update.update_id) {
            let rows = self.store.list_unanswered(self.front.platform()).await?;
            self.unsure().remove(&update.update_id);
            if let Some(row) = rows.into_iter().find(|row| row.raw == update.raw) {
                self.enqueue(row);
            }
        }
        Ok(())
    }

    pub(super) fn unsure(&self) -> MutexGuard<'_, HashSet<String>> {
        self.unsure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
