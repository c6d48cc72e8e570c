//! What is gathered for a chat, until it is told there in one message: rows of a destination of its own, due an hour
//! after they were written. The oldest says when; what stands behind it is told with it.

use super::{Notice, drop_waiting};
use crate::domain::ids::IdentityId;
use crate::store::leases::shard_of;
use crate::store::people::Identity;
use crate::store::{Fault, Tx, View};

/// The chat of the same person for which something is gathered already, if there is one: they get one message.
///
/// # Errors
/// [`Fault`].
pub async fn find_digest(view: &mut View, chat: IdentityId) -> Result<Option<IdentityId>, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT other.id FROM identities i JOIN identities other ON other.account_id = i.account_id
         JOIN outbox o ON o.shard = CRC32(other.user_id) % 64 AND o.dest = CONCAT('person:', other.id, ':digest')
         WHERE i.id = ? ORDER BY o.id LIMIT 1",
        chat.0,
    );
    Ok(found.fetch_optional(view.db()).await?.map(IdentityId))
}

/// Has what is gathered for a chat told soon; how much that is.
///
/// # Errors
/// [`Fault`].
pub async fn hasten_digest(tx: &mut Tx, chat: &Identity) -> Result<u64, Fault> {
    let now = tx.now();
    let hastened = sqlx::query!(
        "UPDATE outbox SET due_at = ?, created_at = ? WHERE shard = ? AND dest = ?",
        now,
        now,
        shard_of(&chat.user_id),
        Notice::digest_of(chat.id),
    );
    Ok(hastened.execute(tx.db()).await?.rows_affected())
}

/// Drops what is gathered for a chat; how much that was.
///
/// # Errors
/// [`Fault`].
pub async fn drop_digest(tx: &mut Tx, chat: &Identity) -> Result<u64, Fault> {
    drop_waiting(tx, shard_of(&chat.user_id), &Notice::digest_of(chat.id)).await
}
