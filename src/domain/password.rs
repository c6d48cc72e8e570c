//! Passwords, as somebody types them. Nothing shows one: neither `Debug` nor an error.

use secrecy::{ExposeSecret, SecretString};

/// Well-known passwords of eight characters and more, in lower case and in order: the most frequent of the list that
/// comes with zxcvbn (MIT), and some that people here would take.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password that may be tried; one made by [`Password::choose`] may be set.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

/// Why a password can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// It has fewer characters than [`Password::MIN`].
    TooShort,
    /// It has more characters than [`Password::MAX`].
    TooLong,
    /// It is among the first that are tried.
    Common,
    /// It is the person's own name or address.
    Own,
}

impl Password {
    /// The fewest characters (NIST SP 800-63B, 5.1.1.2).
    pub const MIN: usize = 8;
    /// The most: more than anybody types, and little enough to be hashed at once.
    pub const MAX: usize = 1_000;

    /// Reads one that somebody says is theirs. Every character counts, and none is taken away.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`]: nobody has such a one.
    pub fn typed(text: String) -> Result<Self, PasswordError> {
        let length = text.chars().count();
        let password = Self(text.into());
        if length > Self::MAX {
            return Err(PasswordError::TooLong);
        }
        Ok(password)
    }

    /// Reads one that somebody wants to have; `own` is what everybody knows of them.
    ///
    /// # Errors
    /// [`PasswordError`], which says what is wrong with it.
    pub fn choose(text: String, own: &[&str]) -> Result<Self, PasswordError> {
        let password = Self::typed(text)?;
        let text = password.0.expose_secret();
        if text.chars().count() < Self::MIN {
            return Err(PasswordError::TooShort);
        }
        let plain = text.trim().to_lowercase();
        if own.iter().any(|own| own.trim().to_lowercase() == plain) {
            return Err(PasswordError::Own);
        }
        if COMMON.lines().any(|common| common == plain) || is_one_character(&plain) {
            return Err(PasswordError::Common);
        }
        Ok(password)
    }

    /// What was typed, to be hashed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

fn is_one_character(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    characters.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str) -> Result<(), PasswordError> {
        let own = ["Lina Ndiaye", "lina.ndiaye@exemple.org", "lina.ndiaye"];
        Password::choose(text.to_owned(), &own).map(drop)
    }

    #[test]
    fn any_character_will_do_and_none_is_cut_off() {
        for text in [
            "cheval pile agrafe",
            "nul\0 au milieu",
            "🔑🔒🗝️👩‍💻🐎🔋📎✅",
            "  blancs  ",
            "١٢٣٤٥٦٧٩٨",
        ] {
            assert_eq!(choose(text), Ok(()), "{text:?}");
        }
        assert_eq!(choose(&"é!".repeat(500)), Ok(()));
        assert_eq!(choose(&"x".repeat(1_001)), Err(PasswordError::TooLong));
        let typed = Password::typed(" a\0".to_owned()).unwrap();
        assert_eq!(typed.expose(), " a\0");
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        assert_eq!(choose("seven77"), Err(PasswordError::TooShort));
        assert_eq!(choose("🔑🔒🗝👩💻🐎🔋"), Err(PasswordError::TooShort));
        for text in [
            "password",
            "MotDePasse",
            "12345678",
            "azertyuiop",
            " Password1 ",
            "zzzzzzzzzzzz",
        ] {
            assert_eq!(choose(text), Err(PasswordError::Common), "{text}");
        }
        for text in ["Lina Ndiaye", "LINA.NDIAYE@exemple.org", "lina.ndiaye"] {
            assert_eq!(choose(text), Err(PasswordError::Own), "{text}");
        }
    }

    #[test]
    fn the_list_of_common_ones_is_in_order_and_has_no_idle_line() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.len() >= 1_000 && lines.is_sorted_by(|a, b| a < b));
        let idle = lines
            .iter()
            .find(|line| line.chars().count() < Password::MIN || **line != line.to_lowercase());
        assert_eq!(idle, None);
    }

    #[test]
    fn nothing_shows_a_password() {
        let password = Password::typed("cheval pile agrafe".to_owned()).unwrap();
        assert!(!format!("{password:?}").contains("cheval"));
    }
}
