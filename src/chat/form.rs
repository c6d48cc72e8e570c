//! The forms: one description, shown as a modal where the platform has them and asked question by question
//! where not.
//!
//! To add one: a variant, its code, its fields, its sentences (`form-…`, `question-…`), and what completes it
//! in [`asking`](super::asking).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::reply::FormField;
use crate::domain::ids::{AccountId, CannedId, CategoryId, TicketId};
use crate::domain::language::Language;
use crate::domain::ticket::Urgency;

mod field;

pub use self::field::{CategoryPart, FieldKind};

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
            | Self::ChangeCategory { .. } => None,
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
            ),
            max_chars: field.max_chars(),
        };
        self.fields().iter().map(field).collect()
    }
}

impl fmt::Display for FormKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open {
                urgency,
                category,
                stranger,
                follows,
            } => {
                let urgency = urgency.map_or("", Urgency::code);
                let category = category.map(|category| category.to_string()).unwrap_or_default();
                let stranger = if *stranger { "new" } else { "" };
                let follows = follows.map(|ticket| ticket.to_string()).unwrap_or_default();
                write!(f, "open:{urgency}:{category}:{stranger}:{follows}")
            }
            Self::Join { asks_email: true } => f.write_str("join:email"),
            Self::HandOver { ticket, to: Some(to) } => write!(f, "handover:{ticket}:{to}"),
            Self::ChangeCategory {
                category,
                version,
                part,
            } => write!(f, "{}:{category}:{version}:{}", self.code(), part.field().code()),
            Self::RenameCanned(id) | Self::RewriteCanned(id) => write!(f, "{}:{id}", self.code()),
            form => match form.ticket() {
                Some(ticket) => write!(f, "{}:{ticket}", form.code()),
                None => f.write_str(form.code()),
            },
        }
    }
}

/// A form that Guichet never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown form")]
pub struct UnknownForm;

impl FromStr for FormKind {
    type Err = UnknownForm;

    fn from_str(code: &str) -> Result<Self, UnknownForm> {
        let (head, tail) = code.split_once(':').unwrap_or((code, ""));
        let ticket = || tail.parse().map(TicketId).map_err(|_| UnknownForm);
        let canned = || tail.parse().map(CannedId).map_err(|_| UnknownForm);
        Ok(match head {
            "signup" => Self::SignUp,
            "join" => Self::Join {
                asks_email: tail == "email",
            },
            "confirm" => Self::Confirm,
            "edit" => Self::EditDraft,
            "search" => Self::Search,
            "open" => open_form(tail)?,
            "comment" => Self::Comment(ticket()?),
            "note" => Self::Note(ticket()?),
            "ask" => Self::Ask(ticket()?),
            "resolve" => Self::Resolve(ticket()?),
            "reopen" => Self::Reopen(ticket()?),
            "retitle" => Self::Retitle(ticket()?),
            "describe" => Self::Describe(ticket()?),
            "handover" => hand_over_form(tail)?,
            "remark" => Self::Remark(ticket()?),
            "relate" => Self::Relate(ticket()?),
            "newcanned" => Self::NewCanned,
            "renamecanned" => Self::RenameCanned(canned()?),
            "rewritecanned" => Self::RewriteCanned(canned()?),
            "newcategory" => Self::NewCategory,
            "changecategory" => category_form(tail)?,
            _ => return Err(UnknownForm),
        })
    }
}

fn hand_over_form(tail: &str) -> Result<FormKind, UnknownForm> {
    let (ticket, to) = tail
        .split_once(':')
        .map_or((tail, None), |(ticket, to)| (ticket, Some(to)));
    let ticket = ticket.parse().map(TicketId).map_err(|_| UnknownForm)?;
    let to = to.map(str::parse).transpose().map_err(|_| UnknownForm)?;
    Ok(FormKind::HandOver {
        ticket,
        to: to.map(AccountId),
    })
}

fn category_form(tail: &str) -> Result<FormKind, UnknownForm> {
    let parts: Vec<&str> = tail.split(':').collect();
    let [category, version, part] = parts[..] else {
        return Err(UnknownForm);
    };
    let names = Language::ALL.map(CategoryPart::Name);
    let mut parts = names.into_iter().chain([CategoryPart::Keywords]);
    Ok(FormKind::ChangeCategory {
        category: category.parse().map(CategoryId).map_err(|_| UnknownForm)?,
        version: version.parse().map_err(|_| UnknownForm)?,
        part: parts.find(|known| known.field().code() == part).ok_or(UnknownForm)?,
    })
}

fn open_form(choices: &str) -> Result<FormKind, UnknownForm> {
    let choices: Vec<&str> = choices.split(':').collect();
    let (urgency, category, stranger, follows) = match choices[..] {
        [urgency, category, stranger, follows] => (urgency, category, stranger, follows),
        // A form that was open before there was more of it.
        [urgency, category, stranger] => (urgency, category, stranger, ""),
        _ => return Err(UnknownForm),
    };
    let follows = (!follows.is_empty())
        .then(|| follows.parse())
        .transpose()
        .map_err(|_| UnknownForm)?;
    let urgency = (!urgency.is_empty())
        .then(|| urgency.parse())
        .transpose()
        .map_err(|_| UnknownForm)?;
    let category = (!category.is_empty())
        .then(|| category.parse())
        .transpose()
        .map_err(|_| UnknownForm)?;
    Ok(FormKind::Open {
        urgency,
        category: category.map(CategoryId),
        stranger: stranger == "new",
        follows: follows.map(TicketId),
    })
}

impl From<FormKind> for String {
    fn from(form: FormKind) -> Self {
        form.to_string()
    }
}

impl TryFrom<String> for FormKind {
    type Error = UnknownForm;

    fn try_from(code: String) -> Result<Self, UnknownForm> {
        code.parse()
    }
}

#[cfg(test)]
mod tests;
