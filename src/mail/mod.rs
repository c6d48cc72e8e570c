//! Mail: hands letters over to a mail server. What they say is the conversation's; when they go, the outbox's.
//!
//! A connection carries one letter: so each answer is known to be about the recipient, about us or about the server, and
//! only the first can mean that a letter is never taken. `render` makes a message of a letter.

mod render;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use lettre::address::{Address, AddressError};
use lettre::message::Mailbox as Sender;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
#[cfg(feature = "sandbox")]
use lettre::transport::smtp::client::Certificate;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use url::Host;

use crate::domain::mailbox::{Encryption, Mailbox};
use crate::domain::text::Email;
use crate::outbox::courier::{DeliveryError, Envelope, Postman};

/// How long it may take until the server is ready to take a letter.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// How long it may take to hand a letter over: as long as any request that writes, so that nobody else sends it
/// meanwhile.
const SENT_WITHIN: Duration = Duration::from_secs(10);
/// How long the server has to say goodbye.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);
/// How long we wait when the server does not take a letter yet. It is mostly greylisting, which asks for minutes.
const NOT_YET: Duration = Duration::from_mins(1);

/// How the mail server is reached.
#[derive(Debug)]
pub struct Settings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Who we are to it, with the password.
    pub user: Option<(String, SecretString)>,
    /// Whom letters are from.
    pub from: Mailbox,
}

/// Why mail can't be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The name of the server can't be one, for TLS.
    #[error("smtp.host: {0}")]
    Host(#[from] Error),
    /// The address that letters are from can't be one.
    #[error("smtp.from: {0}")]
    From(#[from] AddressError),
}

/// Sends letters.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    settings: Settings,
    tls: TlsParameters,
    from: Sender,
    /// What stands after the at sign of [`Inner::from`].
    domain: String,
}

/// What the server was asked when it did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Connect,
    Encrypt,
    SignIn,
    From,
    To,
    Content,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Encrypt => "encryption",
            Self::SignIn => "signing in",
            Self::From => "the sender",
            Self::To => "the recipient",
            Self::Content => "the letter",
        }
    }
}

impl Mailer {
    /// A mailer that has not connected yet.
    ///
    /// # Errors
    /// [`MailError`] when a setting can't be used.
    pub fn new(settings: Settings) -> Result<Self, MailError> {
        let tls = TlsParameters::new(settings.host.clone())?;
        Self::over(settings, tls)
    }

    /// The same for a simulated mail server: it also believes certificates of this authority, in PEM.
    ///
    /// # Errors
    /// [`MailError`] when a setting or the authority can't be used.
    #[cfg(feature = "sandbox")]
    pub fn believing(settings: Settings, authority: &[u8]) -> Result<Self, MailError> {
        let tls = TlsParameters::builder(settings.host.clone());
        let tls = tls.add_root_certificate(Certificate::from_pem(authority)?).build()?;
        Self::over(settings, tls)
    }

    fn over(settings: Settings, tls: TlsParameters) -> Result<Self, MailError> {
        let address = address(&settings.from.email)?;
        let name = settings.from.name.as_ref().map(ToString::to_string);
        Ok(Self(Arc::new(Inner {
            tls,
            domain: address.domain().to_owned(),
            from: Sender::new(name, address),
            settings,
        })))
    }

    /// Whether the server answers and takes us for who we are. Nothing is sent.
    ///
    /// # Errors
    /// What is in the way, in words.
    pub async fn check(&self) -> Result<(), String> {
        let mut connection = self.connect().await.map_err(|error| error.to_string())?;
        leave(&mut connection).await;
        Ok(())
    }

    /// A connection on which a letter can be handed over.
    async fn connect(&self) -> Result<AsyncSmtpConnection, DeliveryError> {
        let ready = timeout(READY_WITHIN, self.connect_and_sign_in()).await;
        ready.unwrap_or_else(|_| Err(DeliveryError::Transient("the mail server is too slow".to_owned())))
    }

    async fn connect_and_sign_in(&self) -> Result<AsyncSmtpConnection, DeliveryError> {
        let Settings {
            host,
            port,
            encryption,
            user,
            ..
        } = &self.0.settings;
        let us = ClientId::Domain(self.0.domain.clone());
        let at_once = (*encryption == Encryption::Tls).then(|| self.0.tls.clone());
        let server = (host.as_str(), *port);
        let connected = AsyncSmtpConnection::connect_tokio1(server, None, &us, at_once, None).await;
        let mut connection = connected.map_err(|error| later(Step::Connect, &error))?;
        if *encryption == Encryption::StartTls {
            let encrypted = connection.starttls(self.0.tls.clone(), &us).await;
            encrypted.map_err(|error| later(Step::Encrypt, &error))?;
        }
        if let Some((user, password)) = user {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let signed_in = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            signed_in.map_err(|error| later(Step::SignIn, &error))?;
        }
        Ok(connection)
    }

    async fn post(&self, envelope: &Envelope, may_send: &(dyn Fn() -> bool + Sync)) -> Result<(), DeliveryError> {
        let refused = |problem: &dyn std::fmt::Display| DeliveryError::Refused(problem.to_string());
        let to = address(&envelope.to).map_err(|error| refused(&error))?;
        let message = render::message(envelope, &self.0.from, &to).map_err(|error| refused(&error))?;
        let mut connection = self.connect().await?;
        if !may_send() {
            return Err(DeliveryError::NotOurs);
        }
        let handed_over = timeout(SENT_WITHIN, self.hand_over(&mut connection, to, &message)).await;
        let slow = || DeliveryError::Transient("the mail server takes a letter too slowly".to_owned());
        handed_over.unwrap_or_else(|_| Err(slow()))?;
        leave(&mut connection).await;
        Ok(())
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        to: Address,
        message: &[u8],
    ) -> Result<(), DeliveryError> {
        let from = self.0.from.email.clone();
        let mut parameters = Vec::new();
        if !from.to_string().is_ascii() || !to.to_string().is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let problem = "the mail server takes no addresses with accents";
                return Err(DeliveryError::Refused(problem.to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let sender = connection.command(Mail::new(Some(from), parameters)).await;
        // That we are refused says nothing about whom the letter is for.
        sender.map_err(|error| later(Step::From, &error))?;
        let recipient = connection.command(Rcpt::new(to, Vec::new())).await;
        recipient.map_err(|error| failure(Step::To, &error))?;
        let data = connection.command(Data).await;
        data.map_err(|error| failure(Step::Content, &error))?;
        let taken = connection.message(message).await;
        taken.map(drop).map_err(|error| failure(Step::Content, &error))
    }
}

impl Postman for Mailer {
    fn post<'a>(
        &'a self,
        envelope: &'a Envelope,
        may_send: &'a (dyn Fn() -> bool + Sync),
    ) -> BoxFuture<'a, Result<(), DeliveryError>> {
        self.post(envelope, may_send).boxed()
    }
}

/// Ends a connection on which all is done: how it ends changes nothing.
async fn leave(connection: &mut AsyncSmtpConnection) {
    let _ = timeout(LEAVE_WITHIN, connection.quit()).await;
}

/// An address as mail has it: its domain in ASCII, which every server takes.
fn address(email: &Email) -> Result<Address, AddressError> {
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or_default();
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => Address::new(local, domain),
        _ => Err(AddressError::InvalidDomain),
    }
}

/// What went wrong, without what the server said: it may quote the address.
fn told(step: Step, error: &Error) -> String {
    let step = step.name();
    match error.status() {
        Some(code) => format!("{step}: the mail server answers {code}"),
        None if error.is_response() => format!("{step}: the mail server answers what is not understood"),
        None => format!("{step}: {error}"),
    }
}

/// It may work later.
fn later(step: Step, error: &Error) -> DeliveryError {
    DeliveryError::Transient(told(step, error))
}

/// What the server says about a letter: it takes it never, not yet, or has a problem of its own. That it wants to know
/// who we are first (530, RFC 4954) is one of ours.
fn failure(step: Step, error: &Error) -> DeliveryError {
    let asks_who_we_are = error.status().is_some_and(|code| u16::from(code) == 530);
    if error.is_permanent() && !asks_who_we_are {
        DeliveryError::Refused(told(step, error))
    } else if error.is_transient() && error.status().is_none_or(|code| u16::from(code) != 421) {
        DeliveryError::RetryAfter(NOT_YET)
    } else {
        later(step, error)
    }
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::domain::text::Email;

    #[test]
    fn an_address_has_its_domain_in_ascii_and_may_be_none_that_mail_knows() {
        let of = |typed: &str| address(&Email::parse(typed).unwrap()).map(|address| address.to_string());
        assert_eq!(of("o'brien@École.fr").unwrap(), "o'brien@xn--cole-9oa.fr");
        assert_eq!(of("élodie+x@exemple.org").unwrap(), "élodie+x@exemple.org");
        for typed in [
            "a..b@exemple.org",
            "a@1.2.3.4",
            "a@-.org",
            &format!("{}@exemple.org", "x".repeat(65)),
        ] {
            assert!(of(typed).is_err(), "{typed}");
        }
    }
}
