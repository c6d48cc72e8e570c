//! The mailer, as the settings say.

use super::Failure;
use crate::config::Config;
use crate::mail::{Mailer, Settings};

/// Who hands letters over; nobody without a mail server.
pub(super) fn mailer(config: &Config) -> Result<Option<Mailer>, Failure> {
    let smtp = &config.smtp;
    let Some(from) = smtp.from.clone().filter(|_| !smtp.host.is_empty()) else {
        return Ok(None);
    };
    let settings = Settings {
        host: smtp.host.clone(),
        port: smtp.port,
        encryption: smtp.encryption,
        user: smtp.password.clone().map(|password| (smtp.user.clone(), password)),
        from,
    };
    let mailer =
        Mailer::new(settings).map_err(|error| Failure::Told(format!("The settings can't be used: {error}.")))?;
    Ok(Some(mailer))
}
