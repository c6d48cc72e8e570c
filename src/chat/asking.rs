//! Forms: opened as one, or asked question by question. What completes them is in `completing`.

use chrono::TimeDelta;

use super::build::{button, excerpt};
use super::dialog::{Asking, Late};
use super::form::{FieldKind, FormKind};
use super::press::{CannedPress, Press};
use super::refusals::{ago, text_error};
use super::reply::{Block, Form, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Registration;
use crate::domain::canned::Variable;
use crate::domain::file::StoredFile;
use crate::domain::receipt::Receipt;
use crate::domain::text::{Description, clean};
use crate::service::confirmation;
use crate::store::Fault;

/// After so long a message may not be the answer to the question any more.
const LATE: TimeDelta = TimeDelta::hours(24);
/// What a Discord text input takes, in UTF-16 units; more than that can't be shown in a form for editing.
const FORM_TEXT: usize = 4_000;

/// How many files wait with a late message.
const LATE_FILES: usize = 10;
/// How many words of a name that was not meant as one are still no description of a problem.
const LONGEST_NAME: usize = 2;

/// Asks the first question of a form, after a line that leads to it.
pub(super) fn start_asking(turn: &mut Turn<'_>, form: FormKind, lead: Option<String>) -> Reply {
    let asking = Asking::new(form, turn.tx.now());
    let reply = turn.question(&asking, lead);
    turn.dialog.asking = Some(asking);
    reply
}

impl Turn<'_> {
    /// Opens a form of one field with what stands there now, or asks its question and shows it.
    pub(super) fn start_form_over(&mut self, form: FormKind, now: &str) -> Reply {
        if self.inbound.can_open_form && now.encode_utf16().count() <= FORM_TEXT {
            return self.open_form_with(form, |_| now.to_owned());
        }
        let mut reply = start_asking(self, form, None);
        if let Some(message) = reply.message_mut().filter(|_| !now.is_empty()) {
            let shown = [Block::Text(self.say("change-now")), Block::Verbatim(excerpt(now))];
            message.blocks.splice(1..1, shown);
        }
        reply
    }

    /// Opens a form where that is possible, asks its first question otherwise.
    pub(super) fn start_form(&mut self, form: FormKind) -> Reply {
        let outgrows = self.outgrows(form);
        if self.inbound.can_open_form && !outgrows {
            self.open_form(form)
        } else if outgrows && !self.is_private() {
            // Asked here, others would read it.
            self.draft_too_long()
        } else {
            start_asking(self, form, None)
        }
    }

    /// Whether what is to be edited is longer than a form takes. In the conversation it can be kept or replaced.
    fn outgrows(&self, form: FormKind) -> bool {
        let draft = self.dialog.draft.as_ref().filter(|_| form == FormKind::EditDraft);
        draft.is_some_and(|draft| draft.text.encode_utf16().count() > FORM_TEXT)
    }

    pub(super) fn open_form(&self, form: FormKind) -> Reply {
        self.open_form_with(form, |field| self.standing(form, field))
    }

    /// The same, with this in its fields.
    pub(super) fn open_form_with(&self, form: FormKind, standing: impl Fn(FieldKind) -> String) -> Reply {
        let number = form.ticket().map(|ticket| ticket.to_string()).unwrap_or_default();
        let title = self
            .lang()
            .say(&format!("form-{}", form.code()), &[("number", number.into())]);
        Reply::Form(Form {
            title,
            action: form.to_string(),
            fields: form.form_fields(self.lang(), standing),
        })
    }

    /// What stands in a field already.
    fn standing(&self, form: FormKind, field: FieldKind) -> String {
        let kept = self.dialog.asking.as_ref();
        let kept =
            kept.filter(|asking| (asking.form, form) == (FormKind::Confirm, FormKind::SignUp) || asking.form == form);
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
    pub(super) fn question(&self, asking: &Asking, lead: Option<String>) -> Reply {
        let Some(field) = asking.next_field() else {
            return Reply::Quiet;
        };
        if field == FieldKind::Code {
            return self.code_question(lead);
        }
        let language = self.lang();
        let id = match field {
            _ if asking.form.ticket().is_some() => format!("question-{}", asking.form.code()),
            // Thanked they were already.
            FieldKind::Email if lead.is_some() => "question-email-again".to_owned(),
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
            ("variables", Variable::listed(language).into()),
        ];
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Text(language.say(&id, &args)));
        let mut buttons = Vec::new();
        if asking.form == FormKind::EditDraft {
            blocks.push(Block::Verbatim(self.standing(asking.form, field)));
        }
        let passed_over = asking.form.passed_over_by(field);
        buttons.extend(passed_over.map(|label| button(language, label, Press::Keep, Look::Plain)));
        if let (FormKind::Comment(ticket), Some(true)) = (asking.form, self.actor().map(|actor| actor.role.is_staff()))
        {
            let choose = Press::Canned(CannedPress::Choose(ticket, 0));
            buttons.push(button(language, "button-canned", choose, Look::Plain));
        }
        if !self.is_private() {
            blocks.push(Block::Text(self.say("reply-to-this")));
        }
        if field == FieldKind::Email && asking.form.makes_account() {
            buttons.push(button(language, "button-other-name", Press::FormAgain, Look::Plain));
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
            return Ok(self.ask_whether_answer(asking, &text, files));
        }
        let Some(field) = asking.next_field() else {
            return Ok(Reply::Quiet);
        };
        let is_more = field.is_no_answer(&text) || !files.is_empty();
        if is_more && asking.form.makes_account() {
            // More of what they came with: a long text or an album arrives as several messages.
            if !self.dialog.draft.get_or_insert_default().has_room(&text, &files) {
                return Ok(self.draft_full());
            }
            self.dialog.draft.get_or_insert_default().add(&text, &files);
            if text.is_empty() {
                return Ok(Reply::Receipt(Receipt::Noted));
            }
            return Ok(self.question(&asking, Some(self.say("added-to-draft"))));
        }
        asking.files.extend(files);
        let without_words = text.is_empty() && !asking.files.is_empty() && asking.form.takes_files_alone();
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
        let passed_over = |field: &FieldKind| asking.form.passed_over_by(*field).is_some();
        let Some(field) = asking.next_field().filter(passed_over) else {
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
    fn ask_whether_answer(&mut self, mut asking: Asking, text: &str, files: Vec<StoredFile>) -> Reply {
        let language = self.lang();
        let asked = ago(language, asking.asked_at, self.tx.now());
        let question = match self.question(&asking, None) {
            Reply::Message(message) => message.blocks.into_iter().next(),
            _ => None,
        };
        let late = asking.late.get_or_insert_default();
        if late.text.chars().count() < Description::MAX && late.files.len() < LATE_FILES {
            late.add(text, files);
        }
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
        match asking.form {
            _ if self.me.account.is_some() => self.show_draft().await,
            form @ FormKind::Join { .. } => Ok(start_asking(self, form, Some(self.say("hello-keeping")))),
            _ => Ok(self.ask_who()),
        }
    }

    /// Asks somebody unknown who they are; where only those who were invited may join, says so. What they wrote is kept.
    pub(super) fn ask_who(&mut self) -> Reply {
        if self.rules.registration == Registration::Invite {
            return self.tell(Message::text(self.say("invited-only")));
        }
        start_asking(self, FormKind::SignUp, Some(self.say("hello-keeping")))
    }

    /// « Annuler » under a question.
    pub(super) async fn stop_asking(&mut self) -> Result<Reply, Fault> {
        let Some(asking) = self.dialog.asking.take() else {
            return Ok(self.nothing_asked());
        };
        if asking.form == FormKind::Confirm {
            confirmation::stop(self.tx, self.me.id).await?;
        }
        if let FormKind::Join { .. } = asking.form {
            self.dialog.invited = None;
        } else if self.me.account.is_none() {
            // They were asked only because of the draft.
            self.dialog.draft = None;
        }
        if self.dialog.draft.is_some() {
            return self.update_draft().await;
        }
        let new = button(self.lang(), "button-new", Press::NewTicket, Look::Plain);
        let next = self.is_private().then_some(new);
        Ok(Reply::Update(Message::text(self.say("stopped")).row(next)))
    }

    pub(super) fn nothing_asked(&self) -> Reply {
        self.word(self.say("nothing-asked"))
    }

    /// A form that was sent off.
    pub(super) async fn submit(&mut self, action: &str, fields: &[(String, String)]) -> Result<Reply, Fault> {
        let Ok(form) = action.parse::<FormKind>() else {
            return Ok(self.nothing_asked());
        };
        if form == FormKind::Confirm {
            return self.submit_code(fields).await;
        }
        if let Some(refused) = self.form_refused(form, fields).await? {
            return Ok(refused);
        }
        if let FormKind::Answers { again } = form {
            return self.submit_answers(again, fields).await;
        }
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
        let mut wrong = Vec::new();
        for field in form.fields() {
            let text = asking.answer(*field).unwrap_or_default();
            if text.is_empty() && form.is_optional(*field) {
                continue;
            }
            if let Err(error) = field.check(text) {
                wrong.push(text_error(self.lang(), field.code(), error));
            }
        }
        if !wrong.is_empty() {
            return Ok(self.keep_form(asking, wrong));
        }
        self.dialog.asking = None;
        self.complete(asking).await
    }

    /// The form can't be taken as it is; what was typed is kept and can be corrected in place.
    pub(super) fn keep_form(&mut self, asking: Asking, wrong: Vec<String>) -> Reply {
        let language = self.lang();
        let mut blocks: Vec<Block> = wrong.into_iter().map(Block::Text).collect();
        let answers = asking.form.fields().iter().filter_map(|field| asking.answer(*field));
        let typed: Vec<&str> = answers.filter(|text| !text.is_empty()).collect();
        if !typed.is_empty() {
            blocks.push(Block::Text(self.say("kept-correct")));
        }
        blocks.extend(typed.into_iter().map(|text| Block::Verbatim(text.to_owned())));
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
            // Pressed under an earlier question: who they are is asked again.
            Some(asking) if asking.form == FormKind::Confirm => self.sign_up_again(None),
            Some(asking) if self.inbound.can_open_form => self.open_form(asking.form),
            Some(asking) => {
                // What was no name may well have been the problem.
                let name = asking.answer(FieldKind::Name);
                if let Some(words) = name.filter(|name| name.split_whitespace().count() > LONGEST_NAME) {
                    self.dialog.draft.get_or_insert_default().add(words, &[]);
                }
                match (asking.form, asking.answer(FieldKind::Body)) {
                    // A canned reply, to be said in other words.
                    (form @ FormKind::Comment(_), Some(words)) => self.start_form_over(form, words),
                    (form, _) => start_asking(self, form, None),
                }
            }
            None => self.nothing_asked(),
        }
    }
}
