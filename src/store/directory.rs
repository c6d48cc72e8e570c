//! People, as an admin looks them up.

use chrono::{DateTime, Utc};

use super::{Fault, View};
use crate::domain::account::{Named, Role};
use crate::domain::ids::AccountId;
use crate::domain::permission::{People, Permit};
use crate::domain::platform::Platform;

/// Somebody, in a line.
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// They may do nothing any more.
    pub is_disabled: bool,
}

/// Lists people by name, from the one at `offset` on, at most `limit`: those whose name or address has these words in
/// it or whose number they are, or all.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<People>,
    words: &str,
    (offset, limit): (u32, u32),
) -> Result<Vec<PersonLine>, Fault> {
    let pattern = format!("%{}%", escaped(words));
    let rows = sqlx::query!(
        "SELECT id, name, role, disabled_at IS NOT NULL AS `is_disabled!: bool` FROM accounts
         WHERE deleted_at IS NULL AND (name LIKE ? OR stated_email LIKE ? OR id = ?) ORDER BY name, id LIMIT ? OFFSET ?",
        pattern,
        pattern,
        words.parse().unwrap_or(0_u64),
        limit,
        offset,
    )
    .fetch_all(view.db())
    .await?;
    let people = rows.into_iter().map(|row| {
        Ok(PersonLine {
            id: AccountId(row.id),
            name: row.name,
            role: row.role.parse()?,
            is_disabled: row.is_disabled,
        })
    });
    people.collect()
}

/// What somebody typed, as LIKE takes it literally.
pub(super) fn escaped(words: &str) -> String {
    words.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

/// How much work there is of somebody's.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// How many open tickets they asked for.
    pub asked: i64,
    /// How many tickets they are in charge of.
    pub in_charge: i64,
}

/// Counts somebody's open tickets.
///
/// # Errors
/// [`Fault`].
pub async fn count_tickets(view: &mut View, _permit: Permit<People>, id: AccountId) -> Result<Workload, Fault> {
    let row = sqlx::query!(
        "SELECT (SELECT COUNT(*) FROM tickets WHERE requester_id = ? AND is_open = TRUE) AS `asked!: i64`,
                (SELECT COUNT(*) FROM tickets WHERE technician_id = ? AND is_open = TRUE) AS `in_charge!: i64`",
        id.0,
        id.0,
    )
    .fetch_one(view.db())
    .await?;
    Ok(Workload {
        asked: row.asked,
        in_charge: row.in_charge,
    })
}

/// A line of an account's history.
#[derive(Clone, Debug)]
pub struct AccountHappening {
    /// The code of what happened.
    pub event: String,
    /// The role it got.
    pub role: Option<Role>,
    /// The chat that was linked or unlinked.
    pub chat: Option<(Platform, Named)>,
    /// Who did it; nobody from the command line.
    pub by: Option<Named>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Lists what was done to an account, the latest first, at most `limit`.
///
/// # Errors
/// [`Fault`].
pub async fn list_history(
    view: &mut View,
    _permit: Permit<People>,
    id: AccountId,
    limit: u32,
) -> Result<Vec<AccountHappening>, Fault> {
    let rows = sqlx::query!(
        "SELECT h.event, h.role_after, i.platform AS `platform?`, i.display_name AS `display_name?`, h.actor_id, a.name AS `by?`,
                h.happened_at AS `at: DateTime<Utc>`
         FROM account_history h LEFT JOIN identities i ON i.id = h.identity_id LEFT JOIN accounts a ON a.id = h.actor_id
         WHERE h.account_id = ? ORDER BY h.id DESC LIMIT ?",
        id.0,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    let lines = rows.into_iter().map(|row| {
        let platform: Option<Platform> = row.platform.map(|code| code.parse()).transpose()?;
        Ok(AccountHappening {
            event: row.event,
            role: row.role_after.map(|code| code.parse()).transpose()?,
            chat: platform.map(|platform| (platform, Named::read(row.display_name))),
            by: row.actor_id.map(|_| Named::read(row.by)),
            at: row.at,
        })
    });
    lines.collect()
}

/// Whether anybody is known on a platform.
///
/// # Errors
/// [`Fault`].
pub async fn is_anybody_on(view: &mut View, platform: Platform) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM identities WHERE platform = ?)",
        platform.code()
    );
    Ok(found.fetch_one(view.db()).await? != 0)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_is_typed_is_looked_for_literally() {
        assert_eq!(escaped(r"50%_\o"), r"50\%\_\\o");
    }
}
