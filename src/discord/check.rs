//! What `guichet check` says of Discord: English, for whoever runs the program.

use std::fmt;

use serde::Deserialize;
use serenity::all::Permissions;
use serenity::http::{LightMethod, Request, Route};

use crate::outbox::courier::DeliveryError;
use crate::outbox::pacing::Pass;

use super::Discord;
use super::errors::Failure;

/// What the bot does in the staff's channels.
const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::MANAGE_THREADS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::ADD_REACTIONS);
/// `GATEWAY_MESSAGE_CONTENT` and `GATEWAY_MESSAGE_CONTENT_LIMITED`.
const READS_MESSAGES: u64 = 1 << 18 | 1 << 19;

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The token is good; in how many servers the bot is (200 at most are counted).
    Connected {
        /// The bot's name.
        name: String,
        /// The number of servers.
        guilds: usize,
    },
    /// The token is refused.
    BadToken,
    /// Discord can't be asked.
    Failed(String),
    /// Plain messages in the staff's threads can't be read.
    NoMessageContent,
    /// The bot is in no server.
    NoGuild {
        /// The address that invites it.
        invite: String,
    },
    /// The address that invites the bot to one more server.
    Invite(String),
}

impl Finding {
    /// Whether the bot can't work.
    #[must_use]
    pub fn is_problem(&self) -> bool {
        !matches!(self, Self::Connected { .. } | Self::Invite(_) | Self::NoMessageContent)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected { name, guilds } => write!(f, "connected as {name}, in {guilds} server(s)"),
            Self::BadToken => f.write_str(
                "the token is refused: reset it at https://discord.com/developers/applications (Bot, Reset Token) \
                 and set discord.token",
            ),
            Self::Failed(why) => write!(f, "{why}: check the network and discord.api_url"),
            Self::NoMessageContent => f.write_str(
                "plain messages in staff threads can't be read: switch Message Content Intent on at \
                 https://discord.com/developers/applications (Bot), or use the Reply button, /reply and /note",
            ),
            Self::NoGuild { invite } => write!(f, "the bot is in no server: open {invite}"),
            Self::Invite(address) => write!(f, "to invite the bot to a server, open {address}"),
        }
    }
}

#[derive(Deserialize)]
struct Application {
    #[serde(default)]
    flags: Option<u64>,
}

impl Discord {
    /// Looks whether the bot can work, and tells how to mend what is wrong.
    pub async fn check(&self) -> Vec<Finding> {
        match self.look().await {
            Ok(findings) => findings,
            Err(Failure::BadToken) => vec![Finding::BadToken],
            Err(failure) => match failure.into_delivery() {
                DeliveryError::RetryAfter(delay) => {
                    vec![Finding::Failed(format!("Discord asks to wait {} s", delay.as_secs()))]
                }
                other => vec![Finding::Failed(other.to_string())],
            },
        }
    }

    async fn look(&self) -> Result<Vec<Finding>, Failure> {
        let me = self.identify_now().await?;
        let application: Application = self.api().get(Route::Oauth2ApplicationCurrent).await?;
        let request = Request::new(Route::UserMeGuilds, LightMethod::Get);
        let guilds = self.api().execute(request, Pass::reply()).await?;
        let guilds = guilds.as_array().map_or(0, Vec::len);
        let invite = format!(
            "https://discord.com/oauth2/authorize?client_id={}&permissions={}&scope=bot%20applications.commands",
            me.application_id,
            PERMISSIONS.bits(),
        );
        let mut findings = vec![Finding::Connected { name: me.name, guilds }];
        if application.flags.unwrap_or_default() & READS_MESSAGES == 0 {
            findings.push(Finding::NoMessageContent);
        }
        findings.push(if guilds == 0 {
            Finding::NoGuild { invite }
        } else {
            Finding::Invite(invite)
        });
        Ok(findings)
    }
}
