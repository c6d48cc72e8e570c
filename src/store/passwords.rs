//! Passwords, as hashes, the one-time links by which they are set, and the tries at them.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::accounts::{self, AccountEvent};
use super::accounts::{Account, AccountRow};
use super::{Fault, Tx, View};
use crate::domain::ids::AccountId;

/// Finds the account that an address identifies and whose owner may sign in, with its password's hash.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, email: &str) -> Result<Option<(AccountId, SecretString)>, Fault> {
    let row = sqlx::query!(
        "SELECT id, password AS `password!` FROM accounts
         WHERE email = ? AND disabled_at IS NULL AND password IS NOT NULL",
        email
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(|row| (AccountId(row.id), row.password.into())))
}

/// Sets an account's password, unless it is disabled or `expected` is not what it has; writes down that it was set. Whether it has this one now.
///
/// # Errors
/// [`Fault`].
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    expected: Option<&SecretString>,
    hash: &SecretString,
) -> Result<bool, Fault> {
    let expected = expected.map(ExposeSecret::expose_secret);
    let done = sqlx::query!(
        // What it had: of two who change it at once, one has to know better.
        "UPDATE accounts SET password = ? WHERE id = ? AND disabled_at IS NULL AND (? IS NULL OR password = ?)",
        hash.expose_secret(),
        account.0,
        expected,
        expected,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    accounts::note(tx, account, AccountEvent::Password, Some(account)).await?;
    Ok(true)
}

/// Keeps the same password under another hash.
///
/// # Errors
/// [`Fault`].
pub async fn rehash(tx: &mut Tx, account: AccountId, from: &SecretString, to: &SecretString) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
        to.expose_secret(),
        account.0,
        from.expose_secret(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether this is the hash of an account's password now.
///
/// # Errors
/// [`Fault`].
pub async fn is(view: &mut View, account: AccountId, hash: &SecretString) -> Result<bool, Fault> {
    let count = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM accounts WHERE id = ? AND password = ?",
        account.0,
        hash.expose_secret(),
    );
    Ok(count.fetch_one(view.db()).await? > 0)
}

/// Keeps the hash of a link, beside those that there are.
///
/// # Errors
/// [`Fault`].
pub async fn insert_link(
    tx: &mut Tx,
    account: AccountId,
    hash: &[u8; 32],
    (expires_at, issued_by): (DateTime<Utc>, Option<AccountId>),
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO password_links (hash, account_id, expires_at, issued_by) VALUES (?, ?, ?, ?)",
        &hash[..],
        account.0,
        expires_at,
        issued_by.map(|by| by.0),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes links of an account that were not used yet void.
///
/// # Errors
/// [`Fault`].
pub async fn void_links(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE password_links SET used_at = ? WHERE account_id = ? AND used_at IS NULL",
        now,
        account.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the account that a link is good for now. One that was shown to somebody who is no admin any more is good for
/// nothing.
///
/// # Errors
/// [`Fault`].
pub async fn find_link(view: &mut View, hash: &[u8; 32]) -> Result<Option<Account>, Fault> {
    let now = view.now();
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT a.id, a.name, a.role, FALSE AS `is_disabled!: bool`
         FROM password_links l JOIN accounts a ON a.id = l.account_id LEFT JOIN accounts b ON b.id = l.issued_by
         WHERE l.hash = ? AND l.used_at IS NULL AND l.expires_at > ? AND a.disabled_at IS NULL
           AND (l.issued_by IS NULL OR (b.role = 'admin' AND b.disabled_at IS NULL))",
        &hash[..],
        now,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// Uses a link of an account up. Whether it was good: of several at once, for one.
///
/// # Errors
/// [`Fault`].
pub async fn claim_link(tx: &mut Tx, account: AccountId, hash: &[u8; 32]) -> Result<bool, Fault> {
    let now = tx.now();
    let used = sqlx::query!(
        // `used_at IS NULL` makes the link single-use.
        "UPDATE password_links SET used_at = ?
         WHERE hash = ? AND account_id = ? AND used_at IS NULL AND expires_at > ?
           AND (issued_by IS NULL OR EXISTS (SELECT 1 FROM accounts b WHERE b.id = issued_by AND b.role = 'admin'
                                             AND b.disabled_at IS NULL))",
        now,
        &hash[..],
        account.0,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(used.rows_affected() > 0)
}

/// Counts a try for a subject, and gives its row.
///
/// # Errors
/// [`Fault`].
pub async fn insert_attempt(tx: &mut Tx, subject: &[u8; 32]) -> Result<u64, Fault> {
    let now = tx.now();
    let added = sqlx::query!(
        "INSERT INTO sign_in_attempts (subject, tried_at) VALUES (?, ?)",
        &subject[..],
        now
    )
    .execute(tx.db())
    .await?;
    Ok(added.last_insert_id())
}

/// When a subject's tries were, those within `window`, the newest first.
///
/// # Errors
/// [`Fault`].
pub async fn list_attempts(
    view: &mut View,
    subject: &[u8; 32],
    window: TimeDelta,
    limit: u32,
) -> Result<Vec<DateTime<Utc>>, Fault> {
    let after = view.now() - window;
    let tries = sqlx::query_scalar!(
        r#"SELECT tried_at AS "tried_at: DateTime<Utc>" FROM sign_in_attempts
           WHERE subject = ? AND tried_at > ? ORDER BY tried_at DESC LIMIT ?"#,
        &subject[..],
        after,
        limit,
    );
    Ok(tries.fetch_all(view.db()).await?)
}

/// Forgets a try.
///
/// # Errors
/// [`Fault`].
pub async fn delete_attempt(tx: &mut Tx, id: u64) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM sign_in_attempts WHERE id = ?", id)
        .execute(tx.db())
        .await?;
    Ok(())
}
