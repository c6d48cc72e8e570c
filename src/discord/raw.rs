//! Discord's updates as the inbox keeps them: `{"t": "MESSAGE_CREATE", "d": {…}}`. Only what is used is named,
//! and nearly everything may be missing: what comes next year must not break what is read today.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::chat::grammar::{ChannelKind, ChosenChannel};
use crate::domain::language::Language;
use crate::intake::front::UnreadableUpdate;

use super::text::clean_line;

/// An update.
pub(super) enum Update {
    Message(Box<Message>),
    /// A message says something else.
    Edited(Box<Message>),
    /// A message is gone.
    Deleted(Box<Message>),
    /// Somebody reacted to a message.
    Reacted(Reaction),
    Interaction(Box<Interaction>),
    /// Something that was never meant to be read.
    Other,
}

impl Update {
    /// Reads an update as it was stored.
    pub(super) fn parse(raw: &str) -> Result<Self, UnreadableUpdate> {
        // serde's own words would repeat what stands in the update.
        let unreadable = |what: &str| UnreadableUpdate(what.to_owned());
        let stored: Stored = serde_json::from_str(raw).map_err(|_| unreadable("no event"))?;
        let data = stored.data.get();
        Ok(match stored.event.as_ref() {
            "MESSAGE_CREATE" => Self::Message(read(data).map_err(|_| unreadable("no message"))?),
            "MESSAGE_UPDATE" => Self::Edited(read(data).map_err(|_| unreadable("no message"))?),
            "MESSAGE_DELETE" => Self::Deleted(read(data).map_err(|_| unreadable("no message"))?),
            "MESSAGE_REACTION_ADD" => Self::Reacted(read(data).map_err(|_| unreadable("no reaction"))?),
            "INTERACTION_CREATE" => Self::Interaction(read(data).map_err(|_| unreadable("no interaction"))?),
            _ => Self::Other,
        })
    }
}

/// Reads JSON as it stands; where that fails, as a tree, which forgives a field that is there twice.
fn read<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str(json).or_else(|_| serde_json::from_value(serde_json::from_str(json)?))
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(rename = "t", borrow)]
    event: Cow<'a, str>,
    #[serde(rename = "d", borrow)]
    data: &'a RawValue,
}

/// An id: digits, whether Discord writes them as a string or as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = match Value::deserialize(deserializer)? {
            Value::String(digits) => digits,
            other => other.to_string(),
        };
        match digits.parse::<u64>() {
            Ok(number) if number > 0 => Ok(Self(number.to_string())),
            _ => Err(serde::de::Error::custom("no id")),
        }
    }
}

impl Id {
    /// The number; ids are never zero.
    pub(super) fn number(&self) -> u64 {
        self.0.parse().unwrap_or(1)
    }
}

/// A message.
#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: Id,
    pub(super) channel_id: Id,
    pub(super) guild_id: Option<Id>,
    pub(super) author: Option<User>,
    pub(super) member: Option<Member>,
    #[serde(default)]
    pub(super) content: String,
    pub(super) edited_timestamp: Option<DateTime<Utc>>,
    #[serde(default, rename = "type")]
    pub(super) kind: u64,
    pub(super) flags: Option<u64>,
    #[serde(default)]
    pub(super) attachments: Vec<Attachment>,
    pub(super) webhook_id: Option<Id>,
    #[serde(rename = "message_reference")]
    pub(super) answered: Option<Reference>,
}

impl Message {
    /// Whether only one person sees it.
    pub(super) fn is_ephemeral(&self) -> bool {
        self.flags.unwrap_or_default() & 64 != 0
    }
}

/// Somebody's reaction to a message.
#[derive(Deserialize)]
pub(super) struct Reaction {
    pub(super) message_id: Id,
    pub(super) channel_id: Id,
    pub(super) guild_id: Option<Id>,
    pub(super) user_id: Id,
    pub(super) emoji: Emoji,
}

#[derive(Deserialize)]
pub(super) struct Emoji {
    #[serde(default)]
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Reference {
    pub(super) message_id: Option<Id>,
    /// 1: forwarded, and no answer to it.
    #[serde(default, rename = "type")]
    pub(super) kind: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Attachment {
    #[serde(default)]
    pub(super) filename: String,
    pub(super) content_type: Option<String>,
    pub(super) size: Option<u64>,
    #[serde(default)]
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) username: String,
    pub(super) global_name: Option<String>,
    #[serde(default)]
    pub(super) bot: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) nick: Option<String>,
    pub(super) user: Option<User>,
}

/// A command, a button or a form.
#[derive(Deserialize)]
pub(super) struct Interaction {
    pub(super) id: Id,
    pub(super) application_id: Id,
    #[serde(rename = "type")]
    pub(super) kind: u64,
    pub(super) token: String,
    pub(super) channel_id: Id,
    pub(super) guild_id: Option<Id>,
    pub(super) channel: Option<Channel>,
    pub(super) member: Option<Member>,
    pub(super) user: Option<User>,
    pub(super) locale: Option<String>,
    pub(super) message: Option<Message>,
    #[serde(default)]
    pub(super) data: Data,
}

#[derive(Deserialize)]
pub(super) struct Channel {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<u64>,
}

/// The types of channel: <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>.
const TEXT: [u64; 2] = [0, 5];
const THREADS: [u64; 3] = [10, 11, 12];
const FORUM: u64 = 15;

impl Channel {
    pub(super) fn is_thread(&self) -> bool {
        self.kind.is_some_and(|kind| THREADS.contains(&kind))
    }

    fn kind(&self) -> ChannelKind {
        match self.kind {
            Some(FORUM) => ChannelKind::Forum,
            Some(kind) if TEXT.contains(&kind) => ChannelKind::Text,
            _ => ChannelKind::Other,
        }
    }

    /// Its name, as people write it; empty where Discord does not tell.
    pub(super) fn tag(&self) -> String {
        let name = self.name.as_deref().map(clean_line);
        name.map(|name| format!("#{name}")).unwrap_or_default()
    }
}

/// The type of a command from the menu of a message. Source:
/// <https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-types>.
const OF_A_MESSAGE: u64 = 3;

/// What an interaction carries, whatever its kind.
#[derive(Default, Deserialize)]
pub(super) struct Data {
    #[serde(default)]
    pub(super) name: String,
    /// Of a command: how it is used.
    #[serde(default, rename = "type")]
    pub(super) kind: Option<Value>,
    pub(super) target_id: Option<Value>,
    #[serde(default)]
    resolved: Value,
    #[serde(default)]
    pub(super) options: Vec<CommandOption>,
    #[serde(default)]
    pub(super) custom_id: String,
    pub(super) values: Option<Vec<Value>>,
    #[serde(default)]
    pub(super) components: Vec<Row>,
}

impl Data {
    /// The channel that was chosen as an option of a command.
    pub(super) fn chosen_channel(&self) -> Option<ChosenChannel> {
        let option = self.options.iter().find(|option| option.name == "channel")?;
        let id = option.value.as_str().unwrap_or_default();
        let channels = self.resolved.get("channels");
        let channel = channels.and_then(|channels| channels.get(id)).cloned();
        let channel: Option<Channel> = channel.and_then(|channel| serde_json::from_value(channel).ok());
        Some(ChosenChannel {
            id: id.to_owned(),
            name: channel.as_ref().map(Channel::tag).unwrap_or_default(),
            kind: channel.as_ref().map_or(ChannelKind::Other, Channel::kind),
        })
    }

    /// The message from whose menu a command was used.
    pub(super) fn picked(&self) -> Option<Message> {
        let is_ours = self.name == Language::En.say("menu-open", &[]);
        if !is_ours || self.kind.as_ref()?.as_u64()? != OF_A_MESSAGE {
            return None;
        }
        let message = self.resolved.get("messages")?.get(self.target_id.as_ref()?.as_str()?)?;
        serde_json::from_value(message.clone()).ok()
    }
}

#[derive(Deserialize)]
pub(super) struct CommandOption {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: Value,
}

#[derive(Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    pub(super) components: Vec<Field>,
}

#[derive(Deserialize)]
pub(super) struct Field {
    #[serde(default)]
    pub(super) custom_id: String,
    pub(super) value: Option<String>,
}
