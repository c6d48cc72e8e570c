//! What the buttons of `/notify` carry, behind the word that says so.

use std::fmt;
use std::str::FromStr;

use super::UnknownPress;
use crate::domain::pace::Pace;

/// What such a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyPress {
    /// Show how soon and where one is told.
    Show,
    /// Be told so soon.
    Pace(Pace),
    /// Be told in all of one's chats, or in the one used last.
    Everywhere(bool),
}

impl fmt::Display for NotifyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Show => "show",
            Self::Pace(pace) => pace.code(),
            Self::Everywhere(true) => "everywhere",
            Self::Everywhere(false) => "where_used",
        })
    }
}

impl FromStr for NotifyPress {
    type Err = UnknownPress;

    fn from_str(carried: &str) -> Result<Self, UnknownPress> {
        Ok(match carried {
            "show" => Self::Show,
            "everywhere" => Self::Everywhere(true),
            "where_used" => Self::Everywhere(false),
            pace => Self::Pace(pace.parse().map_err(|_| UnknownPress)?),
        })
    }
}
