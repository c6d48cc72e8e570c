//! Accounts: who people are, and what they may do.

use super::{Fault, Tx, View};
use crate::domain::account::{Named, Role, TheirTickets};
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::text::{Email, PersonName};

/// An account as the database has it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// They may do nothing any more.
    pub is_disabled: bool,
}

impl Account {
    /// Whether they may be in charge of other people's tickets.
    #[must_use]
    pub fn works(&self) -> bool {
        self.role.is_staff() && !self.is_disabled
    }
}

pub(super) struct AccountRow {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) is_disabled: bool,
}

impl TryFrom<AccountRow> for Account {
    type Error = Fault;

    fn try_from(row: AccountRow) -> Result<Self, Fault> {
        Ok(Self {
            id: AccountId(row.id),
            name: row.name,
            role: row.role.parse()?,
            is_disabled: row.is_disabled,
        })
    }
}

/// Finds the account that an e-mail address identifies.
///
/// # Errors
/// [`Fault`].
pub async fn find_by_email(view: &mut View, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT id, name, role, disabled_at IS NOT NULL AS `is_disabled!: bool` FROM accounts WHERE email = ?",
        email.as_str()
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// The same for an account whose owner may do something. It is locked: whoever disables it or changes its password waits
/// until this is over, or this for them.
///
/// # Errors
/// [`Fault`].
pub async fn lock_by_email(tx: &mut Tx, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT id, name, role, FALSE AS `is_disabled!: bool` FROM accounts
         WHERE email = ? AND disabled_at IS NULL FOR UPDATE",
        email.as_str()
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// Finds an account by its id, unless it is deleted.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: AccountId) -> Result<Option<Account>, Fault> {
    let row = sqlx::query_as!(
        AccountRow,
        "SELECT id, name, role, disabled_at IS NOT NULL AS `is_disabled!: bool` FROM accounts
         WHERE id = ? AND deleted_at IS NULL",
        id.0
    )
    .fetch_optional(view.db())
    .await?;
    row.map(Account::try_from).transpose()
}

/// Adds an account. `email` identifies it; without one, `stated` is only what somebody typed.
///
/// # Errors
/// [`Fault`], with the broken key `accounts_email` when that address identifies an account already.
pub async fn insert(
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
    /// They may do nothing any more.
    pub is_disabled: bool,
    /// Their platforms, separated by commas.
    pub platforms: String,
}

/// Lists all accounts, by name.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View) -> Result<Vec<AccountLine>, Fault> {
    let rows = sqlx::query!(
        "SELECT a.id, a.name, a.email, a.stated_email, a.role, a.disabled_at IS NOT NULL AS `is_disabled!: bool`,
                (SELECT GROUP_CONCAT(i.platform ORDER BY i.platform SEPARATOR ', ')
                 FROM identities i WHERE i.account_id = a.id) AS platforms
         FROM accounts a WHERE a.deleted_at IS NULL ORDER BY a.name, a.id",
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
            is_disabled: row.is_disabled,
            platforms: row.platforms.unwrap_or_default(),
        })
        .collect())
}

/// The e-mail address of an account.
#[derive(Clone, Debug)]
pub struct Address {
    /// The address.
    pub email: String,
    /// Somebody only typed it: it identifies nobody.
    pub is_only_stated: bool,
}

/// Finds the address that identifies an account, or else the one that its owner stated.
///
/// # Errors
/// [`Fault`].
pub async fn find_address(view: &mut View, id: AccountId) -> Result<Option<Address>, Fault> {
    let row = sqlx::query!("SELECT email, stated_email FROM accounts WHERE id = ?", id.0)
        .fetch_optional(view.db())
        .await?;
    Ok(row.map(|row| Address {
        is_only_stated: row.email.is_none(),
        email: row.email.unwrap_or(row.stated_email),
    }))
}

/// Finds the chat that the owner of an account used last.
///
/// # Errors
/// [`Fault`].
pub async fn find_chat(view: &mut View, id: AccountId) -> Result<Option<IdentityId>, Fault> {
    let chat = sqlx::query_scalar!(
        "SELECT i.id FROM accounts a JOIN identities i ON i.id = a.chat_id AND i.account_id = a.id WHERE a.id = ?",
        id.0
    );
    Ok(chat.fetch_optional(view.db()).await?.map(IdentityId))
}

/// Writes down which chat the owner of an account used last.
///
/// # Errors
/// [`Fault`].
pub async fn set_chat(tx: &mut Tx, id: AccountId, chat: IdentityId) -> Result<(), Fault> {
    sqlx::query!("UPDATE accounts SET chat_id = ? WHERE id = ?", chat.0, id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// The name of an account.
///
/// # Errors
/// [`Fault`].
pub async fn find_name(view: &mut View, account: AccountId) -> Result<Named, Fault> {
    let name = sqlx::query_scalar!("SELECT name FROM accounts WHERE id = ?", account.0);
    Ok(Named::read(name.fetch_optional(view.db()).await?))
}

/// Has whoever else links or unlinks chats of an account, makes or voids its codes, disables it or changes its password
/// wait until this is over; or waits for them.
///
/// Locks are taken in this order: the account, then its chats (`identities`), then codes and sessions. Whoever changes
/// more than one of them holds the account first; a chat that is nobody's has no account to hold.
///
/// # Errors
/// [`Fault`].
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<(), Fault> {
    // Written, not only locked: on a cluster a lock is that of one node.
    sqlx::query!("UPDATE accounts SET held = held + 1 WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Has whoever else would take the role of an admin from somebody wait until this is over: only then is what
/// [`is_admin_without`] says good for as long as it is needed.
///
/// # Errors
/// [`Fault`].
pub async fn guard_admins(tx: &mut Tx) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!("UPDATE roles SET changed_at = ? WHERE code = 'admin'", now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Whether this is an admin who may do something.
///
/// # Errors
/// [`Fault`].
pub async fn is_admin(view: &mut View, id: AccountId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM accounts WHERE role = 'admin' AND disabled_at IS NULL AND id = ?",
        id.0
    );
    Ok(found.fetch_one(view.db()).await? > 0)
}

/// Whether there is an admin who may do something, beside this one.
///
/// # Errors
/// [`Fault`].
pub async fn is_admin_without(view: &mut View, id: AccountId) -> Result<bool, Fault> {
    let others = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM accounts WHERE role = 'admin' AND disabled_at IS NULL AND id <> ?",
        id.0
    );
    Ok(others.fetch_one(view.db()).await? > 0)
}

/// A change to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// It gets another role.
    Role {
        /// The one it has.
        from: Role,
        /// The one it gets.
        to: Role,
    },
    /// Its owner may do nothing any more.
    Disable,
    /// They may again.
    Enable,
}

/// What was done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountEvent {
    /// It was changed.
    Changed(AccountChange),
    /// Its owner chose a password.
    Password,
    /// An admin was shown a code for it.
    CodeShown,
    /// A link by which its password is set was made.
    LinkShown,
    /// Such a link was mailed to the address that identifies it.
    LinkMailed,
    /// Its owner accepted an invitation.
    Joined,
    /// A chat became its owner's.
    Linked(IdentityId),
    /// The same, as a page confirmed.
    LinkedOnPage(IdentityId),
    /// A chat is theirs no more.
    Unlinked(IdentityId),
    /// It was deleted.
    Deleted(TheirTickets),
}

/// Changes an account, and writes down who did so; `by` is nobody from the command line. Whether it was as expected.
///
/// # Errors
/// [`Fault`].
pub async fn change(tx: &mut Tx, id: AccountId, change: AccountChange, by: Option<AccountId>) -> Result<bool, Fault> {
    let now = tx.now();
    // Each names what it expects: a change made meanwhile is not overwritten.
    let changed = match change {
        AccountChange::Role { from, to } => {
            let change = sqlx::query!(
                "UPDATE accounts SET role = ? WHERE id = ? AND role = ? AND deleted_at IS NULL",
                to.code(),
                id.0,
                from.code()
            );
            change.execute(tx.db()).await?
        }
        AccountChange::Disable => {
            let change = sqlx::query!(
                "UPDATE accounts SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL",
                now,
                id.0
            );
            change.execute(tx.db()).await?
        }
        AccountChange::Enable => {
            let change = sqlx::query!(
                "UPDATE accounts SET disabled_at = NULL WHERE id = ? AND disabled_at IS NOT NULL AND deleted_at IS NULL",
                id.0
            );
            change.execute(tx.db()).await?
        }
    };
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    note(tx, id, AccountEvent::Changed(change), by).await?;
    Ok(true)
}

/// Writes down what was done to an account, and by whom: nobody from the command line.
///
/// # Errors
/// [`Fault`].
pub async fn note(tx: &mut Tx, id: AccountId, event: AccountEvent, by: Option<AccountId>) -> Result<(), Fault> {
    let now = tx.now();
    let (code, roles, chat) = match event {
        AccountEvent::Changed(AccountChange::Role { from, to }) => ("role", Some((from.code(), to.code())), None),
        AccountEvent::Changed(AccountChange::Disable) => ("disabled", None, None),
        AccountEvent::Changed(AccountChange::Enable) => ("enabled", None, None),
        AccountEvent::Password => ("password", None, None),
        AccountEvent::CodeShown => ("code", None, None),
        AccountEvent::LinkShown => ("reset", None, None),
        AccountEvent::LinkMailed => ("mailed", None, None),
        AccountEvent::Joined => ("joined", None, None),
        AccountEvent::Linked(chat) => ("linked", None, Some(chat.0)),
        AccountEvent::LinkedOnPage(chat) => ("linked-page", None, Some(chat.0)),
        AccountEvent::Unlinked(chat) => ("unlinked", None, Some(chat.0)),
        AccountEvent::Deleted(TheirTickets::Keep) => ("deleted", None, None),
        AccountEvent::Deleted(TheirTickets::Erase) => ("erased", None, None),
    };
    sqlx::query!(
        "INSERT INTO account_history (account_id, event, role_before, role_after, identity_id, actor_id, happened_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        id.0,
        code,
        roles.map(|(before, _)| before),
        roles.map(|(_, after)| after),
        chat,
        by.map(|by| by.0),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
