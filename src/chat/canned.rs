//! `/canned`: the texts that the team sends often. Staff read them; an admin adds, changes and removes them. Sending one
//! is in [`answering`](super::answering).

use super::build::{button, fact, pages};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind};
use super::grammar::Call;
use super::intent::Intent;
use super::press::{CannedPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::canned::Variable;
use crate::domain::ids::{CannedId, TicketId};
use crate::domain::language::Language;
use crate::domain::permission::{CannedReplies, EveryTicket, Permit, Right};
use crate::domain::text::{CannedName, CannedText, beginning, clean, folded, headline};
use crate::domain::transition::Refusal;
use crate::store::Fault;
use crate::store::canned::{self, CannedReply, Unchanged};

/// How many a page shows: with the row that leads on, five rows, which is what Discord takes.
pub(super) const PAGE: u32 = 8;
/// How many of them stand in a row.
const ABREAST: usize = 2;
/// How much of a text a list shows, and of a name that was typed.
const WORDS: usize = 60;

impl Turn<'_> {
    /// A button of canned replies.
    pub(super) async fn canned(&mut self, press: CannedPress) -> Result<Reply, Fault> {
        match press {
            CannedPress::List(from) => self.list_canned(from, None).await,
            CannedPress::Show(id) => self.show_canned(id, None).await,
            CannedPress::New => match self.permit::<CannedReplies>().await? {
                Ok(_) => Ok(self.start_form(FormKind::NewCanned)),
                Err(refused) => Ok(refused),
            },
            CannedPress::Rename(id) => match self.found_canned(id).await? {
                Ok((_, found)) => Ok(self.start_form_over(FormKind::RenameCanned(id), &found.name)),
                Err(refused) => Ok(refused),
            },
            CannedPress::Rewrite(id) => match self.found_canned(id).await? {
                Ok((_, found)) => Ok(self.start_form_over(FormKind::RewriteCanned(id), &found.body)),
                Err(refused) => Ok(refused),
            },
            CannedPress::AskRemove(id) => self.ask_before_dropping(id).await,
            CannedPress::Remove(id) => self.remove_canned(id).await,
            CannedPress::Choose(ticket, from) => self.offer_canned(ticket, ("", from), None).await,
            CannedPress::Use(ticket, id) => self.use_canned(ticket, id).await,
            CannedPress::Send(ticket, mark) => self.send_canned(ticket, mark).await,
        }
    }

    /// `/canned`, `/canned merci`, `/canned 12`, `/canned 12 merci`.
    pub(super) async fn canned_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        let permit = match self.permit::<EveryTicket>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let ticket = match &call.number {
            Some(number) => match number.parse() {
                Ok(id) => Some(TicketId(id)),
                Err(_) => return self.refuse(Refusal::NotFound, number).await,
            },
            None => self.thread_ticket().await?,
        };
        let typed = clean(&call.text);
        let found = canned::list(self.tx, permit, &typed, (0, PAGE + 1)).await?;
        let named = found.iter().find(|reply| folded(&reply.name) == folded(&typed));
        let only = named.or(match &found[..] {
            [only] if !typed.is_empty() => Some(only),
            _ => None,
        });
        let unknown = || {
            let words = beginning(&typed, WORDS).to_owned();
            self.lang().say("canned-unknown", &[("words", words.into())])
        };
        match (ticket, only.map(|only| only.id)) {
            // What is shown in another chat is sent from there, and so it has to be chosen there.
            (Some(ticket), Some(_)) if !self.is_private() && !self.inbound.can_open_form => {
                self.offer_canned(ticket, (&typed, 0), None).await
            }
            (Some(ticket), Some(id)) => self.use_canned(ticket, id).await,
            (None, Some(id)) => self.show_canned(id, None).await,
            (Some(ticket), None) if found.is_empty() && !typed.is_empty() => {
                let lead = unknown();
                self.offer_canned(ticket, ("", 0), Some(lead)).await
            }
            (Some(ticket), None) => self.offer_canned(ticket, (&typed, 0), None).await,
            (None, None) => {
                let lead = (!typed.is_empty()).then(unknown);
                self.list_canned(0, lead).await
            }
        }
    }

    /// A page of them, after a line that leads to it.
    async fn list_canned(&mut self, mut from: u32, lead: Option<String>) -> Result<Reply, Fault> {
        let permit = match self.permit::<EveryTicket>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let mut found = canned::list(self.tx, permit, "", (from, PAGE + 1)).await?;
        if found.is_empty() && from > 0 {
            from = 0;
            found = canned::list(self.tx, permit, "", (from, PAGE + 1)).await?;
        }
        let (shown, is_more) = cut(&found);
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        let heading = if found.is_empty() {
            "canned-none"
        } else {
            "canned-heading"
        };
        blocks.push(Block::Title(self.say(heading)));
        blocks.extend(shown.iter().map(|reply| {
            let start = headline(&reply.body, WORDS);
            Block::Facts(vec![fact(reply.name.clone()), fact(start)])
        }));
        if !found.is_empty() {
            blocks.push(Block::Text(self.say("canned-how")));
        }
        let keeps = self.keeps_canned();
        if keeps {
            let variables = [("variables", Variable::listed(language).into())];
            blocks.push(Block::Text(language.say("canned-variables", &variables)));
        }
        let message = Message {
            blocks,
            ..Message::default()
        };
        let message = named(message, shown, CannedPress::Show);
        let new = keeps.then(|| to(language, "button-canned-new", CannedPress::New));
        let leads = pages(language, (from, PAGE, is_more), |from| {
            Press::Canned(CannedPress::List(from))
        })
        .into_iter()
        .chain(new);
        Ok(self.instead_or_tell(message.row(leads)))
    }

    /// One of them, after a line that leads to it; for an admin with what can be done about it.
    async fn show_canned(&mut self, id: CannedId, lead: Option<String>) -> Result<Reply, Fault> {
        let permit = match self.permit::<EveryTicket>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let Some(found) = canned::find(self.tx, permit, id).await? else {
            return self.list_canned(0, Some(self.say("canned-gone"))).await;
        };
        let language = self.lang();
        let lead = lead.into_iter().map(Block::Text);
        let shown = [Block::Title(found.name), Block::Quote(found.body)];
        let message = Message {
            blocks: lead.chain(shown).collect(),
            ..Message::default()
        };
        let changes = self.keeps_canned().then(|| {
            [
                to(language, "button-canned-name", CannedPress::Rename(id)),
                to(language, "button-canned-text", CannedPress::Rewrite(id)),
                danger(language, "button-canned-remove", CannedPress::AskRemove(id)),
            ]
        });
        let all = to(language, "button-canned-all", CannedPress::List(0));
        Ok(self.instead_or_tell(message.row(changes.into_iter().flatten()).row([all])))
    }

    /// Whether what would change them is offered.
    fn keeps_canned(&self) -> bool {
        let account = self.me.account.as_ref();
        account.is_some_and(|me| Right::CannedReplies.is_of(me.role))
    }

    async fn ask_before_dropping(&mut self, id: CannedId) -> Result<Reply, Fault> {
        let found = match self.found_canned(id).await? {
            Ok((_, found)) => found,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let sentence = language.say("canned-remove-sure", &[("name", found.name.into())]);
        let message = Message {
            blocks: vec![Block::Text(sentence), Block::Quote(found.body)],
            ..Message::default()
        };
        Ok(self.instead_or_tell(message.row([
            danger(language, "button-canned-remove-yes", CannedPress::Remove(id)),
            to(language, "button-canned-remove-no", CannedPress::Show(id)),
        ])))
    }

    async fn remove_canned(&mut self, id: CannedId) -> Result<Reply, Fault> {
        let (permit, found) = match self.found_canned(id).await? {
            Ok(found) => found,
            Err(refused) => return Ok(refused),
        };
        let is_removed = canned::remove(self.tx, permit, id).await?;
        let lead = if is_removed {
            self.lang().say("canned-removed", &[("name", found.name.into())])
        } else {
            self.say("canned-gone")
        };
        self.list_canned(0, Some(lead)).await
    }

    /// A new one is complete.
    pub(super) async fn add_canned(&mut self, asking: Asking) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default();
        let (Ok(name), Ok(text)) = (
            CannedName::parse(answer(FieldKind::CannedName)),
            CannedText::parse(answer(FieldKind::CannedText)),
        ) else {
            return Ok(self.nothing_asked());
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, text.as_str())),
        };
        match canned::insert(self.tx, permit, &name, &text).await? {
            Some(id) => self.show_canned(id, Some(self.say("canned-saved"))).await,
            None => Ok(self.ask_for_another_name(asking, &name)),
        }
    }

    /// Another name is complete.
    pub(super) async fn rename_canned(&mut self, id: CannedId, asking: Asking) -> Result<Reply, Fault> {
        let Ok(name) = CannedName::parse(asking.answer(FieldKind::CannedName).unwrap_or_default()) else {
            return Ok(self.nothing_asked());
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, name.as_str())),
        };
        match canned::rename(self.tx, permit, id, &name).await? {
            Err(Unchanged::NameTaken) => Ok(self.ask_for_another_name(asking, &name)),
            changed => self.told_of_change(id, changed, name.as_str()).await,
        }
    }

    /// Another text is complete.
    pub(super) async fn rewrite_canned(&mut self, id: CannedId, words: &str) -> Result<Reply, Fault> {
        let Ok(text) = CannedText::parse(words) else {
            return Ok(self.nothing_asked());
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, text.as_str())),
        };
        let changed = canned::rewrite(self.tx, permit, id, &text).await?;
        self.told_of_change(id, changed, text.as_str()).await
    }

    async fn told_of_change(
        &mut self,
        id: CannedId,
        changed: Result<(), Unchanged>,
        words: &str,
    ) -> Result<Reply, Fault> {
        if changed.is_ok() {
            return self.show_canned(id, Some(self.say("canned-saved"))).await;
        }
        let told = self.list_canned(0, Some(self.say("canned-gone"))).await?;
        Ok(self.with_words(told, words))
    }

    /// The name is that of another one; the text, if there is one, is kept.
    fn ask_for_another_name(&mut self, mut asking: Asking, name: &CannedName) -> Reply {
        let taken = self.lang().say("canned-taken", &[("name", name.to_string().into())]);
        if let Intent::Submit { .. } = self.inbound.intent {
            return self.keep_form(asking, vec![taken]);
        }
        asking.answers.retain(|(id, _)| id != FieldKind::CannedName.code());
        let reply = self.question(&asking, Some(taken));
        self.dialog.asking = Some(asking);
        reply
    }

    /// The right to change it, and what it is; or what they read instead.
    async fn found_canned(
        &mut self,
        id: CannedId,
    ) -> Result<Result<(Permit<CannedReplies>, CannedReply), Reply>, Fault> {
        let (permit, reads) = match (self.permit().await?, self.permit().await?) {
            (Ok(permit), Ok(reads)) => (permit, reads),
            (Err(refused), _) | (_, Err(refused)) => return Ok(Err(refused)),
        };
        Ok(match canned::find(self.tx, reads, id).await? {
            Some(found) => Ok((permit, found)),
            None => Err(self.list_canned(0, Some(self.say("canned-gone"))).await?),
        })
    }
}

/// Those of a page, and whether there are more.
pub(super) fn cut(found: &[CannedReply]) -> (&[CannedReply], bool) {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    (&found[..found.len().min(page)], found.len() > page)
}

/// A button for each.
pub(super) fn named(message: Message, shown: &[CannedReply], press: impl Fn(CannedId) -> CannedPress) -> Message {
    let buttons = shown.iter().map(|reply| Button {
        label: reply.name.clone(),
        action: Press::Canned(press(reply.id)).to_string(),
        look: Look::Plain,
    });
    let buttons: Vec<Button> = buttons.collect();
    buttons
        .chunks(ABREAST)
        .map(<[Button]>::to_vec)
        .fold(message, Message::row)
}

pub(super) fn to(language: Language, label: &str, press: CannedPress) -> Button {
    button(language, label, Press::Canned(press), Look::Plain)
}

fn danger(language: Language, label: &str, press: CannedPress) -> Button {
    button(language, label, Press::Canned(press), Look::Danger)
}
