//! Browsers in which somebody is signed in, by the hash of what their cookie holds.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{Fault, Tx, View, accounts};
use crate::domain::account::Role;
use crate::domain::ids::AccountId;

/// Somebody who is signed in, as they are now.
#[derive(Clone, Debug)]
pub struct Session {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The address by which they signed in.
    pub email: String,
    /// When a page was last asked for in it, as far as that is written down.
    pub used_at: DateTime<Utc>,
    /// When they last gave their password.
    pub confirmed_at: DateTime<Utc>,
}

/// Signs a browser in, unless the account is disabled or its password is not this any more. Whether it is.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    account: AccountId,
    password: &SecretString,
    expires_at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let now = tx.now();
    // Whoever disables the account or changes its password waits for the end of this, or this for theirs.
    accounts::hold(tx, account).await?;
    let as_proved = sqlx::query_scalar!(
        "SELECT id FROM accounts WHERE id = ? AND disabled_at IS NULL AND password = ?",
        account.0,
        password.expose_secret(),
    );
    if as_proved.fetch_optional(tx.db()).await?.is_none() {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO sessions (hash, account_id, created_at, used_at, expires_at, confirmed_at) VALUES (?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE hash = VALUES(hash)",
        &hash[..],
        account.0,
        now,
        now,
        expires_at,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// Finds who is signed in, if a page was asked for no longer than `idle` ago.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, hash: &[u8; 32], idle: TimeDelta) -> Result<Option<Session>, Fault> {
    let now = view.now();
    let row = sqlx::query!(
        r#"SELECT a.id, a.name, a.role, a.email AS "email!", s.used_at AS "used_at: DateTime<Utc>",
                  s.confirmed_at AS "confirmed_at: DateTime<Utc>"
           FROM sessions s JOIN accounts a ON a.id = s.account_id
           WHERE s.hash = ? AND s.expires_at > ? AND s.used_at > ? AND a.disabled_at IS NULL AND a.email IS NOT NULL"#,
        &hash[..],
        now,
        now - idle,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Session {
        account: AccountId(row.id),
        name: row.name,
        role: row.role.parse()?,
        email: row.email,
        used_at: row.used_at,
        confirmed_at: row.confirmed_at,
    }))
}

/// Writes down that a page was asked for.
///
/// # Errors
/// [`Fault`].
pub async fn touch(tx: &mut Tx, hash: &[u8; 32]) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!("UPDATE sessions SET used_at = ? WHERE hash = ?", now, &hash[..])
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Writes down that they gave their password once more.
///
/// # Errors
/// [`Fault`].
pub async fn confirm(tx: &mut Tx, hash: &[u8; 32]) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!("UPDATE sessions SET confirmed_at = ? WHERE hash = ?", now, &hash[..])
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Signs a browser out.
///
/// # Errors
/// [`Fault`].
pub async fn end(tx: &mut Tx, hash: &[u8; 32]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM sessions WHERE hash = ?", &hash[..])
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Signs every browser of an account out.
///
/// # Errors
/// [`Fault`].
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM sessions WHERE account_id = ?", account.0)
        .execute(tx.db())
        .await?;
    Ok(())
}
