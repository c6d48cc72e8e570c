//! Forms: opened as one, or asked question by question, and what completes them.

use chrono::TimeDelta;

use super::build::{button, ticket_args};
use super::cards;
use super::dialog::{Asking, Draft, Late};
use super::form::{FieldKind, FormKind};
use super::intent::Intent;
use super::press::Press;
use super::refusals::{ago, text_error};
use super::reply::{Block, Form, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Actor, Role};
use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::text::{Body, Email, PersonName, clean};
use crate::domain::ticket::Ticket;
use crate::service::accounts::sign_up;
use crate::service::work::Deed;
use crate::store::people::{self, Account};
use crate::store::{Fault, tickets};

/// After so long a message may not be the answer to the question any more.
const LATE: TimeDelta = TimeDelta::hours(24);
/// What a Discord text input takes; more than that can't be shown in a form for editing.
const FORM_TEXT: usize = 4_000;

/// Asks the first question of a form, after a line that leads to it.
pub(super) fn start_asking(turn: &mut Turn<'_>, form: FormKind, lead: Option<String>) -> Reply {
    let asking = Asking::new(form, turn.tx.now());
    let reply = turn.question(&asking, lead);
    turn.dialog.asking = Some(asking);
    reply
}

impl Turn<'_> {
    /// Opens a form where that is possible, asks its first question otherwise.
    pub(super) fn start_form(&mut self, form: FormKind) -> Reply {
        if self.inbound.can_open_form {
            self.open_form(form)
        } else {
            start_asking(self, form, None)
        }
    }

    fn open_form(&self, form: FormKind) -> Reply {
        let number = form.ticket().map(|ticket| ticket.to_string()).unwrap_or_default();
        let title = self
            .lang()
            .say(&format!("form-{}", form.code()), &[("number", number.into())]);
        let mut fields = form.form_fields(self.lang(), |field| self.standing(form, field));
        if form == FormKind::EditDraft {
            let too_long = self
                .dialog
                .draft
                .as_ref()
                .is_some_and(|draft| draft.text.chars().count() > FORM_TEXT);
            fields.retain(|field| !too_long || field.id != FieldKind::Description.code());
        }
        Reply::Form(Form {
            title,
            action: form.to_string(),
            fields,
        })
    }

    /// What stands in a field already.
    fn standing(&self, form: FormKind, field: FieldKind) -> String {
        let kept = self.dialog.asking.as_ref().filter(|asking| asking.form == form);
        if let Some(answer) = kept.and_then(|asking| asking.answer(field)) {
            return answer.to_owned();
        }
        match (form, field, &self.dialog.draft) {
            (FormKind::EditDraft, FieldKind::Title, Some(draft)) => draft.title(),
            (FormKind::EditDraft, FieldKind::Description, Some(draft)) => draft.text.clone(),
            _ => String::new(),
        }
    }

    /// The next question of a form, after a line that leads to it.
    fn question(&self, asking: &Asking, lead: Option<String>) -> Reply {
        let Some(field) = asking.next_field() else {
            return Reply::Quiet;
        };
        let language = self.lang();
        let id = match field {
            FieldKind::Body => format!("question-{}", asking.form.code()),
            _ => format!("question-{}", field.code()),
        };
        let number = asking
            .form
            .ticket()
            .map(|ticket| ticket.to_string())
            .unwrap_or_default();
        let first_name = asking
            .answer(FieldKind::Name)
            .and_then(|name| name.split_whitespace().next());
        let args = [
            ("number", number.into()),
            ("name", first_name.unwrap_or_default().to_owned().into()),
        ];
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Text(language.say(&id, &args)));
        let mut buttons = Vec::new();
        if asking.form == FormKind::EditDraft {
            blocks.push(Block::Verbatim(self.standing(asking.form, field)));
            buttons.push(button(language, "button-keep", Press::Keep, Look::Plain));
        }
        if !self.is_private() {
            blocks.push(Block::Text(self.say("reply-to-this")));
        }
        buttons.push(button(language, "button-stop", Press::StopAsking, Look::Plain));
        Reply::Message(
            Message {
                blocks,
                shows_dialog: true,
                ..Message::default()
            }
            .row(buttons),
        )
    }

    /// A message while a question is open.
    pub(super) async fn answer(&mut self, text: String, files: Vec<StoredFile>) -> Result<Reply, Fault> {
        let Some(mut asking) = self.dialog.asking.clone() else {
            return Ok(Reply::Quiet);
        };
        if self.tx.now() - asking.asked_at > LATE {
            return Ok(self.ask_whether_answer(asking, text, files));
        }
        let Some(field) = asking.next_field() else {
            return Ok(Reply::Quiet);
        };
        if asking.form == FormKind::SignUp && !files.is_empty() {
            self.dialog.draft.get_or_insert_default().add("", &files);
        } else {
            asking.files.extend(files);
        }
        let without_words = text.is_empty()
            && !asking.files.is_empty()
            && matches!(asking.form, FormKind::Comment(_) | FormKind::Note(_));
        if let (Err(error), false) = (field.check(&text), without_words) {
            let mut lead = text_error(self.lang(), field.code(), error);
            if text.chars().count() > 200 {
                lead = format!("{lead} {}", self.say("kept-above"));
            }
            self.dialog.asking = Some(asking.clone());
            return Ok(self.question(&asking, Some(lead)));
        }
        asking.answers.push((field.code().to_owned(), text));
        self.go_on(asking).await
    }

    /// « Garder »: the field stays as it is.
    pub(super) async fn keep_field(&mut self) -> Result<Reply, Fault> {
        let Some(mut asking) = self.dialog.asking.clone() else {
            return Ok(self.nothing_asked());
        };
        let Some(field) = asking.next_field().filter(|_| asking.form == FormKind::EditDraft) else {
            return Ok(self.nothing_asked());
        };
        asking
            .answers
            .push((field.code().to_owned(), self.standing(asking.form, field)));
        self.go_on(asking).await
    }

    async fn go_on(&mut self, asking: Asking) -> Result<Reply, Fault> {
        if asking.next_field().is_none() {
            self.dialog.asking = None;
            return self.complete(asking).await;
        }
        let reply = self.question(&asking, None);
        self.dialog.asking = Some(Asking {
            asked_at: self.tx.now(),
            ..asking
        });
        Ok(reply)
    }

    /// The question is old: is this its answer?
    fn ask_whether_answer(&mut self, mut asking: Asking, text: String, files: Vec<StoredFile>) -> Reply {
        let language = self.lang();
        let asked = ago(language, asking.asked_at, self.tx.now());
        let question = match self.question(&asking, None) {
            Reply::Message(message) => message.blocks.into_iter().next(),
            _ => None,
        };
        let late = asking.late.get_or_insert_default();
        late.add(&text, files);
        let mut blocks = vec![Block::Text(language.say("late-question", &[("ago", asked.into())]))];
        blocks.extend(question.map(|question| match question {
            Block::Text(text) => Block::Quote(text),
            other => other,
        }));
        blocks.push(Block::Text(self.say("late-is-it")));
        self.dialog.asking = Some(asking);
        Reply::Message(
            Message {
                blocks,
                shows_dialog: true,
                ..Message::default()
            }
            .row([
                button(language, "button-late-yes", Press::LateAnswer(true), Look::Main),
                button(language, "button-late-no", Press::LateAnswer(false), Look::Plain),
            ]),
        )
    }

    /// They said whether the late message is the answer.
    pub(super) async fn late_answer(&mut self, yes: bool) -> Result<Reply, Fault> {
        let Some(mut asking) = self.dialog.asking.clone() else {
            return Ok(self.nothing_asked());
        };
        let Some(Late { text, files }) = asking.late.take() else {
            return Ok(self.nothing_asked());
        };
        if yes {
            asking.asked_at = self.tx.now();
            self.dialog.asking = Some(asking);
            return self.answer(text, files).await;
        }
        self.dialog.asking = None;
        self.dialog.draft.get_or_insert_default().add(&text, &files);
        if self.me.account.is_none() {
            return Ok(start_asking(self, FormKind::SignUp, Some(self.say("hello-keeping"))));
        }
        self.show_draft().await
    }

    /// « Annuler » under a question.
    pub(super) async fn stop_asking(&mut self) -> Result<Reply, Fault> {
        if self.dialog.asking.take().is_none() {
            return Ok(self.nothing_asked());
        }
        if self.dialog.draft.is_some() && self.me.account.is_some() {
            return self.update_draft().await;
        }
        Ok(Reply::Update(Message::text(self.say("stopped"))))
    }

    pub(super) fn nothing_asked(&self) -> Reply {
        self.word(self.say("nothing-asked"))
    }

    /// A form that was sent off.
    pub(super) async fn submit(&mut self, action: &str, fields: &[(String, String)]) -> Result<Reply, Fault> {
        let Ok(form) = action.parse::<FormKind>() else {
            return Ok(self.nothing_asked());
        };
        let mut asking = Asking::new(form, self.tx.now());
        for field in form.fields() {
            let typed = fields
                .iter()
                .find(|(id, _)| id == field.code())
                .map(|(_, text)| clean(text));
            // A field that was not shown (too long for a form) stays as it is.
            let text = typed.unwrap_or_else(|| self.standing(form, *field));
            asking.answers.push((field.code().to_owned(), text));
        }
        for field in form.fields() {
            let text = asking.answer(*field).unwrap_or_default();
            if text.is_empty() && form.is_optional(*field) {
                continue;
            }
            if let Err(error) = field.check(text) {
                let sentence = text_error(self.lang(), field.code(), error);
                return Ok(self.keep_form(asking, sentence));
            }
        }
        self.dialog.asking = None;
        self.complete(asking).await
    }

    /// The form can't be taken as it is; what was typed is kept and can be corrected in place.
    fn keep_form(&mut self, asking: Asking, sentence: String) -> Reply {
        let language = self.lang();
        let mut blocks = vec![Block::Text(sentence), Block::Text(self.say("kept-correct"))];
        for field in asking.form.fields() {
            let text = asking.answer(*field).unwrap_or_default();
            if !text.is_empty() {
                blocks.push(Block::Verbatim(text.to_owned()));
            }
        }
        self.dialog.asking = Some(asking);
        let message = Message {
            blocks,
            ..Message::default()
        }
        .row([
            button(language, "button-correct", Press::FormAgain, Look::Main),
            button(language, "button-stop", Press::StopAsking, Look::Plain),
        ]);
        self.tell(message)
    }

    /// « Corriger ».
    pub(super) fn form_again(&mut self) -> Reply {
        match self.dialog.asking.clone() {
            Some(asking) if self.inbound.can_open_form => self.open_form(asking.form),
            Some(asking) => start_asking(self, asking.form, None),
            None => self.nothing_asked(),
        }
    }

    /// All fields are good: do what the form is for.
    async fn complete(&mut self, asking: Asking) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default().to_owned();
        match asking.form {
            FormKind::SignUp => {
                self.complete_sign_up(&answer(FieldKind::Name), &answer(FieldKind::Email))
                    .await
            }
            FormKind::Open {
                urgency,
                category,
                stranger,
            } => {
                if stranger && self.me.account.is_none() {
                    self.join(&answer(FieldKind::Name), &answer(FieldKind::Email)).await?;
                }
                let Some(actor) = self.actor() else {
                    return Ok(self.who_are_you());
                };
                let draft = Draft {
                    text: answer(FieldKind::Description),
                    title: Some(answer(FieldKind::Title)),
                    files: asking.files,
                    urgency: urgency.unwrap_or_default(),
                    category,
                };
                self.open_from_form(&actor, &draft).await
            }
            FormKind::EditDraft => {
                let Some(draft) = &mut self.dialog.draft else {
                    return Ok(self.no_draft());
                };
                draft.title = Some(answer(FieldKind::Title));
                draft.text = answer(FieldKind::Description);
                self.update_draft().await
            }
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
        let role = Role::Learner;
        self.me.account = Some(Account {
            id,
            name: name.to_string(),
            role,
        });
        Ok(())
    }

    async fn complete_sign_up(&mut self, name: &str, email: &str) -> Result<Reply, Fault> {
        if self.me.account.is_none() {
            self.join(name, email).await?;
        }
        let first_name = name.split_whitespace().next().unwrap_or_default().to_owned();
        let args = [("name", first_name.into())];
        if self.dialog.draft.is_some() {
            let thanks = self.lang().say("welcome-draft", &args);
            return Ok(self
                .draft_message(Some(thanks))
                .await?
                .map_or(Reply::Quiet, Reply::Message));
        }
        Ok(Reply::Message(Message::text(self.lang().say("welcome", &args))))
    }

    /// A form or question that is about a ticket is complete.
    async fn complete_deed(&mut self, ticket: TicketId, deed: Deed) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let after = match self.work(&actor, ticket, &deed, None).await? {
            Ok(after) => after,
            Err(refused) => return Ok(self.with_words(refused, deed.body())),
        };
        self.done(&actor, &deed, &after).await
    }

    /// A refusal with the words it is about: typed in a form, they stand nowhere else.
    fn with_words(&self, mut refused: Reply, words: &str) -> Reply {
        if let (Intent::Submit { .. }, Reply::Message(message) | Reply::Aside(message)) =
            (&self.inbound.intent, &mut refused)
            && !words.is_empty()
        {
            message.blocks.push(Block::Text(self.say("kept-correct")));
            message.blocks.push(Block::Verbatim(words.to_owned()));
        }
        refused
    }

    /// What the one who did it reads.
    pub(super) async fn done(&mut self, actor: &Actor, deed: &Deed, after: &Ticket) -> Result<Reply, Fault> {
        let requester = people::find_name(self.tx, after.requester).await?.unwrap_or_default();
        let sentence = match (deed, after.requester == actor.account) {
            (Deed::Comment(..), true) => "added",
            (Deed::Comment(..), false) => "done-commented",
            (Deed::Note(..), _) => "done-noted",
            (Deed::Ask(..), _) => "done-asked",
            (Deed::Resolve(..), _) => "done-resolved",
            _ => "done-reopened",
        };
        let [number, title] = ticket_args(after);
        let sentence = self.lang().say(sentence, &[number, title, ("name", requester.into())]);
        if !self.is_private() {
            let written = matches!(self.inbound.intent, Intent::Message(_));
            return Ok(if written {
                Reply::Message(Message::text(sentence))
            } else {
                Reply::Toast(sentence)
            });
        }
        let mut message = Message::text(sentence).about(after.id);
        if after.requester == actor.account {
            message = message.row(cards::requester_buttons(self.lang(), after));
        }
        Ok(Reply::Message(message))
    }

    /// The only open ticket of a person, when there is just one.
    pub(super) async fn only_open_ticket(&mut self) -> Result<Option<TicketId>, Fault> {
        let Some(actor) = self.actor() else { return Ok(None) };
        let open = tickets::list_open_of(self.tx, actor.account, 2).await?;
        Ok((open.len() == 1).then(|| open[0].id))
    }
}
