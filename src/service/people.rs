//! Somebody's chats: one is linked no more, or none.

use chrono::TimeDelta;

use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::permission::{People, Permit};
use crate::store::accounts::{self, AccountEvent};
use crate::store::outbox::{self, Notice, Whence};
use crate::store::{Fault, Tx, codes, deletions, people, places, sessions, tickets};

/// For how long a chat that was just linked can't unlink those that were there before: whoever got in with somebody's
/// code does not keep them from undoing that.
pub const NEW_FOR: TimeDelta = TimeDelta::hours(24);

/// Why a chat stays linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is not the account's.
    NotTheirs,
    /// The chat in which that was asked for is newer, and not older than [`NEW_FOR`].
    TooNew,
}

/// Makes a chat that of nobody, which it and the account's other chats are told, but for the one in which that was
/// asked for.
///
/// # Errors
/// [`Fault::Overtaken`] when the chat in which it was asked for is not theirs any more.
pub async fn unlink(
    tx: &mut Tx,
    account: AccountId,
    whence: Whence,
    chat: IdentityId,
) -> Result<Result<(), Kept>, Fault> {
    accounts::hold(tx, account).await?;
    if let Whence::Chat(here) = whence {
        deletions::hold_chat(tx, here, account).await?;
        if here != chat && is_newer(tx, account, here, chat).await? {
            return Ok(Err(Kept::TooNew));
        }
    }
    if !people::unlink_identity(tx, chat, account).await? {
        return Ok(Err(Kept::NotTheirs));
    }
    accounts::note(tx, account, AccountEvent::Unlinked(chat), Some(account)).await?;
    // Whoever was shown a code there must not come back with it.
    codes::void(tx, account).await?;
    let others = people::list_of(tx, account).await?;
    let mut told = vec![Notice::Unlinked { identity: chat, whence }];
    told.extend(others.iter().map(|other| Notice::OtherUnlinked {
        identity: other.id,
        chat,
        whence,
    }));
    told.retain(|notice| !matches!(whence, Whence::Chat(here) if notice.identity() == Some(here)));
    outbox::insert(tx, &told).await?;
    if others.is_empty() {
        show_reach(tx, account).await?;
    }
    Ok(Ok(()))
}

/// Whether a chat was linked a short while ago, and after the other; one that came with the account was not.
async fn is_newer(tx: &mut Tx, account: AccountId, chat: IdentityId, other: IdentityId) -> Result<bool, Fault> {
    let linkings = people::list_linkings(tx, account).await?;
    let linked = |of| {
        linkings
            .iter()
            .find(|linking| linking.chat == of)
            .map(|linking| linking.at)
    };
    let since = tx.now() - NEW_FOR;
    Ok(linked(chat).is_some_and(|at| at > since && linked(other).is_none_or(|other| other < at)))
}

/// What came of disowning a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disowned {
    /// It is linked no more.
    Unlinked,
    /// Nor is anybody signed in to the pages any more: it was by one of them that it was linked.
    SignedOut,
}

/// Undoes a link that was not its owner's doing, who says so in the chat `here`.
///
/// # Errors
/// As of [`unlink`].
pub async fn disown(
    tx: &mut Tx,
    account: AccountId,
    here: IdentityId,
    chat: IdentityId,
) -> Result<Result<Disowned, Kept>, Fault> {
    accounts::hold(tx, account).await?;
    let linkings = people::list_linkings(tx, account).await?;
    let on_page = linkings.iter().any(|linking| linking.chat == chat && linking.on_page);
    if let Err(kept) = unlink(tx, account, Whence::Chat(here), chat).await? {
        return Ok(Err(kept));
    }
    if !on_page {
        return Ok(Ok(Disowned::Unlinked));
    }
    sessions::end_all(tx, account).await?;
    Ok(Ok(Disowned::SignedOut))
}

/// Makes every chat of an account that of nobody, which each is told; its owner comes back with a new code. How many
/// there were.
///
/// # Errors
/// [`Fault`].
pub async fn unlink_all(tx: &mut Tx, permit: Permit<People>, account: AccountId) -> Result<usize, Fault> {
    // Whoever is using a code up is waited for, and their chat is among those.
    accounts::hold(tx, account).await?;
    let chats = people::list_of(tx, account).await?;
    for chat in &chats {
        people::unlink_identity(tx, chat.id, account).await?;
        accounts::note(tx, account, AccountEvent::Unlinked(chat.id), permit.by()).await?;
    }
    codes::void(tx, account).await?;
    let whence = Whence::Admin;
    let told = chats.iter().map(|chat| Notice::Unlinked {
        identity: chat.id,
        whence,
    });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await?;
    if !chats.is_empty() {
        show_reach(tx, account).await?;
    }
    Ok(chats.len())
}

/// Brings the cards of somebody's open tickets up to date, which say whether they have a chat at all.
///
/// # Errors
/// [`Fault`].
pub(super) async fn show_reach(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    let open = tickets::list_open_numbers(tx, account, u32::MAX).await?;
    if open.is_empty() {
        return Ok(());
    }
    let places = places::list(tx).await?;
    let cards = places.iter().flat_map(|place| {
        let place = place.id;
        open.iter().map(move |ticket| Notice::Card { place, ticket: *ticket })
    });
    outbox::insert(tx, &cards.collect::<Vec<_>>()).await
}
