//! The settings: one small struct a section, parsed once at the start, right or refused.
//!
//! They come in layers, each over the one before: `config/default.toml` (compiled in, and the place to read
//! what each setting means), the file given with `--config`, the environment. To add a setting, add it to its
//! struct here and, with its comment, to `config/default.toml`; a section with rules of its own gets a file.
//! A secret is an `Option<SecretString>` read with `parse::secret`, and is listed in `layers::SECRETS`.

mod error;
mod layers;
mod mail;
mod parse;
mod places;
#[cfg(test)]
mod tests;
mod web;

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use secrecy::SecretString;
use serde::Deserialize;
use tracing::level_filters::LevelFilter;
use url::Url;

pub use error::ConfigError;
pub use mail::{Accounts, Smtp};
pub use places::{Place, Purpose};
pub use web::{TelegramMode, Web};

use crate::domain::language::Language;

/// All settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The directory of received files, keys and the private database.
    pub data: PathBuf,
    /// Where the tickets are.
    pub database: Database,
    /// Telegram's side.
    pub telegram: Telegram,
    /// Discord's side.
    pub discord: Discord,
    /// What the desk is called and where it sits.
    pub desk: Desk,
    /// How people get an account.
    pub accounts: Accounts,
    /// What letters go by.
    pub smtp: Smtp,
    /// Places bound by the settings rather than from the place itself.
    #[serde(default)]
    pub places: Vec<Place>,
    /// What answers over HTTP.
    pub web: Web,
    /// What is logged, and how.
    pub log: Log,
}

/// `[database]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The address at each of the servers, in the order of preference; without one, Guichet runs a private server.
    #[serde(deserialize_with = "parse::database_url")]
    pub url: Vec<SecretString>,
}

/// `[telegram]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// The bot's token; without one, Guichet doesn't speak Telegram.
    #[serde(deserialize_with = "parse::secret")]
    pub token: Option<SecretString>,
    /// Where the Bot API answers.
    #[serde(deserialize_with = "parse::web_address")]
    pub api_url: Url,
    /// How updates come.
    pub mode: TelegramMode,
}

/// `[discord]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discord {
    /// The bot's token; without one, Guichet doesn't speak Discord.
    #[serde(deserialize_with = "parse::secret")]
    pub token: Option<SecretString>,
    /// Where the API answers.
    #[serde(deserialize_with = "parse::web_address")]
    pub api_url: Url,
}

/// `[desk]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// The zone of the times it shows.
    #[serde(deserialize_with = "parse::timezone")]
    pub timezone: Tz,
    /// The language of staff places, and of people whose language is unknown.
    pub language: Language,
    /// How many tickets somebody may open within ten minutes; any number where it is 0.
    pub tickets_at_once: u32,
}

/// `[log]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// For whom.
    pub format: LogFormat,
    /// How much.
    #[serde(deserialize_with = "parse::level")]
    pub level: LevelFilter,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl Config {
    /// Reads the settings: the defaults, then the `file` if one is given, then this process's environment.
    ///
    /// # Errors
    ///
    /// When a file can't be read, or a setting is unknown or can't be what it says. The error's text names the
    /// setting and what is wrong with it, and never tells a secret.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((name, value.to_string_lossy().into_owned()))
        });
        layers::read(file, environment)
    }
}
