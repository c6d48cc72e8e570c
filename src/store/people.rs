//! Accounts and chat identities.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::dialogs::DialogRow;
use super::reach::Mark;
use super::{Fault, Tx, View};
use crate::domain::account::Role;
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::language::Language;
use crate::domain::platform::{Platform, Spot};
use crate::domain::text::{Email, PersonName};

/// A chat identity, with the account it belongs to, if any.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the person.
    pub user_id: String,
    /// The name shown there.
    pub display_name: String,
    /// The language to speak to them.
    pub language: Language,
    /// Whether that is theirs: told by the platform or chosen.
    pub language_known: bool,
    /// The private chat with them, once known.
    pub private_chat: Option<String>,
    /// That they can't be written to there.
    pub unreachable: Option<Mark>,
    /// The person, once known.
    pub account: Option<Account>,
}

/// An account as the database has it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

pub(super) struct AccountRow {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) role: String,
}

impl TryFrom<AccountRow> for Account {
    type Error = Fault;

    fn try_from(row: AccountRow) -> Result<Self, Fault> {
        Ok(Self {
            id: AccountId(row.id),
            name: row.name,
            role: row.role.parse()?,
        })
    }
}

struct IdentityRow {
    id: u64,
    platform: String,
    user_id: String,
    display_name: String,
    language: String,
    language_known: i8,
    private_chat: Option<String>,
    unreachable_at: Option<DateTime<Utc>>,
    unreachable_cause: Option<String>,
    account_id: Option<u64>,
    name: Option<String>,
    role: Option<String>,
}

impl TryFrom<IdentityRow> for Identity {
    type Error = Fault;

    fn try_from(row: IdentityRow) -> Result<Self, Fault> {
        let account = match (row.account_id, row.name, row.role) {
            (Some(id), Some(name), Some(role)) => Some(Account {
                id: AccountId(id),
                name,
                role: role.parse()?,
            }),
            _ => None,
        };
        Ok(Self {
            id: IdentityId(row.id),
            platform: row.platform.parse()?,
            user_id: row.user_id,
            display_name: row.display_name,
            language: row.language.parse()?,
            language_known: row.language_known != 0,
            private_chat: row.private_chat,
            unreachable: Mark::read(row.unreachable_at, row.unreachable_cause.as_deref())?,
            account,
        })
    }
}

/// Finds the identity of a platform's user, and what they are in the middle of in that place.
///
/// # Errors
/// [`Fault`].
pub async fn find_identity(
    view: &mut View,
    platform: Platform,
    user_id: &str,
    spot: &Spot,
) -> Result<Option<(Identity, Option<DialogRow>)>, Fault> {
    let row = sqlx::query!(
        "SELECT i.id, i.platform, i.user_id, i.display_name, i.language, i.language_known, i.private_chat,
                i.unreachable_at AS `unreachable_at: DateTime<Utc>`, i.unreachable_cause, i.account_id,
                a.name AS `name?`, a.role AS `role?`,
                d.state AS `state?`, d.message_id, d.version AS `version?`
         FROM identities i LEFT JOIN accounts a ON a.id = i.account_id
         LEFT JOIN dialogs d ON d.identity_id = i.id AND d.spot = ?
         WHERE i.platform = ? AND i.user_id = ?",
        spot.to_string(),
        platform.code(),
        user_id,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let dialog = row.state.zip(row.version).map(|(state, version)| DialogRow {
        state,
        message_id: row.message_id,
        version,
    });
    let identity = IdentityRow {
        id: row.id,
        platform: row.platform,
        user_id: row.user_id,
        display_name: row.display_name,
        language: row.language,
        language_known: row.language_known,
        private_chat: row.private_chat,
        unreachable_at: row.unreachable_at,
        unreachable_cause: row.unreachable_cause,
        account_id: row.account_id,
        name: row.name,
        role: row.role,
    };
    Ok(Some((identity.try_into()?, dialog)))
}

/// Finds an identity by its id.
///
/// # Errors
/// [`Fault`].
pub async fn find_identity_by_id(view: &mut View, id: IdentityId) -> Result<Option<Identity>, Fault> {
    let row = sqlx::query_as!(
        IdentityRow,
        "SELECT i.id, i.platform, i.user_id, i.display_name, i.language, i.language_known, i.private_chat,
                i.unreachable_at AS `unreachable_at: DateTime<Utc>`, i.unreachable_cause, i.account_id,
                a.name AS `name?`, a.role AS `role?`
         FROM identities i LEFT JOIN accounts a ON a.id = i.account_id
         WHERE i.id = ?",
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Identity::try_from).transpose()
}

/// Adds an identity without an account. `known` is the language that the platform tells, `default` the desk's.
///
/// # Errors
/// [`Fault`]; one that passes when another update of the same person was first.
pub async fn insert_identity(
    tx: &mut Tx,
    platform: Platform,
    user_id: &str,
    display_name: &str,
    known: Option<Language>,
    default: Language,
) -> Result<IdentityId, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO identities (platform, user_id, display_name, language, language_known, created_at)
         VALUES (?, ?, ?, ?, ?, ?)",
        platform.code(),
        user_id,
        display_name,
        known.unwrap_or(default).code(),
        known.is_some(),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(IdentityId(done.last_insert_id()))
}

/// Writes down the private chat with a person.
///
/// # Errors
/// [`Fault`].
pub async fn set_private_chat(tx: &mut Tx, id: IdentityId, chat: &str) -> Result<(), Fault> {
    sqlx::query!("UPDATE identities SET private_chat = ? WHERE id = ?", chat, id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Writes down the language to speak to a person.
///
/// # Errors
/// [`Fault`].
pub async fn set_language(tx: &mut Tx, id: IdentityId, language: Language) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE identities SET language = ?, language_known = TRUE WHERE id = ?",
        language.code(),
        id.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes an identity that of an account.
///
/// # Errors
/// [`Fault::Overtaken`] when it has an account already.
pub async fn link_identity(tx: &mut Tx, id: IdentityId, account: AccountId) -> Result<(), Fault> {
    // `account_id IS NULL`: a chat that was linked meanwhile is not taken from its account.
    let done = sqlx::query!(
        "UPDATE identities SET account_id = ? WHERE id = ? AND account_id IS NULL",
        account.0,
        id.0
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::Overtaken("identities"))
    }
}

/// Finds the account that an e-mail address identifies.
///
/// # Errors
/// [`Fault`].
pub async fn find_account_by_email(view: &mut View, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT id, name, role FROM accounts WHERE email = ?",
        email.as_str()
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// Finds an account by its id.
///
/// # Errors
/// [`Fault`].
pub async fn find_account(view: &mut View, id: AccountId) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(AccountRow, "SELECT id, name, role FROM accounts WHERE id = ?", id.0)
        .fetch_optional(view.db())
        .await?;
    row.map(Account::try_from).transpose()
}

/// Adds an account. `email` identifies it; without one, `stated` is only what somebody typed.
///
/// # Errors
/// [`Fault`], with the broken key `accounts_email` when that address identifies an account already.
pub async fn insert_account(
    tx: &mut Tx,
    name: &PersonName,
    email: Option<&Email>,
    stated: &Email,
    role: Role,
) -> Result<AccountId, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO accounts (name, email, stated_email, role, created_at) VALUES (?, ?, ?, ?, ?)",
        name.as_str(),
        email.map(Email::as_str),
        stated.as_str(),
        role.code(),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(AccountId(done.last_insert_id()))
}

/// One line of the list of accounts.
#[derive(Clone, Debug)]
pub struct AccountLine {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The address that identifies them, or the one they stated.
    pub email: String,
    /// Whether that address is only stated.
    pub only_stated: bool,
    /// Their role's code.
    pub role: String,
    /// Their platforms, separated by commas.
    pub platforms: String,
}

/// Lists all accounts, by name.
///
/// # Errors
/// [`Fault`].
pub async fn list_accounts(view: &mut View) -> Result<Vec<AccountLine>, Fault> {
    let rows = sqlx::query!(
        "SELECT a.id, a.name, a.email, a.stated_email, a.role,
                (SELECT GROUP_CONCAT(i.platform ORDER BY i.platform SEPARATOR ', ')
                 FROM identities i WHERE i.account_id = a.id) AS platforms
         FROM accounts a ORDER BY a.name, a.id",
    )
    .fetch_all(view.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AccountLine {
            id: AccountId(row.id),
            name: row.name,
            only_stated: row.email.is_none(),
            email: row.email.unwrap_or(row.stated_email),
            role: row.role,
            platforms: row.platforms.unwrap_or_default(),
        })
        .collect())
}

/// A chat identity of every admin but `except`: of those in which they can be reached, the one made last.
///
/// # Errors
/// [`Fault`].
pub async fn list_admin_identities(view: &mut View, except: Option<AccountId>) -> Result<Vec<IdentityId>, Fault> {
    let chats = sqlx::query!(
        r#"SELECT a.id AS account, i.id, i.unreachable_at IS NULL AS "is_reachable!: bool"
           FROM accounts a JOIN identities i ON i.account_id = a.id
           WHERE a.role = 'admin' AND a.id <> COALESCE(?, 0)"#,
        except.map(|except| except.0),
    )
    .fetch_all(view.db())
    .await?;
    let mut best = BTreeMap::new();
    for chat in chats {
        let known = best.entry(chat.account).or_insert((false, 0));
        *known = (*known).max((chat.is_reachable, chat.id));
    }
    Ok(best.into_values().map(|(_, id)| IdentityId(id)).collect())
}

/// Another chat of the same person in which they can be reached, the one made last.
///
/// # Errors
/// [`Fault`].
pub async fn find_other_chat(view: &mut View, id: IdentityId) -> Result<Option<IdentityId>, Fault> {
    let row = sqlx::query_scalar!(
        "SELECT other.id FROM identities i
         JOIN identities other ON other.account_id = i.account_id AND other.id <> i.id
         WHERE i.id = ? AND other.unreachable_at IS NULL ORDER BY other.id DESC LIMIT 1",
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(IdentityId))
}

/// The name of an account.
///
/// # Errors
/// [`Fault`].
pub async fn find_name(view: &mut View, account: AccountId) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("SELECT name FROM accounts WHERE id = ?", account.0)
        .fetch_optional(view.db())
        .await?)
}
