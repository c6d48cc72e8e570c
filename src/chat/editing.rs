//! A ticket's urgency, category, title and description, changed: from buttons, from commands, from what was typed.

use super::asking::start_asking;
use super::build::{button, deed, ticket_args};
use super::cards;
use super::choosing::{choices, read_category};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind};
use super::grammar::{Call, Command};
use super::press::{CategoryPress, Press};
use super::refusals::text_error;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::edit::Edit;
use crate::domain::ids::{CategoryId, TicketId};
use crate::domain::language::Language;
use crate::domain::text::{TextError, beginning, clean, folded};
use crate::domain::ticket::{Ticket, Urgency};
use crate::service;
use crate::service::edit;
use crate::service::view::view;
use crate::store::{Fault, categories};

/// How much of what was typed is said again.
const WORDS: usize = 40;
/// How many changes stand in a row.
const ABREAST: usize = 2;

impl Turn<'_> {
    /// « Modifier »: what of it is to be changed? What would be refused is not offered.
    pub(super) async fn ask_what_to_change(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let ticket = match view(self.tx, &actor, id).await {
            Ok(ticket) => ticket,
            Err(service::Error::Refused(refusal)) => return self.refuse(refusal, &id.to_string()).await,
            Err(service::Error::Fault(fault)) => return Err(fault),
        };
        let language = self.lang();
        let mut offered = Vec::new();
        for action in Edit::ACTIONS {
            match ticket.permit(action, &actor) {
                Ok(_) => offered.push(deed(language, what(action), action, id)),
                Err(refusal) => return self.refuse(refusal, &id.to_string()).await,
            }
        }
        let message = Message::text(language.say("change-what", &ticket_args(&ticket))).about(id);
        let rows = offered.chunks(ABREAST).map(<[Button]>::to_vec);
        Ok(self.tell(rows.fold(message, Message::row)))
    }

    /// `/urgency 12 haute`, `/category 12 réseau`, `/title 12 Écran noir`, `/describe 12 Noir depuis ce matin`.
    pub(super) async fn edit_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let id = match self.which(call).await? {
            Ok(id) => id,
            Err(reply) => return Ok(reply),
        };
        match call.command {
            Command::Title => self.rewrite_with(&actor, FormKind::Retitle(id), id, &call.text).await,
            Command::Describe => self.rewrite_with(&actor, FormKind::Describe(id), id, &call.text).await,
            Command::Urgency => {
                let typed = call.urgency.as_ref().unwrap_or(&call.text);
                match read_urgency(typed) {
                    Some(urgency) => self.edit(id, Edit::Urgency(urgency)).await,
                    None => self.offer_urgencies(id, Some(typed)).await,
                }
            }
            _ => {
                let typed = call.category.as_ref().unwrap_or(&call.text);
                match read_category(self.lang(), typed, categories::list_offered(self.tx).await?) {
                    Some(category) => self.edit(id, Edit::Category(category)).await,
                    None => self.offer_categories(id, 0, Some(typed)).await,
                }
            }
        }
    }

    /// The urgencies that it does not have, after what was typed and is none.
    pub(super) async fn offer_urgencies(&mut self, id: TicketId, typed: Option<&str>) -> Result<Reply, Fault> {
        let ticket = match self.editable(id, Action::Prioritize).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let now = cards::urgency(language, ticket.urgency);
        let typed = typed.map(clean).filter(|typed| !typed.is_empty());
        let lead = typed.map(|typed| {
            let words = beginning(&typed, WORDS).to_owned();
            language.say("change-unknown-urgency", &[("words", words.into())])
        });
        let message = self.choice("change-which-urgency", &ticket, now, lead);
        let others = Urgency::ALL.into_iter().filter(|urgency| *urgency != ticket.urgency);
        let others = others.map(|urgency| Button {
            label: cards::urgency(language, urgency),
            action: Press::Prioritize(id, urgency).to_string(),
            look: Look::Plain,
        });
        Ok(self.instead_or_tell(message.row(others)))
    }

    /// The categories in which it is not, from this one on, after what was typed and is none.
    pub(super) async fn offer_categories(
        &mut self,
        id: TicketId,
        from: u32,
        typed: Option<&str>,
    ) -> Result<Reply, Fault> {
        let ticket = match self.editable(id, Action::Categorize).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let now = cards::category_of(self.tx, language, &ticket).await?;
        let lead = typed.filter(|typed| !clean(typed).is_empty());
        let lead = lead.map(|typed| self.unknown_category(typed));
        let message = self.choice("change-which-category", &ticket, now, lead);
        let mut others = categories::list_offered(self.tx).await?;
        others.retain(|category| category.id != ticket.category);
        let page = |from| Press::Categories(CategoryPress::ChooseFor(id, from));
        let choose = |category| Press::Categorize(id, category);
        let (message, leads) = choices(language, message, (&others, from), choose, page);
        let keep = self.keeps_categories().then(|| {
            let all = Press::Categories(CategoryPress::List(0));
            button(language, "button-categories", all, Look::Plain)
        });
        Ok(self.instead_or_tell(message.row(leads.into_iter().chain(keep))))
    }

    fn choice(&self, which: &str, ticket: &Ticket, now: String, lead: Option<String>) -> Message {
        let [number, title] = ticket_args(ticket);
        let question = self.lang().say(which, &[number, title, ("now", now.into())]);
        Message {
            blocks: lead.into_iter().chain([question]).map(Block::Text).collect(),
            about: Some(ticket.id),
            ..Message::default()
        }
    }

    /// The category that a button names.
    pub(super) async fn categorize(&mut self, id: TicketId, category: CategoryId) -> Result<Reply, Fault> {
        let offered = categories::list_offered(self.tx).await?;
        match offered.into_iter().find(|known| known.id == category) {
            Some(category) => self.edit(id, Edit::Category(category)).await,
            None => self.offer_categories(id, 0, None).await,
        }
    }

    /// Another title or description as it was typed behind a command; what can't be one is asked for again.
    async fn rewrite_with(&mut self, actor: &Actor, form: FormKind, id: TicketId, typed: &str) -> Result<Reply, Fault> {
        let (field, action) = rewritten(form);
        let words = clean(typed);
        let mut asking = Asking::new(form, self.tx.now());
        asking.answers.push((field.code().to_owned(), words.clone()));
        let error = match field.check(&words) {
            Ok(()) => return self.complete(asking).await,
            Err(TextError::Empty) => return self.rewrite(actor, form, id).await,
            Err(error) => error,
        };
        if let Err(refused) = self.seen(actor, id, action).await? {
            return Ok(self.with_words(refused, &words));
        }
        let wrong = text_error(self.lang(), field.code(), error);
        if self.inbound.can_open_form {
            return Ok(self.keep_form(asking, vec![wrong]));
        }
        let lead = format!("{wrong} {}", self.say("kept-above"));
        Ok(start_asking(self, form, Some(lead)))
    }

    /// Asks for another title or description, with what stands there now.
    pub(super) async fn rewrite(&mut self, actor: &Actor, form: FormKind, id: TicketId) -> Result<Reply, Fault> {
        let (_, action) = rewritten(form);
        let ticket = match self.seen(actor, id, action).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let now = if action == Action::Retitle {
            ticket.title
        } else {
            ticket.description
        };
        Ok(self.start_form_over(form, &now))
    }

    /// Does it, and says so.
    pub(super) async fn edit(&mut self, id: TicketId, edit: Edit) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let (sentence, after) = match edit::edit(self.tx, &actor, id, &edit).await {
            Ok(Some(after)) => ("done-changed", after),
            Ok(None) => match self.seen(&actor, id, Action::View).await? {
                Ok(ticket) => ("change-same", ticket),
                Err(refused) => return Ok(refused),
            },
            Err(service::Error::Refused(refusal)) => {
                let refused = self.refuse(refusal, &id.to_string()).await?;
                return Ok(self.with_words(refused, edit.words()));
            }
            Err(service::Error::Fault(fault)) => return Err(fault),
        };
        let sentence = self.lang().say(sentence, &ticket_args(&after));
        self.changed(&actor, &after, sentence).await
    }

    /// What the one reads who changed a ticket, or put somebody in charge: in private with the ticket as it is now.
    pub(super) async fn changed(&mut self, actor: &Actor, after: &Ticket, sentence: String) -> Result<Reply, Fault> {
        if !self.is_private() {
            return Ok(self.in_passing(sentence));
        }
        let mut details = match self.details(actor, after.id).await? {
            Ok(details) => details,
            Err(refused) => return Ok(refused),
        };
        details.blocks.insert(0, Block::Text(sentence));
        Ok(self.instead_or_tell(details))
    }

    /// The ticket, if this person may do that to it now.
    async fn editable(&mut self, id: TicketId, action: Action) -> Result<Result<Ticket, Reply>, Fault> {
        match self.actor() {
            Some(actor) => self.seen(&actor, id, action).await,
            None => Ok(Err(self.who_are_you())),
        }
    }
}

/// The field in which a title, or else a description, is typed, and what is done with it.
fn rewritten(form: FormKind) -> (FieldKind, Action) {
    match form {
        FormKind::Retitle(_) => (FieldKind::Title, Action::Retitle),
        _ => (FieldKind::Description, Action::Describe),
    }
}

/// The label of the button that leads to a change.
fn what(action: Action) -> &'static str {
    match action {
        Action::Prioritize => "button-urgency",
        Action::Categorize => "button-category",
        Action::Retitle => "button-title",
        _ => "button-description",
    }
}

/// An urgency as people type it, in any of our languages.
fn read_urgency(typed: &str) -> Option<Urgency> {
    let typed = folded(typed);
    let is_it = |urgency: &Urgency| {
        let names = Language::ALL.map(|language| folded(&cards::urgency(language, *urgency)));
        names.contains(&typed) || urgency.code() == typed
    };
    Urgency::ALL.into_iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_as_people_type_them() {
        for typed in ["haute", " HAUTE", "High", "high", "hauté"] {
            assert_eq!(read_urgency(typed), Some(Urgency::High), "{typed}");
        }
        for typed in ["", "très haute", "\u{200B}", "3", "%"] {
            assert_eq!(read_urgency(typed), None, "{typed}");
        }
    }
}
