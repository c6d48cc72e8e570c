//! What the buttons of questions carry, behind the word that says so.

use std::fmt;
use std::str::FromStr;

use super::{Mark, UnknownPress};
use crate::domain::ids::{CategoryId, QuestionId};
use crate::domain::question::QuestionKind;

/// What such a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionPress {
    /// List those of a category for an admin.
    Of(CategoryId),
    /// Offer the kinds that a new one may be of.
    New(CategoryId),
    /// Add one of that kind.
    Add(CategoryId, QuestionKind),
    /// Show one.
    Show(QuestionId),
    /// Word it otherwise.
    Words(QuestionId),
    /// Give other answers to choose from.
    Choices(QuestionId),
    /// Have no ticket without an answer (or have it).
    Require(bool, QuestionId),
    /// Ask whether it is really to be removed.
    AskRemove(QuestionId),
    /// Remove it as it was in that version.
    Remove(QuestionId, u32),
    /// Answer those of the draft's category.
    Fill,
    /// Offer what there is to choose from, from this one on.
    Page(QuestionId, u32),
    /// Choose that.
    Choose(QuestionId, Mark),
    /// Leave it as it is.
    Pass(QuestionId),
    /// Take its answer out again.
    Clear(QuestionId),
}

impl fmt::Display for QuestionPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(category) => write!(f, "of:{category}"),
            Self::New(category) => write!(f, "new:{category}"),
            Self::Add(category, kind) => write!(f, "{}:{category}", kind.code()),
            Self::Show(id) => write!(f, "show:{id}"),
            Self::Words(id) => write!(f, "words:{id}"),
            Self::Choices(id) => write!(f, "choices:{id}"),
            Self::Require(true, id) => write!(f, "require:{id}"),
            Self::Require(false, id) => write!(f, "allow:{id}"),
            Self::AskRemove(id) => write!(f, "remove?:{id}"),
            Self::Remove(id, version) => write!(f, "remove!:{id}:{version}"),
            Self::Fill => f.write_str("fill"),
            Self::Page(id, from) => write!(f, "page:{id}:{from}"),
            Self::Choose(id, mark) => write!(f, "choose:{id}:{mark}"),
            Self::Pass(id) => write!(f, "pass:{id}"),
            Self::Clear(id) => write!(f, "clear:{id}"),
        }
    }
}

impl FromStr for QuestionPress {
    type Err = UnknownPress;

    fn from_str(carried: &str) -> Result<Self, UnknownPress> {
        let (head, tail) = carried.split_once(':').unwrap_or((carried, ""));
        let question = |id: &str| id.parse().map(QuestionId).map_err(|_| UnknownPress);
        let id = || question(tail);
        let category = || tail.parse().map(CategoryId).map_err(|_| UnknownPress);
        let two = || tail.split_once(':').ok_or(UnknownPress);
        let number = |number: &str| number.parse::<u32>().map_err(|_| UnknownPress);
        Ok(match (head, tail) {
            ("fill", "") => Self::Fill,
            ("of", _) => Self::Of(category()?),
            ("new", _) => Self::New(category()?),
            ("show", _) => Self::Show(id()?),
            ("words", _) => Self::Words(id()?),
            ("choices", _) => Self::Choices(id()?),
            ("require", _) => Self::Require(true, id()?),
            ("allow", _) => Self::Require(false, id()?),
            ("remove?", _) => Self::AskRemove(id()?),
            ("remove!", _) => Self::Remove(question(two()?.0)?, number(two()?.1)?),
            ("pass", _) => Self::Pass(id()?),
            ("clear", _) => Self::Clear(id()?),
            ("page", _) => Self::Page(question(two()?.0)?, number(two()?.1)?),
            ("choose", _) => Self::Choose(question(two()?.0)?, two()?.1.parse()?),
            _ => Self::Add(category()?, head.parse().map_err(|_| UnknownPress)?),
        })
    }
}
