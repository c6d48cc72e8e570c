//! Somebody's chats: one is linked no more.

use crate::domain::ids::{AccountId, IdentityId};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, people};

/// Makes a chat that of nobody, which it is told, unless `from` is that chat. Whether it was the account's.
///
/// # Errors
/// [`Fault`].
pub async fn unlink(tx: &mut Tx, account: AccountId, from: IdentityId, chat: IdentityId) -> Result<bool, Fault> {
    if !people::unlink_identity(tx, chat, account).await? {
        return Ok(false);
    }
    if chat != from {
        outbox::insert(tx, &[Notice::Unlinked { identity: chat }]).await?;
    }
    Ok(true)
}
