//! What buttons carry: at most 64 bytes, Telegram's limit (<https://core.telegram.org/bots/api#inlinekeyboardbutton>).
//!
//! Buttons never expire and can be forged, so a press is only a wish: what it does is decided when it comes.

use std::fmt;
use std::str::FromStr;

use super::listing::Listing;
use crate::domain::account::AccountDeed;
use crate::domain::action::{Action, Handing};
use crate::domain::ids::{AccountId, CategoryId, IdentityId, OutboxId, PageId, TicketId};
use crate::domain::language::Language;
use crate::domain::rating::Stars;
use crate::domain::relation::Relation;
use crate::domain::ticket::Urgency;

mod canned;
mod categories;
mod mark;
mod new_for;
mod notify;
mod questions;
pub use canned::CannedPress;
pub use categories::CategoryPress;
pub use mark::Mark;
pub use notify::NotifyPress;
pub use questions::QuestionPress;

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Send the draft.
    Send,
    /// Show the draft again.
    ShowDraft,
    /// Offer the urgencies.
    PickUrgency,
    /// Set the draft's urgency.
    SetUrgency(Urgency),
    /// Set the draft's category.
    SetCategory(CategoryId),
    /// Edit the draft's title and description.
    EditDraft,
    /// Throw the draft away.
    DropDraft,
    /// Add the draft to an open ticket instead.
    AddTo(TicketId),
    /// Start a new ticket.
    NewTicket,
    /// Start one for somebody else, with what was chosen already.
    NewFor(AccountId, Option<Urgency>, Option<CategoryId>),
    /// List one's tickets.
    Mine,
    /// See what waits for one.
    Day,
    /// Show a page of a list.
    List(Listing),
    /// Choose whose tickets it shows, of the colleagues from this one on.
    ListOf(Listing, u32),
    /// Look for tickets by their words.
    Search,
    /// Do something to a ticket.
    Do(Action, TicketId),
    /// Withdraw it, asked twice.
    WithdrawSurely(TicketId),
    /// Delete it, asked twice.
    DeleteSurely(TicketId),
    /// Purge it, asked twice.
    PurgeSurely(TicketId),
    /// List the tickets that are deleted, from this one on.
    Deleted(u32),
    /// Show its history, behind so many lines.
    History(TicketId, u32),
    /// Send it as a file.
    Transcript(TicketId),
    /// Show what it is linked to.
    Links(TicketId),
    /// Say what it is to another.
    Relate(TicketId, Relation, TicketId),
    /// Take that back.
    Unrelate(TicketId, TicketId),
    /// Take a page from it.
    Detach(TicketId, PageId),
    /// Offer what of it can be changed.
    Change(TicketId),
    /// Give it this urgency.
    Prioritize(TicketId, Urgency),
    /// Give it this category.
    Categorize(TicketId, CategoryId),
    /// Offer the colleagues from this one on, to whom it can be handed in that way.
    Colleagues(Handing, TicketId, u32),
    /// Hand it to this one.
    HandTo(Handing, TicketId, AccountId),
    /// Have this one help no more.
    LetGo(TicketId, AccountId),
    /// Rate it with so many stars.
    Stars(TicketId, Stars),
    /// Put a word to its rating.
    Remark(TicketId),
    /// Do something with canned replies.
    Canned(CannedPress),
    /// Do something with categories.
    Categories(CategoryPress),
    /// Do something with questions of categories.
    Questions(QuestionPress),
    /// Keep what stands in the field that is asked for.
    Keep,
    /// Stop asking.
    StopAsking,
    /// Open the form again that was refused.
    FormAgain,
    /// Open the form in which a mailed code is typed.
    EnterCode,
    /// Mail another code.
    NewLetter,
    /// Give another address.
    OtherEmail,
    /// A late message is (or is not) the answer to the old question.
    LateAnswer(bool),
    /// This is (or is not) who they are.
    ConfirmLink(bool, Mark),
    /// Show a one-time code, with which another chat is linked.
    ShowCode,
    /// Ask whether a chat is really to be linked no more.
    AskUnlink(IdentityId),
    /// Link a chat no more.
    Unlink(IdentityId),
    /// Ask whether a chat is really to be linked no more, which somebody else linked.
    AskDisown(IdentityId),
    /// Link it no more, nor let whoever linked it stay.
    Disown(IdentityId),
    /// Leave the chats as they are.
    KeepChats,
    /// Be told in all of one's chats, or in the one used last.
    TellEverywhere(bool),
    /// See or choose how soon and where one is told.
    Notify(NotifyPress),
    /// Accept (or not) the invitation that a code stands for.
    Accept(bool, Mark),
    /// List people, from this one on.
    People(u32),
    /// Show somebody.
    Person(AccountId),
    /// Ask what is to become of somebody's tickets when their account is deleted.
    Delete(AccountId),
    /// Ask whether that is really to be done to somebody's account.
    AskPerson(AccountDeed, AccountId),
    /// Do it.
    DoPerson(AccountDeed, AccountId),
    /// Speak this language.
    Speak(Language),
    /// Send again what could not be delivered.
    Resend(OutboxId),
    /// Send all of it again.
    ResendAll,
}

fn action_code(action: Action) -> &'static str {
    match action {
        Action::View => "view",
        Action::Take => "take",
        Action::Release => "release",
        Action::Comment => "comment",
        Action::Note => "note",
        Action::Ask => "ask",
        Action::Resolve => "resolve",
        Action::Confirm => "confirm",
        Action::Reopen => "reopen",
        Action::Close => "close",
        Action::Withdraw => "withdraw",
        Action::Prioritize => "prioritize",
        Action::Categorize => "categorize",
        Action::Retitle => "retitle",
        Action::Describe => "describe",
        Action::Assign => "assign",
        Action::HandOver => "handover",
        // An account is deleted.
        Action::Delete => "remove",
        Action::Restore => "restore",
        Action::Purge => "purge",
        Action::Follow => "follow",
        Action::Rate => "rate",
        Action::Relate => "relate",
        Action::Reword => "reword",
        Action::Retract => "retract",
        Action::Help => "help",
    }
}

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send => f.write_str("send"),
            Self::ShowDraft => f.write_str("draft"),
            Self::PickUrgency => f.write_str("urgency"),
            Self::SetUrgency(urgency) => write!(f, "urgency:{}", urgency.code()),
            Self::SetCategory(category) => write!(f, "category:{category}"),
            Self::EditDraft => f.write_str("edit"),
            Self::DropDraft => f.write_str("drop"),
            Self::AddTo(ticket) => write!(f, "add:{ticket}"),
            Self::NewTicket => f.write_str("new"),
            Self::NewFor(person, urgency, category) => new_for::write(f, (*person, *urgency, *category)),
            Self::Mine => f.write_str("mine"),
            Self::Day => f.write_str("day"),
            Self::Search => f.write_str("search"),
            Self::List(listing) => write!(f, "list:{listing}"),
            Self::ListOf(listing, from) => write!(f, "list_of:{from}:{listing}"),
            Self::Do(action, ticket) => write!(f, "{}:{ticket}", action_code(*action)),
            Self::WithdrawSurely(ticket) => write!(f, "surely:{ticket}"),
            Self::DeleteSurely(ticket) => write!(f, "remove_surely:{ticket}"),
            Self::PurgeSurely(ticket) => write!(f, "purge_surely:{ticket}"),
            Self::Deleted(from) => write!(f, "deleted:{from}"),
            Self::History(ticket, from) => write!(f, "history:{ticket}:{from}"),
            Self::Links(ticket) => write!(f, "links:{ticket}"),
            Self::Relate(ticket, relation, other) => write!(f, "relate_to:{ticket}:{}:{other}", relation.code()),
            Self::Unrelate(ticket, other) => write!(f, "unrelate:{ticket}:{other}"),
            Self::Detach(ticket, page) => write!(f, "detach:{ticket}:{page}"),
            Self::Transcript(ticket) => write!(f, "transcript:{ticket}"),
            Self::Change(ticket) => write!(f, "change:{ticket}"),
            Self::Prioritize(ticket, urgency) => write!(f, "urgency_of:{ticket}:{}", urgency.code()),
            Self::Categorize(ticket, category) => write!(f, "category_of:{ticket}:{category}"),
            Self::Colleagues(handing, ticket, from) => {
                write!(f, "{}_from:{ticket}:{from}", action_code(handing.action()))
            }
            Self::HandTo(handing, ticket, to) => write!(f, "{}_to:{ticket}:{to}", action_code(handing.action())),
            Self::LetGo(ticket, helper) => write!(f, "let_go:{ticket}:{helper}"),
            Self::Stars(ticket, stars) => write!(f, "stars:{ticket}:{stars}"),
            Self::Remark(ticket) => write!(f, "remark:{ticket}"),
            Self::Canned(press) => write!(f, "canned:{press}"),
            Self::Categories(press) => write!(f, "categories:{press}"),
            Self::Questions(press) => write!(f, "questions:{press}"),
            Self::Keep => f.write_str("keep"),
            Self::StopAsking => f.write_str("stop"),
            Self::FormAgain => f.write_str("again"),
            Self::EnterCode => f.write_str("enter"),
            Self::NewLetter => f.write_str("letter"),
            Self::OtherEmail => f.write_str("email"),
            Self::LateAnswer(yes) => write!(f, "late:{}", if *yes { "yes" } else { "no" }),
            Self::ConfirmLink(yes, mark) => write!(f, "link:{}:{mark}", if *yes { "yes" } else { "no" }),
            Self::ShowCode => f.write_str("code"),
            Self::AskUnlink(chat) => write!(f, "unlink?:{chat}"),
            Self::Unlink(chat) => write!(f, "unlink:{chat}"),
            Self::AskDisown(chat) => write!(f, "disown?:{chat}"),
            Self::Disown(chat) => write!(f, "disown:{chat}"),
            Self::KeepChats => f.write_str("chats"),
            Self::TellEverywhere(yes) => write!(f, "everywhere:{}", if *yes { "yes" } else { "no" }),
            Self::Notify(press) => write!(f, "notify:{press}"),
            Self::Accept(yes, mark) => write!(f, "join:{}:{mark}", if *yes { "yes" } else { "no" }),
            Self::People(from) => write!(f, "people:{from}"),
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Delete(person) => write!(f, "delete:{person}"),
            Self::AskPerson(deed, person) => write!(f, "{}?:{person}", deed.code()),
            Self::DoPerson(deed, person) => write!(f, "{}!:{person}", deed.code()),
            Self::Speak(language) => write!(f, "speak:{}", language.code()),
            Self::Resend(letter) => write!(f, "resend:{letter}"),
            Self::ResendAll => f.write_str("resend:all"),
        }
    }
}

/// Reads a yes or a no, and to what.
fn marked(tail: &str, press: fn(bool, Mark) -> Press) -> Result<Press, UnknownPress> {
    let (yes, mark) = tail.split_once(':').ok_or(UnknownPress)?;
    let mark = mark.parse()?;
    match yes {
        "yes" => Ok(press(true, mark)),
        "no" => Ok(press(false, mark)),
        _ => Err(UnknownPress),
    }
}

/// A button that Guichet never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPress;

impl FromStr for Press {
    type Err = UnknownPress;

    fn from_str(action: &str) -> Result<Self, UnknownPress> {
        let (head, tail) = action.split_once(':').unwrap_or((action, ""));
        let ticket = || tail.parse().map(TicketId).map_err(|_| UnknownPress);
        let yes = || match tail {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(UnknownPress),
        };
        Ok(match (head, tail) {
            ("send", "") => Self::Send,
            ("draft", "") => Self::ShowDraft,
            ("urgency", "") => Self::PickUrgency,
            ("urgency", code) => Self::SetUrgency(code.parse().map_err(|_| UnknownPress)?),
            ("category", "") => Self::Categories(CategoryPress::Choose(0)),
            ("category", id) => Self::SetCategory(CategoryId(id.parse().map_err(|_| UnknownPress)?)),
            ("edit", "") => Self::EditDraft,
            ("drop", "") => Self::DropDraft,
            ("add", _) => Self::AddTo(ticket()?),
            ("new", "") => Self::NewTicket,
            ("for", chosen) => new_for::read(chosen)?,
            ("mine", "") => Self::Mine,
            ("day", "") => Self::Day,
            ("search", "") => Self::Search,
            ("list", _) => Self::List(tail.parse().map_err(|_| UnknownPress)?),
            ("list_of", _) => {
                let (from, listing) = tail.split_once(':').ok_or(UnknownPress)?;
                let listing = listing.parse().map_err(|_| UnknownPress)?;
                Self::ListOf(listing, from.parse().map_err(|_| UnknownPress)?)
            }
            ("surely", _) => Self::WithdrawSurely(ticket()?),
            ("remove_surely", _) => Self::DeleteSurely(ticket()?),
            ("purge_surely", _) => Self::PurgeSurely(ticket()?),
            ("deleted", from) => Self::Deleted(from.parse().map_err(|_| UnknownPress)?),
            ("links", _) => Self::Links(ticket()?),
            ("transcript", _) => Self::Transcript(ticket()?),
            ("change", _) => Self::Change(ticket()?),
            ("canned", press) => Self::Canned(press.parse()?),
            ("categories", press) => Self::Categories(press.parse()?),
            ("questions", press) => Self::Questions(press.parse()?),
            ("remark", _) => Self::Remark(ticket()?),
            (
                "urgency_of" | "category_of" | "let_go" | "stars" | "history" | "relate_to" | "unrelate" | "detach",
                _,
            ) => of_a_ticket(head, tail)?,
            (code, _) if code.ends_with("_from") || code.ends_with("_to") => of_a_ticket(head, tail)?,
            ("keep", "") => Self::Keep,
            ("stop", "") => Self::StopAsking,
            ("again", "") => Self::FormAgain,
            ("enter", "") => Self::EnterCode,
            ("letter", "") => Self::NewLetter,
            ("email", "") => Self::OtherEmail,
            ("late", _) => Self::LateAnswer(yes()?),
            ("link", _) => marked(tail, Self::ConfirmLink)?,
            ("code", "") => Self::ShowCode,
            ("unlink?", id) => Self::AskUnlink(IdentityId(id.parse().map_err(|_| UnknownPress)?)),
            ("unlink", id) => Self::Unlink(IdentityId(id.parse().map_err(|_| UnknownPress)?)),
            ("disown?", id) => Self::AskDisown(IdentityId(id.parse().map_err(|_| UnknownPress)?)),
            ("disown", id) => Self::Disown(IdentityId(id.parse().map_err(|_| UnknownPress)?)),
            ("chats", "") => Self::KeepChats,
            ("everywhere", _) => Self::TellEverywhere(yes()?),
            ("notify", press) => Self::Notify(press.parse()?),
            ("join", _) => marked(tail, Self::Accept)?,
            ("people", from) => Self::People(from.parse().map_err(|_| UnknownPress)?),
            ("person", id) => Self::Person(AccountId(id.parse().map_err(|_| UnknownPress)?)),
            ("delete", id) => Self::Delete(AccountId(id.parse().map_err(|_| UnknownPress)?)),
            ("resend", "all") => Self::ResendAll,
            ("resend", id) => Self::Resend(OutboxId(id.parse().map_err(|_| UnknownPress)?)),
            ("speak", code) => Self::Speak(code.parse().map_err(|_| UnknownPress)?),
            (code, id) if code.ends_with(['?', '!']) => {
                let (code, sign) = code.split_at(code.len() - 1);
                let deed = AccountDeed::ALL.into_iter().find(|deed| deed.code() == code);
                let deed = deed.ok_or(UnknownPress)?;
                let person = AccountId(id.parse().map_err(|_| UnknownPress)?);
                if sign == "?" {
                    Self::AskPerson(deed, person)
                } else {
                    Self::DoPerson(deed, person)
                }
            }
            (code, _) => {
                let action = Action::ALL.into_iter().find(|action| action_code(*action) == code);
                Self::Do(action.ok_or(UnknownPress)?, ticket()?)
            }
        })
    }
}

/// What names a ticket, and something beside it.
fn of_a_ticket(head: &str, tail: &str) -> Result<Press, UnknownPress> {
    let (ticket, chosen) = tail.split_once(':').ok_or(UnknownPress)?;
    let ticket = ticket.parse().map(TicketId).map_err(|_| UnknownPress)?;
    let number = || chosen.parse::<u64>().map_err(|_| UnknownPress);
    let from = || chosen.parse::<u32>().map_err(|_| UnknownPress);
    Ok(match head {
        "urgency_of" => Press::Prioritize(ticket, chosen.parse().map_err(|_| UnknownPress)?),
        "category_of" => Press::Categorize(ticket, CategoryId(number()?)),
        "history" => Press::History(ticket, from()?),
        "relate_to" => {
            let (relation, other) = chosen.split_once(':').ok_or(UnknownPress)?;
            let relation = relation.parse().map_err(|_| UnknownPress)?;
            Press::Relate(ticket, relation, other.parse().map(TicketId).map_err(|_| UnknownPress)?)
        }
        "unrelate" => Press::Unrelate(ticket, TicketId(number()?)),
        "detach" => Press::Detach(ticket, PageId(number()?)),
        "let_go" => Press::LetGo(ticket, AccountId(number()?)),
        "stars" => Press::Stars(ticket, chosen.parse().map_err(|_| UnknownPress)?),
        _ => {
            let (code, end) = head.rsplit_once('_').ok_or(UnknownPress)?;
            let mut ways = Handing::ALL.into_iter();
            let handing = ways.find(|handing| action_code(handing.action()) == code);
            match (handing.ok_or(UnknownPress)?, end) {
                (handing, "from") => Press::Colleagues(handing, ticket, from()?),
                (handing, "to") => Press::HandTo(handing, ticket, AccountId(number()?)),
                _ => return Err(UnknownPress),
            }
        }
    })
}

#[cfg(test)]
mod tests;
