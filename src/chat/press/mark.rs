//! Which question a button answers.

use std::fmt;
use std::str::FromStr;

use super::UnknownPress;
use crate::service::codes::CodeHash;

/// Which code a question is about: an answer to another question is none to this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u32);

impl Mark {
    /// That of a code with this hash.
    #[must_use]
    pub fn of(hash: &CodeHash) -> Self {
        Self(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
    }

    /// That of what was shown.
    #[must_use]
    pub fn of_words(words: &str) -> Self {
        Self(crc32fast::hash(words.as_bytes()))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl FromStr for Mark {
    type Err = UnknownPress;

    fn from_str(mark: &str) -> Result<Self, UnknownPress> {
        u32::from_str_radix(mark, 16).map(Self).map_err(|_| UnknownPress)
    }
}
