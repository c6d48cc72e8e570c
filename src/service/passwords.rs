//! Passwords: proved, within so many tries; changed; set by a link that somebody was handed.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::codes::CodeKey;
use super::devices;
use super::hasher::{HashError, Hasher, is_outdated};
use super::roles::guard;
use super::tokens::Token;
use super::tries::{self, Counter, neighbourhood};
use crate::domain::ids::AccountId;
use crate::domain::password::{Password, PasswordError};
use crate::domain::permission::{People, Permit};
use crate::domain::text::Email;
use crate::store::accounts::AccountEvent;
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Store, Tx, accounts, codes, letters, passwords, people, sessions};

/// How often a password may be wrong within [`tries::WITHIN`] for an account, from one client's address; and from a
/// browser that is known to be its owner's, wherever that is.
pub const TRIES: u32 = 10;
/// How often it may be for one account from all addresses, and from one address for all accounts: many people may share
/// one, and a few of them mistype. A browser that is known neither counts nor is held back.
pub const TRIES_OF_MANY: u32 = 50;
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

/// Whoever tries a password.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The address they come from.
    pub address: IpAddr,
    /// What their browser says it was given as that of an account's owner.
    pub device: Option<&'a str>,
}

/// Somebody gave the password of this account.
#[derive(Debug)]
pub struct Proved {
    account: AccountId,
    /// The address that identifies it.
    email: String,
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
    /// Whether this password is that of the account which an address identifies.
    ///
    /// A try counts before it is made, so that many at once get no more; one that is right is taken back.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn prove(&self, email: &str, password: &Password, client: Client<'_>) -> Result<Proof, Trouble> {
        let email = Email::parse(email).map_or_else(|_| email.to_owned(), |email| email.as_str().to_owned());
        // A crowd costs the database nothing.
        if self.hasher.is_full() {
            return Ok(Proof::Crowded);
        }
        let counters = self.counters(&email, client);
        // Whoever has to wait takes no place from others, and writes nothing.
        if let Some(until) = tries::find_wait(&self.store, &counters).await? {
            return Ok(Proof::Wait(until));
        }
        let Some(place) = self.hasher.enter() else {
            return Ok(Proof::Crowded);
        };
        let tried = match tries::count(&self.store, &counters).await? {
            Ok(tried) => tried,
            Err(until) => return Ok(Proof::Wait(until)),
        };
        let found = passwords::find(&mut self.store.look().await?, &email).await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let is_right = place.verify(password, hash).await?;
        let Some((account, mut hash)) = found.filter(|_| is_right) else {
            return Ok(Proof::Wrong);
        };
        tries::take_back(&self.store, &tried).await?;
        if is_outdated(&hash) {
            let renewed = (account, hash, place.hash(password).await?);
            let kept = self.store.transact(&renewed, |tx, (account, from, to)| {
                Box::pin(passwords::rehash(tx, *account, from, to))
            });
            kept.await?;
            hash = renewed.2;
        }
        Ok(Proof::Right(Proved { account, email, hash }))
    }

    /// Sets another password; every session of the account ends, and its chats are told.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn change(&self, proved: &Proved, new: &Password) -> Result<Chosen, Trouble> {
        let account = (proved.account, proved.email.clone());
        self.set(account, Some(&proved.hash), new, None).await
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
        self.set((account.id, email), None, &new, Some(link.hash())).await
    }

    /// What a browser holds from now on that has just proved to be that of an account's owner: it has tries of its own.
    #[must_use]
    pub fn device(&self, proved: &Proved) -> SecretString {
        devices::issue(&self.key, &proved.email)
    }

    async fn set(
        &self,
        (account, email): (AccountId, String),
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
                accounts::hold(tx, *account).await?;
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
            Ok(Chosen::Set(Proved { account, email, hash }))
        } else {
            Ok(Chosen::Gone)
        }
    }

    /// For whom a try counts. A stranger's tries never count for a browser that is known: they keep nobody out of it.
    fn counters(&self, email: &str, client: Client<'_>) -> Vec<Counter> {
        let known = client.device.and_then(|held| devices::find(&self.key, email, held));
        if let Some(subject) = known {
            // Whoever knew the password once may have many of them.
            return vec![
                Counter { subject, most: TRIES },
                Counter {
                    subject: self.key.digest("account known", email),
                    most: TRIES_OF_MANY,
                },
            ];
        }
        let pair = format!("{} {email}", neighbourhood(client.address));
        vec![
            Counter {
                subject: self.key.digest("account from", &pair),
                most: TRIES,
            },
            Counter {
                subject: self.key.digest("account", email),
                most: TRIES_OF_MANY,
            },
            Counter::of_client(&self.key, "address", client.address, TRIES_OF_MANY),
        ]
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

/// Why nobody can sign in to an account, whatever its password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWayIn {
    /// It is disabled.
    Disabled,
    /// Its address was only stated: nobody is known by it.
    OnlyStated,
}

/// Makes a link by which the owner of an account sets their password once, within [`LINK_VALID_FOR`]; earlier ones are
/// void. It is written down who asked for it; nothing else changes before it is used.
///
/// # Errors
/// [`Fault`].
pub async fn issue_link(
    tx: &mut Tx,
    permit: Permit<People>,
    account: AccountId,
) -> Result<Result<Token, NoWayIn>, Fault> {
    guard(tx, permit).await?;
    accounts::hold(tx, account).await?;
    let Some(found) = accounts::find(tx, account).await? else {
        return Err(Fault::Overtaken("accounts"));
    };
    if found.is_disabled {
        return Ok(Err(NoWayIn::Disabled));
    }
    let address = accounts::find_address(tx, account).await?;
    if address.is_none_or(|address| address.is_only_stated) {
        return Ok(Err(NoWayIn::OnlyStated));
    }
    accounts::note(tx, account, AccountEvent::LinkShown, permit.by()).await?;
    passwords::void_links(tx, account).await?;
    let link = Token::random();
    let expires_at = tx.now() + LINK_VALID_FOR;
    passwords::insert_link(tx, account, &link.hash(), (expires_at, permit.by())).await?;
    Ok(Ok(link))
}

/// Where such a link leads, behind the address of the pages.
#[must_use]
pub fn path_of(link: &Token) -> String {
    format!("/password/link/{}", link.to_hex().expose_secret())
}

/// The whole of such a link, to the pages at this address.
#[must_use]
pub fn link_to(pages: &Url, link: &Token) -> String {
    format!("{}{}", pages.as_str().trim_end_matches('/'), path_of(link))
}

/// What follows from a new password: whoever came in by the old one is out, and its owner hears of it.
async fn is_changed(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    sessions::end_all(tx, account).await?;
    passwords::void_links(tx, account).await?;
    codes::void(tx, account).await?;
    let address = accounts::find_address(tx, account).await?;
    if let Some(address) = address.and_then(|address| Email::parse(&address.email).ok()) {
        letters::end_passwords(tx, &address, None).await?;
    }
    let chats = people::list_of(tx, account).await?;
    let told = chats.iter().map(|chat| Notice::PasswordChanged { identity: chat.id });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await
}
