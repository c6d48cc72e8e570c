//! One-time codes in a chat: shown for another, typed where one is to be linked, and the question whose account it is.

use chrono::{DateTime, Utc};

use super::asking::start_asking;
use super::build::button;
use super::form::FormKind;
use super::notices::next_step;
use super::press::{Mark, Press};
use super::reply::{Block, Look, Message, Reply, Unstored};
use super::turn::Turn;
use crate::domain::code::Code;
use crate::domain::platform::Platform;
use crate::domain::text::clean;
use crate::service::codes::{self, CodeHash, Tried};
use crate::service::linking::{Redeemed, redeem};
use crate::store::Fault;
use crate::store::accounts::{self, Account};

impl Turn<'_> {
    /// A one-time code for another chat, where nobody else reads it.
    pub(super) async fn show_code(&mut self) -> Result<Reply, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(self.who_are_you());
        };
        if !self.is_private() && !self.inbound.can_open_form {
            return Ok(self.tell(Message::text(self.say("link-in-private"))));
        }
        let (code, _) = codes::issue(self.tx, self.key, account, Some(self.me.id)).await?;
        let minutes = [("minutes", codes::VALID_FOR.num_minutes().into())];
        let mut blocks = vec![
            Block::Text(self.say("link-code")),
            Block::Once {
                shown: Unstored::new(format!("/link {code}")),
                lost: self.say("link-code-lost"),
            },
        ];
        let elsewhere = self.me.platform != Platform::Telegram;
        if let Some(link) = self.bot.start_link(&code).filter(|_| elsewhere) {
            blocks.push(Block::Text(self.say("link-code-telegram")));
            blocks.push(Block::OnceLink {
                shown: Unstored::new(link),
                lost: self.say("link-code-telegram-lost"),
            });
        }
        blocks.push(Block::Text(self.lang().say("link-code-once", &minutes)));
        Ok(self.tell(Message {
            blocks,
            ..Message::default()
        }))
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
        let mark = Mark::of(&hash);
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
            button(language, "button-link-yes", Press::ConfirmLink(true, mark), Look::Main),
            button(language, "button-link-no", Press::ConfirmLink(false, mark), Look::Plain),
        ]);
        Ok(self.tell(message))
    }

    /// They said whether the account is theirs.
    pub(super) async fn confirm_link(&mut self, yes: bool, mark: Mark) -> Result<Reply, Fault> {
        let Some(hash) = self.dialog.linking.take_if(|hash| Mark::of(hash) == mark) else {
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
        let account = match redeem(self.tx, &self.me, &hash).await? {
            Redeemed::Linked(account) => account,
            Redeemed::Waits(until) => return Ok(self.waits_for_page(until)),
            Redeemed::Gone => return Ok(self.instead(Message::text(self.say("link-wrong")))),
        };
        let next = next_step(account.role);
        let done = self.lang().say("link-done", &[("name", account.name.clone().into())]);
        self.me.account = Some(account);
        self.asks_no_more();
        if let Some(draft) = self.draft_message(Some(done.clone())).await? {
            return Ok(self.instead(draft));
        }
        let blocks = vec![Block::Text(done), Block::Text(self.say(next))];
        Ok(self.instead(Message {
            blocks,
            ..Message::default()
        }))
    }

    /// They said yes; now the page has to, which shows the same name and number.
    fn waits_for_page(&mut self, until: DateTime<Utc>) -> Reply {
        self.asks_no_more();
        let minutes = (until - self.tx.now()).num_minutes().max(1);
        let args = [
            ("platform", self.me.platform.name().into()),
            ("chat", self.me.display_name.clone().into()),
            ("id", self.me.user_id.clone().into()),
            ("minutes", minutes.into()),
        ];
        self.instead(Message::text(self.lang().say("link-waits", &args)))
    }

    /// Who they are is known, or soon will be.
    fn asks_no_more(&mut self) {
        self.dialog.asking = self.dialog.asking.take().filter(|asking| !asking.form.makes_account());
        self.dialog.invited = None;
    }
}

/// An address as somebody else may see it: enough to recognise one's own.
fn masked(email: &str) -> String {
    let first = email.chars().next().unwrap_or_default();
    format!("{first}…@…")
}
