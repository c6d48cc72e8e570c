//! Invitations: an account for somebody who has none yet, with a role that somebody else chose.

use chrono::TimeDelta;

use super::codes::{CodeHash, CodeKey};
use crate::domain::account::Role;
use crate::domain::code::Code;
use crate::domain::ids::IdentityId;
use crate::domain::permission::{People, Permit};
use crate::domain::text::{Email, PersonName};
use crate::store::accounts::{self, Account, AccountEvent};
use crate::store::invitations::{self, Invitation};
use crate::store::{Fault, Tx, people};

/// How long an invitation is valid.
pub const VALID_FOR: TimeDelta = TimeDelta::days(7);

/// There is an account with that address already.
#[derive(Clone, Debug)]
pub struct HereAlready(pub Account);

/// Invites somebody; the code is shown once. With an address, that will identify them.
///
/// # Errors
/// [`Fault`].
pub async fn invite(
    tx: &mut Tx,
    permit: Permit<People>,
    key: &CodeKey,
    (role, email): (Role, Option<&Email>),
) -> Result<Result<Code, HereAlready>, Fault> {
    if let Some(email) = email
        && let Some(known) = accounts::find_by_email(tx, email).await?
    {
        return Ok(Err(HereAlready(known)));
    }
    let code = Code::from_random(rand::random());
    let expires_at = tx.now() + VALID_FOR;
    invitations::insert(tx, &key.hash(&code), (role, email), permit.by(), expires_at).await?;
    Ok(Ok(code))
}

/// Uses an invitation up and makes the account; `None` when it is not good any more. `stated` is what somebody typed
/// where the invitation knows no address.
///
/// # Errors
/// [`Fault`].
pub async fn accept(
    tx: &mut Tx,
    identity: IdentityId,
    hash: &CodeHash,
    (name, stated): (&PersonName, Option<&Email>),
) -> Result<Option<Account>, Fault> {
    let Some(Invitation { role, email, by }) = invitations::find(tx, hash).await? else {
        return Ok(None);
    };
    let given = email.and_then(|email| Email::parse(&email).ok());
    let Some(address) = given.as_ref().or(stated) else {
        return Ok(None);
    };
    if !invitations::claim(tx, hash).await? {
        return Ok(None);
    }
    // Somebody may have got an account with it meanwhile.
    let is_free = accounts::find_by_email(tx, address).await?.is_none();
    let id = accounts::insert(tx, name, given.as_ref().filter(|_| is_free), address, role).await?;
    accounts::note(tx, id, AccountEvent::Joined, by.map(|(by, _)| by)).await?;
    people::link_identity(tx, identity, id).await?;
    invitations::set_account(tx, hash, id).await?;
    accounts::find(tx, id).await
}
