//! Mail: whom a letter is from, an address with the name that is shown; and how the mail server is spoken to.

use std::str::FromStr;

use serde::Deserialize;

use super::text::{Email, PersonName};

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown.
    pub name: Option<PersonName>,
    /// The address.
    pub email: Email,
}

/// That a text is no mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an address, alone or after a name: Guichet <guichet@example.org>")]
pub struct NoMailbox;

impl FromStr for Mailbox {
    type Err = NoMailbox;

    fn from_str(text: &str) -> Result<Self, NoMailbox> {
        let text = text.trim();
        let Some((name, rest)) = text.split_once('<') else {
            let email = Email::parse(text).map_err(|_| NoMailbox)?;
            return Ok(Self { name: None, email });
        };
        let address = rest.strip_suffix('>').ok_or(NoMailbox)?;
        let name = name.trim().trim_matches('"');
        let name = (!name.is_empty()).then(|| PersonName::parse(name)).transpose();
        Ok(Self {
            name: name.map_err(|_| NoMailbox)?,
            email: Email::parse(address).map_err(|_| NoMailbox)?,
        })
    }
}

/// How the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// After a greeting in clear.
    StartTls,
    /// From the first byte on.
    Tls,
    /// Not at all.
    None,
}

#[cfg(test)]
mod tests {
    use super::{Mailbox, NoMailbox, PersonName};

    #[test]
    fn a_mailbox_is_an_address_with_or_without_a_name() {
        for (text, name) in [
            ("Guichet <guichet@example.org>", Some("Guichet")),
            (
                "\"Le guichet, salle 3\" <guichet@example.org>",
                Some("Le guichet, salle 3"),
            ),
            ("<guichet@example.org>", None),
            ("guichet@example.org", None),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!(mailbox.name.as_ref().map(PersonName::as_str), name, "{text}");
            assert_eq!(mailbox.email.as_str(), "guichet@example.org");
        }
        for text in [
            "",
            "Guichet",
            "Guichet <guichet@example.org",
            "Guichet <a@b.fr> <c@d.fr>",
        ] {
            assert_eq!(text.parse::<Mailbox>(), Err(NoMailbox), "{text}");
        }
    }
}
