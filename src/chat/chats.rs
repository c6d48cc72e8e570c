//! Somebody and their chats: who they are here, the one-time codes that link a chat, and how one is linked no more.

use super::asking::start_asking;
use super::build::{button, role_name};
use super::form::FormKind;
use super::notices::next_step;
use super::press::Press;
use super::reply::{Block, Button, Look, Message, Reply, Unstored};
use super::turn::Turn;
use crate::domain::code::Code;
use crate::domain::ids::{AccountId, IdentityId};
use crate::domain::text::clean;
use crate::service::codes::{self, CodeHash, Tried};
use crate::service::people::unlink;
use crate::store::Fault;
use crate::store::accounts::{self, Account};
use crate::store::people::{self, Identity};

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
        let message = Message {
            blocks,
            ..Message::default()
        };
        Ok(self.tell(message.row([another])))
    }

    /// A one-time code for another chat, where nobody else reads it.
    pub(super) async fn show_code(&mut self) -> Result<Reply, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(self.who_are_you());
        };
        if !self.is_private() && !self.inbound.can_open_form {
            return Ok(self.tell(Message::text(self.say("link-in-private"))));
        }
        let (code, _) = codes::issue(self.tx, self.key, account).await?;
        let minutes = [("minutes", codes::VALID_FOR.num_minutes().into())];
        let blocks = vec![
            Block::Text(self.say("link-code")),
            Block::Once {
                shown: Unstored::new(format!("/link {code}")),
                lost: self.say("link-code-lost"),
            },
            Block::Text(self.lang().say("link-code-once", &minutes)),
        ];
        Ok(self.tell(Message {
            blocks,
            ..Message::default()
        }))
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
        if !unlink(self.tx, account, Some(self.me.id), chat).await? {
            return Ok(self.word(self.say("unlink-not-yours")));
        }
        if chat == self.me.id {
            self.me.account = None;
        }
        let done = Message::text(self.lang().say("unlink-done", &named(&found)));
        Ok(self.instead(done))
    }

    /// Their account and its chats; for somebody unknown, what they read.
    async fn own_chats(&mut self) -> Result<Result<(AccountId, Vec<Identity>), Reply>, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(Err(self.who_are_you()));
        };
        Ok(Ok((account, people::list_of(self.tx, account).await?)))
    }

    /// `/link`: a one-time code. Typed where others read it, it is burnt.
    pub(super) async fn link(&mut self, typed: &str) -> Result<Reply, Fault> {
        let is_bare = clean(typed).is_empty();
        if !self.is_private() && !self.inbound.can_open_form {
            codes::burn(self.tx, self.key, typed).await?;
            let sentence = if is_bare { "link-in-private" } else { "link-in-public" };
            return Ok(self.tell(Message::text(self.say(sentence))));
        }
        if is_bare {
            return match self.me.account {
                Some(_) => self.show_code().await,
                None => Ok(self.tell(Message::text(self.say("link-how")))),
            };
        }
        if let Some(account) = &self.me.account {
            let args = [
                ("name", account.name.clone().into()),
                ("platform", self.me.platform.name().into()),
            ];
            return Ok(self.tell(Message::text(self.lang().say("link-already", &args))));
        }
        // What can't be a code counts as a try too.
        let hash = Code::parse(typed).map_or([0; 32], |code| self.key.hash(&code));
        let account = match codes::try_code(self.tx, self.me.id, &hash).await? {
            Tried::Names(account) => account,
            Tried::Invites(invitation) => return Ok(self.ask_invited(hash, &invitation)),
            Tried::Wrong => return Ok(self.tell(Message::text(self.say("link-wrong")))),
            Tried::TooOften => {
                let minutes = codes::TRIES_WITHIN.num_minutes();
                let sentence = self.lang().say("link-too-often", &[("minutes", minutes.into())]);
                return Ok(self.tell(Message::text(sentence)));
            }
        };
        self.ask_whether_theirs(account, hash).await
    }

    /// Asks whether they are whose account it is; the code with that hash is used up by their yes.
    pub(super) async fn ask_whether_theirs(&mut self, account: Account, hash: CodeHash) -> Result<Reply, Fault> {
        let Some(address) = accounts::find_address(self.tx, account.id).await? else {
            return Ok(self.tell(Message::text(self.say("link-wrong"))));
        };
        self.dialog.linking = Some(hash);
        let language = self.lang();
        let args = [
            ("platform", self.me.platform.name().into()),
            ("chat", self.me.display_name.clone().into()),
            ("name", account.name.into()),
            ("email", masked(&address.email).into()),
        ];
        // A name and an address that somebody only typed show nobody who they are.
        let question = if address.is_only_stated {
            "link-is-it-you-stated"
        } else {
            "link-is-it-you"
        };
        let message = Message::text(language.say(question, &args)).row([
            button(language, "button-link-yes", Press::ConfirmLink(true), Look::Main),
            button(language, "button-link-no", Press::ConfirmLink(false), Look::Plain),
        ]);
        Ok(self.tell(message))
    }

    /// They said whether the account is theirs.
    pub(super) async fn confirm_link(&mut self, yes: bool) -> Result<Reply, Fault> {
        let Some(hash) = self.dialog.linking.take() else {
            return Ok(self.word(self.say("link-nothing")));
        };
        if !yes {
            let refused = self.say("link-refused");
            if self.is_private() && self.dialog.draft.is_some() && self.dialog.asking.is_none() {
                return Ok(start_asking(self, FormKind::SignUp, Some(refused)));
            }
            return Ok(self.instead(Message::text(refused)));
        }
        if self.me.account.is_some() {
            return Ok(self.instead(Message::text(self.say("link-nothing"))));
        }
        let Some(account) = codes::redeem(self.tx, self.me.id, &hash).await? else {
            return Ok(self.instead(Message::text(self.say("link-wrong"))));
        };
        let next = next_step(account.role);
        let done = self.lang().say("link-done", &[("name", account.name.clone().into())]);
        self.me.account = Some(account);
        // Who they are is known now.
        self.dialog.asking = self.dialog.asking.take().filter(|asking| !asking.form.makes_account());
        self.dialog.invited = None;
        if let Some(draft) = self.draft_message(Some(done.clone())).await? {
            return Ok(self.instead(draft));
        }
        let blocks = vec![Block::Text(done), Block::Text(self.say(next))];
        Ok(self.instead(Message {
            blocks,
            ..Message::default()
        }))
    }
}

/// What tells one chat from another in a sentence.
pub(super) fn named(chat: &Identity) -> [(&'static str, fluent_bundle::FluentValue<'static>); 2] {
    [
        ("platform", chat.platform.name().into()),
        ("chat", chat.display_name.clone().into()),
    ]
}

/// An address as somebody else may see it: enough to recognise one's own.
fn masked(email: &str) -> String {
    let first = email.chars().next().unwrap_or_default();
    format!("{first}…@…")
}
