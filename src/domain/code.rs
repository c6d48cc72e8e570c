//! One-time codes that a person reads in one place and types in another: eight characters to link a chat, six digits
//! or eight characters that were mailed.

use std::fmt;

/// Crockford's alphabet: no letter that looks like a digit (<https://www.crockford.com/base32.html>).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a code has: 40 bits.
pub const LENGTH: usize = 8;

/// A one-time code in its one canonical form.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The code of 40 random bits.
    #[must_use]
    pub fn from_random(bits: [u8; 5]) -> Self {
        let number = bits.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self(
            (0..LENGTH)
                .rev()
                .map(|place| char::from(ALPHABET[(number >> (place * 5) & 31) as usize]))
                .collect(),
        )
    }

    /// Reads what somebody typed, without regard to case, spaces and dashes; O, I and L are the digits they
    /// look like. `None` when it is no code at all.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let read = |c: char| match c.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => Some(c),
            _ => None,
        };
        let significant = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-' && *c != '‐' && *c != '–');
        let code: String = significant.map(read).collect::<Option<_>>()?;
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// Every code that stands in a text, whatever stands around it.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        let words: Vec<&str> = text.split_whitespace().take(32).collect();
        let windows = (1..=LENGTH).flat_map(|length| words.windows(length));
        windows.filter_map(|words| Self::parse(&words.concat())).collect()
    }

    /// The bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Code {
    /// In two groups of four, as people read it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", &self.0[..LENGTH / 2], &self.0[LENGTH / 2..])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// How many digits a mailed code has. A million of them are few: each is good for one chat and a few tries only.
pub const DIGITS: usize = 6;

/// A mailed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailedCode {
    /// Six digits, easily typed: for an address that is nobody's yet.
    Digits(Digits),
    /// Eight characters, which nobody guesses: where there is an account to be had.
    Long(Code),
}

/// The digits of a mailed code.
#[derive(Clone, PartialEq, Eq)]
pub struct Digits(String);

impl MailedCode {
    /// The short code of a random number, of which the last digits count.
    #[must_use]
    pub fn short(number: u64) -> Self {
        Self::Digits(Digits(format!("{:06}", number % 1_000_000)))
    }

    /// The long code of 40 random bits, of which 38 count: it begins with a digit, which no word does.
    #[must_use]
    pub fn long(bits: [u8; 5]) -> Self {
        let mut code = Code::from_random(bits).0;
        code.replace_range(..1, &(2 + bits[0] / 32).to_string());
        Self::Long(Code(code))
    }

    /// Reads what somebody typed, without regard to spaces and dashes. `None` when it is no code at all.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let significant = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '.');
        let code: String = typed.chars().filter(significant).collect();
        if code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Digits(Digits(code)));
        }
        let long = Code::parse(&code).filter(|code| code.0.starts_with(|first| matches!(first, '2'..='9')));
        long.map(Self::Long)
    }

    /// The bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Digits(Digits(code)) => code.as_bytes(),
            Self::Long(code) => code.as_bytes(),
        }
    }
}

impl fmt::Display for MailedCode {
    /// In two groups, as people read it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(Digits(code)) => write!(f, "{} {}", &code[..DIGITS / 2], &code[DIGITS / 2..]),
            Self::Long(code) => code.fmt(f),
        }
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::from_random([0x12, 0x34, 0x56, 0x78, 0x9A]);
        let shown = code.to_string();
        assert_eq!(shown.len(), 9);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            format!(" {} ", shown.replace('-', "")),
        ] {
            assert_eq!(Code::parse(&typed).as_ref(), Some(&code), "{typed}");
        }
        assert_eq!(Code::all_in(&format!("le code {shown} merci")), [code]);
        assert_eq!(Code::parse("OIL0-1111"), Code::parse("01101111"));
        assert_eq!(Code::parse("short"), None);
        assert_eq!(Code::parse("7KQ2-M9X\u{0412}"), None);
    }

    #[test]
    fn a_mailed_code_is_read_however_it_is_typed() {
        let code = MailedCode::short(7_000_042_137);
        assert_eq!(code.to_string(), "042 137");
        for typed in ["042137", " 042 137\n", "042-137", "0 4 2 1 3 7"] {
            assert_eq!(MailedCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
        for typed in ["", "04213", "0421370", "04213a", "+42137", "٠٤٢١٣٧"] {
            assert_eq!(MailedCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_long_mailed_code_is_read_like_any_other_and_no_word_is_one() {
        for bits in [[0; 5], [0xFF; 5], [0x7A, 0x34, 0x56, 0x78, 0x9A]] {
            let code = MailedCode::long(bits);
            let shown = code.to_string();
            for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', "")] {
                assert_eq!(MailedCode::parse(&typed).as_ref(), Some(&code), "{typed}");
            }
        }
        for typed in ["probleme", "Le cable", "10 heures", "ABCD-EFGH"] {
            assert_eq!(MailedCode::parse(typed), None, "{typed}");
        }
        assert!(!format!("{:?}", MailedCode::long([0; 5])).contains("2000"));
    }
}
