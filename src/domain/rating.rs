//! What somebody thinks of how their ticket was dealt with.

use std::fmt;
use std::str::FromStr;

use super::platform::UnknownCode;
use super::text::{Remark, one_line};

/// One to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stars(u8);

impl Stars {
    /// All of them, the fewest first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// So many; `None` where that can't be.
    #[must_use]
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stars| stars.0 == number)
    }

    /// How many.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// What somebody typed: `4`, `4/5`, `★★★★`.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed = one_line(typed);
        let drawn = typed.trim_end_matches('☆');
        let is_drawn = !drawn.is_empty() && drawn.chars().all(|c| matches!(c, '★' | '⭐' | '\u{FE0F}'));
        if is_drawn {
            let count = drawn.chars().filter(|c| *c != '\u{FE0F}').count();
            return u8::try_from(count).ok().and_then(Self::of);
        }
        typed.strip_suffix("/5").unwrap_or(&typed).parse().ok()
    }

    /// As a drawing.
    #[must_use]
    pub fn drawn(self) -> String {
        let full = usize::from(self.0);
        format!("{}{}", "★".repeat(full), "☆".repeat(Self::ALL.len() - full))
    }
}

impl fmt::Display for Stars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Stars {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        let unknown = || UnknownCode {
            what: "stars",
            code: code.to_owned(),
        };
        let known = Self::ALL.into_iter().find(|stars| stars.to_string() == code);
        known.ok_or_else(unknown)
    }
}

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The stars.
    pub stars: Stars,
    /// The word with them.
    pub words: Option<String>,
}

impl Rating {
    /// As the history keeps it: the stars, and the word behind them.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.words {
            Some(words) => format!("{} {words}", self.stars),
            None => self.stars.to_string(),
        }
    }
}

/// What somebody says of it at once: what is left out stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The stars.
    pub stars: Option<Stars>,
    /// The word.
    pub words: Option<Remark>,
}

impl Said {
    /// The rating with it; `None` for a word that no stars come with.
    #[must_use]
    pub fn over(&self, before: Option<&Rating>) -> Option<Rating> {
        let stars = self.stars.or(before.map(|rating| rating.stars))?;
        let words = self.words.as_ref().map(ToString::to_string);
        let words = words.or_else(|| before.and_then(|rating| rating.words.clone()));
        Some(Rating { stars, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_read_as_people_type_them() {
        for (typed, stars) in [
            ("4", Some(4)),
            (" 4/5 ", Some(4)),
            ("★★★★☆", Some(4)),
            ("⭐\u{FE0F}⭐\u{FE0F}", Some(2)),
            ("0", None),
            ("6", None),
            ("-1", None),
            ("+4", None),
            ("4.5", None),
            ("☆☆☆", None),
            ("★★★★★★", None),
            ("", None),
            ("\u{200B}", None),
            ("quatre", None),
        ] {
            assert_eq!(Stars::read(typed).map(Stars::number), stars, "{typed}");
        }
    }

    #[test]
    fn what_is_left_out_stays_as_it_was() {
        let words = |words: &str| Remark::parse(words).ok();
        let four = Said {
            stars: Stars::of(4),
            words: None,
        };
        let thanks = Said {
            stars: None,
            words: words("Merci"),
        };
        assert_eq!(thanks.over(None), None);
        let rated = four.over(None).unwrap();
        assert_eq!(rated.line(), "4");
        let thanked = thanks.over(Some(&rated)).unwrap();
        assert_eq!(thanked.line(), "4 Merci");
        let five = Said {
            stars: Stars::of(5),
            words: None,
        };
        assert_eq!(five.over(Some(&thanked)).unwrap().line(), "5 Merci");
    }
}
