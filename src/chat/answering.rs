//! A canned reply on its way to who asked: chosen, shown as they will read it, and only then sent as any reply is.

use super::build::{button, excerpt, pages, ticket_args, who};
use super::canned::{PAGE, cut, named};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind};
use super::press::{CannedPress, Mark, Press};
use super::refusals::text_error;
use super::reply::{Block, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Actor, Named};
use crate::domain::action::Action;
use crate::domain::canned::{Variable, filled};
use crate::domain::ids::{CannedId, TicketId};
use crate::domain::permission::EveryTicket;
use crate::domain::text::{Body, CannedText, TextError, headline};
use crate::domain::ticket::Ticket;
use crate::store::canned::{self, CannedReply};
use crate::store::{Fault, accounts};

/// How much of a title is filled in.
const TITLE: usize = 100;

impl Turn<'_> {
    /// The canned replies with these letters in their name, for a ticket, from this one on, after a line that leads to
    /// them.
    pub(super) async fn offer_canned(
        &mut self,
        id: TicketId,
        (letters, mut from): (&str, u32),
        lead: Option<String>,
    ) -> Result<Reply, Fault> {
        let ticket = match self.answerable(id).await? {
            Ok((_, ticket)) => ticket,
            Err(refused) => return Ok(refused),
        };
        let permit = match self.permit::<EveryTicket>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let mut found = canned::list(self.tx, permit, letters, (from, PAGE + 1)).await?;
        if found.is_empty() && from > 0 {
            from = 0;
            found = canned::list(self.tx, permit, letters, (from, PAGE + 1)).await?;
        }
        let (shown, is_more) = cut(&found);
        let sentence = if found.is_empty() {
            self.say("canned-none")
        } else {
            self.lang().say("canned-which", &ticket_args(&ticket))
        };
        let message = Message {
            blocks: lead.into_iter().chain([sentence]).map(Block::Text).collect(),
            about: Some(id),
            ..Message::default()
        };
        let message = named(message, shown, |canned| CannedPress::Use(id, canned));
        // A search has one page: more letters find fewer.
        let is_more = is_more && letters.is_empty();
        let leads = pages(self.lang(), (from, PAGE, is_more), |from| {
            Press::Canned(CannedPress::Choose(id, from))
        });
        Ok(self.instead_or_tell(message.row(leads)))
    }

    /// Shows what this one would say: nothing goes out unseen.
    pub(super) async fn use_canned(&mut self, id: TicketId, canned: CannedId) -> Result<Reply, Fault> {
        let (actor, ticket) = match self.answerable(id).await? {
            Ok(found) => found,
            Err(refused) => return Ok(refused),
        };
        let permit = match self.permit::<EveryTicket>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let Some(found) = canned::find(self.tx, permit, canned).await? else {
            let gone = self.say("canned-gone");
            return self.offer_canned(id, ("", 0), Some(gone)).await;
        };
        let text = self.fill(&found, &ticket, &actor).await?;
        let body = match Body::parse(&text) {
            Ok(body) if excerpt(body.as_str()) == body.as_str() => body,
            // What can't be shown whole is not sent.
            parsed => {
                let length = text.chars().count();
                let max = CannedText::MAX;
                let error = parsed.err().unwrap_or(TextError::TooLong { length, max });
                let lead = text_error(self.lang(), FieldKind::CannedText.code(), error);
                return self.offer_canned(id, ("", 0), Some(lead)).await;
            }
        };
        self.preview(&ticket, &body).await
    }

    async fn preview(&mut self, ticket: &Ticket, body: &Body) -> Result<Reply, Fault> {
        let language = self.lang();
        let name = who(language, &accounts::find_name(self.tx, ticket.requester).await?);
        let [number, title] = ticket_args(ticket);
        let lead = language.say("canned-preview", &[number, title, ("name", name.into())]);
        let message = Message {
            blocks: vec![Block::Text(lead), Block::Quote(body.to_string())],
            about: Some(ticket.id),
            shows_dialog: self.is_private(),
            ..Message::default()
        };
        let mut asking = Asking::new(FormKind::Comment(ticket.id), self.tx.now());
        let answer = (FieldKind::Body.code().to_owned(), body.to_string());
        asking.answers.push(answer);
        self.dialog.asking = Some(asking);
        let send = Press::Canned(CannedPress::Send(ticket.id, Mark::of_words(body.as_str())));
        Ok(self.instead_or_tell(message.row([
            button(language, "button-send", send, Look::Main),
            button(language, "button-edit", Press::FormAgain, Look::Plain),
            button(language, "button-stop", Press::StopAsking, Look::Plain),
        ])))
    }

    /// Sends what was shown under that button, and nothing else.
    pub(super) async fn send_canned(&mut self, id: TicketId, mark: Mark) -> Result<Reply, Fault> {
        let shown = |asking: &Asking| {
            let body = asking.answer(FieldKind::Body);
            asking.form == FormKind::Comment(id) && body.is_some_and(|body| Mark::of_words(body) == mark)
        };
        if !self.dialog.asking.as_ref().is_some_and(shown) {
            return Ok(self.word(self.say("canned-old")));
        }
        match self.dialog.asking.take() {
            Some(asking) => self.complete(asking).await,
            None => Ok(self.nothing_asked()),
        }
    }

    /// The text, with what is to be filled of this ticket.
    async fn fill(&mut self, canned: &CannedReply, ticket: &Ticket, actor: &Actor) -> Result<String, Fault> {
        let language = self.lang();
        let name: Named = accounts::find_name(self.tx, ticket.requester).await?;
        let technician = ticket.state.technician().unwrap_or(actor.account);
        let technician = accounts::find_name(self.tx, technician).await?;
        Ok(filled(&canned.body, |variable| match variable {
            Variable::Name => who(language, &name),
            Variable::Number => ticket.id.to_string(),
            Variable::Title => headline(&ticket.title, TITLE),
            Variable::Technician => who(language, &technician),
        }))
    }

    /// The ticket, if this person may write to who asked.
    async fn answerable(&mut self, id: TicketId) -> Result<Result<(Actor, Ticket), Reply>, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(Err(self.who_are_you()));
        };
        Ok(self
            .seen(&actor, id, Action::Comment)
            .await?
            .map(|ticket| (actor, ticket)))
    }
}
