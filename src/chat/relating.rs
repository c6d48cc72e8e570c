//! What a ticket is linked to: other tickets, pages elsewhere. Staff say so, and take it back.

use super::build::{deed, fact, ticket_args};
use super::cards::linked_to;
use super::form::FieldKind;
use super::grammar::Call;
use super::press::Press;
use super::refusals::text_error;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::action::Action;
use crate::domain::ids::{PageId, TicketId};
use crate::domain::language::Language;
use crate::domain::relation::{Relation, Target, WebAddress, shortened};
use crate::domain::text::{TextError, beginning, folded, headline};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::service::{self, relating};
use crate::store::Fault;
use crate::store::about::{self, About};

/// How many buttons stand in a row.
const ABREAST: usize = 5;
/// How much of a title, or of what was typed, is said.
const WORDS: usize = 40;
/// How much of an address stands on a button.
const LABEL: usize = 30;

impl Turn<'_> {
    /// `/relate 4 blocks 7`, `/relate 4 https://exemple.org`.
    pub(super) async fn relate_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        if self.actor().is_none() {
            return Ok(self.who_are_you());
        }
        let id = match self.which(call).await? {
            Ok(id) => id,
            Err(reply) => return Ok(reply),
        };
        let chosen = call.relation.as_deref().and_then(|code| code.parse().ok());
        self.relate_to_typed(id, &call.text, chosen).await
    }

    /// Links it to what was typed, once it is clear what the one is to the other.
    pub(super) async fn relate_to_typed(
        &mut self,
        id: TicketId,
        typed: &str,
        chosen: Option<Relation>,
    ) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let ticket = match self.seen(&actor, id, Action::Relate).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(self.with_words(refused, typed)),
        };
        let (other, words) = match Target::parse(typed) {
            Ok(Target::Page(url)) => return self.attach(id, &url).await,
            Ok(Target::Ticket(other, words)) => (other, words),
            Err(TextError::Empty) => return self.wish(Action::Relate, id).await,
            Err(error) => {
                let error = Block::Text(text_error(self.lang(), FieldKind::Target.code(), error));
                let kept = Block::Text(self.say("kept-correct"));
                let blocks = vec![error, kept, Block::Verbatim(super::build::excerpt(typed))];
                let again = deed(self.lang(), "button-relate", Action::Relate, id);
                return Ok(self.tell(
                    Message {
                        blocks,
                        ..Message::default()
                    }
                    .row([again]),
                ));
            }
        };
        match chosen.or_else(|| read_relation(&words)) {
            Some(relation) => self.relate(id, relation, other).await,
            None => self.offer_relations(&ticket, other, &words).await,
        }
    }

    /// What it is to the other, to be chosen.
    async fn offer_relations(&mut self, ticket: &Ticket, other: TicketId, words: &str) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let other = match self.seen(&actor, other, Action::Relate).await? {
            Ok(other) => other,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let lead = (!words.is_empty()).then(|| {
            let words = beginning(words, WORDS).to_owned();
            language.say("relate-unknown", &[("words", words.into())])
        });
        let [number, title] = ticket_args(ticket);
        let args = [
            number,
            title,
            ("other", other.id.to_string().into()),
            ("theirs", headline(&other.title, WORDS).into()),
        ];
        let question = language.say("relate-how", &args);
        let message = Message {
            blocks: lead.into_iter().chain([question]).map(Block::Text).collect(),
            about: Some(ticket.id),
            ..Message::default()
        };
        let offered = Relation::ALL.map(|relation| Button {
            label: name(language, relation),
            action: Press::Relate(ticket.id, relation, other.id).to_string(),
            look: Look::Plain,
        });
        Ok(self.instead_or_tell(message.row(offered)))
    }

    /// Says what it is to the other.
    pub(super) async fn relate(&mut self, id: TicketId, relation: Relation, other: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        // Of the two, whichever can't be linked is named.
        if let Err(refused) = self.seen(&actor, other, Action::Relate).await? {
            return Ok(refused);
        }
        let done = relating::relate(self.tx, &actor, id, relation, other).await;
        self.linked(id, done, "done-linked").await
    }

    /// Takes it back.
    pub(super) async fn unrelate(&mut self, id: TicketId, other: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let done = relating::unrelate(self.tx, &actor, id, other).await;
        self.linked(id, done, "done-unlinked").await
    }

    async fn attach(&mut self, id: TicketId, url: &WebAddress) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let done = relating::attach(self.tx, &actor, id, url).await;
        self.linked(id, done, "done-linked").await
    }

    /// Takes a page from it.
    pub(super) async fn detach(&mut self, id: TicketId, page: PageId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let done = relating::detach(self.tx, &actor, id, page).await;
        self.linked(id, done, "done-unlinked").await
    }

    /// What whoever did it reads: its links as they are now.
    async fn linked(
        &mut self,
        id: TicketId,
        done: Result<Ticket, service::Error>,
        sentence: &str,
    ) -> Result<Reply, Fault> {
        let after = match done {
            Ok(after) => after,
            Err(service::Error::Refused(refusal)) => return self.refuse(refusal, &id.to_string()).await,
            Err(service::Error::Fault(fault)) => return Err(fault),
        };
        let sentence = self.lang().say(sentence, &ticket_args(&after));
        Ok(match self.list_links(id).await? {
            Ok(mut message) => {
                message.blocks.insert(0, Block::Text(sentence));
                self.instead_or_tell(message)
            }
            Err(refused) => refused,
        })
    }

    /// « Liens ».
    pub(super) async fn links(&mut self, id: TicketId) -> Result<Reply, Fault> {
        Ok(match self.list_links(id).await? {
            Ok(message) => self.instead_or_tell(message),
            Err(refused) => refused,
        })
    }

    async fn list_links(&mut self, id: TicketId) -> Result<Result<Message, Reply>, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(Err(self.who_are_you()));
        };
        let found = about::find(self.tx, id).await?.ok_or(Refusal::NotFound);
        let permitted = found.and_then(|(ticket, about)| {
            ticket.permit(Action::Relate, &actor)?;
            Ok((ticket, about))
        });
        Ok(match permitted {
            Ok((ticket, about)) => Ok(list_links(self.lang(), &ticket, &about)),
            Err(refusal) => Err(self.refuse(refusal, &id.to_string()).await?),
        })
    }
}

/// A line and a button for each of a ticket's links.
fn list_links(language: Language, ticket: &Ticket, about: &About) -> Message {
    let heading = language.say("links-heading", &ticket_args(ticket));
    let mut blocks = vec![Block::Title(heading)];
    let mut removing = Vec::new();
    for link in &about.around.links {
        blocks.push(Block::Facts(vec![
            fact(linked_to(language, link.relation, link.ticket)),
            fact(headline(&link.title, WORDS)),
        ]));
        let number = language.say("number", &[("number", link.ticket.to_string().into())]);
        removing.push(remove(language, number, Press::Unrelate(ticket.id, link.ticket)));
    }
    for page in &about.pages {
        blocks.push(Block::Text(format!("🔗 {}", page.url)));
        let label = shortened(&page.url, LABEL);
        removing.push(remove(language, label, Press::Detach(ticket.id, page.id)));
    }
    if removing.is_empty() {
        blocks.push(Block::Text(language.say("links-none", &[])));
    }
    let message = Message {
        blocks,
        about: Some(ticket.id),
        ..Message::default()
    };
    let rows = removing.chunks(ABREAST).map(<[Button]>::to_vec);
    rows.fold(message, Message::row).row([
        deed(language, "button-relate", Action::Relate, ticket.id),
        deed(language, "button-details", Action::View, ticket.id),
    ])
}

fn remove(language: Language, what: String, press: Press) -> Button {
    Button {
        label: language.say("button-unlink-this", &[("what", what.into())]),
        action: press.to_string(),
        look: Look::Plain,
    }
}

/// What a ticket is to another, where it is chosen.
fn name(language: Language, relation: Relation) -> String {
    language.say(&format!("relation-{}", relation.code()), &[])
}

/// What a ticket is to another, as people type it, in any of our languages: all of it, or how it begins.
fn read_relation(typed: &str) -> Option<Relation> {
    let typed = folded(typed);
    let is = |fits: &dyn Fn(&str) -> bool| {
        let mut all = Relation::ALL.into_iter();
        all.find(|relation| {
            Language::ALL
                .iter()
                .any(|language| fits(&folded(&name(*language, *relation))))
        })
    };
    if typed.chars().count() < 3 {
        return None;
    }
    is(&|name| name == typed)
        .or_else(|| typed.parse().ok())
        .or_else(|| is(&|name| name.starts_with(&typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_is_to_the_other_is_read_as_people_type_it() {
        for (typed, read) in [
            ("bloque", Some(Relation::Blocks)),
            ("Bloquée par", Some(Relation::BlockedBy)),
            ("bloquee", Some(Relation::BlockedBy)),
            ("blocks", Some(Relation::Blocks)),
            ("blocked by", Some(Relation::BlockedBy)),
            ("doublon", Some(Relation::Duplicates)),
            ("Duplicate of", Some(Relation::Duplicates)),
            ("liée", Some(Relation::Relates)),
            ("related", Some(Relation::Relates)),
            ("relates", Some(Relation::Relates)),
            ("", None),
            ("b", None),
            ("mange", None),
        ] {
            assert_eq!(read_relation(typed), read, "{typed}");
        }
    }
}
