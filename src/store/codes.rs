//! One-time codes, as hashes, and the tries at them.
//!
//! Who issues, claims, answers or voids codes holds the account ([`accounts::hold`](super::accounts::hold)) first.

use chrono::{DateTime, TimeDelta, Utc};

use super::accounts::Account;
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, IdentityId};

/// A code that is good now.
#[derive(Clone, Debug)]
pub struct GoodCode {
    /// The account that it names.
    pub account: Account,
    /// A page showed it, which has to confirm the link.
    pub is_of_page: bool,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Where a code was shown.
#[derive(Clone, Copy, Debug)]
pub enum ShownTo<'a> {
    /// To its owner, in a chat or by mail.
    Owner,
    /// To somebody else: this admin, or nobody from the command line.
    Other(Option<AccountId>),
    /// On a page, in the session with this hash.
    Page(&'a [u8; 32]),
}

/// Keeps the hash of a one-time code; codes of the account that were not used yet are void from now on.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    hash: &[u8; 32],
    expires_at: DateTime<Utc>,
    shown_to: ShownTo<'_>,
) -> Result<(), Fault> {
    void(tx, account).await?;
    let (by, session) = match shown_to {
        ShownTo::Owner => (None, None),
        ShownTo::Other(by) => (by, None),
        ShownTo::Page(session) => (None, Some(&session[..])),
    };
    sqlx::query!(
        "INSERT INTO link_codes (hash, account_id, expires_at, issued_by, session) VALUES (?, ?, ?, ?, ?)",
        &hash[..],
        account.0,
        expires_at,
        by.map(|by| by.0),
        session,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes codes of an account that were not used yet void, and with them what waits for a page.
///
/// # Errors
/// [`Fault`].
pub async fn void(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE link_codes SET used_at = ? WHERE account_id = ? AND used_at IS NULL",
        now,
        account.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

struct GoodCodeRow {
    id: u64,
    name: String,
    role: String,
    is_of_page: bool,
    expires_at: DateTime<Utc>,
}

/// Finds what a code is good for now. One that was shown to somebody who is no admin any more is good for nothing, nor
/// is one of a session that has ended.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, hash: &[u8; 32]) -> Result<Option<GoodCode>, Fault> {
    let now = view.now();
    let row = sqlx::query_as!(
        GoodCodeRow,
        "SELECT a.id, a.name, a.role, c.session IS NOT NULL AS `is_of_page!: bool`,
                c.expires_at AS `expires_at: DateTime<Utc>`
         FROM link_codes c JOIN accounts a ON a.id = c.account_id LEFT JOIN accounts b ON b.id = c.issued_by
         LEFT JOIN sessions s ON s.hash = c.session AND s.account_id = c.account_id AND s.expires_at > ?
         WHERE c.hash = ? AND c.used_at IS NULL AND c.claimed_by IS NULL AND c.expires_at > ?
           AND a.disabled_at IS NULL AND (c.session IS NULL OR s.hash IS NOT NULL)
           AND (c.issued_by IS NULL OR (b.role = 'admin' AND b.disabled_at IS NULL))",
        now,
        &hash[..],
        now,
    )
    .fetch_optional(view.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(GoodCode {
        account: Account {
            id: AccountId(row.id),
            name: row.name,
            role: row.role.parse()?,
            is_disabled: false,
        },
        is_of_page: row.is_of_page,
        expires_at: row.expires_at,
    }))
}

/// Uses a code up. Whether it was still there: of several at once, for one.
///
/// # Errors
/// [`Fault`].
pub async fn use_up(tx: &mut Tx, hash: &[u8; 32]) -> Result<bool, Fault> {
    let now = tx.now();
    let used = sqlx::query!(
        // `used_at IS NULL` makes the code single-use; one that a chat has claimed is the page's to answer.
        "UPDATE link_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL AND claimed_by IS NULL",
        now,
        &hash[..],
    )
    .execute(tx.db())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Has a chat wait for the page that showed a code; what it waited for before is void. Whether the code was still there:
/// of several chats at once, for one.
///
/// # Errors
/// [`Fault`].
pub async fn claim(tx: &mut Tx, hash: &[u8; 32], chat: IdentityId) -> Result<bool, Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE link_codes SET used_at = COALESCE(used_at, ?), claimed_by = NULL WHERE claimed_by = ?",
        now,
        chat.0,
    )
    .execute(tx.db())
    .await?;
    let claimed = sqlx::query!(
        // `claimed_by IS NULL`: the page asks about the first chat, and no other takes its place.
        "UPDATE link_codes SET claimed_by = ? WHERE hash = ? AND used_at IS NULL AND claimed_by IS NULL",
        chat.0,
        &hash[..],
    )
    .execute(tx.db())
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// A code that a page showed, and that is good.
#[derive(Clone, Copy, Debug)]
pub struct ShownCode {
    /// The chat that waits for the page.
    pub claimed_by: Option<IdentityId>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Finds the code that was shown on a page in this session.
///
/// # Errors
/// [`Fault`].
pub async fn find_shown(view: &mut View, session: &[u8; 32]) -> Result<Option<ShownCode>, Fault> {
    let now = view.now();
    let row = sqlx::query!(
        "SELECT claimed_by, expires_at AS `expires_at: DateTime<Utc>` FROM link_codes
         WHERE session = ? AND used_at IS NULL AND expires_at > ?",
        &session[..],
        now,
    );
    Ok(row.fetch_optional(view.db()).await?.map(|row| ShownCode {
        claimed_by: row.claimed_by.map(IdentityId),
        expires_at: row.expires_at,
    }))
}

/// Uses up the code for which a chat waits, as the page of that session answers. Whether it did wait for it: of several
/// answers, for one.
///
/// # Errors
/// [`Fault`].
pub async fn answer(tx: &mut Tx, session: &[u8; 32], chat: IdentityId) -> Result<bool, Fault> {
    let now = tx.now();
    let answered = sqlx::query!(
        // The chat that the page named, in the session in which it did: nobody is linked unseen.
        "UPDATE link_codes SET used_at = ?, claimed_by = NULL
         WHERE session = ? AND claimed_by = ? AND used_at IS NULL AND expires_at > ?",
        now,
        &session[..],
        chat.0,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(answered.rows_affected() == 1)
}

/// Whether a chat waited for a page that did not answer, and can't any more.
///
/// # Errors
/// [`Fault`].
pub async fn has_lapsed(view: &mut View, chat: IdentityId) -> Result<bool, Fault> {
    let now = view.now();
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM link_codes WHERE claimed_by = ? AND (used_at IS NOT NULL OR expires_at <= ?))",
        chat.0,
        now,
    );
    Ok(found.fetch_one(view.db()).await? != 0)
}

/// Counts a try at a code and says how many there were within `window`, this one included.
///
/// # Errors
/// [`Fault`].
pub async fn count_attempt(tx: &mut Tx, identity: IdentityId, window: TimeDelta) -> Result<i64, Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO code_attempts (identity_id, tried_at) VALUES (?, ?)",
        identity.0,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(sqlx::query_scalar!(
        "SELECT COUNT(*) FROM code_attempts WHERE identity_id = ? AND tried_at > ?",
        identity.0,
        now - window,
    )
    .fetch_one(tx.db())
    .await?)
}
