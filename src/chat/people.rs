//! `/users`: people, as an admin looks them up and says what they may do.

use fluent_bundle::FluentValue;

use super::build::{button, role_name, who};
use super::chats::named;
use super::intent::Intent;
use super::press::Press;
use super::refusals::ago;
use super::reply::{Block, Button, Look, Message, Reply, Unstored};
use super::turn::Turn;
use crate::domain::account::{AccountDeed, Named, Role};
use crate::domain::ids::AccountId;
use crate::domain::language::Language;
use crate::domain::permission::{People, Permit};
use crate::domain::text::{beginning, headline};
use crate::service::passwords::{self, NoWayIn};
use crate::service::roles::LastAdmin;
use crate::service::{codes, people, roles};
use crate::store::accounts::{self, Account, Address};
use crate::store::directory::{self, AccountHappening, PersonLine};
use crate::store::{Fault, people as chats};

/// How many people a page shows: with the row that leads on, five rows, which is what Discord takes.
const PAGE: u32 = 8;
/// How many of them stand in a row.
const ABREAST: usize = 2;
/// How many lines of an account's history its card shows.
const LINES: u32 = 5;
/// How much of what was looked for is said again.
const WORDS: usize = 40;

impl Turn<'_> {
    /// A page of those whose name or address has these words in it. Of a search there is one: more words find fewer.
    pub(super) async fn list_people(&mut self, words: &str, from: u32) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let mut found = directory::list(self.tx, permit, words, (from, PAGE + 1)).await?;
        let is_more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let message = page(self.lang(), &found, words, (from, is_more));
        Ok(self.instead_or_tell(message))
    }

    /// Somebody's card.
    pub(super) async fn show_person(&mut self, id: AccountId) -> Result<Reply, Fault> {
        self.person(id, None).await
    }

    /// Whether that is really to be done.
    pub(super) async fn ask_about_person(&mut self, deed: AccountDeed, id: AccountId) -> Result<Reply, Fault> {
        let account = match self.found(id).await? {
            Ok((_, account)) => account,
            Err(reply) => return Ok(reply),
        };
        let language = self.lang();
        let (sentence, look) = match deed {
            AccountDeed::Give(_) => ("surely-give", Look::Main),
            AccountDeed::Disable => ("surely-disable", Look::Danger),
            AccountDeed::Enable => ("surely-enable", Look::Main),
            AccountDeed::UnlinkAll => ("surely-unlink-all", Look::Danger),
            AccountDeed::ShowCode => ("surely-show-code", Look::Main),
            AccountDeed::ShowLink => ("surely-show-link", Look::Main),
            AccountDeed::Delete(tickets) => return self.ask_before_deleting(id, tickets).await,
        };
        let args = args_of(language, deed, &account);
        let mut blocks = vec![Block::Text(language.say(sentence, &args))];
        // Somebody may have taken the name of another.
        blocks.extend(self.address(id).await?);
        let message = Message {
            blocks,
            ..Message::default()
        };
        let message = message.row([
            button(language, "button-surely", Press::DoPerson(deed, id), look),
            button(language, "button-leave", Press::Person(id), Look::Plain),
        ]);
        Ok(self.instead(message))
    }

    /// Does it.
    pub(super) async fn do_to_person(&mut self, deed: AccountDeed, id: AccountId) -> Result<Reply, Fault> {
        let (permit, account) = match self.found(id).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let done = match deed {
            AccountDeed::Give(role) => roles::give(self.tx, permit, &account, role)
                .await?
                .map(|()| "person-given"),
            AccountDeed::Disable => {
                let disabled = roles::disable(self.tx, permit, &account).await?;
                disabled.map(|()| "person-disabled-now")
            }
            AccountDeed::Enable => {
                roles::enable(self.tx, permit, &account).await?;
                Ok("person-enabled-now")
            }
            AccountDeed::UnlinkAll => {
                people::unlink_all(self.tx, permit, id).await?;
                Ok("person-unlinked-now")
            }
            AccountDeed::ShowCode => return self.show_code_for(permit, &account).await,
            AccountDeed::ShowLink => return self.show_link_for(permit, &account).await,
            AccountDeed::Delete(tickets) => return self.delete_person(id, tickets).await,
        };
        let language = self.lang();
        let args = args_of(language, deed, &account);
        let sentence = match done {
            Ok(sentence) => language.say(sentence, &args),
            Err(LastAdmin) => self.say("person-last-admin"),
        };
        if self.me.account.as_ref().is_some_and(|me| me.id == id) {
            return Ok(self.instead(Message::text(sentence)));
        }
        self.person(id, Some(sentence)).await
    }

    /// A one-time code, with which somebody comes back to their account.
    async fn show_code_for(&mut self, permit: Permit<People>, account: &Account) -> Result<Reply, Fault> {
        if account.is_disabled {
            let sentence = self.lang().say("person-is-disabled", &[]);
            return self.person(account.id, Some(sentence)).await;
        }
        let (code, _) = codes::issue_for(self.tx, self.key, permit, account.id).await?;
        let args = [
            ("name", account.name.clone().into()),
            ("minutes", codes::VALID_FOR.num_minutes().into()),
        ];
        let blocks = vec![
            Block::Text(self.lang().say("person-code", &args)),
            Block::Once {
                shown: Unstored::new(format!("/link {code}")),
                lost: self.say("person-code-lost"),
            },
        ];
        Ok(self.instead(Message {
            blocks,
            ..Message::default()
        }))
    }

    /// A one-time link, by which somebody chooses a password.
    async fn show_link_for(&mut self, permit: Permit<People>, account: &Account) -> Result<Reply, Fault> {
        let Some(pages) = self.pages else {
            let sentence = self.say("person-no-pages");
            return self.person(account.id, Some(sentence)).await;
        };
        let link = match passwords::issue_link(self.tx, permit, account.id).await? {
            Ok(link) => link,
            Err(NoWayIn::Disabled) => return self.person(account.id, None).await,
            Err(NoWayIn::OnlyStated) => {
                let sentence = self.say("person-no-address");
                return self.person(account.id, Some(sentence)).await;
            }
        };
        let args = [
            ("name", account.name.clone().into()),
            ("minutes", passwords::LINK_VALID_FOR.num_minutes().into()),
        ];
        let blocks = vec![
            Block::Text(self.lang().say("person-link", &args)),
            Block::Once {
                shown: Unstored::new(passwords::link_to(pages, &link)),
                lost: self.say("person-link-lost"),
            },
        ];
        Ok(self.instead(Message {
            blocks,
            ..Message::default()
        }))
    }

    /// The right, and the account; or what they read instead.
    pub(super) async fn found(&mut self, id: AccountId) -> Result<Result<(Permit<People>, Account), Reply>, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(Err(refused)),
        };
        Ok(match accounts::find(self.tx, id).await? {
            Some(account) => Ok((permit, account)),
            None => Err(self.word(self.say("person-unknown"))),
        })
    }

    pub(super) async fn person(&mut self, id: AccountId, lead: Option<String>) -> Result<Reply, Fault> {
        let (permit, account) = match self.found(id).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Title(account.name.clone()));
        blocks.push(Block::Text(
            language.say("person-role", &[("role", role_name(language, account.role).into())]),
        ));
        if account.is_disabled {
            blocks.push(Block::Text(self.say("person-is-disabled")));
        }
        let address = accounts::find_address(self.tx, id).await?;
        let can_sign_in = self.pages.is_some() && address.as_ref().is_some_and(|address| !address.is_only_stated);
        blocks.extend(address.map(|address| stated(language, address)));
        let work = directory::count_tickets(self.tx, permit, id).await?;
        let counts = [("asked", work.asked.into()), ("led", work.in_charge.into())];
        blocks.push(Block::Text(language.say("person-work", &counts)));
        let linked = chats::list_of(self.tx, id).await?;
        if linked.is_empty() {
            blocks.push(Block::Text(self.say("person-no-chats")));
        } else {
            let lines = linked.iter().map(|chat| language.say("me-chat", &named(chat)));
            let lines: Vec<String> = lines.collect();
            blocks.push(Block::Text(
                language.say("person-chats", &[("chats", lines.join("\n").into())]),
            ));
        }
        let history = directory::list_history(self.tx, permit, id, LINES).await?;
        let now = self.tx.now();
        blocks.extend(history.iter().map(|line| {
            let when = ago(language, line.at, now);
            Block::Text(happened(language, line, when))
        }));
        let message = Message {
            blocks,
            ..Message::default()
        };
        let has = (!linked.is_empty(), can_sign_in);
        Ok(self.instead_or_tell(with_deeds(message, language, &account, has)))
    }

    /// A line with somebody's address, and whether it proves anything.
    pub(super) async fn address(&mut self, id: AccountId) -> Result<Option<Block>, Fault> {
        let address = accounts::find_address(self.tx, id).await?;
        Ok(address.map(|address| stated(self.lang(), address)))
    }

    /// In place of the message whose button was pressed, where one was.
    pub(super) fn instead_or_tell(&self, message: Message) -> Reply {
        match self.inbound.intent {
            Intent::Press { .. } => self.instead(message),
            _ => self.tell(message),
        }
    }
}

fn stated(language: Language, address: Address) -> Block {
    let sentence = if address.is_only_stated {
        "person-email-stated"
    } else {
        "person-email"
    };
    Block::Text(language.say(sentence, &[("email", address.email.into())]))
}

/// What a sentence says of a deed.
fn args_of(language: Language, deed: AccountDeed, account: &Account) -> Vec<(&'static str, FluentValue<'static>)> {
    let name = ("name", account.name.clone().into());
    let role = match deed {
        AccountDeed::Give(role) => Some(("role", role_name(language, role).into())),
        _ => None,
    };
    std::iter::once(name).chain(role).collect()
}

/// A button for each, and for the pages before and after.
fn page(language: Language, found: &[PersonLine], words: &str, (from, is_more): (u32, bool)) -> Message {
    let looked_for = beginning(words, WORDS).to_owned();
    let title = if words.is_empty() {
        language.say("people-heading", &[])
    } else {
        language.say("people-found", &[("words", looked_for.into())])
    };
    let mut blocks = vec![Block::Title(title)];
    if found.is_empty() {
        blocks.push(Block::Text(language.say("people-none", &[])));
    }
    if is_more && !words.is_empty() {
        blocks.push(Block::Text(language.say("people-more", &[])));
    }
    let message = Message {
        blocks,
        ..Message::default()
    };
    let lines = found.iter().map(|person| {
        let sentence = if person.is_disabled {
            "button-person-disabled"
        } else {
            "button-person"
        };
        let args = [
            ("name", headline(&person.name, WORDS).into()),
            ("role", role_name(language, person.role).into()),
        ];
        Button {
            label: language.say(sentence, &args),
            action: Press::Person(person.id).to_string(),
            look: Look::Plain,
        }
    });
    let lines: Vec<Button> = lines.collect();
    let message = lines
        .chunks(ABREAST)
        .fold(message, |message, row| message.row(row.to_vec()));
    if !words.is_empty() {
        return message;
    }
    let before = from.checked_sub(PAGE).or((from > 0).then_some(0));
    let before = before.map(|from| button(language, "button-people-before", Press::People(from), Look::Plain));
    let next = from.saturating_add(PAGE);
    let after = is_more.then(|| button(language, "button-people-after", Press::People(next), Look::Plain));
    message.row(before.into_iter().chain(after))
}

/// A line of an account's history.
fn happened(language: Language, line: &AccountHappening, when: String) -> String {
    let by = line.by.as_ref().map(|by| who(language, by));
    let by = by.unwrap_or_else(|| language.say("by-operator", &[]));
    let mut args = vec![("by", by.into()), ("ago", when.into())];
    if let Some(role) = line.role {
        args.push(("role", role_name(language, role).into()));
    }
    // A chat of somebody who was deleted is gone.
    let (platform, chat) = match &line.chat {
        Some((platform, chat)) => (platform.name(), who(language, chat)),
        None => ("…", who(language, &Named::read(None))),
    };
    args.push(("platform", platform.into()));
    args.push(("chat", chat.into()));
    language.say(&format!("history-{}", line.event), &args)
}

/// The buttons for what can be done to an account as it is.
fn with_deeds(
    message: Message,
    language: Language,
    account: &Account,
    (has_chats, can_sign_in): (bool, bool),
) -> Message {
    let of = |label: &str, deed, look| button(language, label, Press::AskPerson(deed, account.id), look);
    let others = Role::ALL.into_iter().filter(|role| *role != account.role);
    let roles = others.map(|role| Button {
        label: language.say("button-give", &[("role", role_name(language, role).into())]),
        action: Press::AskPerson(AccountDeed::Give(role), account.id).to_string(),
        look: Look::Plain,
    });
    let message = message.row(roles);
    let code = of("button-person-code", AccountDeed::ShowCode, Look::Plain);
    let link = of("button-person-link", AccountDeed::ShowLink, Look::Plain);
    let unlink = of("button-unlink-all", AccountDeed::UnlinkAll, Look::Danger);
    let message = if account.is_disabled {
        message.row([of("button-enable", AccountDeed::Enable, Look::Main)])
    } else {
        let disable = of("button-disable", AccountDeed::Disable, Look::Danger);
        let ways_in = [code].into_iter().chain(can_sign_in.then_some(link));
        message.row(ways_in.chain([disable]))
    };
    let delete = button(language, "button-delete", Press::Delete(account.id), Look::Danger);
    message
        .row(has_chats.then_some(unlink).into_iter().chain([delete]))
        .row([button(language, "button-people", Press::People(0), Look::Plain)])
}
