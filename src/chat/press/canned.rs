//! What the buttons of canned replies carry, behind the word that says so.

use std::fmt;
use std::str::FromStr;

use super::{Mark, UnknownPress};
use crate::domain::ids::{CannedId, TicketId};

/// What such a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannedPress {
    /// List them, from this one on.
    List(u32),
    /// Show one.
    Show(CannedId),
    /// Add one.
    New,
    /// Give it another name.
    Rename(CannedId),
    /// Give it another text.
    Rewrite(CannedId),
    /// Ask whether it is really to be removed.
    AskRemove(CannedId),
    /// Remove it.
    Remove(CannedId),
    /// Offer them for a ticket, from this one on.
    Choose(TicketId, u32),
    /// Show what this one would say to who asked.
    Use(TicketId, CannedId),
    /// Send what was shown so.
    Send(TicketId, Mark),
}

impl fmt::Display for CannedPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(from) => write!(f, "list:{from}"),
            Self::Show(id) => write!(f, "show:{id}"),
            Self::New => f.write_str("new"),
            Self::Rename(id) => write!(f, "name:{id}"),
            Self::Rewrite(id) => write!(f, "text:{id}"),
            Self::AskRemove(id) => write!(f, "remove?:{id}"),
            Self::Remove(id) => write!(f, "remove!:{id}"),
            Self::Choose(ticket, from) => write!(f, "choose:{ticket}:{from}"),
            Self::Use(ticket, id) => write!(f, "use:{ticket}:{id}"),
            Self::Send(ticket, mark) => write!(f, "send:{ticket}:{mark}"),
        }
    }
}

impl FromStr for CannedPress {
    type Err = UnknownPress;

    fn from_str(carried: &str) -> Result<Self, UnknownPress> {
        let (head, tail) = carried.split_once(':').unwrap_or((carried, ""));
        let id = || tail.parse().map(CannedId).map_err(|_| UnknownPress);
        if let Some((ticket, tail)) = tail.split_once(':') {
            let ticket = ticket.parse().map(TicketId).map_err(|_| UnknownPress)?;
            return Ok(match head {
                "choose" => Self::Choose(ticket, tail.parse().map_err(|_| UnknownPress)?),
                "use" => Self::Use(ticket, CannedId(tail.parse().map_err(|_| UnknownPress)?)),
                "send" => Self::Send(ticket, tail.parse()?),
                _ => return Err(UnknownPress),
            });
        }
        Ok(match (head, tail) {
            ("new", "") => Self::New,
            ("list", from) => Self::List(from.parse().map_err(|_| UnknownPress)?),
            ("show", _) => Self::Show(id()?),
            ("name", _) => Self::Rename(id()?),
            ("text", _) => Self::Rewrite(id()?),
            ("remove?", _) => Self::AskRemove(id()?),
            ("remove!", _) => Self::Remove(id()?),
            _ => return Err(UnknownPress),
        })
    }
}
