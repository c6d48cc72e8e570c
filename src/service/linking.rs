//! How a chat becomes that of an account made elsewhere: whoever typed a code there says yes, and where a page showed
//! the code, that page says yes as well, in the same session.
//!
//! A code alone links nothing, and neither does a page: each side reads whom it is about before it answers. Of several
//! who try at once, one is linked: each holds the account first, and the code can be claimed and answered once.

use chrono::{DateTime, TimeDelta, Utc};

use super::codes::CodeHash;
use super::people::show_reach;
use super::reach::show_stale_cards;
use super::sessions::IDLE;
use super::tokens::Token;
use crate::domain::ids::IdentityId;
use crate::store::accounts::{self, Account};
use crate::store::outbox::{self, Notice};
use crate::store::people::{self, Identity};
use crate::store::{Fault, Store, Tx, codes, sessions};

/// For how long a code that is over is kept: whoever waits for a page's answer to it is told that none came.
pub(super) const TOLD_FOR: TimeDelta = TimeDelta::days(1);

/// What came of a yes in a chat.
#[derive(Clone, Debug)]
pub enum Redeemed {
    /// The chat is that of this account, whose other chats are told.
    Linked(Account),
    /// The page that showed the code has to say yes until then; otherwise the chat is told.
    Waits(DateTime<Utc>),
    /// The code is not good any more.
    Gone,
}

/// Somebody said yes in a chat: it is linked, or waits for the page.
///
/// # Errors
/// [`Fault`].
pub async fn redeem(tx: &mut Tx, chat: &Identity, hash: &CodeHash) -> Result<Redeemed, Fault> {
    let Some(found) = codes::find(tx, hash).await? else {
        return Ok(Redeemed::Gone);
    };
    accounts::hold(tx, found.account.id).await?;
    // It may have been voided meanwhile.
    let Some(code) = codes::find(tx, hash).await? else {
        return Ok(Redeemed::Gone);
    };
    if code.is_of_page {
        if !codes::claim(tx, hash, chat.id).await? {
            return Ok(Redeemed::Gone);
        }
        outbox::take_lapse_back(tx, chat).await?;
        let lapse = Notice::LinkLapsed { identity: chat.id };
        outbox::insert_later(tx, &[lapse], code.expires_at).await?;
        return Ok(Redeemed::Waits(code.expires_at));
    }
    if !codes::use_up(tx, hash).await? {
        return Ok(Redeemed::Gone);
    }
    tell_others(tx, &code.account, chat.id).await?;
    people::link_identity(tx, chat.id, code.account.id).await?;
    show_stale_cards(tx, chat.id).await?;
    Ok(Redeemed::Linked(code.account))
}

/// Tells the chats that an account has, or else the team, that it gets another.
async fn tell_others(tx: &mut Tx, account: &Account, chat: IdentityId) -> Result<(), Fault> {
    let others = people::list_of(tx, account.id).await?;
    let told = others.iter().map(|other| Notice::Linked {
        identity: other.id,
        chat,
    });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await?;
    if others.is_empty() {
        show_reach(tx, account.id).await?;
    }
    Ok(())
}

/// What the page of a session knows of the code that it showed.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A chat waits for its answer.
    Asks(Box<Identity>),
    /// Nobody has typed it and said yes yet.
    Unused,
    /// It is not good any more, or there was none.
    Gone,
}

/// Looks at the code that was last shown in a session.
///
/// # Errors
/// [`Fault`].
pub async fn look(store: &Store, token: &Token) -> Result<Shown, Fault> {
    let mut view = store.look().await?;
    let Some(code) = codes::find_shown(&mut view, &token.hash()).await? else {
        return Ok(Shown::Gone);
    };
    let Some(chat) = code.claimed_by else {
        return Ok(Shown::Unused);
    };
    let chat = people::find_identity_by_id(&mut view, chat).await?;
    Ok(chat.map_or(Shown::Gone, |chat| Shown::Asks(Box::new(chat))))
}

/// What came of a page's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The chat is linked, which it and the others are told.
    Linked,
    /// It is not, which it is told.
    Refused,
    /// There was nothing to answer any more: nothing is done.
    Gone,
}

/// The page answers for a chat that it named; only in the session in which the code was shown.
///
/// # Errors
/// [`Fault`].
pub async fn answer(store: &Store, token: &Token, chat: IdentityId, yes: bool) -> Result<Answered, Fault> {
    let context = (token.hash(), chat, yes);
    let answered = store.transact(&context, |tx, (session, chat, yes)| {
        Box::pin(answer_in(tx, session, *chat, *yes))
    });
    answered.await
}

async fn answer_in(tx: &mut Tx, session: &[u8; 32], chat: IdentityId, yes: bool) -> Result<Answered, Fault> {
    let Some(signed_in) = sessions::find(tx, session, IDLE).await? else {
        return Ok(Answered::Gone);
    };
    accounts::hold(tx, signed_in.account).await?;
    // Only now nobody ends the session by another password, or disables the account.
    let is_signed_in = sessions::find(tx, session, IDLE).await?.is_some();
    let account = accounts::find(tx, signed_in.account).await?;
    let chat = people::find_identity_by_id(tx, chat).await?;
    let (Some(account), Some(chat), true) = (account, chat, is_signed_in) else {
        return Ok(Answered::Gone);
    };
    if !codes::answer(tx, session, chat.id).await? {
        // By an earlier run of this, whose end was not heard of, or by the same button pressed twice.
        let is_theirs = chat.account.is_some_and(|its| its.id == account.id);
        return Ok(if yes && is_theirs {
            Answered::Linked
        } else {
            Answered::Gone
        });
    }
    outbox::take_lapse_back(tx, &chat).await?;
    if chat.account.is_some() || chat.is_disabled {
        return Ok(Answered::Gone);
    }
    if yes {
        tell_others(tx, &account, chat.id).await?;
        people::link_identity_on_page(tx, chat.id, account.id).await?;
        show_stale_cards(tx, chat.id).await?;
    }
    let identity = chat.id;
    outbox::insert(tx, &[Notice::LinkAnswered { identity, yes }]).await?;
    Ok(if yes { Answered::Linked } else { Answered::Refused })
}
