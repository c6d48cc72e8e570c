//! What Guichet and a person are in the middle of. Kept in the database, so a restart forgets nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::{FieldKind, FormKind};
use crate::domain::file::StoredFile;
use crate::domain::ids::{AccountId, CategoryId, IdentityId, QuestionId, TicketId};
use crate::domain::question::{Answer, MOST_QUESTIONS, Question};
use crate::domain::text::{Description, HEADLINE, headline};
use crate::domain::ticket::Urgency;
use crate::service::codes::CodeHash;

/// A dialog. A question can stand over a draft; the draft is still there afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialog {
    /// A ticket being prepared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// A form being filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<Asking>,
    /// A question of the draft's category that waits for its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filling: Option<Filling>,
    /// What was typed behind a name that several have, waiting for the choice of whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_words: Option<String>,
    /// A code that names an account, waiting for a yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linking: Option<CodeHash>,
    /// An invitation, waiting for a yes and then for a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<CodeHash>,
}

impl Dialog {
    /// Reads what was written down. What a newer or older Guichet wrote and this one can't read is no reason to
    /// leave somebody without an answer for ever: of such a dialog the draft is kept, if it can be read.
    #[must_use]
    pub fn recall(state: &str, of: IdentityId) -> Self {
        serde_json::from_str(state).unwrap_or_else(|error| {
            // serde's own words would quote what stands there.
            tracing::error!(identity.id = of.0, kind = ?error.classify(), "a dialog can't be read");
            let state: Value = serde_json::from_str(state).unwrap_or_default();
            Self {
                draft: Deserialize::deserialize(&state["draft"]).ok(),
                ..Self::default()
            }
        })
    }

    /// Whether nothing is going on.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a question waits for its answer. A form that was refused waits for its button instead.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.asking.as_ref().is_some_and(|asking| asking.next_field().is_some())
    }
}

/// A ticket being prepared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What was written, message after message.
    pub text: String,
    /// The message in private in which all of that was written, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// A title of its own, once somebody gave it one.
    #[serde(default)]
    pub title: Option<String>,
    /// What was attached.
    #[serde(default)]
    pub files: Vec<StoredFile>,
    /// The urgency chosen.
    #[serde(default)]
    pub urgency: Urgency,
    /// The category chosen; guessed from the words until then.
    #[serde(default)]
    pub category: Option<CategoryId>,
    /// The category that its words tell, as it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guessed: Option<CategoryId>,
    /// The ticket that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketId>,
    /// For whom it is, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<AccountId>,
    /// What was answered to the questions of its category, or of one that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// A message out of which a draft was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The platform's id of it.
    pub message_id: String,
    /// The moment, as the platform tells it, of the latest edit that was taken.
    pub edited_at: Option<DateTime<Utc>>,
}

/// Which question of a category waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filling {
    /// The question.
    pub question: QuestionId,
    /// How it was worded.
    #[serde(default)]
    pub words: String,
    /// Whether those behind it are asked as well where they are answered already, or may be left open.
    pub again: bool,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
}

/// How much a draft takes, in characters: twice what can be sent, so that it can be shortened.
const FULL: usize = 2 * Description::MAX;
/// How many answers.
const MOST_ANSWERS: usize = 4 * MOST_QUESTIONS;
/// How many files it takes.
const FULL_FILES: usize = 20;

impl Draft {
    /// Whether nothing is written in it yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && self.title.is_none() && self.files.is_empty()
    }

    /// Whether there is room for more.
    #[must_use]
    pub fn has_room(&self, text: &str, files: &[StoredFile]) -> bool {
        self.text.chars().count() + text.chars().count() <= FULL && self.files.len() + files.len() <= FULL_FILES
    }

    /// Adds what was written.
    pub fn add(&mut self, text: &str, files: &[StoredFile]) {
        if !text.is_empty() {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(text);
            self.origin = None;
            self.guessed = None;
        }
        self.files.extend_from_slice(files);
    }

    /// Says this from now on.
    pub fn rewrite(&mut self, title: String, text: String) {
        if self.title.is_some() || title != self.title() {
            self.title = Some(title);
        }
        if self.text != text {
            self.text = text;
            self.origin = None;
        }
        self.guessed = None;
    }

    /// What is answered to a question.
    #[must_use]
    pub fn answer(&self, question: QuestionId) -> Option<&str> {
        let answer = self.answers.iter().find(|answer| answer.question == question);
        answer.map(|answer| answer.text.as_str())
    }

    /// Whether it can't be sent without an answer to this, and has none.
    #[must_use]
    pub fn lacks(&self, question: &Question) -> bool {
        question.is_required && self.answer(question.id).is_none()
    }

    /// Keeps an answer, in place of an earlier one.
    pub fn keep_answer(&mut self, answer: Answer, all: &[Question]) {
        if let Some(known) = self.answers.iter_mut().find(|known| known.question == answer.question) {
            *known = answer;
            return;
        }
        // Of whoever tries one category after the other, the latest answers are kept, and those of this one.
        if self.answers.len() >= MOST_ANSWERS {
            let category = |id| {
                all.iter()
                    .find(|question| question.id == id)
                    .map(|question| question.category)
            };
            let this = category(answer.question);
            let other = self.answers.iter().position(|known| category(known.question) != this);
            self.answers.remove(other.unwrap_or_default());
        }
        self.answers.push(answer);
    }

    /// Takes an answer out again.
    pub fn forget_answer(&mut self, question: QuestionId) {
        self.answers.retain(|answer| answer.question != question);
    }

    /// The title it was given, what was written and what was answered, as one text.
    #[must_use]
    pub fn words(&self) -> String {
        let answers = self
            .answers
            .iter()
            .map(|answer| format!("{} {}", answer.asked, answer.text));
        let title = self.title.clone();
        let text = Some(self.text.clone()).filter(|text| !text.is_empty());
        title
            .into_iter()
            .chain(text)
            .chain(answers)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Its title: the one it was given, or the first words.
    #[must_use]
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| headline(&self.text, HEADLINE))
    }
}

/// A form being filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// The form.
    pub form: FormKind,
    /// What was answered so far: (field id, text).
    pub answers: Vec<(String, String)>,
    /// The files that came with the answers.
    #[serde(default)]
    pub files: Vec<StoredFile>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// A message that came so late that it may not be the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
}

/// A message that came long after the question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Its text.
    pub text: String,
    /// Its files.
    pub files: Vec<StoredFile>,
}

impl Late {
    /// Adds one more.
    pub fn add(&mut self, text: &str, files: Vec<StoredFile>) {
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.files.extend(files);
    }
}

impl Asking {
    /// Starts asking.
    #[must_use]
    pub fn new(form: FormKind, now: DateTime<Utc>) -> Self {
        Self {
            form,
            answers: Vec::new(),
            files: Vec::new(),
            asked_at: now,
            late: None,
        }
    }

    /// What was answered in a field.
    #[must_use]
    pub fn answer(&self, field: FieldKind) -> Option<&str> {
        self.answers
            .iter()
            .find(|(id, _)| id == field.code())
            .map(|(_, text)| text.as_str())
    }

    /// The field to ask for next; `None` when all are answered.
    #[must_use]
    pub fn next_field(&self) -> Option<FieldKind> {
        self.form
            .fields()
            .iter()
            .copied()
            .find(|field| self.answer(*field).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::{Choices, QuestionKind};

    #[test]
    fn of_a_dialog_that_cannot_be_read_the_draft_is_kept() {
        let me = IdentityId(1);
        let asking = r#"{"form":"fly:1","answers":[],"asked_at":"2026-09-14T07:00:00Z"}"#;
        let recalled = Dialog::recall(&format!(r#"{{"draft":{{"text":"Écran noir"}},"asking":{asking}}}"#), me);
        assert_eq!(recalled.draft.map(|draft| draft.text).as_deref(), Some("Écran noir"));
        assert!(recalled.asking.is_none());
        for state in ["", "[]", "null", r#"{"draft":7}"#, r#"{"draft":null,"asking":1}"#] {
            assert!(Dialog::recall(state, me).is_idle(), "{state}");
        }
    }

    #[test]
    fn a_draft_full_of_answers_keeps_those_of_the_category_that_is_answered() {
        let question = |id: u64, category| Question {
            id: QuestionId(id),
            category: CategoryId(category),
            words: "Où ?".to_owned(),
            kind: QuestionKind::Short,
            choices: Choices::default(),
            is_required: false,
            version: 1,
        };
        let all: Vec<Question> = (0..21)
            .map(|id| question(id, if id == 0 { 9 } else { id / 5 }))
            .collect();
        let mut draft = Draft::default();
        let of_nine = question(99, 9);
        let all = [all, vec![of_nine]].concat();
        for question in all.iter().filter(|question| question.id.0 != 20) {
            draft.keep_answer(question.read("ici").unwrap(), &all);
        }
        assert_eq!(draft.answers.len(), MOST_ANSWERS);
        assert_eq!(draft.answer(QuestionId(0)), Some("ici"));
        assert_eq!(draft.answer(QuestionId(1)), None);
    }
}
