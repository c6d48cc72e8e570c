//! One update: who it is, what they are in the middle of, what they meant, and what they get.

use std::num::NonZeroU32;

use chrono_tz::Tz;
use url::Url;

use super::arriving;
use super::attached::{Contents, with_told};
use super::build::button;
use super::dialog::Dialog;
use super::first_words;
use super::intent::{Inbound, Intent, Written};
use super::press::Press;
use super::reacting;
use super::reply::{Look, Message, Reply};
use super::rewriting;
use super::standing;
use crate::domain::account::{Actor, Registration};
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::platform::{BotName, Spot};
use crate::service::codes::CodeKey;
use crate::store::dialogs::{DialogRow, DialogVersion};
use crate::store::people::{self, Identity};
use crate::store::{Fault, Tx, View, cards, dialogs, own_cards};

/// The conversation with everybody.
#[derive(Debug)]
pub struct Chat {
    key: CodeKey,
    bot: BotName,
    pages: Option<Url>,
    rules: HouseRules,
}

/// What a desk decides for itself.
#[derive(Clone, Copy, Debug)]
pub struct HouseRules {
    /// The language of people whose language is unknown.
    pub language: Language,
    /// How somebody unknown gets an account.
    pub registration: Registration,
    /// Where its days begin.
    pub timezone: Tz,
    /// How many tickets somebody may open within [`WITHIN`](crate::service::open::WITHIN); any number without it.
    pub most: Option<NonZeroU32>,
}

impl Chat {
    /// A chat by these rules, which reads one-time codes hashed under this key. Its links lead to that bot, and to the
    /// pages at that address, where there is one.
    #[must_use]
    pub fn new(key: CodeKey, bot: BotName, pages: Option<Url>, rules: HouseRules) -> Self {
        Self { key, bot, pages, rules }
    }

    /// Does what the update asks for, in the transaction, and says what to answer.
    ///
    /// # Errors
    /// [`Fault`]; then nothing of it is true, and it can be handled again.
    pub async fn handle(&self, tx: &mut Tx, inbound: &Inbound) -> Result<Reply, Fault> {
        if !self.concerns(tx, inbound).await? {
            return Ok(Reply::Quiet);
        }
        if let Intent::Standing(standing) = &inbound.intent {
            standing::note(tx, inbound, standing).await?;
            return Ok(Reply::Quiet);
        }
        if let Intent::Reacted(message_id, receipt) = &inbound.intent {
            reacting::note(tx, inbound, message_id, *receipt).await?;
            return Ok(Reply::Quiet);
        }
        if matches!(inbound.intent, Intent::Message(_)) {
            standing::heard(tx, inbound).await?;
        }
        let (me, row) = match inbound.changed_message() {
            Some(message_id) => match rewriting::author(tx, inbound, message_id).await? {
                Some(author) => (author, None),
                None => match first_words::writer(tx, inbound).await? {
                    Some(writer) => writer,
                    None => return Ok(Reply::Quiet),
                },
            },
            None => arriving::meet(tx, inbound, self.rules.language).await?,
        };
        if me.is_disabled {
            return Ok(arriving::disabled(inbound, me.language));
        }
        let dialog = row
            .as_ref()
            .map_or_else(Dialog::default, |row| Dialog::recall(&row.state, me.id));
        let shown = row.as_ref().and_then(|row| row.message_id.clone());
        let before = dialog.clone();
        let mut turn = Turn {
            tx,
            key: &self.key,
            bot: &self.bot,
            pages: self.pages.as_ref(),
            rules: self.rules,
            inbound,
            me,
            dialog,
            shown,
        };
        let reply = turn.dispatch().await?;
        let mut reply = turn.with_requester(reply).await?;
        turn.replace_card(&mut reply).await?;
        turn.finish(before, row.as_ref(), reply).await
    }
}

impl Chat {
    /// Whether there is anything in it for us: a message in a shared place only where it is from staff, and in a
    /// ticket's thread or in answer to a message of ours. Of the rest nothing is kept, files least of all.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn concerns(&self, view: &mut View, inbound: &Inbound) -> Result<bool, Fault> {
        let Intent::Message(written) = &inbound.intent else {
            return Ok(true);
        };
        if inbound.place.is_private() {
            return Ok(true);
        }
        let spot = &inbound.place.spot;
        let person = people::find_identity(view, inbound.platform, &inbound.who.user_id, spot).await?;
        let account = person.and_then(|(person, _)| person.account);
        if !account.is_some_and(|account| account.role.is_staff()) {
            return Ok(false);
        }
        if cards::find_by_thread(view, inbound.platform, spot).await?.is_some() {
            return Ok(true);
        }
        let Some(reply_to) = &written.reply_to else {
            return Ok(false);
        };
        Ok(cards::find_message(view, inbound.platform, &spot.chat, reply_to)
            .await?
            .is_some()
            || dialogs::is_shown_by(view, spot, reply_to).await?)
    }
}

/// One update being handled.
pub(super) struct Turn<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) key: &'a CodeKey,
    pub(super) bot: &'a BotName,
    pub(super) pages: Option<&'a Url>,
    pub(super) rules: HouseRules,
    pub(super) inbound: &'a Inbound,
    pub(super) me: Identity,
    pub(super) dialog: Dialog,
    /// The message that shows the dialog.
    pub(super) shown: Option<String>,
}

impl Turn<'_> {
    async fn dispatch(&mut self) -> Result<Reply, Fault> {
        match &self.inbound.intent {
            Intent::Command(call) => {
                let files = call.files.iter();
                let left = files.map(|name| self.lang().say("file-with-command", &[("name", name.clone().into())]));
                let left = left.collect();
                Ok(with_told(self.command(call).await?, left))
            }
            Intent::UnknownCommand(name) => Ok(self.unknown_command(name)),
            Intent::Message(written) => self.message(written).await,
            Intent::Picked(picked) => {
                let Contents { text, files, told } = self.contents(&picked.written).await?;
                Ok(with_told(self.picked(picked, &text, &files).await?, told))
            }
            Intent::Press { action, message_id } => self.press(action, message_id).await,
            Intent::Submit { action, fields } => self.submit(action, fields).await,
            Intent::Edited(edited) => self.edited(edited).await,
            Intent::Erased(message_id) => self.erased(message_id).await,
            Intent::Unreadable if self.is_private() => Ok(Reply::Message(Message::text(self.say("unreadable")))),
            Intent::Unreadable | Intent::Standing(_) | Intent::Reacted(..) => Ok(Reply::Quiet),
        }
    }

    /// Has a card that is shown anew take the place of the one so far, which loses its buttons and changes no more.
    async fn replace_card(&mut self, reply: &mut Reply) -> Result<(), Fault> {
        let pressed = match (&self.inbound.intent, &*reply) {
            (Intent::Press { message_id, .. }, Reply::Update(_)) => Some(message_id),
            _ => None,
        };
        let message = reply.message_mut().filter(|_| self.inbound.place.is_private());
        let Some((message, ticket)) = message.and_then(|message| message.about.map(|ticket| (message, ticket))) else {
            return Ok(());
        };
        // That of a ticket which was just opened is the first.
        let Some(card) = message.own_card.as_mut().filter(|card| card.is_whole) else {
            return Ok(());
        };
        let chat = &self.inbound.place.spot.chat;
        let known = own_cards::find(self.tx, ticket, self.inbound.platform, chat).await?;
        if let (Some(known), Some(pressed)) = (&known, pressed)
            && known.is_newer_than(pressed)
        {
            message.own_card = None;
            return Ok(());
        }
        if let Some(known) = known {
            own_cards::supersede(self.tx, &self.me, &known).await?;
            card.former = Some(known.message_id).filter(|known| Some(known) != pressed);
        }
        Ok(())
    }

    /// Writes the dialog down, and has the buttons of a message that showed it before taken away.
    async fn finish(self, before: Dialog, row: Option<&DialogRow>, mut reply: Reply) -> Result<Reply, Fault> {
        let replaced = match (&self.inbound.intent, &reply) {
            (Intent::Press { message_id, .. }, Reply::Update(message))
                if message.shows_dialog || self.dialog != before =>
            {
                self.shown.clone().filter(|shown| shown != message_id)
            }
            (_, Reply::Message(message)) if message.shows_dialog || (self.dialog.is_idle() && !before.is_idle()) => {
                self.shown.clone()
            }
            _ => None,
        };
        if let (Some(replaced), Reply::Message(message) | Reply::Update(message)) = (replaced, &mut reply) {
            message.retires.get_or_insert(replaced);
        }
        let mut dialog = row.map(|row| DialogVersion::of(self.me.id, row));
        if self.dialog != before {
            let shown = self.shown.as_deref().filter(|_| !self.dialog.is_idle());
            let state = serde_json::to_string(&self.dialog)?;
            dialog = Some(dialogs::save(self.tx, self.me.id, &self.inbound.place.spot, row, (&state, shown)).await?);
        }
        if let Some(message) = reply.message_mut().filter(|message| message.shows_dialog) {
            message.dialog = dialog;
        }
        Ok(reply)
    }

    async fn message(&mut self, written: &Written) -> Result<Reply, Fault> {
        let Contents { text, files, told } = self.contents(written).await?;
        let reply = if text.is_empty() && files.is_empty() {
            if !self.is_private() {
                Reply::Quiet
            } else if told.is_empty() {
                Reply::Message(Message::text(self.say("unreadable")))
            } else {
                Reply::Message(Message::default())
            }
        } else if self.is_private() {
            self.private_message(written, text, files).await?
        } else {
            self.shared_message(written, text, files).await?
        };
        Ok(with_told(reply, told))
    }

    pub(super) fn lang(&self) -> Language {
        self.me.language
    }

    pub(super) fn say(&self, id: &str) -> String {
        self.lang().say(id, &[])
    }

    pub(super) fn is_private(&self) -> bool {
        self.inbound.place.is_private()
    }

    pub(super) fn spot(&self) -> &Spot {
        &self.inbound.place.spot
    }

    /// The person with their account; `None` for somebody unknown.
    pub(super) fn actor(&self) -> Option<Actor> {
        let account = self.me.account.as_ref()?;
        Some(Actor {
            account: account.id,
            identity: self.me.id,
            role: account.role,
        })
    }

    /// A message that only this person shall read.
    pub(super) fn tell(&self, message: Message) -> Reply {
        if self.is_private() {
            Reply::Message(message)
        } else {
            Reply::Aside(message)
        }
    }

    /// What takes the place of the message whose button was pressed; in a shared place the button may have been forged
    /// onto anybody's message.
    pub(super) fn instead(&self, message: Message) -> Reply {
        if self.is_private() {
            Reply::Update(message)
        } else {
            self.tell(message)
        }
    }

    /// A short word: a toast for a press in a shared place, a message otherwise.
    pub(super) fn word(&self, sentence: String) -> Reply {
        match self.inbound.intent {
            Intent::Press { .. } => Reply::Toast(sentence),
            _ => self.tell(Message::text(sentence)),
        }
    }

    /// What somebody unknown reads who wants more than to open a ticket.
    pub(super) fn who_are_you(&self) -> Reply {
        self.word(self.say(if self.is_private() {
            "unknown-person"
        } else {
            "unknown-person-shared"
        }))
    }

    fn unknown_command(&self, name: &str) -> Reply {
        if !self.is_private() && !self.inbound.can_open_form {
            // In a group it may well be another bot's.
            return Reply::Quiet;
        }
        let sentence = self.lang().say("unknown-command", &[("name", name.to_owned().into())]);
        let new = button(self.lang(), "button-new", Press::NewTicket, Look::Plain);
        self.tell(Message::text(sentence).row([new]))
    }

    /// The ticket whose thread this place is.
    pub(super) async fn thread_ticket(&mut self) -> Result<Option<TicketId>, Fault> {
        if self.is_private() {
            return Ok(None);
        }
        let spot = self.inbound.place.spot.clone();
        let found = cards::find_by_thread(self.tx, self.inbound.platform, &spot).await?;
        Ok(found.map(|(ticket, _)| ticket))
    }
}
