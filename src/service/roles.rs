//! What people may be here: roles given and taken, accounts disabled and enabled.

use super::reach::show_stale_cards;
use crate::domain::account::Role;
use crate::domain::permission::{People, Permit};
use crate::store::accounts::{self, Account, AccountChange};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, codes, passwords, people, sessions, told};

/// Nobody would be left who may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAdmin;

/// Gives an account another role, which its owner is told.
///
/// # Errors
/// [`Fault`].
pub async fn give(
    tx: &mut Tx,
    permit: Permit<People>,
    account: &Account,
    role: Role,
) -> Result<Result<(), LastAdmin>, Fault> {
    if account.role == role {
        return Ok(Ok(()));
    }
    let from = account.role;
    let given = change(tx, permit, account, AccountChange::Role { from, to: role }).await?;
    if given.is_ok() {
        let told = told::list_chats(tx, account.id).await?.into_iter();
        let told = told.map(|told| Notice::Role {
            identity: told.identity,
        });
        outbox::insert(tx, &told.collect::<Vec<_>>()).await?;
    }
    Ok(given)
}

/// Lets its owner do and hear nothing any more, from this moment on.
///
/// # Errors
/// [`Fault`].
pub async fn disable(tx: &mut Tx, permit: Permit<People>, account: &Account) -> Result<Result<(), LastAdmin>, Fault> {
    change(tx, permit, account, AccountChange::Disable).await
}

/// Lets them do again what their role permits.
///
/// # Errors
/// [`Fault`].
pub async fn enable(tx: &mut Tx, permit: Permit<People>, account: &Account) -> Result<(), Fault> {
    guard(tx, permit).await?;
    let is_done = accounts::change(tx, account.id, AccountChange::Enable, permit.by()).await?;
    if !is_done && accounts::find(tx, account.id).await?.is_none() {
        return Err(Fault::Overtaken("accounts"));
    }
    // What was there, or on its way, before the account was disabled is not good again.
    sessions::end_all(tx, account.id).await?;
    passwords::void_links(tx, account.id).await?;
    codes::void(tx, account.id).await?;
    for chat in people::list_of(tx, account.id).await? {
        show_stale_cards(tx, chat.id).await?;
    }
    Ok(())
}

/// Has other admins who change accounts, or what all share, wait, and sees to it that whoever does so here still may: they may have waited for
/// somebody who took their right away.
pub(super) async fn guard<R>(tx: &mut Tx, permit: Permit<R>) -> Result<(), Fault> {
    accounts::guard_admins(tx).await?;
    match permit.by() {
        Some(by) if !accounts::is_admin(tx, by).await? => Err(Fault::Overtaken("accounts")),
        _ => Ok(()),
    }
}

/// What takes an admin away is refused where it is the last.
async fn change(
    tx: &mut Tx,
    permit: Permit<People>,
    account: &Account,
    change: AccountChange,
) -> Result<Result<(), LastAdmin>, Fault> {
    guard(tx, permit).await?;
    // Only now it is as it will be.
    let Some(account) = accounts::find(tx, account.id).await? else {
        return Err(Fault::Overtaken("accounts"));
    };
    if account.role == Role::Admin && !account.is_disabled && !accounts::is_admin_without(tx, account.id).await? {
        return Ok(Err(LastAdmin));
    }
    let is_done = accounts::change(tx, account.id, change, permit.by()).await?;
    let as_before = change == AccountChange::Disable && account.is_disabled;
    if !is_done && !as_before {
        return Err(Fault::Overtaken("accounts"));
    }
    // A code or a link that was shown to somebody with fewer rights, or before they lost them, is good for none.
    codes::void(tx, account.id).await?;
    passwords::void_links(tx, account.id).await?;
    if change == AccountChange::Disable {
        sessions::end_all(tx, account.id).await?;
    }
    Ok(Ok(()))
}
