//! What people type, read at the edge: each kind of text is a type that can't hold anything else.

use std::fmt;

use super::canned::known_variables;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Why a text can't be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// There is nothing in it.
    Empty,
    /// There is no letter or digit in it.
    NoWords,
    /// It is longer than may be, in characters.
    TooLong {
        /// How long it is.
        length: usize,
        /// How long it may be.
        max: usize,
    },
    /// It is no e-mail address.
    NotAnAddress,
    /// It is no code as they are mailed.
    NotACode,
    /// Something in it is to be filled that nobody knows.
    UnknownVariable,
    /// It is neither the number of a ticket nor the address of a page.
    NothingToLink,
    /// There is a name or a password in the address.
    WithPassword,
    /// They are no answers to choose from: too few or too many, one too long or without words, two alike.
    NotChoices,
    /// It is none of the answers to choose from.
    NotAChoice,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, max $max:expr, $prepare:path $(, $words:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX: usize = $max;

            /// Reads what somebody typed.
            ///
            /// # Errors
            /// [`TextError`], which says what is wrong with it.
            pub fn parse(typed: &str) -> Result<Self, TextError> {
                let text = $prepare(typed);
                if text.is_empty() {
                    return Err(TextError::Empty);
                }
                let length = text.chars().count();
                if length > Self::MAX {
                    return Err(TextError::TooLong { length, max: Self::MAX });
                }
                $($words(&text)?;)?
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text! {
    /// A person's name, on one line.
    PersonName, max 100, one_line, needs_words
}
text! {
    /// A ticket's title, on one line.
    Title, max 200, one_line, needs_words
}
text! {
    /// What a ticket is about.
    Description, max 10_000, clean, needs_words
}
text! {
    /// A comment, a question, a note or a report; a thumb up is an answer too. 4,000 characters are what a Discord
    /// form takes.
    Body, max 4_000, clean
}
text! {
    /// The word that goes with a rating.
    Remark, max 500, clean
}
text! {
    /// The name of a canned reply: what stands on a button.
    CannedName, max 40, one_line, needs_words
}
text! {
    /// The name of a category: what stands on a button.
    CategoryName, max 40, one_line, needs_words
}
text! {
    /// A question of a category: what stands over a field of a Discord form.
    QuestionText, max 45, one_line, needs_words
}
text! {
    /// An answer of a line.
    ShortAnswer, max 200, one_line
}
text! {
    /// An answer of some lines.
    LongAnswer, max 1_000, clean
}
text! {
    /// The text of a canned reply. Filled, all of it has to be shown before it is sent.
    CannedText, max 1_000, clean, known_variables
}

fn needs_words(text: &str) -> Result<(), TextError> {
    if text.chars().any(char::is_alphanumeric) {
        Ok(())
    } else {
        Err(TextError::NoWords)
    }
}

/// An e-mail address as somebody typed it, and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The most characters an address has (RFC 5321, 4.5.3.1.3, less the angle brackets).
    pub const MAX: usize = 254;

    /// Reads an address: something, an at sign, a domain with a dot. Whether it exists only a mail can tell.
    ///
    /// # Errors
    /// [`TextError`], which says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        // Some letters have a longer lower case, and that is what has to fit.
        let mut text = one_line(typed).to_lowercase();
        let domain = text.rsplit_once('@').and_then(|(_, domain)| one_domain(domain));
        if let Some((at, domain)) = text.rfind('@').zip(domain.as_deref()) {
            text.replace_range(at + 1.., domain);
        }
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        let length = text.chars().count();
        if length > Self::MAX {
            return Err(TextError::TooLong { length, max: Self::MAX });
        }
        let plausible = text
            .rsplit_once('@')
            .zip(domain.as_deref())
            .is_some_and(|((local, _), domain)| {
                let named = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
                !local.is_empty()
                    && !local.contains(|c: char| c.is_whitespace() || "<>()[],;:\\\"@".contains(c))
                    && domain.split('.').count() >= 2
                    && domain.split('.').all(named)
            });
        if plausible {
            Ok(Self(text))
        } else {
            Err(TextError::NotAnAddress)
        }
    }

    /// The address, in lower case, and its domain in one way of the many to write it: how it is compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A domain in the way in which it is read, whatever way of IDNA it was written in (UTS 46): `xn--cole-9oa.fr` and full-width
/// letters are `école.fr`. `None` when it can't be one.
fn one_domain(domain: &str) -> Option<String> {
    let (domain, read) = idna::domain_to_unicode(domain);
    read.is_ok().then_some(domain)
}

/// Takes away what nobody means to write: control characters, and marks that turn the direction of the text
/// around them. Lines end in `\n`; outer white space goes, and all of what nobody can see.
#[must_use]
pub fn clean(typed: &str) -> String {
    if !is_visible(typed) {
        return String::new();
    }
    let kept: String = typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !is_unwanted(*c))
        .collect();
    kept.trim_matches(|c: char| c.is_whitespace() || is_nothing(c))
        .to_owned()
}

/// [`clean`], on one line.
#[must_use]
pub fn one_line(typed: &str) -> String {
    clean(typed).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word or two as they are compared with what can be chosen: on one line, without case and accents.
#[must_use]
pub fn folded(typed: &str) -> String {
    let plain: String = one_line(typed).nfd().filter(|c| !is_combining_mark(*c)).collect();
    plain.to_lowercase()
}

fn is_unwanted(c: char) -> bool {
    let direction =
        matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    direction || (c.is_control() && c != '\n' && c != '\t')
}

/// What means nothing at the end of a text, as a variation selector does.
fn is_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{3164}'
    )
}

/// Whether anything of it can be seen. Telegram counts a message of invisible characters as empty.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars()
        .any(|c| !(c.is_whitespace() || c.is_control() || is_invisible(c)))
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}'
        | '\u{1D159}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The beginning of a text, of at most `max` characters: what reads as one character, such as joined emoji, is not cut
/// apart, unless it alone is longer.
#[must_use]
pub fn beginning(text: &str, max: usize) -> &str {
    let Some((limit, _)) = text.char_indices().nth(max) else {
        return text;
    };
    let starts = text.grapheme_indices(true).map(|(at, _)| at);
    let end = starts.take_while(|at| *at <= limit).last().filter(|at| *at > 0);
    &text[..end.unwrap_or(limit)]
}

/// How many characters a title made of a text has at most: what a list shows on one line.
pub const HEADLINE: usize = 80;

/// The first words of a text as a title: its first line, cut at a word within `max` characters.
#[must_use]
pub fn headline(text: &str, max: usize) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| line.chars().any(char::is_alphanumeric))
        .unwrap_or_default();
    let line = one_line(line);
    if line.chars().count() <= max {
        return line;
    }
    let cut = beginning(&line, max.saturating_sub(1));
    let at_word = cut
        .rfind(' ')
        .filter(|at| *at > cut.len() / 2)
        .map_or(cut, |at| &cut[..at]);
    format!("{}…", at_word.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_without_words_is_refused() {
        for typed in ["", "   ", "\u{200B}\u{200B}", "\n\t", "\0"] {
            assert_eq!(Title::parse(typed), Err(TextError::Empty), "{typed:?}");
        }
        assert_eq!(Title::parse("🔥🔥🔥"), Err(TextError::NoWords));
        assert_eq!(Title::parse("!!!"), Err(TextError::NoWords));
        assert_eq!(
            Title::parse(&"x".repeat(312)),
            Err(TextError::TooLong { length: 312, max: 200 })
        );
    }

    #[test]
    fn a_text_loses_what_would_mislead_and_nothing_else() {
        let title = Title::parse("  Écran\u{202E} noir\0 \r\n salle 3 👩‍💻 ").unwrap();
        assert_eq!(title.as_str(), "Écran noir salle 3 👩‍💻");
        assert_eq!(Body::parse("a\r\nb\n\tc").unwrap().as_str(), "a\nb\n\tc");
    }

    #[test]
    fn words_are_compared_without_case_and_accents() {
        assert_eq!(folded("  RÉSEAU\n\u{200B}"), "reseau");
        assert_eq!(folded("Re\u{301}seau"), "reseau");
        assert_eq!(folded("Ça  va"), "ca va");
    }

    #[test]
    fn addresses_are_told_from_other_words() {
        for typed in ["lina@exemple.org", " Lina.N+tag@Exemple.ORG ", "o'brien@école.fr"] {
            assert!(Email::parse(typed).is_ok(), "{typed}");
        }
        for typed in [
            "lina",
            "lina@",
            "@exemple.org",
            "a b@exemple.org",
            "a@b",
            "a@b..fr",
            "<a@b.fr>",
            "a@b@c.fr",
        ] {
            assert_eq!(Email::parse(typed), Err(TextError::NotAnAddress), "{typed}");
        }
    }

    #[test]
    fn a_domain_is_the_same_however_it_is_written() {
        let of = |typed: &str| Email::parse(typed).map(|email| email.as_str().to_owned());
        for typed in [
            "lina@école.fr",
            "Lina@ÉCOLE.FR",
            "lina@xn--cole-9oa.fr",
            "lina@XN--COLE-9OA.fr",
            "lina@e\u{301}cole.fr",
            "lina@école。fr",
            "lina@ｅ\u{301}ｃｏｌｅ．ｆｒ",
        ] {
            assert_eq!(of(typed).as_deref(), Ok("lina@école.fr"), "{typed}");
        }
        // Before the at sign each server decides for itself: nothing but capitals is one.
        assert_ne!(of("ｌｉｎａ@exemple.org"), of("lina@exemple.org"));
        for typed in [
            "lina@xn--a.fr",
            "lina@xn--.fr",
            "lina@exemple.org.",
            "lina@exe\u{ad}mple.",
        ] {
            assert_eq!(of(typed), Err(TextError::NotAnAddress), "{typed}");
        }
    }

    #[test]
    fn an_address_is_measured_as_it_is_kept() {
        let typed = format!("{}@exemple.org", "İ".repeat(200));
        let length = 2 * 200 + "@exemple.org".len();
        assert_eq!(Email::parse(&typed), Err(TextError::TooLong { length, max: 254 }));
    }

    #[test]
    fn what_nobody_can_see_is_not_visible() {
        for blank in ["", "  \n", "\u{200B}\u{2060}", "\u{2800}", "\0", "\u{202E}"] {
            assert!(!is_visible(blank), "{blank:?}");
            assert_eq!(clean(blank), "");
        }
        assert!(is_visible("\u{200B}a"));
    }

    #[test]
    fn a_headline_is_the_first_line_cut_at_a_word() {
        assert_eq!(headline("\n  \nMon chargeur\nne marche plus", 80), "Mon chargeur");
        assert_eq!(headline("un deux trois quatre", 16), "un deux trois…");
        assert_eq!(headline("🔥", 80), "");
    }

    #[test]
    fn joined_emoji_are_not_cut_apart() {
        let family = "👩‍👩‍👧";
        assert_eq!(headline(&format!("ab {family}{family}"), 12), format!("ab {family}…"));
        assert_eq!(beginning(family, 5), family);
        assert_eq!(beginning(family, 4).chars().count(), 4);
    }
}
