//! Addresses that are confirmed: a code goes there by mail, and is typed back in the chat it was asked for in.
//!
//! Nothing that the chat learns before the right code is there depends on whose address it is. A code is good in one
//! chat, once, for a quarter of an hour and a few tries; it is made when its letter is sent, and kept only as a keyed
//! hash. Six digits can be guessed by who may try for long: so letters are few as well, for a chat and for an address. And
//! where there is an account to be had, the code is one that can't be guessed.

use chrono::TimeDelta;
use subtle::ConstantTimeEq as _;

use super::codes::{CodeKey, TRIES, TRIES_WITHIN};
use crate::domain::account::Role;
use crate::domain::code::MailedCode;
use crate::domain::ids::{AccountId, IdentityId, LetterId};
use crate::domain::language::Language;
use crate::domain::text::{Email, PersonName};
use crate::store::accounts::Account;
use crate::store::letters::{self, Purpose};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, accounts, codes, people};

/// How long a code is valid, from when it is sent.
pub const VALID_FOR: TimeDelta = TimeDelta::minutes(15);
/// How many tries a code has.
pub const TRIES_OF_A_CODE: i64 = 5;
/// How many letters a chat may ask for, and how many may be asked for one address, each within such a time.
pub const LETTERS: [(i64, TimeDelta); 3] = [
    (3, TimeDelta::minutes(15)),
    (10, TimeDelta::days(1)),
    // With five tries each, one in 6,600 finds the code of an address within that time.
    (30, COUNTED_FOR),
];
/// For how long a letter counts.
pub const COUNTED_FOR: TimeDelta = TimeDelta::days(30);
/// How many letters all chats together may ask for within such a time: more than people a desk takes in at once, and too
/// few to make a source of junk mail of its mail server.
pub const LETTERS_OF_ALL: (i64, TimeDelta) = (300, TimeDelta::hours(1));

/// What came of asking for a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is on its way.
    Sent,
    /// There were too many within that time.
    TooMany(TimeDelta),
    /// There were too many for whomever within [`LETTERS_OF_ALL`].
    Crowded,
}

/// Has a code mailed to an address, which voids those mailed for this chat before.
///
/// # Errors
/// [`Fault`].
pub async fn ask(tx: &mut Tx, identity: IdentityId, address: &Email, language: Language) -> Result<Asked, Fault> {
    let before = letters::lock_newest(tx, identity).await?;
    let letter = letters::insert(tx, Purpose::Confirmation(identity), address, language).await?;
    let Some(refusal) = find_refusal(tx, identity, address).await? else {
        letters::end_all(tx, identity, Some(letter)).await?;
        outbox::insert(tx, &[Notice::letter(letter, address)]).await?;
        return Ok(Asked::Sent);
    };
    letters::remove(tx, letter).await?;
    // The one before stays good, if it went to the same address.
    if before.is_some_and(|before| before.address != *address) {
        letters::end_all(tx, identity, None).await?;
    }
    Ok(refusal)
}

/// Why the letter that was just added is one too many, if it is.
async fn find_refusal(tx: &mut Tx, identity: IdentityId, address: &Email) -> Result<Option<Asked>, Fault> {
    let purpose = Purpose::Confirmation(identity);
    for (most, within) in LETTERS {
        let from_chat = letters::count_from(tx, identity, within).await?;
        if from_chat > most || letters::count_to(tx, purpose, address, within).await? > most {
            return Ok(Some(Asked::TooMany(within)));
        }
    }
    let (most, within) = LETTERS_OF_ALL;
    let is_crowded = letters::count_from_chats(tx, within).await? > most;
    Ok(is_crowded.then_some(Asked::Crowded))
}

/// Voids the codes mailed for this chat.
///
/// # Errors
/// [`Fault`].
pub async fn stop(tx: &mut Tx, identity: IdentityId) -> Result<(), Fault> {
    letters::end_all(tx, identity, None).await
}

/// Makes the code with which a letter is sent, in place of one that it had, and finds the account that the letter is to
/// tell of; nothing when it need not be sent any more.
///
/// # Errors
/// [`Fault`].
pub async fn seal(tx: &mut Tx, key: &CodeKey, id: LetterId) -> Result<Option<(MailedCode, Option<Account>)>, Fault> {
    let Some(letter) = letters::find(tx, id).await? else {
        return Ok(None);
    };
    let account = accounts::find_by_email(tx, &letter.address).await?;
    let code = match account {
        None => MailedCode::short(rand::random()),
        Some(_) => MailedCode::long(rand::random()),
    };
    let expires_at = tx.now() + VALID_FOR;
    let is_to_be_sent = letters::set_code(tx, id, &key.hash_mailed(id, &code), expires_at).await?;
    Ok(is_to_be_sent.then_some((code, account)))
}

/// What a code that somebody typed turned out to be.
#[derive(Clone, Debug)]
pub enum Tried {
    /// It is good: this address is theirs. It is used up.
    Right(Email),
    /// It is wrong; so many tries are left.
    Wrong {
        /// How many.
        left: i64,
    },
    /// There is none any more that could be right: it is too old, or was tried too often.
    Spent,
    /// The letter has not been sent yet.
    NotSent,
    /// This chat tried too often.
    TooOften,
}

/// Looks at a typed code, counting the try.
///
/// # Errors
/// [`Fault`].
pub async fn try_code(tx: &mut Tx, key: &CodeKey, identity: IdentityId, typed: &MailedCode) -> Result<Tried, Fault> {
    let letter = letters::lock_newest(tx, identity).await?;
    let Some(letter) = letter.filter(|letter| !letter.is_over) else {
        return Ok(Tried::Spent);
    };
    let tries = codes::count_attempt(tx, identity, TRIES_WITHIN).await?;
    if tries > TRIES {
        return Ok(Tried::TooOften);
    }
    let Some((hash, expires_at)) = letter.code else {
        return Ok(Tried::NotSent);
    };
    if expires_at <= tx.now() {
        return Ok(Tried::Spent);
    }
    if key.hash_mailed(letter.id, typed).ct_eq(&hash).into() {
        letters::end_all(tx, identity, None).await?;
        return Ok(Tried::Right(letter.address));
    }
    letters::count_wrong(tx, letter.id).await?;
    let of_code = TRIES_OF_A_CODE - i64::from(letter.tries) - 1;
    if of_code <= 0 {
        letters::end_all(tx, identity, None).await?;
    } else if outbox::is_letter_waiting(tx, &letter).await? {
        return Ok(Tried::NotSent);
    }
    Ok(Tried::Wrong {
        left: of_code.min(TRIES - tries).max(0),
    })
}

/// Makes a learner of somebody whose address is confirmed, and identifies them from now on.
///
/// # Errors
/// [`Fault`]; one that passes when the address identifies an account by now, so that it is found the next time.
pub async fn sign_up(tx: &mut Tx, identity: IdentityId, name: &PersonName, email: &Email) -> Result<AccountId, Fault> {
    let account = accounts::insert(tx, name, Some(email), email, Role::Learner).await?;
    people::link_identity(tx, identity, account).await?;
    Ok(account)
}
