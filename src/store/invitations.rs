//! Invitations, as hashes of their codes.

use chrono::{DateTime, Utc};

use super::{Fault, Tx, View};
use crate::domain::account::Role;
use crate::domain::ids::AccountId;
use crate::domain::text::Email;

/// An invitation that is good.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What its owner will be.
    pub role: Role,
    /// The address that will identify them, where whoever invited them knew it.
    pub email: Option<String>,
    /// Who invited them; nobody from the command line.
    pub by: Option<(AccountId, String)>,
}

struct InvitationRow {
    role: String,
    email: Option<String>,
    by_id: Option<u64>,
    by: Option<String>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = Fault;

    fn try_from(row: InvitationRow) -> Result<Self, Fault> {
        Ok(Self {
            role: row.role.parse()?,
            email: row.email,
            by: row.by_id.map(AccountId).zip(row.by),
        })
    }
}

/// Keeps the hash of an invitation's code.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    (role, email): (Role, Option<&Email>),
    by: Option<AccountId>,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO invitations (hash, role, email, invited_by, expires_at) VALUES (?, ?, ?, ?, ?)",
        &hash[..],
        role.code(),
        email.map(Email::as_str),
        by.map(|by| by.0),
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Finds the invitation that a code is good for now. One by somebody who may invite nobody any more is good for nothing.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, hash: &[u8; 32]) -> Result<Option<Invitation>, Fault> {
    let now = view.now();
    let row = sqlx::query_as!(
        InvitationRow,
        "SELECT i.role, i.email, i.invited_by AS by_id, a.name AS `by?` FROM invitations i LEFT JOIN accounts a ON a.id = i.invited_by
         WHERE i.hash = ? AND i.used_at IS NULL AND i.expires_at > ?
           AND (i.invited_by IS NULL OR (a.role = 'admin' AND a.disabled_at IS NULL))",
        &hash[..],
        now,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Invitation::try_from).transpose()
}

/// Uses an invitation up, or makes one that others could read good for nobody. Whether it was not used yet: of several at
/// once, only one hears so.
///
/// # Errors
/// [`Fault`].
pub async fn claim(tx: &mut Tx, hash: &[u8; 32]) -> Result<bool, Fault> {
    let now = tx.now();
    let used = sqlx::query!(
        "UPDATE invitations SET used_at = ? WHERE hash = ? AND used_at IS NULL",
        now,
        &hash[..]
    )
    .execute(tx.db())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Writes down whose account came of an invitation.
///
/// # Errors
/// [`Fault`].
pub async fn set_account(tx: &mut Tx, hash: &[u8; 32], account: AccountId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE invitations SET account_id = ? WHERE hash = ?",
        account.0,
        &hash[..]
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
