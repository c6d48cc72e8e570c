//! Letters: what is to be mailed, and the codes and links that they carry, as hashes.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Fault, Tx, View};
use crate::domain::ids::{IdentityId, LetterId};
use crate::domain::language::Language;
use crate::domain::text::Email;

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm its address in this chat, where alone its code is good.
    Confirmation(IdentityId),
    /// To set the password of the account that its address identifies, by its link.
    Password,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Confirmation(_) => "confirmation",
            Self::Password => "password",
        }
    }

    fn identity(self) -> Option<IdentityId> {
        match self {
            Self::Confirmation(identity) => Some(identity),
            Self::Password => None,
        }
    }
}

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// Whom it is for.
    pub address: Email,
    /// The language it is written in.
    pub language: Language,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// The hash of its code or link and until when that is good, once it was sent.
    pub code: Option<([u8; 32], DateTime<Utc>)>,
    /// How often a wrong code was tried.
    pub tries: u16,
    /// Its code is good no more: used, tried too often, or another letter took its place.
    pub is_over: bool,
}

struct LetterRow {
    id: u64,
    address: String,
    language: String,
    identity_id: Option<u64>,
    created_at: DateTime<Utc>,
    code_hash: Option<Vec<u8>>,
    expires_at: Option<DateTime<Utc>>,
    tries: u16,
    ended_at: Option<DateTime<Utc>>,
}

impl TryFrom<LetterRow> for Letter {
    type Error = Fault;

    fn try_from(row: LetterRow) -> Result<Self, Fault> {
        let address = Email::parse(&row.address).map_err(|_| Fault::Unreadable("an address".to_owned()))?;
        let hash = row.code_hash.map(<[u8; 32]>::try_from).transpose();
        let hash = hash.map_err(|_| Fault::Unreadable("a hash".to_owned()))?;
        Ok(Self {
            id: LetterId(row.id),
            address,
            language: row.language.parse()?,
            purpose: row
                .identity_id
                .map_or(Purpose::Password, |chat| Purpose::Confirmation(IdentityId(chat))),
            created_at: row.created_at,
            code: hash.zip(row.expires_at),
            tries: row.tries,
            is_over: row.ended_at.is_some(),
        })
    }
}

/// Adds a letter.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, purpose: Purpose, address: &Email, language: Language) -> Result<LetterId, Fault> {
    let now = tx.now();
    let done = sqlx::query!(
        "INSERT INTO letters (kind, address, language, identity_id, created_at) VALUES (?, ?, ?, ?, ?)",
        purpose.code(),
        address.as_str(),
        language.code(),
        purpose.identity().map(|identity| identity.0),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(LetterId(done.last_insert_id()))
}

/// Finds a letter.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: LetterId) -> Result<Option<Letter>, Fault> {
    let row = sqlx::query_as!(
        LetterRow,
        r#"SELECT id, address, language, identity_id, created_at AS "created_at: DateTime<Utc>",
                  code_hash AS "code_hash: Vec<u8>", expires_at AS "expires_at: DateTime<Utc>", tries, ended_at AS "ended_at: DateTime<Utc>"
           FROM letters WHERE id = ?"#,
        id.0,
    );
    row.fetch_optional(view.db()).await?.map(Letter::try_from).transpose()
}

/// Finds the newest letter for a chat, and locks it: its tries are counted one by one.
///
/// # Errors
/// [`Fault`].
pub async fn lock_newest(tx: &mut Tx, identity: IdentityId) -> Result<Option<Letter>, Fault> {
    let row = sqlx::query_as!(
        LetterRow,
        r#"SELECT id, address, language, identity_id, created_at AS "created_at: DateTime<Utc>",
                  code_hash AS "code_hash: Vec<u8>", expires_at AS "expires_at: DateTime<Utc>", tries, ended_at AS "ended_at: DateTime<Utc>"
           FROM letters WHERE identity_id = ? ORDER BY created_at DESC, id DESC LIMIT 1 FOR UPDATE"#,
        identity.0,
    );
    row.fetch_optional(tx.db()).await?.map(Letter::try_from).transpose()
}

/// How many letters were asked for within `window` from a chat. They are locked, and those that others are just adding
/// are waited for: of several at once, each counts the others.
///
/// # Errors
/// [`Fault`].
pub async fn count_from(tx: &mut Tx, identity: IdentityId, window: TimeDelta) -> Result<i64, Fault> {
    let since = tx.now() - window;
    let count = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM letters WHERE identity_id = ? AND created_at > ? FOR UPDATE",
        identity.0,
        since,
    );
    Ok(count.fetch_one(tx.db()).await?)
}

/// The same for an address, of those for such a purpose: whoever asks for one kind takes nothing of the other.
///
/// # Errors
/// [`Fault`].
pub async fn count_to(tx: &mut Tx, purpose: Purpose, address: &Email, window: TimeDelta) -> Result<i64, Fault> {
    let since = tx.now() - window;
    let count = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM letters WHERE address = ? AND created_at > ? AND kind = ? FOR UPDATE",
        address.as_str(),
        since,
        purpose.code(),
    );
    Ok(count.fetch_one(tx.db()).await?)
}

/// How many letters of all chats together were asked for within `window`. Those that others are just adding are not
/// waited for, and may not count.
///
/// # Errors
/// [`Fault`].
pub async fn count_from_chats(view: &mut View, window: TimeDelta) -> Result<i64, Fault> {
    let since = view.now() - window;
    let count = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM letters WHERE created_at > ? AND identity_id IS NOT NULL",
        since
    );
    Ok(count.fetch_one(view.db()).await?)
}

/// Takes a letter back.
///
/// # Errors
/// [`Fault`].
pub async fn remove(tx: &mut Tx, id: LetterId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM letters WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Gives a letter the code or link that it is sent with, in place of one that it had. Whether it is still to be sent.
///
/// # Errors
/// [`Fault`].
pub async fn set_code(tx: &mut Tx, id: LetterId, hash: &[u8; 32], expires_at: DateTime<Utc>) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE letters SET code_hash = ?, expires_at = ? WHERE id = ? AND ended_at IS NULL",
        &hash[..],
        expires_at,
        id.0,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a wrong code.
///
/// # Errors
/// [`Fault`].
pub async fn count_wrong(tx: &mut Tx, id: LetterId) -> Result<(), Fault> {
    sqlx::query!("UPDATE letters SET tries = tries + 1 WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Makes the codes of all letters for a chat void, sent or not, but for one that is `newer`.
///
/// # Errors
/// [`Fault`].
pub async fn end_all(tx: &mut Tx, identity: IdentityId, newer: Option<LetterId>) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE letters SET ended_at = ? WHERE identity_id = ? AND ended_at IS NULL AND id <> ?",
        now,
        identity.0,
        newer.map_or(0, |newer| newer.0),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Has letters by which the password of an address's owner would be set not be sent any more, but for one that is `newer`.
///
/// # Errors
/// [`Fault`].
pub async fn end_passwords(tx: &mut Tx, address: &Email, newer: Option<LetterId>) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE letters SET ended_at = ? WHERE address = ? AND identity_id IS NULL AND ended_at IS NULL AND id <> ?",
        now,
        address.as_str(),
        newer.map_or(0, |newer| newer.0),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
