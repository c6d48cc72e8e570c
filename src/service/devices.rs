//! Browsers that an account's owner has proved to be theirs. Each has tries of its own, so that whoever guesses elsewhere
//! can't keep the owner out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
//!
//! What such a browser holds opens nothing, and nothing of it is kept: it is signed, for one address.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use super::codes::CodeKey;
use super::tokens::{Token, hex};

/// What a browser holds from now on in which the owner of that address has just proved to be it.
pub(super) fn issue(key: &CodeKey, address: &str) -> SecretString {
    let token = Token::random();
    let token = token.to_hex();
    let token = token.expose_secret();
    format!("{token}.{}", signature(key, address, token)).into()
}

/// What stands for a browser, if what it holds was issued to the owner of that address.
pub(super) fn find(key: &CodeKey, address: &str, held: &str) -> Option<[u8; 32]> {
    let (token, signed) = held.split_once('.')?;
    let is_right: bool = signature(key, address, token)
        .as_bytes()
        .ct_eq(signed.as_bytes())
        .into();
    is_right.then(|| key.digest("device", token))
}

fn signature(key: &CodeKey, address: &str, token: &str) -> String {
    hex(&key.digest("device of", &format!("{token} {address}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_what_it_was_given_and_for_that_address_alone() {
        let key = CodeKey::new([7; 32]);
        let held = issue(&key, "lina@exemple.org");
        let held = held.expose_secret();
        assert!(find(&key, "lina@exemple.org", held).is_some());
        assert_eq!(find(&key, "omar@exemple.org", held), None);
        assert_eq!(find(&CodeKey::new([8; 32]), "lina@exemple.org", held), None);
        let (token, signed) = held.split_once('.').unwrap();
        let other = Token::random().to_hex();
        for forged in [
            "",
            ".",
            token,
            &format!("{token}."),
            &format!("{}.{signed}", other.expose_secret()),
            &format!("{token}.{}", signed.to_uppercase()),
        ] {
            assert_eq!(find(&key, "lina@exemple.org", forged), None, "{forged}");
        }
        let again = issue(&key, "lina@exemple.org");
        assert_ne!(
            find(&key, "lina@exemple.org", held),
            find(&key, "lina@exemple.org", again.expose_secret())
        );
    }
}
