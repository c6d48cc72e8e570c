//! Updates that change what an earlier one said, and may have come before it.

use super::forget;
use crate::domain::ids::{CommentId, InboxId};
use crate::domain::platform::Platform;
use crate::store::{Fault, Store, Tx};

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

/// Forgets what the updates said that brought a comment, or changed it, where their ids tell which they are.
///
/// # Errors
/// [`Fault`].
pub(in crate::store) async fn forget_words_of(tx: &mut Tx, comment: CommentId) -> Result<(), Fault> {
    let platform = Platform::Discord.code();
    let messages = sqlx::query_scalar!(
        "SELECT message_id FROM comment_sources WHERE comment_id = ? AND platform = ?",
        comment.0,
        platform
    );
    for message in messages.fetch_all(tx.db()).await? {
        let answered = sqlx::query_scalar!(
            "SELECT id FROM inbox
             WHERE platform = ? AND (update_id = ? OR update_id LIKE CONCAT(?, ':%')) AND answered_at IS NOT NULL",
            platform,
            message,
            message,
        );
        let answered: Vec<InboxId> = answered.fetch_all(tx.db()).await?.into_iter().map(InboxId).collect();
        forget(tx, &answered).await?;
    }
    Ok(())
}
