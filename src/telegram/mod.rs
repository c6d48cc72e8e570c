//! The Telegram adapter: between the Bot API and what chat, intake and outbox understand.
//!
//! In reading order: `client` carries out one call when `pace` lets it, and `failure` says what its failure means;
//! `poll` fetches raw updates, `webhook` has them posted, `update` and `inbound` read them, `attachments` their files;
//! `render` and `keyboard` show a message (`text` counts and cuts), `send` and `upload` put it in a chat; `front`
//! answers updates, `courier` carries deliveries, `commands` fills the menu, `check` looks for mistakes in the setup.
//!
//! Nothing here knows tickets, or tries again: intake and outbox do. To read a new kind of message, add its part of the
//! JSON to `update` and its meaning to `inbound`; to send something new, start from `send`. Limits are those of
//! <https://core.telegram.org/bots/api>; error texts, which it does not list, are in `failure`.

mod attachments;
mod check;
mod client;
mod commands;
mod courier;
mod failure;
mod front;
#[cfg(fuzzing)]
pub mod fuzzing;
mod inbound;
mod keyboard;
mod pace;
mod poll;
mod render;
mod send;
mod text;
mod update;
mod upload;
mod webhook;

use std::sync::Arc;

use secrecy::SecretString;
use teloxide::payloads::GetMe;
use url::Url;

pub use check::Finding;
pub use client::SetupError;
pub use failure::Failure;

use crate::clock::Clock;
use crate::domain::platform::BotName;
use crate::outbox::pacing::Pacing;
use crate::store::files::FileStore;
use client::Client;
use courier::HalfSent;
use update::Me;

/// One bot on Telegram. Clones share it.
#[derive(Clone, Debug)]
pub struct Telegram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    files: FileStore,
    timezone: chrono_tz::Tz,
    clock: Clock,
    name: BotName,
    half_sent: HalfSent,
}

impl Telegram {
    /// A bot with that token, on the Bot API at `api_url`. Files to send come from `files`; moments are shown in
    /// `timezone`. What is written keeps the limits of `pacing`.
    ///
    /// # Errors
    /// When the address can't be used or TLS can't be set up.
    pub fn new(
        token: &SecretString,
        api_url: Url,
        files: FileStore,
        timezone: chrono_tz::Tz,
        clock: Clock,
        pacing: Pacing,
    ) -> Result<Self, SetupError> {
        Ok(Self(Arc::new(Inner {
            client: Client::new(token, api_url, pacing)?,
            files,
            timezone,
            clock,
            name: BotName::default(),
            half_sent: HalfSent::default(),
        })))
    }

    /// Asks Telegram who this bot is. Until then, commands in groups that name a bot are taken for another's.
    ///
    /// # Errors
    /// When Telegram can't be reached or doesn't know the token.
    pub async fn identify(&self) -> Result<(), Failure> {
        let me: Me = self.client().call(&GetMe::new()).await?;
        if let Some(username) = me.username {
            self.0.name.set(username.0);
        }
        Ok(())
    }

    /// The bot's own name, without the `@`, once [identified](Self::identify).
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.0.name.get()
    }

    /// The same, for others to know once it is known.
    #[must_use]
    pub fn name(&self) -> BotName {
        self.0.name.clone()
    }

    fn client(&self) -> &Client {
        &self.0.client
    }
}

#[cfg(all(test, feature = "sandbox"))]
mod tests;
