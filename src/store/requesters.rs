//! People in whose name the team opens tickets.

use super::directory::escaped;
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::permission::{OpenForOthers, Permit};
use crate::domain::platform::Platform;

/// Somebody for whom a ticket may be opened.
#[derive(Clone, Debug)]
pub struct Requester {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address, or what they stated as such.
    pub address: String,
    /// They may do nothing any more.
    pub is_disabled: bool,
    /// The chat that they used last, and what they are called there; none where none is linked to their account.
    pub chat: Option<(IdentityId, Platform, String)>,
}

struct RequesterRow {
    id: u64,
    name: String,
    address: String,
    is_disabled: bool,
    chat: Option<u64>,
    platform: Option<String>,
    display_name: Option<String>,
}

impl TryFrom<RequesterRow> for Requester {
    type Error = Fault;

    fn try_from(row: RequesterRow) -> Result<Self, Fault> {
        let chat = match (row.chat, row.platform, row.display_name) {
            (Some(chat), Some(platform), Some(name)) => Some((IdentityId(chat), platform.parse()?, name)),
            _ => None,
        };
        Ok(Self {
            id: AccountId(row.id),
            name: row.name,
            address: row.address,
            is_disabled: row.is_disabled,
            chat,
        })
    }
}

/// Lists people by name, those who may do something first: at most `limit` of those in whose name or address these
/// letters stand.
///
/// # Errors
/// [`Fault`].
pub async fn list(
    view: &mut View,
    _permit: Permit<OpenForOthers>,
    letters: &str,
    limit: u32,
) -> Result<Vec<Requester>, Fault> {
    let pattern = format!("%{}%", escaped(letters));
    let rows = sqlx::query_as!(
        RequesterRow,
        "SELECT a.id, a.name, COALESCE(a.email, a.stated_email) AS `address!`,
                a.disabled_at IS NOT NULL AS `is_disabled!: bool`, i.id AS `chat?`, i.platform AS `platform?`,
                i.display_name AS `display_name?`
         FROM accounts a LEFT JOIN identities i ON i.id = a.chat_id AND i.account_id = a.id
         WHERE a.deleted_at IS NULL AND (a.name LIKE ? OR a.stated_email LIKE ?)
         ORDER BY a.disabled_at IS NOT NULL, a.name, a.id LIMIT ?",
        pattern,
        pattern,
        limit,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(Requester::try_from).collect()
}

/// Finds somebody, and sees to it that they and their chat stay as they are until this is over; nobody, where the
/// account is deleted.
///
/// # Errors
/// [`Fault`].
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<Option<Requester>, Fault> {
    let row = sqlx::query_as!(
        RequesterRow,
        // The account first, as everywhere; shared, like the locks of the keys that refer to it.
        "SELECT a.id, a.name, COALESCE(a.email, a.stated_email) AS `address!`,
                a.disabled_at IS NOT NULL AS `is_disabled!: bool`, i.id AS `chat?`, i.platform AS `platform?`,
                i.display_name AS `display_name?`
         FROM accounts a LEFT JOIN identities i ON i.id = a.chat_id AND i.account_id = a.id
         WHERE a.id = ? AND a.deleted_at IS NULL LOCK IN SHARE MODE",
        id.0
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(Requester::try_from).transpose()
}
