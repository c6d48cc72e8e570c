//! Somebody's chats: one is linked no more, or none.

use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::permission::{People, Permit};
use crate::store::accounts::{self, AccountEvent};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, codes, people};

/// Makes a chat that of nobody, which it is told, unless that was asked for there: `from`, a chat, or
/// nowhere that is one. Whether it was the account's.
///
/// # Errors
/// [`Fault`].
pub async fn unlink(
    tx: &mut Tx,
    account: AccountId,
    from: Option<IdentityId>,
    chat: IdentityId,
) -> Result<bool, Fault> {
    if !people::unlink_identity(tx, chat, account).await? {
        return Ok(false);
    }
    accounts::note(tx, account, AccountEvent::Unlinked(chat), Some(account)).await?;
    // Whoever was shown a code there must not come back with it.
    codes::void(tx, account).await?;
    if Some(chat) != from {
        outbox::insert(tx, &[Notice::Unlinked { identity: chat }]).await?;
    }
    Ok(true)
}

/// Makes every chat of an account that of nobody, which each is told; its owner comes back with a new code. How many
/// there were.
///
/// # Errors
/// [`Fault`].
pub async fn unlink_all(tx: &mut Tx, permit: Permit<People>, account: AccountId) -> Result<usize, Fault> {
    // First: whoever is using one up is waited for, and their chat is among those.
    codes::void(tx, account).await?;
    let chats = people::list_of(tx, account).await?;
    for chat in &chats {
        people::unlink_identity(tx, chat.id, account).await?;
        accounts::note(tx, account, AccountEvent::Unlinked(chat.id), permit.by()).await?;
    }
    let told: Vec<_> = chats
        .iter()
        .map(|chat| Notice::Unlinked { identity: chat.id })
        .collect();
    outbox::insert(tx, &told).await?;
    Ok(chats.len())
}
