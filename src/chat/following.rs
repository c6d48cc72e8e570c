//! A ticket that goes on where another ended: asked for by button, or made of words for one that takes none any more.

use super::build::{button, deed, fact, ticket_args};
use super::cards;
use super::dialog::Draft;
use super::form::FormKind;
use super::grammar::Call;
use super::intent::Intent;
use super::press::Press;
use super::refusals;
use super::reply::{Button, Fact, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Actor, Role};
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::clean;
use crate::domain::transition::Refusal;
use crate::service::follow::follow;
use crate::service::open::open;
use crate::store::tickets::NewTicket;
use crate::store::{Fault, openings};

impl Turn<'_> {
    /// `/followup 12`, and what it is about, if that is said already.
    pub(super) async fn follow_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        match self.which(call).await? {
            Ok(id) => self.follow_up(&actor, id, &clean(&call.text)).await,
            Err(reply) => Ok(reply),
        }
    }

    /// « Ouvrir une suite »: a form, or a draft, in which what is there already goes on, and these words.
    pub(super) async fn follow_up(&mut self, actor: &Actor, id: TicketId, words: &str) -> Result<Reply, Fault> {
        let ticket = match self.seen(actor, id, Action::Follow).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(self.with_words(refused, words)),
        };
        let requester = match self.requester_for(ticket.requester).await? {
            Ok(requester) => requester,
            Err(unable) => {
                let refused = self.unable(ticket.requester, unable).await?;
                return Ok(self.with_words(refused, words));
            }
        };
        let is_begun = self.dialog.draft.as_ref().is_some_and(|draft| !draft.text.is_empty());
        let has_words = is_begun || !words.is_empty();
        if self.inbound.can_open_form && !has_words {
            return Ok(self.start_form(FormKind::Open {
                urgency: None,
                category: None,
                stranger: false,
                follows: Some(id),
                requester,
            }));
        }
        if !self.is_private() && !self.inbound.can_open_form {
            return Ok(self.tell(Message::text(self.say("just-write-privately"))));
        }
        let Some(draft) = self.draft_of(requester) else {
            return Ok(self.with_words(self.other_draft(), words));
        };
        if !draft.has_room(words, &[]) {
            return Ok(self.with_words(self.draft_full(), words));
        }
        draft.add(words, &[]);
        draft.follows = Some(id);
        if has_words {
            let shown = self.draft_message(None).await?;
            return Ok(shown.map_or_else(|| self.no_draft(), |shown| self.tell(shown)));
        }
        let message = Message {
            shows_dialog: true,
            ..Message::text(self.lang().say("follow-write", &ticket_args(&ticket)))
        };
        let drop = button(self.lang(), "button-drop", Press::DropDraft, Look::Plain);
        Ok(Reply::Message(message.row([drop])))
    }

    /// The button that opens a ticket to follow this one, for whoever may.
    pub(super) async fn follow_button(&mut self, number: &str) -> Result<Option<Button>, Fault> {
        let (Some(actor), Ok(id)) = (self.actor(), number.parse().map(TicketId)) else {
            return Ok(None);
        };
        let permitted = self.permitted(&actor, id, Action::Follow).await?;
        Ok(permitted
            .is_ok()
            .then(|| deed(self.lang(), "button-follow", Action::Follow, id)))
    }

    /// What somebody wrote, in private, on a ticket that takes nothing any more becomes a new one, so that it is not
    /// lost; `None` where that is no way out.
    pub(super) async fn keep_for_new(
        &mut self,
        actor: &Actor,
        id: TicketId,
        text: &str,
        files: &[StoredFile],
    ) -> Result<Option<Reply>, Fault> {
        if !self.is_private() {
            return Ok(None);
        }
        let is_typed = matches!(self.inbound.intent, Intent::Command(_));
        let refusal = match self.permitted(actor, id, Action::Follow).await? {
            // What staff write among themselves is nothing that somebody else says.
            Ok(ticket) if ticket.requester != actor.account => return Ok(None),
            Ok(_) => Refusal::Closed,
            // Staff write on tickets of others as well, and a number is easily mistyped.
            Err(Refusal::NotFound) if actor.role == Role::Learner && !is_typed => Refusal::NotFound,
            Err(_) => return Ok(None),
        };
        let Some(draft) = self.draft_of(None) else {
            return Ok(Some(self.with_words(self.other_draft(), text)));
        };
        if !draft.has_room(text, files) {
            return Ok(Some(self.draft_full()));
        }
        draft.add(text, files);
        let number = id.to_string();
        let lead = if refusal == Refusal::Closed {
            draft.follows = Some(id);
            self.lang().say("kept-for-follow", &[("number", number.into())])
        } else {
            draft.follows = None;
            let told = refusals::tell(self.tx, self.lang(), refusal, &number).await?;
            format!("{} {}", told.sentence, self.say("kept-for-new"))
        };
        self.note_first_words(text);
        Ok(self.draft_message(Some(lead)).await?.map(Reply::Message))
    }

    /// Opens the ticket that a draft is, for whomever it is: what whoever sent it reads, or why it can't be.
    pub(super) async fn open(
        &mut self,
        actor: &Actor,
        new: &NewTicket,
        draft: &Draft,
    ) -> Result<Result<Message, Reply>, Fault> {
        let ticket = match draft.requester {
            None => open(self.tx, actor, new, !self.is_private()).await?,
            Some(requester) => match self.open_for(actor, requester, new).await? {
                Ok(ticket) => ticket,
                Err(refused) => return Ok(Err(refused)),
            },
        };
        if let Some(origin) = &draft.origin {
            let message = self.message_at(&origin.message_id);
            let made = (ticket.id, actor.account);
            openings::insert(self.tx, message, made, (&draft.text, origin.edited_at)).await?;
        }
        if let Some(older) = draft.follows {
            follow(self.tx, actor, &ticket, older).await?;
        }
        let shown = match draft.requester {
            None => cards::opened(self.tx, self.me.language, &ticket, draft).await?,
            Some(_) => self.opened_for(&ticket).await?,
        };
        Ok(Ok(shown))
    }
}

/// That it follows another.
pub(super) fn follows(language: Language, older: TicketId) -> Fact {
    fact(language.say("follows", &[("number", older.to_string().into())]))
}
