//! Sessions: browsers in which somebody is signed in.

use chrono::{DateTime, TimeDelta, Utc};

use super::codes::{self, CodeKey};
use super::passwords::Proved;
use super::tokens::Token;
use crate::domain::code::Code;
use crate::store::sessions::{self, Session};
use crate::store::{Fault, Store, accounts};

/// After how long without a page somebody is signed out.
pub const IDLE: TimeDelta = TimeDelta::hours(12);
/// After how long they are in any case.
pub const LONGEST: TimeDelta = TimeDelta::days(7);
/// How exactly is known when somebody asked for a page last: not every page writes.
const EXACT_TO: TimeDelta = TimeDelta::minutes(1);
/// For how long it is believed that it is still them who gave the password.
pub const CONFIRMED_FOR: TimeDelta = TimeDelta::minutes(5);

/// Begins a session of somebody who has just given their password, under a new token, whatever their browser had before;
/// none when the password, or the account, is no longer good.
///
/// # Errors
/// [`Fault`].
pub async fn begin(store: &Store, proved: &Proved) -> Result<Option<Token>, Fault> {
    let token = Token::random();
    let context = (token.hash(), proved);
    let begun = store.transact(&context, |tx, (hash, proved)| {
        let expires_at = tx.now() + LONGEST;
        Box::pin(sessions::insert(tx, hash, proved.account(), proved.hash(), expires_at))
    });
    Ok(begun.await?.then_some(token))
}

/// Who is signed in with that token, if somebody is; they are here now.
///
/// # Errors
/// [`Fault`].
pub async fn find(store: &Store, token: &Token) -> Result<Option<Session>, Fault> {
    let mut view = store.look().await?;
    let now = view.now();
    let found = sessions::find(&mut view, &token.hash(), IDLE).await?;
    drop(view);
    if found.as_ref().is_some_and(|session| now - session.used_at > EXACT_TO) {
        store
            .transact(&token.hash(), |tx, hash| Box::pin(sessions::touch(tx, hash)))
            .await?;
    }
    Ok(found)
}

/// Whether they gave their password a moment ago.
#[must_use]
pub fn is_fresh(session: &Session, now: DateTime<Utc>) -> bool {
    now - session.confirmed_at <= CONFIRMED_FOR
}

/// They gave their password once more.
///
/// # Errors
/// [`Fault`].
pub async fn confirm(store: &Store, token: &Token) -> Result<(), Fault> {
    store
        .transact(&token.hash(), |tx, hash| Box::pin(sessions::confirm(tx, hash)))
        .await
}

/// A one-time code for whoever is signed in with that token; none when they are not any more: the account is disabled, or
/// its password another.
///
/// # Errors
/// [`Fault`].
pub async fn issue_code(store: &Store, key: &CodeKey, token: &Token) -> Result<Option<Code>, Fault> {
    let context = (key, token.hash());
    let issued = store.transact(&context, |tx, (key, hash)| {
        Box::pin(async move {
            let Some(session) = sessions::find(tx, hash, IDLE).await? else {
                return Ok(None);
            };
            accounts::hold(tx, session.account).await?;
            // It may have ended meanwhile.
            if sessions::find(tx, hash, IDLE).await?.is_none() {
                return Ok(None);
            }
            let (code, _) = codes::issue_on_page(tx, key, session.account, hash).await?;
            Ok(Some(code))
        })
    });
    issued.await
}

/// Signs a browser out.
///
/// # Errors
/// [`Fault`].
pub async fn end(store: &Store, token: &Token) -> Result<(), Fault> {
    store
        .transact(&token.hash(), |tx, hash| Box::pin(sessions::end(tx, hash)))
        .await
}

/// Signs every browser of somebody out, this one included.
///
/// # Errors
/// [`Fault`].
pub async fn end_all(store: &Store, session: &Session) -> Result<(), Fault> {
    store
        .transact(&session.account, |tx, account| {
            Box::pin(sessions::end_all(tx, *account))
        })
        .await
}
