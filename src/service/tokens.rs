//! What a cookie or a link holds, and nobody can guess: 256 random bits, of which the database has the hash.

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that whoever holds it shows.
#[derive(Debug)]
pub struct Token(SecretBox<[u8; 32]>);

impl Token {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(Box::new(rand::random::<[u8; 32]>()).into())
    }

    /// Reads one as [`Token::to_hex`] wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || digits.iter().any(|c| !matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = Box::new([0; 32]);
        for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Self(bytes.into()))
    }

    /// All of it, in 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> SecretString {
        hex(self.0.expose_secret()).into()
    }

    /// What the database has of it. A plain hash will do: there is nothing to guess.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.expose_secret()).into()
    }

    /// What the forms shown to its holder carry, so that no other page can post them. It does not give the token away.
    #[must_use]
    pub fn for_forms(&self) -> String {
        hex(&self.forms().finalize().into_bytes())
    }

    /// Whether a form was shown to its holder.
    #[must_use]
    pub fn has_form(&self, typed: &str) -> bool {
        self.for_forms().as_bytes().ct_eq(typed.as_bytes()).into()
    }

    fn forms(&self) -> Hmac<Sha256> {
        // HMAC fills a key up with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(self.0.expose_secret());
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"forms");
        mac
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // A `String` takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written_and_in_no_other_way() {
        let token = Token::random();
        let text = token.to_hex();
        let text = text.expose_secret();
        assert_eq!(Token::parse(text).unwrap().hash(), token.hash());
        let capitals = text.to_uppercase();
        for wrong in [
            "",
            &text[1..],
            &format!("{text}0"),
            &"+f".repeat(32),
            &"é".repeat(32),
            &capitals,
        ] {
            assert!(Token::parse(wrong).is_none() || wrong == text, "{wrong}");
        }
        assert_ne!(token.hash(), Token::random().hash());
    }

    #[test]
    fn forms_of_one_are_not_those_of_another() {
        let token = Token::random();
        assert!(token.has_form(&token.for_forms()));
        assert!(!token.has_form(&Token::random().for_forms()) && !token.has_form(""));
        assert_ne!(&token.for_forms(), token.to_hex().expose_secret());
    }
}
