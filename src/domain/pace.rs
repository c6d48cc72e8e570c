//! How soon people are told what concerns them.

use std::str::FromStr;

use super::platform::UnknownCode;

/// How soon somebody is told what concerns them, as they chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Of each change at once.
    #[default]
    Each,
    /// Once an hour at most, of all of it in one message.
    Hourly,
    /// Never, but of what waits for their answer.
    Never,
}

impl Pace {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Each, Self::Hourly, Self::Never];

    /// The code kept in the database, and the end of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Hourly => "hourly",
            Self::Never => "never",
        }
    }
}

impl FromStr for Pace {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|pace| pace.code() == code);
        found.ok_or_else(|| UnknownCode {
            what: "pace",
            code: code.to_owned(),
        })
    }
}
