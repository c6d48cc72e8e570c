//! Passwords: proved, within so many tries; changed; set by a link that somebody was handed.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::codes::CodeKey;
use super::hasher::{HashError, Hasher, is_outdated};
use super::tokens::Token;
use crate::domain::ids::AccountId;
use crate::domain::password::{Password, PasswordError};
use crate::domain::permission::{People, Permit};
use crate::domain::text::Email;
use crate::store::accounts::AccountEvent;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Store, Tx, accounts, codes, passwords, people, sessions};

/// How often a password may be wrong within [`TRIES_WITHIN`], for an account and from a client's address alike.
pub const TRIES: u32 = 10;
/// See [`TRIES`].
pub const TRIES_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// How long a link is good.
pub const LINK_VALID_FOR: TimeDelta = TimeDelta::hours(1);

/// The passwords of a desk.
#[derive(Debug)]
pub struct Passwords {
    /// The database.
    pub store: Store,
    /// Who checks them.
    pub hasher: Hasher,
    /// The key under which is counted who tried.
    pub key: CodeKey,
}

/// Our fault.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The database's.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The hasher's.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What came of somebody's password.
#[derive(Debug)]
pub enum Proof {
    /// It is theirs.
    Right(Proved),
    /// It is not; or nobody is known by that address, or may sign in.
    Wrong,
    /// There were too many tries: the next may be made then.
    Wait(DateTime<Utc>),
    /// Too many people are at it just now.
    Crowded,
}

/// Somebody gave the password of this account.
#[derive(Debug)]
pub struct Proved {
    account: AccountId,
    hash: SecretString,
}

impl Proved {
    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The hash of the password that was given.
    #[must_use]
    pub fn hash(&self) -> &SecretString {
        &self.hash
    }
}

/// What came of a new password.
#[derive(Debug)]
pub enum Chosen {
    /// It is set, and by this they are known as having given it.
    Set(Proved),
    /// It can't be taken.
    Refused(PasswordError),
    /// The link is used, too old or unknown, the account disabled, or its password another by now.
    Gone,
    /// Too many people are at it just now.
    Crowded,
}

impl Passwords {
    /// Whether this password is that of the account which an address identifies, for somebody at `from`.
    ///
    /// A try counts before it is made, so that many at once get no more; one that is right is taken back.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn prove(&self, email: &str, password: &Password, from: IpAddr) -> Result<Proof, Trouble> {
        let subjects = [
            self.of_account(email),
            self.key.digest("address", &neighbourhood(from).to_string()),
        ];
        // Whoever has to wait takes no place from others, and writes nothing.
        if let Some(until) = self.wait(&subjects, TRIES).await? {
            return Ok(Proof::Wait(until));
        }
        let Some(place) = self.hasher.enter() else {
            return Ok(Proof::Crowded);
        };
        let tries = self.store.transact(&subjects, |tx, subjects| {
            Box::pin(async move {
                let of_account = passwords::insert_attempt(tx, &subjects[0], TRIES_WITHIN).await?;
                Ok([
                    of_account,
                    passwords::insert_attempt(tx, &subjects[1], TRIES_WITHIN).await?,
                ])
            })
        });
        let tries = tries.await?;
        if let Some(until) = self.wait(&subjects, TRIES + 1).await? {
            self.take_back(&tries).await?;
            return Ok(Proof::Wait(until));
        }
        let found = match Email::parse(email) {
            Ok(email) => passwords::find(&mut self.store.look().await?, &email).await?,
            Err(_) => None,
        };
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let is_right = place.verify(password, hash).await?;
        let Some((account, mut hash)) = found.filter(|_| is_right) else {
            return Ok(Proof::Wrong);
        };
        self.take_back(&tries).await?;
        if is_outdated(&hash) {
            let renewed = (account, hash, place.hash(password).await?);
            let kept = self.store.transact(&renewed, |tx, (account, from, to)| {
                Box::pin(passwords::rehash(tx, *account, from, to))
            });
            kept.await?;
            hash = renewed.2;
        }
        Ok(Proof::Right(Proved { account, hash }))
    }

    /// Sets another password; every session of the account ends, and its chats are told.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn change(&self, proved: &Proved, new: &Password) -> Result<Chosen, Trouble> {
        self.set(proved.account, Some(&proved.hash), new, None).await
    }

    /// Sets the password of whoever was handed this link, which is used up by that; every session of the account ends,
    /// and its chats are told.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn set_by_link(&self, link: &Token, typed: String) -> Result<Chosen, Trouble> {
        let mut view = self.store.look().await?;
        let Some(account) = passwords::find_link(&mut view, &link.hash()).await? else {
            return Ok(Chosen::Gone);
        };
        let email = accounts::find_address(&mut view, account.id).await?;
        drop(view);
        let email = email.map(|address| address.email).unwrap_or_default();
        let new = match choose(typed, &account.name, &email) {
            Ok(new) => new,
            Err(error) => return Ok(Chosen::Refused(error)),
        };
        let chosen = self.set(account.id, None, &new, Some(link.hash())).await?;
        if let Chosen::Set(_) = chosen {
            // Whoever forgot theirs may have tried too often.
            let subject = self.of_account(&email);
            let forgotten = self.store.transact(&subject, |tx, subject| {
                Box::pin(passwords::delete_attempts(tx, subject))
            });
            forgotten.await?;
        }
        Ok(chosen)
    }

    async fn set(
        &self,
        account: AccountId,
        expected: Option<&SecretString>,
        new: &Password,
        link: Option<[u8; 32]>,
    ) -> Result<Chosen, Trouble> {
        let Some(place) = self.hasher.enter() else {
            return Ok(Chosen::Crowded);
        };
        let hash = place.hash(new).await?;
        drop(place);
        let context = (account, expected, &hash, link);
        let set = self.store.transact(&context, |tx, (account, expected, hash, link)| {
            Box::pin(async move {
                // By an earlier run of this, whose end was not heard of.
                if passwords::is(tx, *account, hash).await? {
                    return Ok(true);
                }
                if let Some(link) = link
                    && !passwords::claim_link(tx, *account, link).await?
                {
                    return Ok(false);
                }
                if !passwords::set(tx, *account, *expected, hash).await? {
                    return Ok(false);
                }
                is_changed(tx, *account).await?;
                Ok(true)
            })
        });
        if set.await? {
            Ok(Chosen::Set(Proved { account, hash }))
        } else {
            Ok(Chosen::Gone)
        }
    }

    fn of_account(&self, email: &str) -> [u8; 32] {
        subject(&self.key, email)
    }

    /// Until when nothing more may be tried, if there were too many tries.
    async fn wait(&self, subjects: &[[u8; 32]], tries: u32) -> Result<Option<DateTime<Utc>>, Fault> {
        let mut view = self.store.look().await?;
        let mut until = None;
        for subject in subjects {
            let latest = passwords::list_attempts(&mut view, subject, TRIES_WITHIN, tries).await?;
            let oldest = latest.last().filter(|_| latest.len() == tries as usize);
            until = until.max(oldest.map(|at| *at + TRIES_WITHIN));
        }
        Ok(until)
    }

    async fn take_back(&self, tries: &[u64; 2]) -> Result<(), Fault> {
        let taken = self.store.transact(tries, |tx, tries| {
            Box::pin(async move {
                for id in tries {
                    passwords::delete_attempt(tx, *id).await?;
                }
                Ok(())
            })
        });
        taken.await
    }
}

/// What stands for the account of an address where tries are counted.
pub(super) fn subject(key: &CodeKey, email: &str) -> [u8; 32] {
    let email = Email::parse(email).map_or_else(|_| email.to_owned(), |email| email.as_str().to_owned());
    key.digest("account", &email)
}

/// Whose an address is: of version 6, whoever has one has 2^64 of them (RFC 6177).
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

/// Reads what somebody of that name and address wants as their password.
///
/// # Errors
/// [`PasswordError`].
pub fn choose(typed: String, name: &str, email: &str) -> Result<Password, PasswordError> {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    Password::choose(typed, &[name, email, local])
}

/// Makes a link by which the owner of an account sets their password once, within [`LINK_VALID_FOR`]; earlier ones are
/// void. It is written down who asked for it; nothing else changes before it is used.
///
/// # Errors
/// [`Fault`].
pub async fn issue_link(tx: &mut Tx, permit: Permit<People>, account: AccountId) -> Result<Token, Fault> {
    accounts::note(tx, account, AccountEvent::LinkShown, permit.by()).await?;
    let link = Token::random();
    let expires_at = tx.now() + LINK_VALID_FOR;
    passwords::insert_link(tx, account, &link.hash(), expires_at).await?;
    Ok(link)
}

/// What follows from a new password: whoever came in by the old one is out, and its owner hears of it.
async fn is_changed(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    sessions::end_all(tx, account).await?;
    passwords::void_links(tx, account).await?;
    codes::void(tx, account).await?;
    let chats = people::list_of(tx, account).await?;
    let told = chats.iter().map(|chat| Notice::PasswordChanged { identity: chat.id });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        let of = |address: &str| neighbourhood(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
