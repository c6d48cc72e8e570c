//! The questions of a draft's category, answered before it is sent: texts in a form where there are forms, and choices by
//! button; one after the other where there are none.
//!
//! What is answered stands in the draft, with the question as it was asked, whatever becomes of the question or of the
//! draft's category; all of it goes with the ticket.

use chrono::TimeDelta;

use super::build::{button, excerpt, fact, pages};
use super::dialog::{Draft, Filling};
use super::form::FormKind;
use super::intent::Intent;
use super::press::{Mark, Press, QuestionPress};
use super::refusals::text_error;
use super::reply::{Block, Button, Form, FormField, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::file::StoredFile;
use crate::domain::ids::QuestionId;
use crate::domain::question::{Answer, Question, QuestionKind};
use crate::domain::text::{TextError, beginning};
use crate::store::{Fault, questions};

/// After so long a message may not be the answer to the question any more.
const LATE: TimeDelta = TimeDelta::hours(24);
/// How many choices a page offers: with the row that leads on, five rows, which is what Discord takes.
const PAGE: u32 = 8;
/// How many of them stand in a row.
const ABREAST: usize = 2;
/// How much of a long answer a draft shows, in characters.
const SHOWN: usize = 300;
/// How much of an answer stands on the line of its question.
const LINE: usize = 60;

impl Turn<'_> {
    /// The questions of the draft's category.
    pub(super) async fn questions_of(&mut self, draft: &Draft) -> Result<Vec<Question>, Fault> {
        let category = self.category_of(draft).await?.map(|category| category.id);
        let mut all = questions::list(self.tx).await?;
        all.retain(|question| Some(question.category) == category);
        Ok(all)
    }

    /// Asks for what can't be left open, or for everything, answered or not; after a line that leads to it.
    pub(super) async fn fill_in(&mut self, again: bool, lead: Option<String>) -> Result<Reply, Fault> {
        let Some(draft) = self.dialog.draft.clone() else {
            return Ok(self.no_draft());
        };
        let asked = self.questions_of(&draft).await?;
        let is_text = |question: &&Question| question.kind != QuestionKind::Choice;
        let is_open = |question: &&Question| again || draft.lacks(question);
        let mut texts = asked.iter().filter(is_text).filter(is_open).peekable();
        if self.inbound.can_open_form && texts.peek().is_some() {
            self.dialog.filling = None;
            return Ok(self.answers_form(&draft, again, texts));
        }
        self.ask_next(None, again, lead).await
    }

    /// All texts that are asked for, in one form.
    fn answers_form<'q>(&self, draft: &Draft, again: bool, texts: impl Iterator<Item = &'q Question>) -> Reply {
        let field = |question: &Question| FormField {
            id: field_of(question),
            label: question.words.clone(),
            value: draft.answer(question.id).unwrap_or_default().to_owned(),
            required: question.is_required,
            long: question.kind == QuestionKind::Long,
            max_chars: u16::try_from(question.max_chars()).unwrap_or(u16::MAX),
        };
        Reply::Form(Form {
            title: self.say("form-answers"),
            action: FormKind::Answers { again }.to_string(),
            fields: texts.map(field).collect(),
        })
    }

    /// The form was sent off. What was typed for a question that is gone or worded otherwise joins the description.
    pub(super) async fn submit_answers(&mut self, again: bool, fields: &[(String, String)]) -> Result<Reply, Fault> {
        let all = questions::list(self.tx).await?;
        let Some(draft) = &mut self.dialog.draft else {
            let typed = fields
                .iter()
                .map(|(_, text)| text.as_str())
                .collect::<Vec<_>>()
                .join("\n");
            return Ok(self.with_words(self.no_draft(), typed.trim()));
        };
        let (mut leads, mut too_much) = (Vec::new(), Vec::new());
        for (field, typed) in fields {
            let Some(question) = all.iter().find(|question| field_of(question) == *field) else {
                let is_kept = |known: &Answer| is_field_of(known.question, field) && known.text == *typed;
                if typed.is_empty() || draft.answers.iter().any(is_kept) {
                    continue;
                }
                if draft.has_room(typed, &[]) {
                    draft.add(typed, &[]);
                    leads.push(self.me.language.say("question-gone", &[]));
                } else {
                    too_much.push(typed.as_str());
                }
                continue;
            };
            match question.read(typed) {
                Ok(answer) => draft.keep_answer(answer, &all),
                Err(TextError::Empty) if !question.is_required => draft.forget_answer(question.id),
                // What the form does not take can't be in it.
                Err(error) => leads.push(text_error(self.me.language, "answer", error)),
            }
        }
        leads.dedup();
        if !too_much.is_empty() {
            return Ok(self.with_words(self.draft_full(), &too_much.join("\n")));
        }
        let lead = (!leads.is_empty()).then(|| leads.join("\n"));
        self.ask_next(None, again, lead).await
    }

    /// The question behind that one which is to be asked, or the draft where there is none.
    async fn ask_next(
        &mut self,
        behind: Option<QuestionId>,
        again: bool,
        lead: Option<String>,
    ) -> Result<Reply, Fault> {
        let Some(draft) = self.dialog.draft.clone() else {
            return Ok(self.no_draft());
        };
        let by_form = self.inbound.can_open_form || matches!(self.inbound.intent, Intent::Submit { .. });
        let asked = self.questions_of(&draft).await?;
        let next = asked.iter().find(|question| {
            let is_behind = behind.is_none_or(|behind| question.id > behind);
            let is_open = again || draft.lacks(question);
            is_behind && is_open && (!by_form || question.kind == QuestionKind::Choice)
        });
        let Some(question) = next else {
            self.dialog.filling = None;
            let draft = self.draft_message(lead).await?;
            return Ok(draft.map_or_else(|| self.no_draft(), |draft| self.here(draft)));
        };
        Ok(self.ask(&draft, question, (again, 0), lead))
    }

    /// In place of what was pressed, or as an answer.
    fn here(&self, message: Message) -> Reply {
        match self.inbound.intent {
            Intent::Press { .. } => Reply::Update(message),
            _ => self.tell(message),
        }
    }

    /// Asks it; what there is to choose from, from this one on.
    fn ask(&mut self, draft: &Draft, question: &Question, (again, from): (bool, u32), lead: Option<String>) -> Reply {
        self.dialog.filling = Some(Filling {
            question: question.id,
            words: question.words.clone(),
            again,
            asked_at: self.tx.now(),
        });
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Text(question.words.clone()));
        let now = draft.answer(question.id);
        if let Some(now) = now {
            blocks.extend([Block::Text(self.say("change-now")), Block::Quote(excerpt(now))]);
        }
        let message = Message {
            blocks,
            shows_dialog: true,
            ..Message::default()
        };
        let choices: Vec<&str> = question.choices.iter().collect();
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let from = if index(from) < choices.len() { from } else { 0 };
        let shown = choices.iter().skip(index(from)).take(index(PAGE));
        let shown: Vec<Button> = shown.map(|choice| choice_button(question.id, choice)).collect();
        let message = shown
            .chunks(ABREAST)
            .map(<[Button]>::to_vec)
            .fold(message, Message::row);
        let of = (from, PAGE, index(from) + index(PAGE) < choices.len());
        let leads = pages(language, of, |from| {
            Press::Questions(QuestionPress::Page(question.id, from))
        });
        let pass = match now {
            Some(_) => Some("button-keep"),
            None => (!question.is_required).then_some("button-pass"),
        };
        let pass = pass.map(|label| {
            let pass = Press::Questions(QuestionPress::Pass(question.id));
            button(language, label, pass, Look::Plain)
        });
        let clear = (now.is_some() && !question.is_required).then(|| {
            let clear = Press::Questions(QuestionPress::Clear(question.id));
            button(language, "button-clear", clear, Look::Plain)
        });
        let back = button(language, "button-back", Press::ShowDraft, Look::Plain);
        self.here(message.row(leads.into_iter().chain(pass).chain(clear).chain([back])))
    }

    /// The question that waits for its answer, if it is still asked.
    async fn waiting(&mut self) -> Result<Option<(Filling, Draft, Question)>, Fault> {
        let (Some(filling), Some(draft)) = (self.dialog.filling.clone(), self.dialog.draft.clone()) else {
            return Ok(None);
        };
        let asked = self.questions_of(&draft).await?;
        let question = asked.into_iter().find(|question| question.id == filling.question);
        Ok(question.map(|question| (filling, draft, question)))
    }

    /// A message while a question of a category waits. Files join the draft, and so does what can't be its answer.
    pub(super) async fn answer_question(&mut self, text: &str, files: &[StoredFile]) -> Result<Reply, Fault> {
        let waiting = self.waiting().await?;
        let is_late = |filling: &Filling| self.tx.now() - filling.asked_at > LATE;
        let Some((filling, _, question)) = waiting.filter(|(filling, ..)| !is_late(filling)) else {
            let is_late = self.dialog.filling.as_ref().is_some_and(is_late);
            self.dialog.filling = None;
            let added = self.add_to_draft(text, files).await?;
            return Ok(if is_late {
                added
            } else {
                self.led(added, "question-gone")
            });
        };
        let Some(draft) = &mut self.dialog.draft else {
            return Ok(self.no_draft());
        };
        if !draft.has_room("", files) {
            return Ok(self.draft_full());
        }
        draft.add("", files);
        let draft = draft.clone();
        if text.is_empty() {
            let lead = self.say("question-file-kept");
            return Ok(self.ask(&draft, &question, (filling.again, 0), Some(lead)));
        }
        if question.words != filling.words {
            return Ok(self.ask_reworded(&draft, &question, filling.again));
        }
        match question.read(text) {
            Ok(answer) => self.answered(answer, filling.again).await,
            Err(error) => {
                let mut lead = text_error(self.lang(), "answer", error);
                if let TextError::TooLong { .. } = error {
                    lead = format!("{lead} {}", self.say("kept-above"));
                }
                Ok(self.ask(&draft, &question, (filling.again, 0), Some(lead)))
            }
        }
    }

    /// It is worded otherwise than what they have answered: they are asked again.
    fn ask_reworded(&mut self, draft: &Draft, question: &Question, again: bool) -> Reply {
        let lead = self.say("question-reworded");
        self.ask(draft, question, (again, 0), Some(lead))
    }

    fn led(&self, mut reply: Reply, sentence: &str) -> Reply {
        let lead = Block::Text(self.say(sentence));
        if let Some(message) = reply.message_mut() {
            message.blocks.insert(0, lead);
        }
        reply
    }

    async fn answered(&mut self, answer: Answer, again: bool) -> Result<Reply, Fault> {
        let behind = answer.question;
        let all = questions::list(self.tx).await?;
        if let Some(draft) = &mut self.dialog.draft {
            draft.keep_answer(answer, &all);
        }
        self.ask_next(Some(behind), again, None).await
    }

    /// Another page of what there is to choose from.
    pub(super) async fn turn_choices(&mut self, id: QuestionId, from: u32) -> Result<Reply, Fault> {
        match self.waiting().await?.filter(|(filling, ..)| filling.question == id) {
            Some((filling, draft, question)) => Ok(self.ask(&draft, &question, (filling.again, from), None)),
            None => self.not_asked().await,
        }
    }

    /// One of the choices was pressed; of a question that is asked otherwise by now it may be none.
    pub(super) async fn choose_answer(&mut self, id: QuestionId, mark: Mark) -> Result<Reply, Fault> {
        let Some((filling, draft, question)) = self.waiting().await?.filter(|(filling, ..)| filling.question == id)
        else {
            return self.not_asked().await;
        };
        if question.words != filling.words {
            return Ok(self.ask_reworded(&draft, &question, filling.again));
        }
        let chosen = question.choices.iter().find(|choice| Mark::of_words(choice) == mark);
        if let Some(Ok(answer)) = chosen.map(|choice| question.read(choice)) {
            return self.answered(answer, filling.again).await;
        }
        let lead = self.say("question-choices-changed");
        Ok(self.ask(&draft, &question, (filling.again, 0), Some(lead)))
    }

    /// « Passer », « Garder »: the question is left as it is.
    pub(super) async fn pass_question(&mut self, id: QuestionId) -> Result<Reply, Fault> {
        let Some((filling, draft, question)) = self.waiting().await?.filter(|(filling, ..)| filling.question == id)
        else {
            return self.not_asked().await;
        };
        if draft.lacks(&question) {
            return Ok(self.ask(&draft, &question, (filling.again, 0), None));
        }
        self.ask_next(Some(id), filling.again, None).await
    }

    /// « Retirer »: its answer is taken out again.
    pub(super) async fn clear_answer(&mut self, id: QuestionId) -> Result<Reply, Fault> {
        if let Some((.., question)) = self.waiting().await?
            && let Some(draft) = self.dialog.draft.as_mut().filter(|_| !question.is_required)
            && question.id == id
        {
            draft.forget_answer(id);
        }
        self.pass_question(id).await
    }

    /// A button of a question that does not wait any more: the draft as it is.
    async fn not_asked(&mut self) -> Result<Reply, Fault> {
        if self.dialog.draft.is_none() {
            return Ok(self.no_draft());
        }
        self.ask_next(None, false, Some(self.say("question-not-asked"))).await
    }

    /// What a draft says of its questions: what was answered, and what is still to be.
    pub(super) fn questions_shown(&self, draft: &Draft, asked: &[Question]) -> Vec<Block> {
        let mut blocks = answers_shown(
            draft.answers.iter().map(|answer| (&*answer.asked, &*answer.text)),
            SHOWN,
        );
        let open = asked.iter().filter(|question| draft.answer(question.id).is_none());
        blocks.extend(open.map(|question| {
            let needed = if question.is_required {
                "question-is-required"
            } else {
                "question-is-optional"
            };
            Block::Facts(vec![fact(question.words.clone()), fact(self.say(needed))])
        }));
        blocks
    }
}

/// The field of its answer: another one once it is worded otherwise.
fn field_of(question: &Question) -> String {
    format!("{}:{}", question.id, Mark::of_words(&question.words))
}

/// Whether it was its field once, however it was worded.
fn is_field_of(question: QuestionId, field: &str) -> bool {
    field.split(':').next() == Some(question.to_string().as_str())
}

fn choice_button(question: QuestionId, choice: &str) -> Button {
    Button {
        label: choice.to_owned(),
        action: Press::Questions(QuestionPress::Choose(question, Mark::of_words(choice))).to_string(),
        look: Look::Plain,
    }
}

/// What was answered, each with its question; of a long answer so much.
pub(super) fn answers_shown<'a>(answers: impl Iterator<Item = (&'a str, &'a str)>, max: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (asked, text) in answers {
        if text.chars().count() <= LINE && !text.contains('\n') {
            blocks.push(Block::Facts(vec![fact(asked), fact(text)]));
            continue;
        }
        let shown = beginning(text, max);
        let more = if shown.len() < text.len() { "…" } else { "" };
        blocks.extend([Block::Text(asked.to_owned()), Block::Quote(format!("{shown}{more}"))]);
    }
    blocks
}
