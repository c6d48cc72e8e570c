//! What tickets are to each other, and the pages elsewhere that belong to one.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::ids::TicketId;
use super::platform::UnknownCode;
use super::text::{TextError, beginning, one_line};

/// What a ticket is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The other can't be resolved before it.
    Blocks,
    /// It can't be resolved before the other.
    BlockedBy,
    /// It is about what the other is about already.
    Duplicates,
    /// The other is about what it is about already.
    DuplicatedBy,
    /// They have something to do with each other.
    Relates,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Blocks,
        Self::BlockedBy,
        Self::Duplicates,
        Self::DuplicatedBy,
        Self::Relates,
    ];

    /// The code that buttons and the history carry, and the end of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::BlockedBy => "blocked",
            Self::Duplicates => "duplicates",
            Self::DuplicatedBy => "duplicated",
            Self::Relates => "relates",
        }
    }

    /// What the other is to it.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Blocks => Self::BlockedBy,
            Self::BlockedBy => Self::Blocks,
            Self::Duplicates => Self::DuplicatedBy,
            Self::DuplicatedBy => Self::Duplicates,
            Self::Relates => Self::Relates,
        }
    }
}

impl FromStr for Relation {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        let known = Self::ALL.into_iter().find(|relation| relation.code() == code);
        known.ok_or_else(|| UnknownCode {
            what: "relation",
            code: code.to_owned(),
        })
    }
}

/// The address of a page, which can be shown to others as it is: of the web, and with nobody's password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// The most characters it may have: a message on Discord has 2,000.
    pub const MAX: usize = 1_000;

    /// Reads an address.
    ///
    /// # Errors
    /// [`TextError`], which says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let typed = one_line(typed);
        if typed.contains(char::is_whitespace) {
            return Err(TextError::NothingToLink);
        }
        let url = Url::parse(&typed).map_err(|_| TextError::NothingToLink)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(TextError::NothingToLink);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TextError::WithPassword);
        }
        // In one way to write it, and without what could be read as markup or as a mention where it is shown.
        let (host, rest) = url.as_str().split_at(url[..url::Position::BeforePath].len());
        let mut written = host.to_owned();
        for c in rest.chars() {
            if c.is_ascii_alphanumeric() || "-._/?#&=%+,;:!$".contains(c) {
                written.push(c);
            } else {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let hex = [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or_default());
                    written.push('%');
                    written.extend(hex.map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
        let length = written.chars().count();
        if length > Self::MAX {
            return Err(TextError::TooLong { length, max: Self::MAX });
        }
        Ok(Self(written))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands for it where there is little room: where it leads, without how.
    #[must_use]
    pub fn label(&self, most: usize) -> String {
        shortened(&self.0, most)
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The host and the path of an address, as far as there is room.
#[must_use]
pub fn shortened(address: &str, most: usize) -> String {
    let (_, bare) = address.split_once("://").unwrap_or(("", address));
    let bare = bare.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let seen = beginning(bare, most);
    let cut = if seen.len() < bare.len() { "…" } else { "" };
    format!("{seen}{cut}")
}

/// What somebody wants a ticket linked to, as they typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another ticket, and the words before its number.
    Ticket(TicketId, String),
    /// A page.
    Page(WebAddress),
}

impl Target {
    /// Reads `7`, `bloque 7`, `https://exemple.org/page`.
    ///
    /// # Errors
    /// [`TextError`], which says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let typed = one_line(typed);
        if typed.is_empty() {
            return Err(TextError::Empty);
        }
        let (words, last) = typed.rsplit_once(' ').unwrap_or(("", &typed));
        let digits = last.trim_start_matches(['#', '№']).trim_start_matches("n°");
        if let Ok(number) = digits.parse() {
            let words = words.trim_end_matches("n°").trim_end_matches("no.").trim_end();
            return Ok(Self::Ticket(TicketId(number), words.to_owned()));
        }
        WebAddress::parse(&typed).map(Self::Page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_read_and_others_are_not() {
        for (typed, read) in [
            (
                "https://wiki.exemple.org/a_b?x=1#y",
                "https://wiki.exemple.org/a_b?x=1#y",
            ),
            (" HTTP://Exemple.ORG ", "http://exemple.org/"),
            ("https://école.fr/été", "https://xn--cole-9oa.fr/%C3%A9t%C3%A9"),
            (
                "https://exemple.org/a(b)*c*@tous",
                "https://exemple.org/a%28b%29%2Ac%2A%40tous",
            ),
            ("https://exemple.org/<script>", "https://exemple.org/%3Cscript%3E"),
            ("https://intranet", "https://intranet/"),
        ] {
            assert_eq!(
                WebAddress::parse(typed).map(|url| url.0),
                Ok(read.to_owned()),
                "{typed}"
            );
        }
        for typed in [
            "",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "ftp://exemple.org",
            "file:///etc/passwd",
            "https://",
            "https://?x",
            "//exemple.org",
            "exemple.org",
            "https://exemple.org/a b",
            "https://exemple .org",
            "https://xn--a/",
        ] {
            assert_eq!(WebAddress::parse(typed), Err(TextError::NothingToLink), "{typed}");
        }
        for typed in ["https://lina:secret@exemple.org", "https://lina@exemple.org/"] {
            assert_eq!(WebAddress::parse(typed), Err(TextError::WithPassword), "{typed}");
        }
        let long = format!("https://exemple.org/{}", "é".repeat(300));
        let length = "https://exemple.org/".len() + 6 * 300;
        assert_eq!(WebAddress::parse(&long), Err(TextError::TooLong { length, max: 1_000 }));
    }

    #[test]
    fn a_label_says_where_an_address_leads() {
        let url = WebAddress::parse("https://wiki.exemple.org/chargeurs/?page=3#bas").unwrap();
        assert_eq!(url.label(40), "wiki.exemple.org/chargeurs");
        assert_eq!(url.label(10), "wiki.exemp…");
    }

    #[test]
    fn a_number_is_read_with_the_words_before_it() {
        for (typed, number, words) in [
            ("7", 7, ""),
            ("#7", 7, ""),
            ("bloque 7", 7, "bloque"),
            ("Doublon du n° 12", 12, "Doublon du"),
            ("blocked by no. 12", 12, "blocked by"),
        ] {
            let read = Target::Ticket(TicketId(number), words.to_owned());
            assert_eq!(Target::parse(typed), Ok(read), "{typed}");
        }
        assert!(matches!(Target::parse("https://exemple.org/7"), Ok(Target::Page(_))));
        for typed in ["-7", "sept", "7 bloque", "99999999999999999999", "javascript:7"] {
            assert_eq!(Target::parse(typed), Err(TextError::NothingToLink), "{typed}");
        }
        assert_eq!(Target::parse(" "), Err(TextError::Empty));
    }

    #[test]
    fn what_one_is_to_the_other_has_its_inverse() {
        for relation in Relation::ALL {
            assert_eq!(relation.inverse().inverse(), relation);
            assert_eq!(relation.code().parse(), Ok(relation));
        }
    }
}
