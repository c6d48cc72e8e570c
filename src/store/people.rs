//! Chat identities: who writes from where.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::accounts::{self, Account, AccountEvent};
use super::dialogs::DialogRow;
use super::reach::Mark;
use super::told::Told;
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::language::Language;
use crate::domain::pace::Pace;
use crate::domain::platform::{Platform, Spot};

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
    /// The person, once known, and as long as they may do something here.
    pub account: Option<Account>,
    /// They have an account, with which they may do nothing any more.
    pub is_disabled: bool,
    /// Of their chats, they used this one last.
    pub is_latest: bool,
}

impl Identity {
    /// Whether it is a chat of that account's, with which they may do something here.
    #[must_use]
    pub fn is_account(&self, id: AccountId) -> bool {
        self.account.as_ref().is_some_and(|account| account.id == id)
    }
}

/// How an identity is read.
pub(super) struct IdentityRow {
    pub(super) id: u64,
    pub(super) platform: String,
    pub(super) user_id: String,
    pub(super) display_name: String,
    pub(super) language: String,
    pub(super) language_known: i8,
    pub(super) private_chat: Option<String>,
    pub(super) unreachable_at: Option<DateTime<Utc>>,
    pub(super) unreachable_cause: Option<String>,
    pub(super) account_id: Option<u64>,
    pub(super) name: Option<String>,
    pub(super) role: Option<String>,
    pub(super) is_disabled: bool,
    pub(super) is_latest: Option<bool>,
}

impl TryFrom<IdentityRow> for Identity {
    type Error = Fault;

    fn try_from(row: IdentityRow) -> Result<Self, Fault> {
        let account = match (row.account_id, row.name, row.role) {
            (Some(id), Some(name), Some(role)) if !row.is_disabled => Some(Account {
                id: AccountId(id),
                name,
                role: role.parse()?,
                is_disabled: false,
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
            is_disabled: row.is_disabled,
            is_latest: row.is_latest.unwrap_or_default(),
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
                a.name AS `name?`, a.role AS `role?`, a.disabled_at IS NOT NULL AS `is_disabled!: bool`,
                a.chat_id = i.id AS `is_latest: bool`,
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
        is_disabled: row.is_disabled,
        is_latest: row.is_latest,
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
                a.name AS `name?`, a.role AS `role?`, a.disabled_at IS NOT NULL AS `is_disabled!: bool`,
                a.chat_id = i.id AS `is_latest: bool`
         FROM identities i LEFT JOIN accounts a ON a.id = i.account_id
         WHERE i.id = ?",
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Identity::try_from).transpose()
}

/// Lists the chats of an account, the oldest first.
///
/// # Errors
/// [`Fault`].
pub async fn list_of(view: &mut View, account: AccountId) -> Result<Vec<Identity>, Fault> {
    let rows = sqlx::query_as!(
        IdentityRow,
        "SELECT i.id, i.platform, i.user_id, i.display_name, i.language, i.language_known, i.private_chat,
                i.unreachable_at AS `unreachable_at: DateTime<Utc>`, i.unreachable_cause, i.account_id,
                a.name AS `name?`, a.role AS `role?`, a.disabled_at IS NOT NULL AS `is_disabled!: bool`,
                a.chat_id = i.id AS `is_latest: bool`
         FROM identities i JOIN accounts a ON a.id = i.account_id
         WHERE i.account_id = ? ORDER BY i.id",
        account.0,
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(Identity::try_from).collect()
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

/// Makes an identity that of an account, which is new or [held](accounts::hold).
///
/// # Errors
/// [`Fault::Overtaken`] when it has an account already.
pub async fn link_identity(tx: &mut Tx, id: IdentityId, account: AccountId) -> Result<(), Fault> {
    link(tx, id, account, AccountEvent::Linked(id)).await
}

/// The same, as a page confirmed.
///
/// # Errors
/// As [`link_identity`].
pub async fn link_identity_on_page(tx: &mut Tx, id: IdentityId, account: AccountId) -> Result<(), Fault> {
    link(tx, id, account, AccountEvent::LinkedOnPage(id)).await
}

async fn link(tx: &mut Tx, id: IdentityId, account: AccountId, event: AccountEvent) -> Result<(), Fault> {
    // `account_id IS NULL`: a chat that was linked meanwhile is not taken from its account.
    let done = sqlx::query!(
        "UPDATE identities SET account_id = ? WHERE id = ? AND account_id IS NULL",
        account.0,
        id.0
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Fault::Overtaken("identities"));
    }
    accounts::note(tx, account, event, Some(account)).await?;
    accounts::set_chat(tx, account, id).await
}

/// Makes an identity that of nobody. Whether it was that of this account, which is [held](accounts::hold).
///
/// # Errors
/// [`Fault`].
pub async fn unlink_identity(tx: &mut Tx, id: IdentityId, account: AccountId) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE identities SET account_id = NULL WHERE id = ? AND account_id = ?",
        id.0,
        account.0
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE accounts SET chat_id = (SELECT MAX(id) FROM identities WHERE account_id = ?) WHERE id = ? AND chat_id = ?",
        account.0,
        account.0,
        id.0
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// How a chat became that of an account.
#[derive(Clone, Copy, Debug)]
pub struct Linking {
    /// The chat.
    pub chat: IdentityId,
    /// When.
    pub at: DateTime<Utc>,
    /// A page confirmed it.
    pub on_page: bool,
}

/// Lists how the chats of an account became its own, each the last time.
///
/// # Errors
/// [`Fault`].
pub async fn list_linkings(view: &mut View, account: AccountId) -> Result<Vec<Linking>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT h.identity_id AS "chat!", h.happened_at AS "at: DateTime<Utc>", h.event
           FROM account_history h
           JOIN (SELECT MAX(id) AS id FROM account_history
                 WHERE account_id = ? AND event IN ('linked', 'linked-page') GROUP BY identity_id) AS last
             ON last.id = h.id
           JOIN identities i ON i.id = h.identity_id AND i.account_id = h.account_id"#,
        account.0,
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows
        .map(|row| Linking {
            chat: IdentityId(row.chat),
            at: row.at,
            on_page: row.event == "linked-page",
        })
        .collect())
}

/// A chat identity of every admin but these two: of those in which they can be reached, the one used last, or else made
/// last.
///
/// # Errors
/// [`Fault`].
pub async fn list_admin_identities(view: &mut View, except: Option<[AccountId; 2]>) -> Result<Vec<Told>, Fault> {
    let [one, other] = except.map_or([0; 2], |except| except.map(|account| account.0));
    let chats = sqlx::query!(
        r#"SELECT a.id AS account, i.id, i.unreachable_at IS NULL AS "is_reachable!: bool",
                  a.chat_id <=> i.id AS "is_latest!: bool", a.told_everywhere AS "everywhere: bool", a.told_pace
           FROM accounts a JOIN identities i ON i.account_id = a.id
           WHERE a.role = 'admin' AND a.disabled_at IS NULL AND a.id NOT IN (?, ?)"#,
        one,
        other,
    )
    .fetch_all(view.db())
    .await?;
    let mut of_each: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for chat in chats {
        let rank = (chat.is_reachable, chat.is_latest, chat.id);
        let pace: Pace = chat.told_pace.parse()?;
        of_each
            .entry(chat.account)
            .or_default()
            .push((rank, chat.everywhere, pace));
    }
    let mut told = Vec::new();
    for mut chats in of_each.into_values() {
        chats.sort_unstable_by_key(|(rank, ..)| *rank);
        let reachable = chats.iter().filter(|((is_reachable, ..), ..)| *is_reachable).count();
        let everywhere = reachable > 1 && chats.iter().any(|(_, everywhere, _)| *everywhere);
        let shown = if everywhere { reachable } else { 1 };
        told.extend(chats.iter().rev().take(shown).map(|((_, _, id), _, pace)| Told {
            identity: IdentityId(*id),
            everywhere,
            pace: *pace,
        }));
    }
    Ok(told)
}

/// Another chat of the same person in which they can be reached: the one used last, or else made last.
///
/// # Errors
/// [`Fault`].
pub async fn find_other_chat(view: &mut View, id: IdentityId) -> Result<Option<IdentityId>, Fault> {
    let row = sqlx::query_scalar!(
        "SELECT other.id FROM identities i
         JOIN identities other ON other.account_id = i.account_id AND other.id <> i.id
         JOIN accounts a ON a.id = i.account_id
         WHERE i.id = ? AND other.unreachable_at IS NULL ORDER BY other.id <=> a.chat_id DESC, other.id DESC LIMIT 1",
        id.0,
    )
    .fetch_optional(view.db())
    .await?;
    Ok(row.map(IdentityId))
}
