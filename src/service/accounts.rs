//! Accounts: sign up from a chat, make a member of staff, bind a staff place.

use crate::domain::account::Role;
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::text::{Email, PersonName};
use crate::store::{Fault, Tx, accounts, people};

/// Makes a learner of somebody who wrote from a chat.
///
/// What somebody types proves nothing: their address is kept as stated, and identifies nobody. So it is the same
/// whether it identifies another account or not; nothing is revealed, taken over or taken away.
///
/// # Errors
/// [`Fault`].
pub async fn sign_up(tx: &mut Tx, identity: IdentityId, name: &PersonName, email: &Email) -> Result<AccountId, Fault> {
    let account = accounts::insert(tx, name, None, email, Role::Learner).await?;
    people::link_identity(tx, identity, account).await?;
    Ok(account)
}

/// Makes an account from the command line.
///
/// # Errors
/// [`Fault`], with the broken key `accounts_email` when the address identifies an account already.
pub async fn create(tx: &mut Tx, name: &PersonName, email: &Email, role: Role) -> Result<AccountId, Fault> {
    accounts::insert(tx, name, Some(email), email, role).await
}
