//! Updates that change what an earlier one said, and may have come before it.

use crate::domain::platform::Platform;
use crate::store::{Fault, Store};

impl Store {
    /// Lists the updates on a platform whose ids begin so, as they came.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_updates_of(&self, platform: Platform, beginning: &str) -> Result<Vec<String>, Fault> {
        let raw = sqlx::query_scalar!(
            "SELECT raw FROM inbox WHERE platform = ? AND update_id LIKE CONCAT(?, '%') ORDER BY update_id",
            platform.code(),
            beginning,
        );
        Ok(raw.fetch_all(&self.pool).await?)
    }
}
