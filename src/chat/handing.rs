//! Somebody else put in charge of a ticket: whom, from buttons or by name, and the word that goes with it.

use super::build::{pages, role_name, ticket_args};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind};
use super::grammar::Call;
use super::naming::{after, called};
use super::press::Press;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Named;
use crate::domain::action::Handing;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::language::Language;
use crate::domain::text::{Body, TextError, beginning, clean, headline, one_line};
use crate::domain::ticket::Ticket;
use crate::service;
use crate::service::handing::{Word, hand};
use crate::store::colleagues::{self, Among, Colleague};
use crate::store::{Fault, accounts, helpers};

/// How many colleagues stand in a row.
const ABREAST: usize = 2;
/// Among how many a name is looked for.
const LOOKED_AT: u32 = 100;
/// How much of a name, and of what was typed, is shown.
const WORDS: usize = 40;
/// How much of a name stands on a button beside four others.
const SHORT: usize = 20;

/// How many colleagues a page shows: with the row that leads on, and that of those who help, five rows, which is what
/// Discord takes.
fn page_size(handing: Handing) -> usize {
    match handing {
        Handing::Assign | Handing::HandOver => 8,
        Handing::Help => 6,
    }
}

impl Turn<'_> {
    /// The first colleagues, after a line that leads to them.
    pub(super) async fn offer_colleagues(
        &mut self,
        handing: Handing,
        id: TicketId,
        lead: Option<String>,
    ) -> Result<Reply, Fault> {
        Ok(match self.page_of_colleagues((handing, id), 0, lead).await? {
            Ok(message) => self.tell(message),
            Err(refused) => refused,
        })
    }

    /// The colleagues from this one on, in place of the page whose button was pressed.
    pub(super) async fn list_colleagues(&mut self, handing: Handing, id: TicketId, from: u32) -> Result<Reply, Fault> {
        Ok(match self.page_of_colleagues((handing, id), from, None).await? {
            Ok(message) => self.instead(message),
            Err(refused) => refused,
        })
    }

    async fn page_of_colleagues(
        &mut self,
        (handing, id): (Handing, TicketId),
        from: u32,
        lead: Option<String>,
    ) -> Result<Result<Message, Reply>, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(Err(self.who_are_you()));
        };
        let ticket = match self.seen(&actor, id, handing.action()).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(Err(refused)),
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(Err(refused)),
        };
        let among = Among {
            letters: "",
            without: ticket.state.technician(),
        };
        let size = page_size(handing);
        let page = u32::try_from(size).unwrap_or(u32::MAX);
        let found = colleagues::list(self.tx, permit, among, (from, page + 1)).await?;
        let helpers = match handing {
            Handing::Help => helpers::list(self.tx, id).await?,
            Handing::Assign | Handing::HandOver => Vec::new(),
        };
        let message = self.choice_of_colleague(handing, &ticket, &found, lead);
        let message = message.row(
            helpers
                .iter()
                .map(|(helper, name)| self.let_go_button(id, *helper, name)),
        );
        let of = (from, page, found.len() > size);
        let leads = pages(self.lang(), of, |from| Press::Colleagues(handing, id, from));
        Ok(Ok(message.row(leads)))
    }

    /// A button for each, at most a page of them.
    fn choice_of_colleague(
        &self,
        handing: Handing,
        ticket: &Ticket,
        found: &[Colleague],
        lead: Option<String>,
    ) -> Message {
        let language = self.lang();
        let found = found.iter().take(page_size(handing));
        let found: Vec<&Colleague> = found
            .filter(|colleague| handing != Handing::Help || !ticket.helpers.contains(&colleague.id))
            .collect();
        let sentence = match (handing, &found[..]) {
            (_, []) => "colleagues-none",
            (Handing::Assign, _) => "assign-to-whom",
            (Handing::HandOver, _) => "handover-to-whom",
            (Handing::Help, _) => "help-by-whom",
        };
        let [number, title] = ticket_args(ticket);
        let helpers = ("helpers", ticket.helpers.len().into());
        let question = language.say(sentence, &[number, title, helpers]);
        let message = Message {
            blocks: lead.into_iter().chain([question]).map(Block::Text).collect(),
            about: Some(ticket.id),
            ..Message::default()
        };
        let buttons = found.into_iter().map(|colleague| Button {
            label: label(language, colleague),
            action: Press::HandTo(handing, ticket.id, colleague.id).to_string(),
            look: Look::Plain,
        });
        let buttons: Vec<Button> = buttons.collect();
        let rows = buttons.chunks(ABREAST).map(<[Button]>::to_vec);
        rows.fold(message, Message::row)
    }

    fn let_go_button(&self, ticket: TicketId, helper: AccountId, name: &Named) -> Button {
        let name = headline(&super::build::who(self.lang(), name), SHORT);
        Button {
            label: self.lang().say("button-let-go", &[("name", name.into())]),
            action: Press::LetGo(ticket, helper).to_string(),
            look: Look::Plain,
        }
    }

    /// `/assign 12 moussa`, `/helper 12 moussa`, `/handover 12 fatou il manque l'écran`.
    pub(super) async fn hand_command(&mut self, call: &Call, handing: Handing) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let id = match self.which(call).await? {
            Ok(id) => id,
            Err(reply) => return Ok(reply),
        };
        let ticket = match self.seen(&actor, id, handing.action()).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(self.with_words(refused, &call.text)),
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, &call.text)),
        };
        let apart = call.colleague.as_deref();
        let typed = clean(apart.unwrap_or(&call.text));
        let all = match typed.split_whitespace().next() {
            Some(letters) => {
                let among = Among { letters, without: None };
                colleagues::list(self.tx, permit, among, (0, LOOKED_AT)).await?
            }
            None => Vec::new(),
        };
        let is_all_name = apart.is_some() || handing != Handing::HandOver;
        let (found, said) = called(&all, |colleague| &colleague.name, &typed, is_all_name);
        let words = match apart {
            Some(_) => call.text.clone(),
            None if found.is_empty() => String::new(),
            None => after(&typed, said),
        };
        let body = match Body::parse(&words) {
            Ok(body) => Some(body),
            Err(TextError::Empty) => None,
            Err(error) => return Ok(self.tell(self.too_long(error))),
        };
        if let [colleague] = &found[..] {
            let files = Vec::new();
            if handing == Handing::Help {
                return self.call(id, colleague.id).await;
            }
            return self.hand(id, (handing, colleague.id), Word { body, files }).await;
        }
        let cut = beginning(&one_line(&typed), WORDS).to_owned();
        let lead = |sentence| self.lang().say(sentence, &[("words", cut.into())]);
        let mut reply = if found.is_empty() {
            let lead = (!typed.is_empty()).then(|| lead("colleague-unknown"));
            self.offer_colleagues(handing, id, lead).await?
        } else {
            let sentence = if found.len() > page_size(handing) {
                "colleagues-many"
            } else {
                "colleagues-several"
            };
            let found: Vec<Colleague> = found.into_iter().cloned().collect();
            let lead = Some(lead(sentence));
            self.tell(self.choice_of_colleague(handing, &ticket, &found, lead))
        };
        if let (Some(body), Some(message)) = (body, reply.message_mut()) {
            message.blocks.push(Block::Text(self.say("kept-correct")));
            message.blocks.push(Block::Verbatim(body.to_string()));
            self.keep_word(id, &body);
        }
        Ok(reply)
    }

    /// The word waits for the choice of a colleague.
    fn keep_word(&mut self, ticket: TicketId, body: &Body) {
        let mut asking = Asking::new(FormKind::HandOver { ticket, to: None }, self.tx.now());
        asking
            .answers
            .push((FieldKind::Body.code().to_owned(), body.to_string()));
        self.dialog.asking = Some(asking);
    }

    /// A colleague was chosen: one who takes over may be told something.
    pub(super) async fn hand_by_button(
        &mut self,
        handing: Handing,
        ticket: TicketId,
        to: AccountId,
    ) -> Result<Reply, Fault> {
        match handing {
            Handing::Assign => return self.hand(ticket, (handing, to), Word::default()).await,
            Handing::Help => return self.call(ticket, to).await,
            Handing::HandOver => {}
        }
        let waiting = FormKind::HandOver { ticket, to: None };
        if let Some(kept) = self.dialog.asking.take_if(|asking| asking.form == waiting) {
            let word = Word {
                body: kept.answer(FieldKind::Body).and_then(|words| Body::parse(words).ok()),
                files: kept.files,
            };
            return self.hand(ticket, (handing, to), word).await;
        }
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        Ok(match self.seen(&actor, ticket, handing.action()).await? {
            Ok(_) => self.start_form(FormKind::HandOver { ticket, to: Some(to) }),
            Err(refused) => refused,
        })
    }

    /// Does it, and says so.
    pub(super) async fn hand(
        &mut self,
        id: TicketId,
        (handing, to): (Handing, AccountId),
        word: Word,
    ) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        match hand(self.tx, &actor, id, (handing, to), &word).await {
            Ok(after) if to == actor.account => {
                let sentence = self.lang().say("done-taken", &ticket_args(&after));
                self.changed(&actor, &after, sentence).await
            }
            Ok(after) => {
                let name = super::build::who(self.lang(), &accounts::find_name(self.tx, to).await?);
                let [number, title] = ticket_args(&after);
                let sentence = self.lang().say("done-handed", &[number, title, ("name", name.into())]);
                self.changed(&actor, &after, sentence).await
            }
            Err(service::Error::Refused(refusal)) => {
                let refused = self.refuse(refusal, &id.to_string()).await?;
                Ok(self.with_words(refused, word.body.as_ref().map_or("", Body::as_str)))
            }
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }
}

fn label(language: Language, colleague: &Colleague) -> String {
    let args = [
        ("name", headline(&colleague.name, WORDS).into()),
        ("role", role_name(language, colleague.role).into()),
    ];
    language.say("button-person", &args)
}
