//! What people may be here: roles given and taken, accounts disabled and enabled.

use crate::domain::account::Role;
use crate::domain::ids::AccountId;
use crate::store::accounts::{self, Account, AccountEvent};
use crate::store::{Fault, Tx, codes, passwords, sessions};

/// Nobody would be left who may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAdmin;

/// Gives an account another role; `by` is nobody from the command line.
///
/// # Errors
/// [`Fault`].
pub async fn give(
    tx: &mut Tx,
    by: Option<AccountId>,
    account: &Account,
    role: Role,
) -> Result<Result<(), LastAdmin>, Fault> {
    if account.role == role {
        return Ok(Ok(()));
    }
    let from = account.role;
    change(tx, by, account, AccountEvent::Role { from, to: role }).await
}

/// Lets its owner do and hear nothing any more, from this moment on.
///
/// # Errors
/// [`Fault`].
pub async fn disable(tx: &mut Tx, by: Option<AccountId>, account: &Account) -> Result<Result<(), LastAdmin>, Fault> {
    change(tx, by, account, AccountEvent::Disabled).await
}

/// Lets them do again what their role permits.
///
/// # Errors
/// [`Fault`].
pub async fn enable(tx: &mut Tx, by: Option<AccountId>, account: &Account) -> Result<(), Fault> {
    accounts::change(tx, account.id, AccountEvent::Enabled, by).await?;
    Ok(())
}

/// What takes an admin away is refused where it is the last.
async fn change(
    tx: &mut Tx,
    by: Option<AccountId>,
    account: &Account,
    event: AccountEvent,
) -> Result<Result<(), LastAdmin>, Fault> {
    accounts::guard_admins(tx).await?;
    // Only now it is as it will be.
    let Some(account) = accounts::find(tx, account.id).await? else {
        return Err(Fault::Overtaken("accounts"));
    };
    if account.role == Role::Admin && !account.is_disabled && !accounts::is_admin_without(tx, account.id).await? {
        return Ok(Err(LastAdmin));
    }
    let is_done = accounts::change(tx, account.id, event, by).await?;
    let as_before = event == AccountEvent::Disabled && account.is_disabled;
    if !is_done && !as_before {
        return Err(Fault::Overtaken("accounts"));
    }
    // A code that was shown to somebody with fewer rights, or before they lost them, is good for none.
    codes::void(tx, account.id).await?;
    if event == AccountEvent::Disabled {
        sessions::end_all(tx, account.id).await?;
        passwords::void_links(tx, account.id).await?;
    }
    Ok(Ok(()))
}
