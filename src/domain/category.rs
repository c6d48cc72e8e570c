//! Categories of tickets, which are data: an admin adds, changes and retires them.

use std::collections::BTreeSet;
use std::fmt;

use super::ids::CategoryId;
use super::language::Language;
use super::text::{CategoryName, TextError, clean};
use super::words::words_of;

/// How many are offered at most: as many as Discord suggests.
pub const MOST_OFFERED: usize = 25;

/// A category of tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its code, by which the history names it.
    pub code: String,
    /// Its name in French.
    pub name_fr: String,
    /// Its name in English.
    pub name_en: String,
    /// Words, separated by spaces, that make a message likely to be of this category.
    pub keywords: String,
    /// Whether it is offered no more.
    pub is_retired: bool,
    /// How many changes it has seen.
    pub version: u32,
}

impl Category {
    /// Its name in that language.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.name_fr,
            Language::En => &self.name_en,
        }
    }
}

/// What an admin changes in one.
#[derive(Clone, Debug)]
pub enum CategoryChange {
    /// Its name in that language.
    Name(Language, CategoryName),
    /// The words that make a message likely to be of it.
    Keywords(Keywords),
}

impl CategoryChange {
    /// The category with the change.
    #[must_use]
    pub fn applied(&self, category: &Category) -> Category {
        let mut after = category.clone();
        match self {
            Self::Name(Language::Fr, name) => after.name_fr = name.to_string(),
            Self::Name(Language::En, name) => after.name_en = name.to_string(),
            Self::Keywords(keywords) => after.keywords = keywords.to_string(),
        }
        after
    }
}

/// Words that make a message likely to be of a category, each once; perhaps none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keywords(String);

impl Keywords {
    /// The most characters they may have.
    pub const MAX: usize = 1_000;

    /// Reads what somebody typed: words, however they are set apart. Those that stand in every text are left out.
    ///
    /// # Errors
    /// [`TextError`], which says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let typed = clean(typed);
        let mut known = BTreeSet::new();
        let words = typed.split(|c: char| c.is_whitespace() || ",;".contains(c));
        let telling = words.filter(|word| {
            let tells = words_of(word);
            let is_new = !tells.is_subset(&known);
            known.extend(tells);
            is_new
        });
        let kept = telling.collect::<Vec<_>>().join(" ");
        let length = kept.chars().count();
        if length > Self::MAX {
            return Err(TextError::TooLong { length, max: Self::MAX });
        }
        if kept.is_empty() && !typed.is_empty() {
            let has_words = typed.contains(char::is_alphanumeric);
            return Err(if has_words {
                TextError::Empty
            } else {
                TextError::NoWords
            });
        }
        Ok(Self(kept))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Keywords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_kept_once_and_without_what_tells_nothing() {
        let kept = |typed: &str| Keywords::parse(typed).map(|keywords| keywords.to_string());
        assert_eq!(
            kept("imprimante, Imprimantes;  le toner\n\u{202E}Wi-Fi wifi"),
            Ok("imprimante toner Wi-Fi wifi".to_owned())
        );
        assert_eq!(kept(" \n"), Ok(String::new()));
        for (typed, why) in [
            ("🔥 !!!", TextError::NoWords),
            ("-", TextError::NoWords),
            ("le la les", TextError::Empty),
        ] {
            assert_eq!(kept(typed), Err(why), "{typed}");
        }
        let long = (0..300).fold(String::new(), |text, number| format!("{text} mot{number}"));
        assert!(matches!(kept(&long), Err(TextError::TooLong { max: 1_000, .. })));
    }
}
