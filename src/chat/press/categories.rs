//! What the buttons of categories carry, behind the word that says so.

use std::fmt;
use std::str::FromStr;

use super::super::listing::Listing;
use super::UnknownPress;
use crate::domain::ids::{CategoryId, TicketId};
use crate::domain::language::Language;

/// What such a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryPress {
    /// List them for an admin, from this one on.
    List(u32),
    /// Show one.
    Show(CategoryId),
    /// Add one.
    New,
    /// Give it another name in that language.
    Rename(CategoryId, Language),
    /// Give it other keywords.
    Keywords(CategoryId),
    /// Offer it no more (or again).
    Retire(bool, CategoryId),
    /// Offer them for the draft, from this one on.
    Choose(u32),
    /// Offer them for a ticket, from this one on.
    ChooseFor(TicketId, u32),
    /// Offer them for a list, from this one on.
    ChooseOf(Listing, u32),
}

impl fmt::Display for CategoryPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(from) => write!(f, "list:{from}"),
            Self::Show(id) => write!(f, "show:{id}"),
            Self::New => f.write_str("new"),
            Self::Rename(id, language) => write!(f, "{}:{id}", language.code()),
            Self::Keywords(id) => write!(f, "keywords:{id}"),
            Self::Retire(true, id) => write!(f, "retire:{id}"),
            Self::Retire(false, id) => write!(f, "offer:{id}"),
            Self::Choose(from) => write!(f, "choose:{from}"),
            Self::ChooseFor(ticket, from) => write!(f, "for:{ticket}:{from}"),
            Self::ChooseOf(listing, from) => write!(f, "of:{from}:{listing}"),
        }
    }
}

impl FromStr for CategoryPress {
    type Err = UnknownPress;

    fn from_str(carried: &str) -> Result<Self, UnknownPress> {
        let (head, tail) = carried.split_once(':').unwrap_or((carried, ""));
        let id = || tail.parse().map(CategoryId).map_err(|_| UnknownPress);
        let from = |from: &str| from.parse::<u32>().map_err(|_| UnknownPress);
        Ok(match (head, tail) {
            ("new", "") => Self::New,
            ("list", _) => Self::List(from(tail)?),
            ("show", _) => Self::Show(id()?),
            ("keywords", _) => Self::Keywords(id()?),
            ("retire", _) => Self::Retire(true, id()?),
            ("offer", _) => Self::Retire(false, id()?),
            ("choose", _) => Self::Choose(from(tail)?),
            ("for", _) => {
                let (ticket, first) = tail.split_once(':').ok_or(UnknownPress)?;
                let ticket = ticket.parse().map(TicketId).map_err(|_| UnknownPress)?;
                Self::ChooseFor(ticket, from(first)?)
            }
            ("of", _) => {
                let (first, listing) = tail.split_once(':').ok_or(UnknownPress)?;
                Self::ChooseOf(listing.parse().map_err(|_| UnknownPress)?, from(first)?)
            }
            _ => Self::Rename(id()?, head.parse().map_err(|_| UnknownPress)?),
        })
    }
}
