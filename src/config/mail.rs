//! `[accounts]` and `[smtp]`: what depends on one another there.

use std::net::Ipv6Addr;

use secrecy::SecretString;
use serde::Deserialize;
use url::Host;

use super::{Config, ConfigError, parse};
use crate::domain::account::Registration;
use crate::domain::mailbox::{Encryption, Mailbox};

/// `[accounts]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// How somebody unknown gets one; by whether there is a mail server, when it is not said.
    #[serde(deserialize_with = "parse::registration")]
    pub registration: Option<Registration>,
}

/// `[smtp]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The mail server; without one, no mail is sent.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether and how the connection is encrypted.
    pub encryption: Encryption,
    /// Who we are to the mail server; without a name, it is not told.
    pub user: String,
    /// The password of that user.
    #[serde(deserialize_with = "parse::secret")]
    pub password: Option<SecretString>,
    /// Whom letters are from.
    #[serde(deserialize_with = "parse::mailbox")]
    pub from: Option<Mailbox>,
}

impl Config {
    /// How somebody unknown gets an account.
    #[must_use]
    pub fn registration(&self) -> Registration {
        let by_mail = if self.smtp.host.is_empty() {
            Registration::Open
        } else {
            Registration::Email
        };
        self.accounts.registration.unwrap_or(by_mail)
    }

    /// Refuses a mail server that could not be used, and accounts that need one where there is none.
    pub(super) fn check_mail(self) -> Result<Self, ConfigError> {
        let refuse = |key: &str, problem: &str| {
            Err(ConfigError::Value {
                place: "The settings".to_owned(),
                key: key.to_owned(),
                problem: problem.to_owned(),
            })
        };
        let smtp = &self.smtp;
        if smtp.host.is_empty() {
            if self.accounts.registration == Some(Registration::Email) {
                return refuse(
                    "accounts.registration",
                    "is \"email\", for which smtp.host must name a mail server",
                );
            }
            return Ok(self);
        }
        if smtp.from.is_none() {
            return refuse("smtp.from", "must say whom mail is from when smtp.host is set");
        }
        if smtp.user.is_empty() != smtp.password.is_none() {
            return refuse("smtp.password", "and smtp.user must both be set, or neither");
        }
        if smtp.encryption == Encryption::None && smtp.password.is_some() && !is_here(&smtp.host) {
            return refuse(
                "smtp.encryption",
                "is \"none\", and the password would go over the network for all to read: choose \"starttls\" or \
                 \"tls\", or a server on this machine",
            );
        }
        Ok(self)
    }
}

/// Whether what is sent to that host stays on this machine.
fn is_here(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => host.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()),
    }
}
