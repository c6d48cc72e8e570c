//! Somebody and their chats: who they are here, and how a chat is linked no more, by its owner or because it was not
//! they who linked it.

use super::build::{button, role_name};
use super::press::{NotifyPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::telling::how_soon;
use super::turn::Turn;
use crate::domain::ids::{AccountId, IdentityId};
use crate::service::people::{Disowned, Kept, NEW_FOR, disown, unlink};
use crate::store::outbox::Whence;
use crate::store::people::{self, Identity};
use crate::store::{Fault, accounts, told};

impl Turn<'_> {
    /// `/me`: who one is here, and from which chats.
    pub(super) async fn me(&mut self) -> Result<Reply, Fault> {
        let Some(account) = self.me.account.clone() else {
            return Ok(self.who_are_you());
        };
        let language = self.lang();
        let role = role_name(language, account.role);
        let who = [("name", account.name.clone().into()), ("role", role.into())];
        let mut blocks = vec![Block::Text(language.say("me-who", &who))];
        if let Some(address) = accounts::find_address(self.tx, account.id).await? {
            let sentence = if address.is_only_stated {
                "me-email-stated"
            } else {
                "me-email"
            };
            blocks.push(Block::Text(language.say(sentence, &[("email", address.email.into())])));
        }
        let chats = people::list_of(self.tx, account.id).await?;
        let lines = chats.iter().map(|chat| {
            let here = if chat.id == self.me.id {
                "me-chat-here"
            } else {
                "me-chat"
            };
            language.say(here, &named(chat))
        });
        blocks.push(Block::Text(self.say("me-chats")));
        blocks.extend(lines.map(Block::Text));
        let another = button(language, "button-show-code", Press::ShowCode, Look::Plain);
        let mut row = vec![another];
        blocks.push(how_soon(language, told::find_pace(self.tx, account.id).await?));
        if let Some((sentence, other)) = self.where_told(account.id, Press::TellEverywhere).await? {
            blocks.push(sentence);
            row.push(other);
        }
        let notify = Press::Notify(NotifyPress::Show);
        row.push(button(language, "button-notify", notify, Look::Plain));
        let message = Message {
            blocks,
            ..Message::default()
        };
        Ok(self.instead_or_tell(message.row(row)))
    }

    /// Where they are told what concerns them, from now on.
    pub(super) async fn tell_everywhere(&mut self, everywhere: bool) -> Result<Reply, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(self.who_are_you());
        };
        told::choose(self.tx, account, everywhere).await?;
        self.me().await
    }

    /// `/unlink`: which chat is to be linked no more.
    pub(super) async fn unlink(&mut self) -> Result<Reply, Fault> {
        let chats = match self.own_chats().await? {
            Ok((_, chats)) => chats,
            Err(reply) => return Ok(reply),
        };
        let language = self.lang();
        // The newest first: it is the one that somebody else may have linked.
        let rows = chats.iter().rev().map(|chat| Button {
            label: language.say("button-unlink-chat", &named(chat)),
            action: Press::AskUnlink(chat.id).to_string(),
            look: Look::Plain,
        });
        let which = Message::text(self.say("unlink-which"));
        Ok(self.tell(rows.fold(which, |message, button| message.row([button]))))
    }

    /// Asks once more, and says so where it is the last way in.
    pub(super) async fn ask_unlink(&mut self, chat: IdentityId) -> Result<Reply, Fault> {
        let chats = match self.own_chats().await? {
            Ok((_, chats)) => chats,
            Err(reply) => return Ok(reply),
        };
        let Some(found) = chats.iter().find(|one| one.id == chat) else {
            return Ok(self.word(self.say("unlink-not-yours")));
        };
        let language = self.lang();
        let sentence = if chats.len() == 1 {
            "unlink-last"
        } else {
            "unlink-surely"
        };
        let message = Message::text(language.say(sentence, &named(found))).row([
            button(language, "button-unlink", Press::Unlink(chat), Look::Danger),
            button(language, "button-keep-chats", Press::KeepChats, Look::Plain),
        ]);
        Ok(self.instead(message))
    }

    /// They leave their chats as they are.
    pub(super) fn keep_chats(&self) -> Reply {
        self.instead(Message::text(self.say("unlink-kept")))
    }

    /// Links a chat of theirs no more.
    pub(super) async fn unlink_chat(&mut self, chat: IdentityId) -> Result<Reply, Fault> {
        let (account, chats) = match self.own_chats().await? {
            Ok(own) => own,
            Err(reply) => return Ok(reply),
        };
        let Some(found) = chats.into_iter().find(|one| one.id == chat) else {
            return Ok(self.word(self.say("unlink-not-yours")));
        };
        if let Err(kept) = unlink(self.tx, account, Whence::Chat(self.me.id), chat).await? {
            return Ok(self.stays_linked(kept));
        }
        if chat == self.me.id {
            self.me.account = None;
        }
        let done = Message::text(self.lang().say("unlink-done", &named(&found)));
        Ok(self.instead(done))
    }

    /// « Ce n'était pas moi », asked once more.
    pub(super) async fn ask_disown(&mut self, chat: IdentityId) -> Result<Reply, Fault> {
        let chats = match self.own_chats().await? {
            Ok((_, chats)) => chats,
            Err(reply) => return Ok(reply),
        };
        let Some(found) = chats.iter().find(|one| one.id == chat && chat != self.me.id) else {
            return Ok(self.word(self.say("unlink-not-yours")));
        };
        let language = self.lang();
        let message = Message::text(language.say("disown-surely", &named(found))).row([
            button(language, "button-disown-yes", Press::Disown(chat), Look::Danger),
            button(language, "button-disown-no", Press::KeepChats, Look::Plain),
        ]);
        Ok(self.instead(message))
    }

    /// It was not they who linked it.
    pub(super) async fn disown(&mut self, chat: IdentityId) -> Result<Reply, Fault> {
        let (account, chats) = match self.own_chats().await? {
            Ok(own) => own,
            Err(reply) => return Ok(reply),
        };
        let Some(found) = chats.into_iter().find(|one| one.id == chat && chat != self.me.id) else {
            return Ok(self.word(self.say("unlink-not-yours")));
        };
        let sentence = match disown(self.tx, account, self.me.id, chat).await? {
            Ok(Disowned::Unlinked) => "disown-done",
            Ok(Disowned::SignedOut) => "disown-done-page",
            Err(kept) => return Ok(self.stays_linked(kept)),
        };
        Ok(self.instead(Message::text(self.lang().say(sentence, &named(&found)))))
    }

    /// Why a chat is not unlinked.
    fn stays_linked(&self, kept: Kept) -> Reply {
        match kept {
            Kept::NotTheirs => self.word(self.say("unlink-not-yours")),
            Kept::TooNew => {
                let hours = [("hours", NEW_FOR.num_hours().into())];
                self.instead(Message::text(self.lang().say("unlink-too-new", &hours)))
            }
        }
    }

    /// Their account and its chats; for somebody unknown, what they read.
    async fn own_chats(&mut self) -> Result<Result<(AccountId, Vec<Identity>), Reply>, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(Err(self.who_are_you()));
        };
        Ok(Ok((account, people::list_of(self.tx, account).await?)))
    }
}

/// What tells one chat from another in a sentence.
pub(super) fn named(chat: &Identity) -> [(&'static str, fluent_bundle::FluentValue<'static>); 2] {
    [
        ("platform", chat.platform.name().into()),
        ("chat", chat.display_name.clone().into()),
    ]
}
