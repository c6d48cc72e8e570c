//! `[web]`, and how Telegram's updates come: what depends on one another there.

use std::net::SocketAddr;

use serde::Deserialize;
use url::Url;

use super::{Config, ConfigError, parse};

/// Where Telegram itself answers; a Bot API server of one's own may post to anywhere.
const TELEGRAM: &str = "api.telegram.org";
/// The ports to which Telegram posts (<https://core.telegram.org/bots/api#setwebhook>).
const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// `[web]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Where the pages, health, metrics and the webhook answer; without one, nowhere.
    #[serde(deserialize_with = "parse::socket_address")]
    pub listen: Option<SocketAddr>,
    /// The address under which people and Telegram reach `listen`.
    #[serde(deserialize_with = "parse::public_address")]
    pub public_url: Option<Url>,
}

/// How Telegram's updates come.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum TelegramMode {
    /// Guichet asks for them.
    Polling,
    /// Telegram posts them.
    Webhook,
}

impl Config {
    /// The address to which Telegram shall post updates; none when it is asked for them.
    #[must_use]
    pub fn telegram_webhook(&self) -> Option<Url> {
        if self.telegram.mode == TelegramMode::Polling || self.telegram.token.is_none() {
            return None;
        }
        let mut url = self.web.public_url.clone()?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["telegram", "webhook"]);
        }
        Some(url)
    }

    /// Refuses a webhook that Telegram could not reach.
    pub(super) fn check_webhook(self) -> Result<Self, ConfigError> {
        if self.telegram.mode == TelegramMode::Polling {
            return Ok(self);
        }
        let refuse = |key: &str, problem: &str| {
            Err(ConfigError::Value {
                place: "The settings".to_owned(),
                key: key.to_owned(),
                problem: format!("{problem} when telegram.mode is \"webhook\""),
            })
        };
        if self.web.listen.is_none() {
            return refuse("web.listen", "must say where Guichet listens");
        }
        let Some(url) = &self.web.public_url else {
            return refuse("web.public_url", "must say where Telegram reaches Guichet");
        };
        let telegrams_own = self.telegram.api_url.host_str() == Some(TELEGRAM);
        if telegrams_own && url.scheme() != "https" {
            return refuse("web.public_url", "must begin with https://");
        }
        if telegrams_own && url.port_or_known_default().is_none_or(|port| !PORTS.contains(&port)) {
            return refuse("web.public_url", "must have port 443, 80, 88 or 8443");
        }
        Ok(self)
    }
}
