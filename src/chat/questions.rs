//! The questions of a category, as an admin keeps them. What whoever opens a ticket answers is in
//! [`filling`](super::filling).

use super::build::{button, fact};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind, QuestionPart};
use super::press::{CategoryPress, Press, QuestionPress};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::ids::{CategoryId, QuestionId};
use crate::domain::language::Language;
use crate::domain::permission::{Categories, Permit};
use crate::domain::question::{Choices, MOST_QUESTIONS, Question, QuestionChange, QuestionKind};
use crate::domain::text::QuestionText;
use crate::service::categories::Unchanged;
use crate::service::questions::{add, change, remove};
use crate::store::{Fault, categories, questions};

impl Turn<'_> {
    /// A button of questions.
    pub(super) async fn questions(&mut self, press: QuestionPress) -> Result<Reply, Fault> {
        match press {
            QuestionPress::Of(category) => self.list_questions(category, None).await,
            QuestionPress::New(category) => self.offer_kinds(category).await,
            QuestionPress::Add(category, kind) => self.start_question(category, kind).await,
            QuestionPress::Show(id) => self.show_question(id, None).await,
            QuestionPress::Words(id) => self.start_rewording(id, QuestionPart::Words).await,
            QuestionPress::Choices(id) => self.start_rewording(id, QuestionPart::Choices).await,
            QuestionPress::Require(is_required, id) => self.require(id, is_required).await,
            QuestionPress::AskRemove(id) => self.ask_before_removing_question(id).await,
            QuestionPress::Remove(id, version) => self.remove_question(id, version).await,
            QuestionPress::Fill => self.fill_in(true, None).await,
            QuestionPress::Page(id, from) => self.turn_choices(id, from).await,
            QuestionPress::Choose(id, mark) => self.choose_answer(id, mark).await,
            QuestionPress::Pass(id) => self.pass_question(id).await,
            QuestionPress::Clear(id) => self.clear_answer(id).await,
        }
    }

    /// Those of a category, after a line that leads to them.
    async fn list_questions(&mut self, category: CategoryId, lead: Option<String>) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<Categories>().await? {
            return Ok(refused);
        }
        let all = categories::list_now(self.tx).await?;
        let Some(of) = all.iter().find(|known| known.id == category) else {
            return self.list_categories(0, Some(self.say("category-unknown"))).await;
        };
        let language = self.lang();
        let mut asked = questions::list_now(self.tx).await?;
        asked.retain(|question| question.category == category);
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        let args = [
            ("name", of.name(language).to_owned().into()),
            ("count", asked.len().into()),
            ("most", MOST_QUESTIONS.into()),
        ];
        blocks.push(Block::Title(language.say("questions-heading", &args)));
        blocks.extend(asked.iter().map(|question| {
            let mut facts = vec![fact(question.words.clone()), fact(kind_of(language, question.kind))];
            facts.extend(question.is_required.then(|| fact(self.say("question-is-required"))));
            Block::Facts(facts)
        }));
        blocks.push(Block::Text(self.say("questions-how")));
        let message = Message {
            blocks,
            ..Message::default()
        };
        let message = asked.iter().fold(message, |message, question| {
            message.row([Button {
                label: question.words.clone(),
                action: Press::Questions(QuestionPress::Show(question.id)).to_string(),
                look: Look::Plain,
            }])
        });
        // With five of them, there is no row left on Discord but theirs.
        let new =
            (asked.len() < MOST_QUESTIONS).then(|| to(language, "button-question-new", QuestionPress::New(category)));
        let back = Press::Categories(CategoryPress::Show(category));
        let back = button(language, "button-back", back, Look::Plain);
        let mut message = message;
        match message.buttons.last_mut().filter(|_| asked.len() == MOST_QUESTIONS) {
            Some(last) => last.push(back),
            None => message = message.row(new.into_iter().chain([back])),
        }
        Ok(self.instead_or_tell(message))
    }

    async fn offer_kinds(&mut self, category: CategoryId) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<Categories>().await? {
            return Ok(refused);
        }
        let language = self.lang();
        let kinds = QuestionKind::ALL.map(|kind| Button {
            label: kind_of(language, kind),
            action: Press::Questions(QuestionPress::Add(category, kind)).to_string(),
            look: Look::Plain,
        });
        let back = to(language, "button-back", QuestionPress::Of(category));
        let message = Message::text(self.say("question-which-kind"));
        Ok(self.instead_or_tell(message.row(kinds).row([back])))
    }

    async fn start_question(&mut self, category: CategoryId, kind: QuestionKind) -> Result<Reply, Fault> {
        match self.permit::<Categories>().await? {
            Ok(_) => Ok(self.start_form(FormKind::NewQuestion { category, kind })),
            Err(refused) => Ok(refused),
        }
    }

    /// One of them, after a line that leads to it, with what can be done about it.
    async fn show_question(&mut self, id: QuestionId, lead: Option<String>) -> Result<Reply, Fault> {
        let question = match self.found_question(id).await? {
            Ok((_, question)) => question,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let mut blocks: Vec<Block> = lead.into_iter().map(Block::Text).collect();
        blocks.push(Block::Title(question.words.clone()));
        let needed = if question.is_required {
            "question-is-required"
        } else {
            "question-is-optional"
        };
        blocks.push(Block::Facts(vec![
            fact(kind_of(language, question.kind)),
            fact(self.say(needed)),
        ]));
        let is_choice = question.kind == QuestionKind::Choice;
        blocks.extend(is_choice.then(|| Block::Quote(question.choices.to_string())));
        let message = Message {
            blocks,
            ..Message::default()
        };
        let require = if question.is_required {
            "button-question-allow"
        } else {
            "button-question-require"
        };
        let changes = [
            Some(to(language, "button-question-words", QuestionPress::Words(id))),
            is_choice.then(|| to(language, "button-question-choices", QuestionPress::Choices(id))),
            Some(to(language, require, QuestionPress::Require(!question.is_required, id))),
        ];
        let remove = Press::Questions(QuestionPress::AskRemove(id));
        let remove = button(language, "button-question-remove", remove, Look::Danger);
        let all = to(language, "button-questions-all", QuestionPress::Of(question.category));
        Ok(self.instead_or_tell(message.row(changes.into_iter().flatten()).row([remove, all])))
    }

    async fn start_rewording(&mut self, id: QuestionId, part: QuestionPart) -> Result<Reply, Fault> {
        let question = match self.found_question(id).await? {
            Ok((_, question)) => question,
            Err(refused) => return Ok(refused),
        };
        let now = match part {
            QuestionPart::Words => &question.words,
            QuestionPart::Choices => question.choices.as_str(),
        };
        let form = FormKind::ChangeQuestion {
            question: id,
            version: question.version,
            part,
        };
        Ok(self.start_form_over(form, now))
    }

    async fn require(&mut self, id: QuestionId, is_required: bool) -> Result<Reply, Fault> {
        let (permit, question) = match self.found_question(id).await? {
            Ok(found) => found,
            Err(refused) => return Ok(refused),
        };
        let wanted = QuestionChange::Required(is_required);
        let done = change(self.tx, permit, (id, question.version), &wanted).await?;
        self.told_of_question(id, done, "").await
    }

    async fn ask_before_removing_question(&mut self, id: QuestionId) -> Result<Reply, Fault> {
        let question = match self.found_question(id).await? {
            Ok((_, question)) => question,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let sentence = language.say("question-remove-sure", &[("words", question.words.into())]);
        let remove = Press::Questions(QuestionPress::Remove(id, question.version));
        Ok(self.instead_or_tell(Message::text(sentence).row([
            button(language, "button-question-remove-yes", remove, Look::Danger),
            to(language, "button-question-remove-no", QuestionPress::Show(id)),
        ])))
    }

    async fn remove_question(&mut self, id: QuestionId, version: u32) -> Result<Reply, Fault> {
        let (permit, question) = match self.found_question(id).await? {
            Ok(found) => found,
            Err(refused) => return Ok(refused),
        };
        let done = remove(self.tx, permit, (id, version)).await?;
        if done.is_err() {
            return self.told_of_question(id, done, "").await;
        }
        let lead = self.lang().say("question-removed", &[("words", question.words.into())]);
        self.list_questions(question.category, Some(lead)).await
    }

    /// A new one is complete.
    pub(super) async fn add_question(
        &mut self,
        category: CategoryId,
        kind: QuestionKind,
        asking: Asking,
    ) -> Result<Reply, Fault> {
        let answer = |field| asking.answer(field).unwrap_or_default();
        let choices = match kind {
            QuestionKind::Choice => Choices::parse(answer(FieldKind::Choices)),
            QuestionKind::Short | QuestionKind::Long => Ok(Choices::default()),
        };
        let (Ok(words), Ok(choices)) = (QuestionText::parse(answer(FieldKind::Question)), choices) else {
            return Ok(self.nothing_asked());
        };
        let typed = format!("{words}\n{choices}");
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, typed.trim())),
        };
        let lead = match add(self.tx, permit, category, &words, (kind, &choices)).await? {
            Ok(id) => return self.show_question(id, Some(self.say("category-saved"))).await,
            Err(Unchanged::Full) => self.lang().say("questions-full", &[("most", MOST_QUESTIONS.into())]),
            Err(_) => self.say("category-unknown"),
        };
        let told = self.list_questions(category, Some(lead)).await?;
        Ok(self.with_words(told, typed.trim()))
    }

    /// What is to be changed in one is complete.
    pub(super) async fn change_question(
        &mut self,
        (id, version): (QuestionId, u32),
        part: QuestionPart,
        words: &str,
    ) -> Result<Reply, Fault> {
        let wanted = match part {
            QuestionPart::Words => QuestionText::parse(words).map(QuestionChange::Words),
            QuestionPart::Choices => Choices::parse(words).map(QuestionChange::Choices),
        };
        let Ok(wanted) = wanted else {
            return Ok(self.nothing_asked());
        };
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(self.with_words(refused, words)),
        };
        let done = change(self.tx, permit, (id, version), &wanted).await?;
        self.told_of_question(id, done, words).await
    }

    /// What is so now, or why it is as it was; then with the words that were to be there.
    async fn told_of_question(
        &mut self,
        id: QuestionId,
        done: Result<(), Unchanged>,
        words: &str,
    ) -> Result<Reply, Fault> {
        if done.is_ok() {
            return self.show_question(id, Some(self.say("category-saved"))).await;
        }
        let told = self.show_question(id, Some(self.say("question-meanwhile"))).await?;
        Ok(self.with_words(told, words))
    }

    /// The right to change it, and what it is now; or what they read instead.
    async fn found_question(&mut self, id: QuestionId) -> Result<Result<(Permit<Categories>, Question), Reply>, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(Err(refused)),
        };
        let all = questions::list_now(self.tx).await?;
        Ok(match all.into_iter().find(|question| question.id == id) {
            Some(question) => Ok((permit, question)),
            None => Err(self.list_categories(0, Some(self.say("question-unknown"))).await?),
        })
    }
}

fn kind_of(language: Language, kind: QuestionKind) -> String {
    language.say(&format!("question-kind-{}", kind.code()), &[])
}

fn to(language: Language, label: &str, press: QuestionPress) -> Button {
    button(language, label, Press::Questions(press), Look::Plain)
}
