//! In which of their chats people are told what concerns them, and how soon.

use super::reach::BELIEVED;
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

/// When the owner of an account hears what concerns them, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    /// So soon.
    At(Pace),
    /// Once they can be reached again: nothing arrives in any of their chats.
    OnceReached,
    /// Never: they have no chat, or may not use Guichet any more.
    Nothing,
}

impl Hears {
    /// How soon, as sentences tell it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::At(pace) => pace.code(),
            Self::OnceReached | Self::Nothing => "unreachable",
        }
    }
}

/// When the owner of an account hears what concerns them.
///
/// # Errors
/// [`Fault`].
pub async fn find_hears(view: &mut View, id: AccountId) -> Result<Hears, Fault> {
    let doubted = view.now() - BELIEVED;
    let found = sqlx::query!(
        r#"SELECT a.told_pace, EXISTS (SELECT 1 FROM identities i WHERE i.account_id = a.id) AS "has_chat!: bool",
                  EXISTS (SELECT 1 FROM identities i WHERE i.account_id = a.id
                          AND (i.unreachable_at IS NULL OR i.unreachable_at <= ?)) AS "is_reachable!: bool"
           FROM accounts a WHERE a.id = ? AND a.disabled_at IS NULL"#,
        doubted,
        id.0
    );
    Ok(match found.fetch_optional(view.db()).await? {
        Some(found) if found.is_reachable => Hears::At(found.told_pace.parse()?),
        Some(found) if found.has_chat => Hears::OnceReached,
        _ => Hears::Nothing,
    })
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
