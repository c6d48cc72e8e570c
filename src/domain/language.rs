//! The languages Guichet speaks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::platform::UnknownCode;

/// A language in which every sentence exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// French, the first language of the people Guichet is built for.
    #[default]
    Fr,
    /// English.
    En,
}

impl Language {
    /// All of them, French first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The ISO 639-1 code, as kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language for a platform's language tag (`fr`, `fr-CA`, `en-US`…): French for French, English for
    /// every other tongue, since more people read it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("fr") {
            Self::Fr
        } else {
            Self::En
        }
    }
}

impl FromStr for Language {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or_else(|| UnknownCode {
                what: "language",
                code: code.to_owned(),
            })
    }
}
