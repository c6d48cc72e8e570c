//! The platforms, and where on them a message can stand.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::code::Code;

/// A platform people write on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Discord, Self::Telegram];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Telegram => "telegram",
        }
    }

    /// Its name, the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discord => "Discord",
            Self::Telegram => "Telegram",
        }
    }

    /// The largest file that it takes from a bot, in bytes. Sources:
    /// <https://discord.com/developers/docs/reference#uploading-files>, <https://core.telegram.org/bots/api#sending-files>.
    #[must_use]
    pub fn largest_file(self) -> u64 {
        match self {
            Self::Discord => 10 * 1024 * 1024,
            Self::Telegram => 50 * 1024 * 1024,
        }
    }
}

/// The name of our bot on Telegram, once that is known. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct BotName(Arc<OnceLock<String>>);

impl BotName {
    /// Writes the name down; asked a second time, the platform says the same.
    pub fn set(&self, name: String) {
        let _ = self.0.set(name);
    }

    /// The name, without the `@`.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    /// A link that types a code for whoever follows it (<https://core.telegram.org/bots/features#deep-linking>). It
    /// does no more than that: they are asked as if they had typed it themselves.
    #[must_use]
    pub fn start_link(&self, code: &Code) -> Option<String> {
        self.get().map(|name| format!("https://t.me/{name}?start={code}"))
    }
}

/// By what a notice goes to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// A platform people write on.
    Chat(Platform),
    /// Mail.
    Mail,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::Chat(Platform::Discord),
        Self::Chat(Platform::Telegram),
        Self::Mail,
    ];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Chat(platform) => platform.code(),
            Self::Mail => "mail",
        }
    }

    /// Its name, for the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat(platform) => platform.name(),
            Self::Mail => "the mail server",
        }
    }
}

impl FromStr for Carrier {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        let known = Self::ALL.into_iter().find(|carrier| carrier.code() == code);
        known.ok_or_else(|| UnknownCode {
            what: "carrier",
            code: code.to_owned(),
        })
    }
}

/// A code that names nothing known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} {code:?}")]
pub struct UnknownCode {
    /// The kind of thing looked for.
    pub what: &'static str,
    /// The code found.
    pub code: String,
}

impl FromStr for Platform {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        match code {
            "discord" => Ok(Self::Discord),
            "telegram" => Ok(Self::Telegram),
            _ => Err(UnknownCode {
                what: "platform",
                code: code.to_owned(),
            }),
        }
    }
}

/// The address of a conversation on a platform. A Discord thread is a chat of its own; a Telegram topic is
/// a part of its group's chat.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// The platform's chat or channel id.
    pub chat: String,
    /// The topic within it (Telegram's `message_thread_id`).
    pub topic: Option<String>,
}

impl Spot {
    /// A chat without topics.
    #[must_use]
    pub fn chat(chat: impl Into<String>) -> Self {
        Self {
            chat: chat.into(),
            topic: None,
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.topic {
            Some(topic) => write!(f, "{}/{topic}", self.chat),
            None => self.chat.fmt(f),
        }
    }
}

impl FromStr for Spot {
    type Err = std::convert::Infallible;

    fn from_str(spot: &str) -> Result<Self, Self::Err> {
        Ok(match spot.split_once('/') {
            Some((chat, topic)) => Self {
                chat: chat.to_owned(),
                topic: Some(topic.to_owned()),
            },
            None => Self::chat(spot),
        })
    }
}
