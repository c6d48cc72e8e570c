//! Accounts: sign up from a chat, make a member of staff, bind a staff place.

use crate::domain::account::Role;
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::text::{Email, PersonName};
use crate::store::{Fault, Tx, people};

/// Makes a learner of somebody who wrote from a chat.
///
/// An address that identifies another account already is kept as stated only: the same answer, nothing
/// revealed, nothing taken over.
///
/// # Errors
/// [`Fault`].
pub async fn sign_up(tx: &mut Tx, identity: IdentityId, name: &PersonName, email: &Email) -> Result<AccountId, Fault> {
    // Of two at the same instant the second breaks the unique key; its transaction runs again and finds the first.
    let taken = people::find_account_by_email(tx, email).await?.is_some();
    let account = people::insert_account(tx, name, (!taken).then_some(email), email, Role::Learner).await?;
    people::link_identity(tx, identity, account).await?;
    Ok(account)
}

/// Makes an account from the command line.
///
/// # Errors
/// [`Fault`], with the broken key `accounts_email` when the address identifies an account already.
pub async fn create(tx: &mut Tx, name: &PersonName, email: &Email, role: Role) -> Result<AccountId, Fault> {
    people::insert_account(tx, name, Some(email), email, role).await
}
