//! One-time codes, by which a chat becomes that of an account made elsewhere.
//!
//! A code is shown once and kept only as a keyed hash. It names its account before it is used: who typed it is
//! asked whether that is who they are. What comes of a yes is in [`linking`](super::linking).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::domain::code::{Code, MailedCode};
use crate::domain::ids::{AccountId, IdentityId, LetterId};
use crate::domain::permission::{People, Permit};
use crate::store::accounts::{self, Account, AccountEvent};
use crate::store::codes::ShownTo;
use crate::store::invitations::Invitation;
use crate::store::{self, Fault, Tx, deletions};

/// How long a code is valid.
pub const VALID_FOR: TimeDelta = TimeDelta::minutes(10);
/// How many tries a chat has within [`TRIES_WITHIN`].
pub const TRIES: i64 = 5;
/// See [`TRIES`].
pub const TRIES_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// A code's keyed hash.
pub type CodeHash = [u8; 32];

/// The key under which codes are hashed.
#[derive(Clone, Debug)]
pub struct CodeKey(Arc<SecretBox<[u8; 32]>>);

impl CodeKey {
    /// Uses these bytes, which nobody can guess.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Box::new(bytes).into()))
    }

    /// The hash of a code.
    #[must_use]
    pub fn hash(&self, code: &Code) -> CodeHash {
        self.hash_of(&[code.as_bytes()])
    }

    /// The hash of a code that a letter carries. Of another letter's, or another chat's, it is another.
    #[must_use]
    pub fn hash_mailed(&self, letter: LetterId, code: &MailedCode) -> CodeHash {
        self.hash_of(&[b"mail", &letter.0.to_le_bytes(), code.as_bytes()])
    }

    /// What stands for a text of that kind where it shall not be read: no code has the same.
    #[must_use]
    pub fn digest(&self, kind: &str, text: &str) -> [u8; 32] {
        self.hash_of(&[kind.as_bytes(), b"\0", text.as_bytes()])
    }

    fn hash_of(&self, parts: &[&[u8]]) -> CodeHash {
        // HMAC fills a key up with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(self.0.expose_secret());
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Makes a code for its owner, to be shown in that chat of theirs, if it is to be in one; the account's earlier codes are
/// void.
///
/// # Errors
/// [`Fault::Overtaken`] when the chat is not theirs any more.
pub async fn issue(
    tx: &mut Tx,
    key: &CodeKey,
    account: AccountId,
    shown_in: Option<IdentityId>,
) -> Result<(Code, DateTime<Utc>), Fault> {
    accounts::hold(tx, account).await?;
    if let Some(chat) = shown_in {
        deletions::hold_chat(tx, chat, account).await?;
    }
    keep(tx, key, account, ShownTo::Owner).await
}

/// Makes a code for the page of a session, which has to confirm what is linked by it. The account is
/// [held](accounts::hold); its earlier codes are void.
///
/// # Errors
/// [`Fault`].
pub(super) async fn issue_on_page(
    tx: &mut Tx,
    key: &CodeKey,
    account: AccountId,
    session: &[u8; 32],
) -> Result<(Code, DateTime<Utc>), Fault> {
    keep(tx, key, account, ShownTo::Page(session)).await
}

/// Makes a code for somebody else's account, which is written down; its earlier codes are void.
///
/// # Errors
/// [`Fault`].
pub async fn issue_for(
    tx: &mut Tx,
    key: &CodeKey,
    permit: Permit<People>,
    account: AccountId,
) -> Result<(Code, DateTime<Utc>), Fault> {
    accounts::hold(tx, account).await?;
    accounts::note(tx, account, AccountEvent::CodeShown, permit.by()).await?;
    keep(tx, key, account, ShownTo::Other(permit.by())).await
}

async fn keep(
    tx: &mut Tx,
    key: &CodeKey,
    account: AccountId,
    shown_to: ShownTo<'_>,
) -> Result<(Code, DateTime<Utc>), Fault> {
    let code = Code::from_random(rand::random());
    let expires_at = tx.now() + VALID_FOR;
    store::codes::insert(tx, account, &key.hash(&code), expires_at, shown_to).await?;
    Ok((code, expires_at))
}

/// What a code that somebody typed turned out to be.
#[derive(Clone, Debug)]
pub enum Tried {
    /// It is good, and names this account.
    Names(Account),
    /// It is good, and invites whoever has no account yet.
    Invites(Invitation),
    /// It is unknown, used or too old.
    Wrong,
    /// This chat tried too often.
    TooOften,
}

/// Looks a typed code up, counting the try.
///
/// # Errors
/// [`Fault`].
pub async fn try_code(tx: &mut Tx, identity: IdentityId, hash: &CodeHash) -> Result<Tried, Fault> {
    if store::codes::count_attempt(tx, identity, TRIES_WITHIN).await? > TRIES {
        return Ok(Tried::TooOften);
    }
    if let Some(code) = store::codes::find(tx, hash).await? {
        return Ok(Tried::Names(code.account));
    }
    let invitation = store::invitations::find(tx, hash).await?;
    Ok(invitation.map_or(Tried::Wrong, Tried::Invites))
}

/// Voids every code that stands in a text which others could read. No account is held for that: it is used up as by
/// anybody else, once.
///
/// # Errors
/// [`Fault`].
pub async fn burn(tx: &mut Tx, key: &CodeKey, text: &str) -> Result<(), Fault> {
    for code in Code::all_in(text) {
        let hash = key.hash(&code);
        store::codes::use_up(tx, &hash).await?;
        store::invitations::claim(tx, &hash).await?;
    }
    Ok(())
}
