//! A password that was forgotten: a link by which another is chosen goes by mail to the address of the account.
//!
//! Nothing that whoever asks can see depends on whose address it is: whether there is such an account is looked at when
//! the letter is to be sent, and the link is made then. Only its hash is kept. An address that identifies nobody, or
//! somebody who is disabled, gets no letter: anybody may ask, for whatever address (OWASP's Forgot Password Cheat Sheet).

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::passwords::Passwords;
use super::tokens::Token;
use super::tries::{self, Counter};
use crate::domain::ids::LetterId;
use crate::domain::language::Language;
use crate::domain::text::Email;
use crate::store::accounts::{Account, AccountEvent};
use crate::store::letters::Purpose;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, accounts, letters, passwords, people};

/// How long a mailed link is good, from when it is sent.
pub const LINK_VALID_FOR: TimeDelta = TimeDelta::minutes(30);
/// How many may be asked for from one client's address within [`tries::WITHIN`].
pub const ASKED: u32 = 10;
/// How many may be asked for one address, each within such a time. There is no longer one: nobody guesses a link, and
/// whoever asks for many in somebody else's name must not keep them from their own for longer.
const LETTERS_WITH_LINKS: [(i64, TimeDelta); 2] = [(3, TimeDelta::minutes(15)), (10, TimeDelta::days(1))];

/// Notes that somebody forgot the password of the account with that address. `language` is what they read, if its owner
/// is known to read no other. Gives until when to wait where too many were asked for from there.
///
/// # Errors
/// [`Fault`].
pub async fn ask(
    desk: &Passwords,
    address: &Email,
    language: Language,
    from: IpAddr,
) -> Result<Result<(), DateTime<Utc>>, Fault> {
    let counter = [Counter::of_client(&desk.key, "forgot", from, ASKED)];
    if let Some(until) = tries::find_wait(&desk.store, &counter).await? {
        return Ok(Err(until));
    }
    if let Err(until) = tries::count(&desk.store, &counter).await? {
        return Ok(Err(until));
    }
    let about = (address, language);
    let asked = desk.store.transact(&about, |tx, (address, language)| {
        Box::pin(have_mailed(tx, address, *language))
    });
    asked.await.map(Ok)
}

/// Has a letter mailed, unless there were too many to that address.
async fn have_mailed(tx: &mut Tx, address: &Email, language: Language) -> Result<(), Fault> {
    let letter = letters::insert(tx, Purpose::Password, address, language).await?;
    for (most, within) in LETTERS_WITH_LINKS {
        if letters::count_to(tx, Purpose::Password, address, within).await? > most {
            return letters::remove(tx, letter).await;
        }
    }
    letters::end_passwords(tx, address, Some(letter)).await?;
    outbox::insert(tx, &[Notice::letter(letter, address)]).await
}

/// What a letter carries.
#[derive(Debug)]
pub struct Recovery {
    /// Whose password it sets.
    pub account: Account,
    /// What its owner reads, as far as is known.
    pub language: Option<Language>,
    /// The link.
    pub link: Token,
}

/// Makes the link with which a letter is sent, beside those that the account has: strangers can ask for one too. Nothing
/// when it need not be sent.
///
/// # Errors
/// [`Fault`].
pub async fn seal(tx: &mut Tx, id: LetterId) -> Result<Option<Recovery>, Fault> {
    let Some(letter) = letters::find(tx, id).await? else {
        return Ok(None);
    };
    let Some(account) = accounts::lock_by_email(tx, &letter.address).await? else {
        return Ok(None);
    };
    accounts::hold(tx, account.id).await?;
    let link = Token::random();
    let expires_at = tx.now() + LINK_VALID_FOR;
    if !letters::set_code(tx, id, &link.hash(), expires_at).await? {
        return Ok(None);
    }
    // However often it is tried.
    if letter.code.is_none() {
        accounts::note(tx, account.id, AccountEvent::LinkMailed, None).await?;
    }
    passwords::insert_link(tx, account.id, &link.hash(), (expires_at, None)).await?;
    let chats = people::list_of(tx, account.id).await?;
    let latest = chats.iter().find(|chat| chat.is_latest);
    Ok(Some(Recovery {
        language: latest.map(|chat| chat.language),
        account,
        link,
    }))
}
