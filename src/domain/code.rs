//! One-time codes: eight characters that a person reads on one screen and types on another.

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
}
