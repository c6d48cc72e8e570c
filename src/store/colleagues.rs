//! Those who work on tickets, as their colleagues choose from them.

use super::accounts::{Account, AccountRow};
use super::directory::escaped;
use super::{Fault, Tx, View};
use crate::domain::account::Role;
use crate::domain::ids::AccountId;
use crate::domain::permission::{EveryTicket, Permit};

/// Somebody of the team, in a line.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

/// Which of them a list is of.
#[derive(Clone, Copy, Debug)]
pub struct Among<'a> {
    /// Those in whose name these letters stand; all, where it is empty.
    pub letters: &'a str,
    /// Not this one.
    pub without: Option<AccountId>,
}

/// Lists those who may be in charge of a ticket, by name, from the one at `offset` on, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    among: Among<'_>,
    (offset, limit): (u32, u32),
) -> Result<Vec<Colleague>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, name, role FROM accounts
         WHERE role <> 'learner' AND disabled_at IS NULL AND name LIKE ? AND id <> ?
         ORDER BY name, id LIMIT ? OFFSET ?",
        format!("%{}%", escaped(among.letters)),
        among.without.map_or(0, |id| id.0),
        limit,
        offset,
    )
    .fetch_all(view.db())
    .await?;
    let colleagues = rows.into_iter().map(|row| {
        Ok(Colleague {
            id: AccountId(row.id),
            name: row.name,
            role: row.role.parse()?,
        })
    });
    colleagues.collect()
}

/// Finds somebody who may be in charge of a ticket, and sees to it that they may until this is over. The lock is shared,
/// like those of the keys that refer to an account: two who hand tickets to each other don't wait for one another.
///
/// # Errors
/// [`Fault`].
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT id, name, role, disabled_at IS NOT NULL AS `is_disabled!: bool` FROM accounts
         WHERE id = ? AND deleted_at IS NULL LOCK IN SHARE MODE",
        id.0
    )
    .fetch_optional(tx.db())
    .await?;
    let account = row.map(Account::try_from).transpose()?;
    Ok(account.filter(Account::works))
}
