//! Updates of which the database did not say whether it has stored them: its answer was lost on the way.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::Intake;
use super::front::RawUpdate;
use crate::store::Fault;

impl Intake {
    /// Stores an update and puts it into its lane.
    pub(super) async fn store_one(self: &Arc<Self>, update: RawUpdate) -> Result<(), Fault> {
        let stored = self
            .store
            .receive(self.front.platform(), &update.update_id, &update.lane, &update.raw)
            .await;
        match stored {
            Ok(Some(row)) => {
                self.unsure().remove(&update.update_id);
                self.enqueue(row);
            }
            Ok(None) => self.take_up_if_unsure(&update).await?,
            Err(fault) => {
                self.unsure().insert(update.update_id);
                return Err(fault);
            }
        }
        Ok(())
    }

    /// What was stored although the database could not say so is nobody's yet.
    async fn take_up_if_unsure(self: &Arc<Self>, update: &RawUpdate) -> Result<(), Fault> {
        if self.unsure().contains(&update.update_id) {
            let rows = self.store.list_unanswered(self.front.platform()).await?;
            self.unsure().remove(&update.update_id);
            if let Some(row) = rows.into_iter().find(|row| row.raw == update.raw) {
                self.enqueue(row);
            }
        }
        Ok(())
    }

    fn unsure(&self) -> MutexGuard<'_, HashSet<String>> {
        self.unsure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
