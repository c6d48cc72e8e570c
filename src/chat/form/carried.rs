//! Forms as their actions carry them, and as dialogs are kept.

use std::fmt;
use std::str::FromStr;

use super::{CategoryPart, FormKind, QuestionPart};
use crate::domain::ids::{AccountId, CannedId, CategoryId, QuestionId, TicketId};
use crate::domain::language::Language;
use crate::domain::ticket::Urgency;

impl fmt::Display for FormKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open {
                urgency,
                category,
                stranger,
                follows,
                requester,
            } => {
                let urgency = urgency.map_or("", Urgency::code);
                let category = category.map(|category| category.to_string()).unwrap_or_default();
                let stranger = if *stranger { "new" } else { "" };
                let follows = follows.map(|ticket| ticket.to_string()).unwrap_or_default();
                let requester = requester.map(|account| account.to_string()).unwrap_or_default();
                write!(f, "open:{urgency}:{category}:{stranger}:{follows}:{requester}")
            }
            Self::Join { asks_email: true } => f.write_str("join:email"),
            Self::HandOver { ticket, to: Some(to) } => write!(f, "handover:{ticket}:{to}"),
            Self::ChangeCategory {
                category,
                version,
                part,
            } => write!(f, "{}:{category}:{version}:{}", self.code(), part.field().code()),
            Self::NewQuestion { category, kind } => write!(f, "{}:{category}:{}", self.code(), kind.code()),
            Self::ChangeQuestion {
                question,
                version,
                part,
            } => write!(f, "{}:{question}:{version}:{}", self.code(), part.field().code()),
            Self::Answers { again: true } => f.write_str("answers:again"),
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
            "newquestion" => new_question_form(tail)?,
            "changequestion" => question_form(tail)?,
            "answers" => Self::Answers { again: tail == "again" },
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

fn new_question_form(tail: &str) -> Result<FormKind, UnknownForm> {
    let (category, kind) = tail.split_once(':').ok_or(UnknownForm)?;
    Ok(FormKind::NewQuestion {
        category: category.parse().map(CategoryId).map_err(|_| UnknownForm)?,
        kind: kind.parse().map_err(|_| UnknownForm)?,
    })
}

fn question_form(tail: &str) -> Result<FormKind, UnknownForm> {
    let parts: Vec<&str> = tail.split(':').collect();
    let [question, version, part] = parts[..] else {
        return Err(UnknownForm);
    };
    let mut parts = [QuestionPart::Words, QuestionPart::Choices].into_iter();
    Ok(FormKind::ChangeQuestion {
        question: question.parse().map(QuestionId).map_err(|_| UnknownForm)?,
        version: version.parse().map_err(|_| UnknownForm)?,
        part: parts.find(|known| known.field().code() == part).ok_or(UnknownForm)?,
    })
}

fn open_form(choices: &str) -> Result<FormKind, UnknownForm> {
    let choices: Vec<&str> = choices.split(':').collect();
    let (urgency, category, stranger, follows, requester) = match choices[..] {
        [urgency, category, stranger, follows, requester] => (urgency, category, stranger, follows, requester),
        // A form that was open before there was more of it.
        [urgency, category, stranger, follows] => (urgency, category, stranger, follows, ""),
        [urgency, category, stranger] => (urgency, category, stranger, "", ""),
        _ => return Err(UnknownForm),
    };
    let number = |typed: &str| {
        let number = (!typed.is_empty()).then(|| typed.parse::<u64>());
        number.transpose().map_err(|_| UnknownForm)
    };
    let urgency = (!urgency.is_empty())
        .then(|| urgency.parse())
        .transpose()
        .map_err(|_| UnknownForm)?;
    Ok(FormKind::Open {
        urgency,
        category: number(category)?.map(CategoryId),
        stranger: stranger == "new",
        follows: number(follows)?.map(TicketId),
        requester: number(requester)?.map(AccountId),
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
