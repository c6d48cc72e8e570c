//! One-time codes, as hashes, and the tries at them.

use chrono::{DateTime, TimeDelta, Utc};

use super::accounts::{Account, AccountRow};
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId};

/// Keeps the hash of a one-time code; codes of the account that were not used yet are void from now on. `by` is the admin
/// who asked for it, where that is not its owner.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    hash: &[u8; 32],
    expires_at: DateTime<Utc>,
    by: Option<AccountId>,
) -> Result<(), Fault> {
    void(tx, account).await?;
    sqlx::query!(
        "INSERT INTO link_codes (hash, account_id, expires_at, issued_by) VALUES (?, ?, ?, ?)",
        &hash[..],
        account.0,
        expires_at,
        by.map(|by| by.0),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes codes of an account that were not used yet void.
///
/// # Errors
/// [`Fault`].
pub async fn void(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE link_codes SET used_at = ? WHERE account_id = ? AND used_at IS NULL",
        now,
        account.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the account that a code is good for now. One that was shown to somebody who is no admin any more is good for none.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, hash: &[u8; 32]) -> Result<Option<Account>, Fault> {
    let now = view.now();
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT a.id, a.name, a.role, FALSE AS `is_disabled!: bool`
         FROM link_codes c JOIN accounts a ON a.id = c.account_id LEFT JOIN accounts b ON b.id = c.issued_by
         WHERE c.hash = ? AND c.used_at IS NULL AND c.expires_at > ? AND a.disabled_at IS NULL
           AND (c.issued_by IS NULL OR (b.role = 'admin' AND b.disabled_at IS NULL))",
        &hash[..],
        now,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// Uses a code up: of several at once, only one gets its account.
///
/// # Errors
/// [`Fault`].
pub async fn claim(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Account>, Fault> {
    let Some(account) = find(tx, hash).await? else {
        return Ok(None);
    };
    let now = tx.now();
    let used = sqlx::query!(
        // `used_at IS NULL` makes the code single-use.
        "UPDATE link_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL",
        now,
        &hash[..],
    )
    .execute(tx.db())
    .await?;
    Ok(Some(account).filter(|_| used.rows_affected() == 1))
}

/// Counts a try at a code and says how many there were within `window`, this one included.
///
/// # Errors
/// [`Fault`].
pub async fn count_attempt(tx: &mut Tx, identity: IdentityId, window: TimeDelta) -> Result<i64, Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO code_attempts (identity_id, tried_at) VALUES (?, ?)",
        identity.0,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(sqlx::query_scalar!(
        "SELECT COUNT(*) FROM code_attempts WHERE identity_id = ? AND tried_at > ?",
        identity.0,
        now - window,
    )
    .fetch_one(tx.db())
    .await?)
}
