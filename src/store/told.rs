//! In which of their chats people are told what concerns them, and how soon.

use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::pace::Pace;

/// A chat in which somebody is told of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The chat.
    pub identity: IdentityId,
    /// Their other chats are told as well.
    pub everywhere: bool,
    /// How soon.
    pub pace: Pace,
}

/// Lists the chats in which the owner of an account is told what concerns them: the one used last, or all, as they chose.
///
/// # Errors
/// [`Fault`].
pub async fn list_chats(view: &mut View, id: AccountId) -> Result<Vec<Told>, Fault> {
    let chats = sqlx::query!(
        r#"SELECT i.id, a.told_everywhere AS "everywhere: bool", a.told_pace
           FROM accounts a JOIN identities i ON i.account_id = a.id
           WHERE a.id = ? AND (a.told_everywhere OR i.id = a.chat_id) ORDER BY i.id"#,
        id.0
    );
    let chats = chats.fetch_all(view.db()).await?;
    let is_one = chats.len() == 1;
    let chats = chats.into_iter().map(|chat| {
        Ok(Told {
            identity: IdentityId(chat.id),
            everywhere: chat.everywhere && !is_one,
            pace: chat.told_pace.parse()?,
        })
    });
    chats.collect()
}

/// How soon the owner of an account is told what concerns them.
///
/// # Errors
/// [`Fault`].
pub async fn find_pace(view: &mut View, id: AccountId) -> Result<Pace, Fault> {
    let pace = sqlx::query_scalar!("SELECT told_pace FROM accounts WHERE id = ?", id.0);
    let pace = pace.fetch_optional(view.db()).await?;
    Ok(pace.map(|code| code.parse()).transpose()?.unwrap_or_default())
}

/// Whether anything that is told to the owner of an account reaches them, as far as is known: they may use Guichet, and in one
/// of their chats at least what was last told arrived.
///
/// # Errors
/// [`Fault`].
pub async fn is_reachable(view: &mut View, id: AccountId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM accounts a JOIN identities i ON i.account_id = a.id
                          WHERE a.id = ? AND a.disabled_at IS NULL AND i.unreachable_at IS NULL) AS "found!: bool""#,
        id.0
    );
    Ok(found.fetch_one(view.db()).await?)
}

/// Tells the owner of an account so soon from now on.
///
/// # Errors
/// [`Fault`].
pub async fn set_pace(tx: &mut Tx, id: AccountId, pace: Pace) -> Result<(), Fault> {
    sqlx::query!("UPDATE accounts SET told_pace = ? WHERE id = ?", pace.code(), id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Whether the owner of an account is told in all of their chats.
///
/// # Errors
/// [`Fault`].
pub async fn is_everywhere(view: &mut View, id: AccountId) -> Result<bool, Fault> {
    let everywhere = sqlx::query_scalar!(
        r#"SELECT told_everywhere AS "everywhere: bool" FROM accounts WHERE id = ?"#,
        id.0
    );
    Ok(everywhere.fetch_optional(view.db()).await?.unwrap_or_default())
}

/// Tells the owner of an account in all of their chats from now on, or in the one used last.
///
/// # Errors
/// [`Fault`].
pub async fn choose(tx: &mut Tx, id: AccountId, everywhere: bool) -> Result<(), Fault> {
    sqlx::query!("UPDATE accounts SET told_everywhere = ? WHERE id = ?", everywhere, id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}
