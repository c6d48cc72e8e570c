//! What letters say.

use crate::domain::code::MailedCode;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::service::confirmation::VALID_FOR;
use crate::service::recovery;
use crate::store::accounts::Account;
use crate::store::people::Identity;

/// What a letter says. It may carry a code or a link: it is neither stored nor logged.
#[derive(Clone)]
pub struct Letter {
    /// Its language.
    pub language: Language,
    /// Its subject.
    pub subject: String,
    /// Its parts, top to bottom; plain text, which whoever renders it escapes.
    pub parts: Vec<Part>,
}

/// A part of a letter.
#[derive(Clone)]
pub enum Part {
    /// Words.
    Text(String),
    /// A code, to be typed.
    Code(String),
    /// The address of a page, to be opened.
    Link(String),
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// How much of a chat's name a letter shows.
const NAME: usize = 40;

/// A name that strangers may be written to with: nothing that a mail program would make a link of.
fn harmless(name: &str) -> String {
    let is_word = |word: &&str| !word.trim_matches('.').contains(['.', '@']) && !word.contains("://");
    let words: Vec<&str> = name.split_whitespace().filter(is_word).collect();
    match headline(&words.join(" "), NAME) {
        empty if empty.is_empty() => "…".to_owned(),
        name => name,
    }
}

/// The letter that carries a code to an address which somebody typed in a chat. Where it identifies an account, its owner
/// is told what the code would do.
#[must_use]
pub fn confirmation(language: Language, chat: &Identity, account: Option<&Account>, code: &MailedCode) -> Letter {
    let args = [
        ("platform", chat.platform.name().into()),
        ("chat", harmless(&chat.display_name).into()),
        (
            "name",
            account.map(|account| account.name.clone()).unwrap_or_default().into(),
        ),
        ("minutes", VALID_FOR.num_minutes().into()),
    ];
    let text = |id: &str| Part::Text(language.say(id, &args));
    let code = Part::Code(code.to_string());
    let (subject, parts) = match account {
        None => (
            "letter-confirm-subject",
            vec![
                text("letter-confirm-why"),
                code,
                text("letter-code-how"),
                text("letter-confirm-not-you"),
            ],
        ),
        Some(account) if account.is_disabled => (
            "letter-disabled-subject",
            vec![text("letter-disabled-why"), text("letter-disabled-next")],
        ),
        Some(_) => (
            "letter-link-subject",
            vec![
                text("letter-link-why"),
                code,
                text("letter-code-how"),
                text("letter-link-not-you"),
            ],
        ),
    };
    Letter {
        language,
        subject: language.say(subject, &args),
        parts,
    }
}

/// The letter that carries a link by which the owner of an account chooses another password.
#[must_use]
pub fn password(language: Language, account: &Account, link: String) -> Letter {
    let args = [
        ("name", account.name.clone().into()),
        ("minutes", recovery::LINK_VALID_FOR.num_minutes().into()),
    ];
    let text = |id: &str| Part::Text(language.say(id, &args));
    Letter {
        language,
        subject: language.say("letter-password-subject", &args),
        parts: vec![
            text("letter-password-why"),
            Part::Link(link),
            text("letter-password-how"),
            text("letter-password-not-you"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_name_with_a_link_in_it_loses_the_link() {
        for (name, shown) in [
            ("Lina Ndiaye", "Lina Ndiaye"),
            ("J. R. Ba", "J. R. Ba"),
            ("Gain https://evil.example now", "Gain now"),
            ("evil.example", "…"),
            ("<b>Eve</b>", "<b>Eve</b>"),
            ("a@evil.example Omar", "Omar"),
        ] {
            assert_eq!(harmless(name), shown);
        }
    }
}
