//! The forms: one description, shown as a modal where the platform has them and asked question by question
//! where not.
//!
//! To add one: a variant, its code, its fields, its sentences (`form-…`, `question-…`), and what completes it
//! in [`asking`](super::asking).

use serde::{Deserialize, Serialize};

use super::reply::FormField;
use crate::domain::ids::{AccountId, CannedId, CategoryId, QuestionId, TicketId};
use crate::domain::language::Language;
use crate::domain::question::QuestionKind;
use crate::domain::ticket::Urgency;

mod carried;
mod field;

pub use self::field::{CategoryPart, FieldKind, QuestionPart};

/// What is asked for, and what about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum FormKind {
    /// Who somebody is.
    SignUp,
    /// Who somebody is who was invited.
    Join {
        /// Whether the invitation leaves their address open.
        asks_email: bool,
    },
    /// The code that was mailed to their address.
    Confirm,
    /// A new ticket, with what was chosen already; from somebody unknown, who they are too.
    Open {
        /// The urgency chosen.
        urgency: Option<Urgency>,
        /// The category chosen.
        category: Option<CategoryId>,
        /// Whether their name and address are asked for as well.
        stranger: bool,
        /// The ticket that it follows.
        follows: Option<TicketId>,
        /// For whom it is, where that is somebody else.
        requester: Option<AccountId>,
    },
    /// The draft's title and description.
    EditDraft,
    /// What is looked for.
    Search,
    /// A word on a ticket.
    Comment(TicketId),
    /// An internal note.
    Note(TicketId),
    /// A question to the requester.
    Ask(TicketId),
    /// The report.
    Resolve(TicketId),
    /// What still fails.
    Reopen(TicketId),
    /// Another title.
    Retitle(TicketId),
    /// Another description.
    Describe(TicketId),
    /// A word to the colleague to whom it is handed over.
    HandOver {
        /// The ticket.
        ticket: TicketId,
        /// The colleague, once chosen.
        to: Option<AccountId>,
    },
    /// The word that goes with a rating.
    Remark(TicketId),
    /// What it is to be linked to.
    Relate(TicketId),
    /// A new canned reply.
    NewCanned,
    /// Another name for a canned reply.
    RenameCanned(CannedId),
    /// Another text for a canned reply.
    RewriteCanned(CannedId),
    /// A new category.
    NewCategory,
    /// Something else in a category, as it was in that version.
    ChangeCategory {
        /// The category.
        category: CategoryId,
        /// Its version.
        version: u32,
        /// What of it.
        part: CategoryPart,
    },
    /// A new question of a category.
    NewQuestion {
        /// The category.
        category: CategoryId,
        /// What kind of answer is wanted.
        kind: QuestionKind,
    },
    /// Something else in a question, as it was in that version.
    ChangeQuestion {
        /// The question.
        question: QuestionId,
        /// Its version.
        version: u32,
        /// What of it.
        part: QuestionPart,
    },
    /// What a category asks for, whose fields are its questions.
    Answers {
        /// Whether everything is asked for, answered or not; only what can't be left open otherwise.
        again: bool,
    },
}

impl FormKind {
    /// The middle of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SignUp => "signup",
            Self::Join { .. } => "join",
            Self::Confirm => "confirm",
            Self::Open { .. } => "open",
            Self::EditDraft => "edit",
            Self::Search => "search",
            Self::Comment(_) => "comment",
            Self::Note(_) => "note",
            Self::Ask(_) => "ask",
            Self::Resolve(_) => "resolve",
            Self::Reopen(_) => "reopen",
            Self::Retitle(_) => "retitle",
            Self::Describe(_) => "describe",
            Self::HandOver { .. } => "handover",
            Self::Remark(_) => "remark",
            Self::Relate(_) => "relate",
            Self::NewCanned => "newcanned",
            Self::RenameCanned(_) => "renamecanned",
            Self::RewriteCanned(_) => "rewritecanned",
            Self::NewCategory => "newcategory",
            Self::ChangeCategory { .. } => "changecategory",
            Self::NewQuestion { .. } => "newquestion",
            Self::ChangeQuestion { .. } => "changequestion",
            Self::Answers { .. } => "answers",
        }
    }

    /// Its fields, in order.
    #[must_use]
    pub fn fields(self) -> &'static [FieldKind] {
        match self {
            Self::SignUp | Self::Join { asks_email: true } => &[FieldKind::Name, FieldKind::Email],
            Self::Join { asks_email: false } => &[FieldKind::Name],
            Self::Confirm => &[FieldKind::Code],
            Self::Search => &[FieldKind::Words],
            Self::Open { stranger: false, .. } | Self::EditDraft => &[FieldKind::Title, FieldKind::Description],
            Self::Open { stranger: true, .. } => &[
                FieldKind::Title,
                FieldKind::Description,
                FieldKind::Name,
                FieldKind::Email,
            ],
            Self::Comment(_)
            | Self::Note(_)
            | Self::Ask(_)
            | Self::Resolve(_)
            | Self::Reopen(_)
            | Self::HandOver { .. } => &[FieldKind::Body],
            Self::Retitle(_) => &[FieldKind::Title],
            Self::Describe(_) => &[FieldKind::Description],
            Self::Remark(_) => &[FieldKind::Remark],
            Self::Relate(_) => &[FieldKind::Target],
            Self::NewCanned => &[FieldKind::CannedName, FieldKind::CannedText],
            Self::RenameCanned(_) => &[FieldKind::CannedName],
            Self::RewriteCanned(_) => &[FieldKind::CannedText],
            Self::NewCategory => &[
                FieldKind::CategoryName(Language::Fr),
                FieldKind::CategoryName(Language::En),
                FieldKind::Keywords,
            ],
            Self::ChangeCategory { part, .. } => match part {
                CategoryPart::Name(Language::Fr) => &[FieldKind::CategoryName(Language::Fr)],
                CategoryPart::Name(Language::En) => &[FieldKind::CategoryName(Language::En)],
                CategoryPart::Keywords => &[FieldKind::Keywords],
            },
            Self::NewQuestion {
                kind: QuestionKind::Choice,
                ..
            } => &[FieldKind::Question, FieldKind::Choices],
            Self::NewQuestion { .. } => &[FieldKind::Question],
            Self::ChangeQuestion { part, .. } => match part {
                QuestionPart::Words => &[FieldKind::Question],
                QuestionPart::Choices => &[FieldKind::Choices],
            },
            Self::Answers { .. } => &[],
        }
    }

    /// Whether a field may be left empty.
    #[must_use]
    pub fn is_optional(self, field: FieldKind) -> bool {
        match self {
            Self::Open { .. } => field == FieldKind::Description,
            Self::HandOver { .. } => true,
            _ => field == FieldKind::Keywords,
        }
    }

    /// The label of the button that passes a question of it over, which leaves what stands there, or nothing.
    #[must_use]
    pub fn passed_over_by(self, field: FieldKind) -> Option<&'static str> {
        match self {
            Self::EditDraft => Some("button-keep"),
            Self::HandOver { .. } => Some("button-no-word"),
            _ if field == FieldKind::Keywords => Some("button-no-keywords"),
            _ => None,
        }
    }

    /// Whether files without words are an answer.
    #[must_use]
    pub fn takes_files_alone(self) -> bool {
        matches!(self, Self::Comment(_) | Self::Note(_) | Self::HandOver { .. })
    }

    /// Whether somebody unknown has an account once it is complete.
    #[must_use]
    pub fn makes_account(self) -> bool {
        matches!(self, Self::SignUp | Self::Join { .. } | Self::Confirm)
    }

    /// The ticket it is about.
    #[must_use]
    pub fn ticket(self) -> Option<TicketId> {
        match self {
            Self::Comment(ticket)
            | Self::Note(ticket)
            | Self::Ask(ticket)
            | Self::Resolve(ticket)
            | Self::Reopen(ticket)
            | Self::Retitle(ticket)
            | Self::Describe(ticket)
            | Self::Remark(ticket)
            | Self::Relate(ticket)
            | Self::HandOver { ticket, .. } => Some(ticket),
            Self::SignUp
            | Self::Join { .. }
            | Self::Confirm
            | Self::Open { .. }
            | Self::EditDraft
            | Self::Search
            | Self::NewCanned
            | Self::RenameCanned(_)
            | Self::RewriteCanned(_)
            | Self::NewCategory
            | Self::ChangeCategory { .. }
            | Self::NewQuestion { .. }
            | Self::ChangeQuestion { .. }
            | Self::Answers { .. } => None,
        }
    }

    /// The fields as a modal shows them, with what stands in them already.
    #[must_use]
    pub fn form_fields(self, language: Language, standing: impl Fn(FieldKind) -> String) -> Vec<FormField> {
        let field = |field: &FieldKind| FormField {
            id: field.code().to_owned(),
            label: language.say(&format!("field-{}", field.code()), &[]),
            value: standing(*field),
            required: !self.is_optional(*field),
            long: matches!(
                field,
                FieldKind::Description
                    | FieldKind::Body
                    | FieldKind::Remark
                    | FieldKind::CannedText
                    | FieldKind::Keywords
                    | FieldKind::Choices
            ),
            max_chars: field.max_chars(),
        };
        self.fields().iter().map(field).collect()
    }
}

#[cfg(test)]
mod tests;
