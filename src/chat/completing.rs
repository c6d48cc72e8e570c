//! What a form is for, done once all its fields are good.

use super::build::{ticket_args, who};
use super::cards;
use super::dialog::{Asking, Draft};
use super::form::{FieldKind, FormKind};
use super::intent::Intent;
use super::reply::{Block, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Actor, Registration, Role};
use crate::domain::action::Handing;
use crate::domain::edit::Edit;
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::pace::Pace;
use crate::domain::text::{Body, Description, Email, PersonName, Title};
use crate::domain::ticket::Ticket;
use crate::service::accounts::sign_up;
use crate::service::handing::Word;
use crate::service::work::Deed;
use crate::store::accounts::{self, Account};
use crate::store::{Fault, told};

impl Turn<'_> {
    /// All fields are good: do what the form is for.
    pub(super) async fn complete(&mut self, asking: Asking) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default().to_owned();
        match asking.form {
            FormKind::SignUp => {
                self.complete_sign_up(&answer(FieldKind::Name), &answer(FieldKind::Email))
                    .await
            }
            FormKind::Join { .. } => {
                self.complete_join(&answer(FieldKind::Name), &answer(FieldKind::Email))
                    .await
            }
            FormKind::Confirm => self.complete_code(asking).await,
            FormKind::Open {
                urgency,
                category,
                stranger,
                follows,
                requester,
            } => {
                let draft = Draft {
                    text: answer(FieldKind::Description),
                    origin: None,
                    title: Some(answer(FieldKind::Title)),
                    files: asking.files.clone(),
                    urgency: urgency.unwrap_or_default(),
                    category,
                    guessed: None,
                    follows,
                    requester,
                    answers: Vec::new(),
                };
                if stranger && self.me.account.is_none() {
                    let (name, email) = (answer(FieldKind::Name), answer(FieldKind::Email));
                    match self.rules.registration {
                        Registration::Open => self.join(&name, &email).await?,
                        Registration::Email => {
                            return match self.keep_as_draft(draft, urgency) {
                                None => self.ask_for_code(&name, &email).await,
                                Some(full) => Ok(full),
                            };
                        }
                        Registration::Invite => {
                            let kept = self.keep_as_draft(draft, urgency);
                            return Ok(kept.unwrap_or_else(|| self.ask_who()));
                        }
                    }
                }
                let Some(actor) = self.actor() else {
                    return Ok(self.who_are_you());
                };
                self.open_from_form(&actor, &draft, urgency).await
            }
            FormKind::EditDraft => {
                let Some(draft) = &mut self.dialog.draft else {
                    return Ok(self.no_draft());
                };
                draft.rewrite(answer(FieldKind::Title), answer(FieldKind::Description));
                self.update_draft().await
            }
            FormKind::Search => self.search(&answer(FieldKind::Words)).await,
            FormKind::Comment(ticket) => {
                let body = Body::parse(&answer(FieldKind::Body)).ok();
                self.complete_deed(ticket, Deed::Comment(body, asking.files)).await
            }
            FormKind::Note(ticket) => {
                let body = Body::parse(&answer(FieldKind::Body)).ok();
                self.complete_deed(ticket, Deed::Note(body, asking.files)).await
            }
            FormKind::Ask(ticket) => self.complete_with(ticket, asking, Deed::Ask).await,
            FormKind::Resolve(ticket) => self.complete_with(ticket, asking, Deed::Resolve).await,
            FormKind::Reopen(ticket) => self.complete_with(ticket, asking, Deed::Reopen).await,
            FormKind::Retitle(ticket) => match Title::parse(&answer(FieldKind::Title)) {
                Ok(title) => self.edit(ticket, Edit::Title(title)).await,
                Err(_) => Ok(self.nothing_asked()),
            },
            FormKind::Describe(ticket) => match Description::parse(&answer(FieldKind::Description)) {
                Ok(description) => self.edit(ticket, Edit::Description(description)).await,
                Err(_) => Ok(self.nothing_asked()),
            },
            FormKind::HandOver { ticket, to: Some(to) } => {
                let body = Body::parse(&answer(FieldKind::Body)).ok();
                let word = Word {
                    body,
                    files: asking.files,
                };
                self.hand(ticket, (Handing::HandOver, to), word).await
            }
            FormKind::Remark(ticket) => self.remark(ticket, &answer(FieldKind::Remark)).await,
            FormKind::Relate(ticket) => self.relate_to_typed(ticket, &answer(FieldKind::Target), None).await,
            // Sent off by nobody: the words wait for the choice of a colleague.
            FormKind::HandOver { to: None, .. } => Ok(self.nothing_asked()),
            FormKind::NewCanned
            | FormKind::RenameCanned(_)
            | FormKind::RewriteCanned(_)
            | FormKind::NewCategory
            | FormKind::ChangeCategory { .. }
            | FormKind::NewQuestion { .. }
            | FormKind::ChangeQuestion { .. }
            | FormKind::Answers { .. } => self.complete_what_is_kept(asking).await,
        }
    }

    /// What admins keep for all: canned replies, categories, questions.
    async fn complete_what_is_kept(&mut self, asking: Asking) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default().to_owned();
        match asking.form {
            FormKind::NewCanned => self.add_canned(asking).await,
            FormKind::RenameCanned(id) => self.rename_canned(id, asking).await,
            FormKind::NewCategory => self.add_category(asking).await,
            FormKind::ChangeCategory {
                category,
                version,
                part,
            } => self.change_category((category, version), part, asking).await,
            FormKind::NewQuestion { category, kind } => self.add_question(category, kind, asking).await,
            FormKind::ChangeQuestion {
                question,
                version,
                part,
            } => {
                let words = answer(part.field());
                self.change_question((question, version), part, &words).await
            }
            FormKind::RewriteCanned(id) => self.rewrite_canned(id, &answer(FieldKind::CannedText)).await,
            // What a category asks has no field of ours.
            _ => Ok(self.nothing_asked()),
        }
    }

    async fn complete_with(
        &mut self,
        ticket: TicketId,
        asking: Asking,
        deed: fn(Body, Vec<StoredFile>) -> Deed,
    ) -> Result<Reply, Fault> {
        match Body::parse(asking.answer(FieldKind::Body).unwrap_or_default()) {
            Ok(body) => self.complete_deed(ticket, deed(body, asking.files)).await,
            Err(_) => Ok(self.nothing_asked()),
        }
    }

    /// Makes an account of the answers, when they are good.
    async fn join(&mut self, name: &str, email: &str) -> Result<(), Fault> {
        let (Ok(name), Ok(email)) = (PersonName::parse(name), Email::parse(email)) else {
            return Ok(());
        };
        let id = sign_up(self.tx, self.me.id, &name, &email).await?;
        self.has_joined(id, &name);
        Ok(())
    }

    /// They have this account from now on.
    pub(super) fn has_joined(&mut self, id: AccountId, name: &PersonName) {
        self.me.account = Some(Account {
            id,
            name: name.to_string(),
            role: Role::Learner,
            is_disabled: false,
        });
    }

    async fn complete_sign_up(&mut self, name: &str, email: &str) -> Result<Reply, Fault> {
        if self.me.account.is_none() {
            match self.rules.registration {
                Registration::Open => self.join(name, email).await?,
                Registration::Email => return self.ask_for_code(name, email).await,
                Registration::Invite => return Ok(self.ask_who()),
            }
        }
        self.welcome(name, None).await
    }

    /// What somebody reads who has an account from now on: the request they came with, or where they begin. `next` is what
    /// those read who were invited.
    pub(super) async fn welcome(&mut self, name: &str, next: Option<&str>) -> Result<Reply, Fault> {
        let first_name = name.split_whitespace().next().unwrap_or_default().to_owned();
        let args = [("name", first_name.into())];
        let thanks = self.lang().say("welcome-draft", &args);
        if let Some(message) = self.draft_message(Some(thanks)).await? {
            return Ok(self.tell(message));
        }
        let Some(next) = next else {
            return Ok(self.tell(Message::text(self.lang().say("welcome", &args))));
        };
        let blocks = vec![
            Block::Text(self.lang().say("joined", &args)),
            Block::Text(self.say(next)),
        ];
        Ok(self.tell(Message {
            blocks,
            ..Message::default()
        }))
    }

    /// A form or question that is about a ticket is complete.
    async fn complete_deed(&mut self, ticket: TicketId, deed: Deed) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let after = match self.work(&actor, ticket, &deed, None).await? {
            Ok((after, _)) => after,
            Err(refused) => {
                let kept = self.keep_for_new(&actor, ticket, deed.body(), deed.files()).await?;
                return Ok(kept.unwrap_or_else(|| self.with_words(refused, deed.body())));
            }
        };
        self.done(&actor, &deed, &after).await
    }

    /// Whether no chat shows what was typed: in a form, or behind a command that is none of a message.
    pub(super) fn stands_nowhere(&self) -> bool {
        match self.inbound.intent {
            Intent::Submit { .. } => true,
            Intent::Command(_) => self.inbound.can_open_form,
            _ => false,
        }
    }

    /// A refusal with the words it is about, where they stand nowhere else.
    pub(super) fn with_words(&self, mut refused: Reply, words: &str) -> Reply {
        if let (true, Reply::Message(message) | Reply::Aside(message)) = (self.stands_nowhere(), &mut refused)
            && !words.is_empty()
        {
            message.blocks.push(Block::Text(self.say("kept-correct")));
            message.blocks.push(Block::Verbatim(words.to_owned()));
        }
        refused
    }

    /// That it is done, in a shared place, where the card tells the rest.
    pub(super) fn in_passing(&self, sentence: String) -> Reply {
        match self.inbound.intent {
            Intent::Message(_) => Reply::Message(Message::text(sentence)),
            Intent::Press { .. } | Intent::Submit { .. } => Reply::Toast(sentence),
            _ => self.tell(Message::text(sentence)),
        }
    }

    /// What the one who did it reads.
    pub(super) async fn done(&mut self, actor: &Actor, deed: &Deed, after: &Ticket) -> Result<Reply, Fault> {
        let requester = who(self.lang(), &accounts::find_name(self.tx, after.requester).await?);
        let sentence = match (deed, after.requester == actor.account) {
            (Deed::Comment(..), true) => "added",
            (Deed::Comment(..), false) => "done-commented",
            (Deed::Note(..), _) => "done-noted",
            (Deed::Ask(..), _) => "done-asked",
            (Deed::Resolve(..), _) => "done-resolved",
            _ => "done-reopened",
        };
        let [number, title] = ticket_args(after);
        let is_own = after.requester == actor.account;
        let pace = match sentence {
            "done-commented" | "done-asked" | "done-resolved" if !is_own => {
                // A question comes at once: its sentence knows no other pace.
                told::find_hears(self.tx, after.requester).await?.code()
            }
            // The others are nothing that is told, or come at once.
            _ => Pace::Each.code(),
        };
        let by = match after.state.technician() {
            Some(_) if is_own => "requester",
            None if is_own => "nobody",
            _ => "team",
        };
        let args = [
            number,
            title,
            ("status", after.state.status().code().into()),
            ("name", requester.into()),
            ("pace", pace.into()),
            ("by", by.into()),
        ];
        let sentence = self.lang().say(sentence, &args);
        if !self.is_private() {
            return Ok(self.in_passing(sentence));
        }
        let mut message = Message::text(sentence).about(after.id);
        if after.requester == actor.account {
            message = message.row(cards::requester_buttons(self.lang(), after));
        }
        Ok(Reply::Message(message))
    }
}
