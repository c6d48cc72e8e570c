//! Who is there: the person behind an update, as they are known, or written down as somebody new.

use super::intent::{Inbound, Intent};
use super::reply::{Message, Reply};
use crate::domain::language::Language;
use crate::service::reach;
use crate::store::dialogs::DialogRow;
use crate::store::people::{self, Identity};
use crate::store::{Fault, Tx, accounts};

/// Finds the person and what they are in the middle of, or writes them down as somebody new.
pub(super) async fn meet(
    tx: &mut Tx,
    inbound: &Inbound,
    default: Language,
) -> Result<(Identity, Option<DialogRow>), Fault> {
    let (who, spot) = (&inbound.who, &inbound.place.spot);
    let known = people::find_identity(tx, inbound.platform, &who.user_id, spot).await?;
    let (mut me, dialog) = match known {
        Some(known) => known,
        None => (welcome(tx, inbound, default).await?, None),
    };
    let (is_private, chat) = (inbound.place.is_private(), &spot.chat);
    let new_language = who.language.filter(|_| !me.language_known);
    let is_moved = is_private && me.private_chat.as_ref() != Some(chat);
    let is_back = is_private && me.unreachable.take().is_some();
    if let Some(account) = &me.account {
        // The account before its chat, as wherever both are written.
        if is_private && !me.is_latest {
            accounts::set_chat(tx, account.id, me.id).await?;
        } else if new_language.is_some() || is_moved || is_back {
            accounts::hold(tx, account.id).await?;
        }
    }
    if let Some(language) = new_language {
        people::set_language(tx, me.id, language).await?;
        (me.language, me.language_known) = (language, true);
    }
    if is_moved {
        people::set_private_chat(tx, me.id, chat).await?;
        me.private_chat = Some(chat.clone());
    }
    if is_back {
        reach::person_back(tx, me.id).await?;
    }
    Ok((me, dialog))
}

/// What somebody whose account is disabled gets, whatever they do.
pub(super) fn disabled(inbound: &Inbound, language: Language) -> Reply {
    let sentence = language.say("account-disabled", &[]);
    match inbound.intent {
        Intent::Press { .. } => Reply::Toast(sentence),
        _ if inbound.place.is_private() => Reply::Message(Message::text(sentence)),
        Intent::Command(_) | Intent::Submit { .. } => Reply::Aside(Message::text(sentence)),
        _ => Reply::Quiet,
    }
}

/// Writes down somebody new.
async fn welcome(tx: &mut Tx, inbound: &Inbound, default: Language) -> Result<Identity, Fault> {
    let who = &inbound.who;
    let display_name: String = who.name.chars().take(100).collect();
    let id = people::insert_identity(tx, inbound.platform, &who.user_id, &display_name, who.language, default).await?;
    Ok(Identity {
        id,
        platform: inbound.platform,
        user_id: who.user_id.clone(),
        display_name,
        language: who.language.unwrap_or(default),
        language_known: who.language.is_some(),
        private_chat: None,
        unreachable: None,
        account: None,
        is_disabled: false,
        is_latest: false,
    })
}
