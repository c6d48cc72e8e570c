//! The fields of forms.

use crate::domain::category::Keywords;
use crate::domain::code::MailedCode;
use crate::domain::language::Language;
use crate::domain::question::Choices;
use crate::domain::relation::Target;
use crate::domain::text::{
    Body, CannedName, CannedText, CategoryName, Description, Email, PersonName, QuestionText, Remark, TextError, Title,
    clean,
};

/// What is longer, in characters, was not meant as a code.
const LONGEST_CODE: usize = 40;

/// A field, and with it how what is typed in it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A person's name.
    Name,
    /// An e-mail address.
    Email,
    /// A code that was mailed.
    Code,
    /// A ticket's title.
    Title,
    /// What a ticket is about.
    Description,
    /// Words on a ticket.
    Body,
    /// Words that are looked for.
    Words,
    /// The word that goes with a rating.
    Remark,
    /// The number of another ticket, or the address of a page.
    Target,
    /// The name of a canned reply.
    CannedName,
    /// The text of a canned reply.
    CannedText,
    /// The name of a category in that language.
    CategoryName(Language),
    /// The words that make a message likely to be of a category.
    Keywords,
    /// A question of a category.
    Question,
    /// What there is to choose from as an answer.
    Choices,
}

/// What of a category an admin changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryPart {
    /// Its name in that language.
    Name(Language),
    /// The words that make a message likely to be of it.
    Keywords,
}

impl CategoryPart {
    /// The field in which it is typed.
    #[must_use]
    pub fn field(self) -> FieldKind {
        match self {
            Self::Name(language) => FieldKind::CategoryName(language),
            Self::Keywords => FieldKind::Keywords,
        }
    }
}

/// What of a question an admin changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionPart {
    /// The question itself.
    Words,
    /// What there is to choose from.
    Choices,
}

impl QuestionPart {
    /// The field in which it is typed.
    #[must_use]
    pub fn field(self) -> FieldKind {
        match self {
            Self::Words => FieldKind::Question,
            Self::Choices => FieldKind::Choices,
        }
    }
}

impl FieldKind {
    /// Its id, and the middle of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Code => "code",
            Self::Title => "title",
            Self::Description => "description",
            Self::Body => "body",
            Self::Words => "words",
            Self::Remark => "remark",
            Self::Target => "target",
            Self::CannedName => "label",
            Self::CannedText => "canned",
            Self::CategoryName(Language::Fr) => "categoryfr",
            Self::CategoryName(Language::En) => "categoryen",
            Self::Keywords => "keywords",
            Self::Question => "question",
            Self::Choices => "choices",
        }
    }

    /// Checks what was typed.
    ///
    /// # Errors
    /// [`TextError`].
    pub fn check(self, typed: &str) -> Result<(), TextError> {
        match self {
            Self::Name => PersonName::parse(typed).map(drop),
            Self::Email => Email::parse(typed).map(drop),
            Self::Code => MailedCode::parse(typed).map(drop).ok_or(TextError::NotACode),
            Self::Title => Title::parse(typed).map(drop),
            Self::Description => Description::parse(typed).map(drop),
            Self::Body => Body::parse(typed).map(drop),
            Self::Words if clean(typed).is_empty() => Err(TextError::Empty),
            Self::Words => Ok(()),
            Self::Remark => Remark::parse(typed).map(drop),
            Self::Target => Target::parse(typed).map(drop),
            Self::CannedName => CannedName::parse(typed).map(drop),
            Self::CannedText => CannedText::parse(typed).map(drop),
            Self::CategoryName(_) => CategoryName::parse(typed).map(drop),
            Self::Keywords => Keywords::parse(typed).map(drop),
            Self::Question => QuestionText::parse(typed).map(drop),
            Self::Choices => Choices::parse(typed).map(drop),
        }
    }

    /// Whether a text was meant as something else than a name or a code.
    #[must_use]
    pub fn is_no_answer(self, text: &str) -> bool {
        let longest = match self {
            Self::Name => PersonName::MAX,
            Self::Code => LONGEST_CODE,
            _ => return false,
        };
        text.contains('\n') || text.chars().count() > longest
    }

    pub(super) fn max_chars(self) -> u16 {
        match self {
            Self::Name => 100,
            Self::Email => 254,
            // Digits or characters, however they are set apart.
            Self::Code => 20,
            Self::Title | Self::Words => 200,
            // What a Discord text input takes; in a conversation the text itself has its own limit.
            Self::Description | Self::Body => 4_000,
            Self::Remark => 500,
            Self::CannedName | Self::CategoryName(_) => 40,
            Self::Question => 45,
            Self::Choices => 2_100,
            Self::Target | Self::CannedText | Self::Keywords => 1_000,
        }
    }
}
