//! The questions of a category, and what is answered to them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::{CategoryId, QuestionId};
use super::text::{LongAnswer, QuestionText, ShortAnswer, TextError, folded, one_line};

/// How many a category has at most: as many as a Discord form has fields.
pub const MOST_QUESTIONS: usize = 5;

/// What kind of answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// A line.
    Short,
    /// Some lines.
    Long,
    /// One of some.
    Choice,
}

impl QuestionKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Short, Self::Long, Self::Choice];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
            Self::Choice => "choice",
        }
    }
}

/// No kind of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of question")]
pub struct UnknownKind;

impl FromStr for QuestionKind {
    type Err = UnknownKind;

    fn from_str(code: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or(UnknownKind)
    }
}

/// A question of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The category.
    pub category: CategoryId,
    /// The question itself.
    pub words: String,
    /// What kind of answer is wanted.
    pub kind: QuestionKind,
    /// What there is to choose from.
    pub choices: Choices,
    /// Whether there is no ticket without an answer.
    pub is_required: bool,
    /// How many changes it has seen.
    pub version: u32,
}

impl Question {
    /// The most characters of an answer.
    #[must_use]
    pub fn max_chars(&self) -> usize {
        match self.kind {
            QuestionKind::Short => ShortAnswer::MAX,
            QuestionKind::Long => LongAnswer::MAX,
            QuestionKind::Choice => Choices::LONGEST,
        }
    }

    /// Reads what somebody answered.
    ///
    /// # Errors
    /// [`TextError`], which says what is wrong with it.
    pub fn read(&self, typed: &str) -> Result<Answer, TextError> {
        let text = match self.kind {
            QuestionKind::Short => ShortAnswer::parse(typed)?.to_string(),
            QuestionKind::Long => LongAnswer::parse(typed)?.to_string(),
            QuestionKind::Choice => {
                let meant = folded(typed);
                let chosen = self.choices.iter().find(|choice| folded(choice) == meant);
                chosen.ok_or(TextError::NotAChoice)?.to_owned()
            }
        };
        Ok(Answer {
            question: self.id,
            asked: self.words.clone(),
            text,
        })
    }
}

/// An answer, with the question as it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question, which may be another by now, or gone.
    pub question: QuestionId,
    /// What was asked.
    pub asked: String,
    /// What was answered.
    pub text: String,
}

/// What an admin changes in a question.
#[derive(Clone, Debug)]
pub enum QuestionChange {
    /// The question itself.
    Words(QuestionText),
    /// What there is to choose from.
    Choices(Choices),
    /// Whether there is no ticket without an answer.
    Required(bool),
}

impl QuestionChange {
    /// The question with the change.
    #[must_use]
    pub fn applied(&self, question: &Question) -> Question {
        let mut after = question.clone();
        match self {
            Self::Words(words) => after.words = words.to_string(),
            Self::Choices(choices) => after.choices = choices.clone(),
            Self::Required(is_required) => after.is_required = *is_required,
        }
        after
    }
}

/// What there is to choose from, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices(String);

impl Choices {
    /// How many there are at most.
    pub const MOST: usize = 25;
    /// The most characters that one may have: what stands on a button.
    pub const LONGEST: usize = 80;

    /// Reads what somebody typed: at least two, one a line, no two alike.
    ///
    /// # Errors
    /// [`TextError::NotChoices`].
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let choices: Vec<String> = typed.lines().map(one_line).filter(|line| !line.is_empty()).collect();
        let different: BTreeSet<String> = choices.iter().map(|choice| folded(choice)).collect();
        let is_readable =
            |choice: &String| choice.chars().count() <= Self::LONGEST && choice.chars().any(char::is_alphanumeric);
        let are_good = (2..=Self::MOST).contains(&choices.len())
            && different.len() == choices.len()
            && choices.iter().all(is_readable);
        are_good.then(|| Self(choices.join("\n"))).ok_or(TextError::NotChoices)
    }

    /// As they are kept.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// One a line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.lines()
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_some_and_no_two_alike() {
        let read = |typed: &str| Choices::parse(typed).map(|choices| choices.to_string());
        assert_eq!(read(" Bleu \r\n\n Rouge\u{202E}"), Ok("Bleu\nRouge".to_owned()));
        let many = |count: usize| (0..count).fold(String::new(), |text, n| format!("{text}choix {n}\n"));
        assert!(read(&many(25)).is_ok());
        for typed in [
            "",
            "Bleu",
            "Bleu\nBLEU",
            "Bleu\n🔥",
            &many(26),
            &format!("a\n{}", "x".repeat(81)),
        ] {
            assert_eq!(read(typed), Err(TextError::NotChoices), "{typed}");
        }
    }

    #[test]
    fn an_answer_is_read_as_its_question_wants_it() {
        let question = |kind| Question {
            id: QuestionId(1),
            category: CategoryId(1),
            words: "Où ?".to_owned(),
            kind,
            choices: Choices::kept("Rez-de-chaussée\nÉtage".to_owned()),
            is_required: true,
            version: 1,
        };
        let read = |kind, typed: &str| question(kind).read(typed).map(|answer| answer.text);
        assert_eq!(read(QuestionKind::Short, "salle\n12"), Ok("salle 12".to_owned()));
        assert_eq!(read(QuestionKind::Long, "salle\n12"), Ok("salle\n12".to_owned()));
        assert_eq!(read(QuestionKind::Choice, " ETAGE"), Ok("Étage".to_owned()));
        assert_eq!(read(QuestionKind::Choice, "cave"), Err(TextError::NotAChoice));
        assert_eq!(read(QuestionKind::Short, " "), Err(TextError::Empty));
        let long = Err(TextError::TooLong { length: 501, max: 200 });
        assert_eq!(read(QuestionKind::Short, &"x".repeat(501)), long);
    }
}
