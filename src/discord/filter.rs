//! Which of the gateway's events go into the inbox, and in what form.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use serenity::all::{
    ChannelId, Event, GuildId, Interaction, Message, MessageId, MessageType, MessageUpdateEvent, Reaction, ReactionType,
};

use crate::domain::receipt::Receipt;
use crate::intake::front::RawUpdate;

/// What is known of the servers' channels, to tell threads from the channels where everybody chats.
#[derive(Debug, Default)]
pub(super) struct Filter {
    me: Option<u64>,
    /// Channels that are no threads.
    plain: HashSet<u64>,
}

impl Filter {
    /// Learns from an event, and gives the updates to keep if there are any.
    pub(super) fn take(&mut self, event: &Event) -> Vec<RawUpdate> {
        match event {
            Event::Ready(event) => self.me = Some(event.ready.user.id.get()),
            Event::GuildCreate(event) => {
                let threads: HashSet<u64> = event.guild.threads.iter().map(|thread| thread.id.get()).collect();
                let channels = event.guild.channels.keys().map(|id| id.get());
                self.plain.extend(channels.filter(|id| !threads.contains(id)));
            }
            Event::ChannelCreate(event) => drop(self.plain.insert(event.channel.id.get())),
            Event::ThreadCreate(event) => drop(self.plain.remove(&event.thread.id.get())),
            Event::MessageCreate(event) if self.is_for_us(&event.message) => {
                return keep_message(&event.message).into_iter().collect();
            }
            Event::MessageUpdate(event) if self.may_be_followed(event.guild_id, event.channel_id) => {
                return keep_edited(event).into_iter().collect();
            }
            Event::MessageDelete(event) if self.may_be_followed(event.guild_id, event.channel_id) => {
                return vec![keep_deleted(event.guild_id, event.channel_id, event.message_id)];
            }
            Event::MessageDeleteBulk(event) if self.may_be_followed(event.guild_id, event.channel_id) => {
                let ids = event.ids.iter();
                return ids
                    .map(|id| keep_deleted(event.guild_id, event.channel_id, *id))
                    .collect();
            }
            Event::ReactionAdd(event) if self.may_be_followed(event.reaction.guild_id, event.reaction.channel_id) => {
                return self.keep_reaction(&event.reaction).into_iter().collect();
            }
            Event::InteractionCreate(event) => return keep_interaction(&event.interaction).into_iter().collect(),
            _ => {}
        }
        Vec::new()
    }

    /// What becomes of messages matters in private chats and in what may be a thread.
    fn may_be_followed(&self, guild: Option<GuildId>, channel: ChannelId) -> bool {
        guild.is_none() || !self.plain.contains(&channel.get())
    }

    /// A reaction of somebody else's that means something.
    fn keep_reaction(&self, reaction: &Reaction) -> Option<RawUpdate> {
        let user = reaction.user_id.filter(|user| self.me != Some(user.get()))?;
        let ReactionType::Unicode(emoji) = &reaction.emoji else {
            return None;
        };
        Receipt::of_reaction(emoji)?;
        let data = json!({
            "message_id": reaction.message_id, "channel_id": reaction.channel_id, "guild_id": reaction.guild_id,
            "user_id": user, "emoji": {"name": emoji},
        });
        let mark = crc32fast::hash(format!("{user} {emoji}").as_bytes());
        Some(RawUpdate {
            update_id: format!("{}r{mark:08x}", changes_of(&reaction.message_id.to_string())),
            lane: reaction.channel_id.to_string(),
            raw: stored("MESSAGE_REACTION_ADD", &data),
        })
    }

    /// Private messages, those in threads, those that speak to the bot, and those that show a one-time code to
    /// everybody, for it to be burnt. A channel never heard of may be a
    /// thread, so its messages are kept.
    fn is_for_us(&self, message: &Message) -> bool {
        let written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
        if message.author.bot || message.webhook_id.is_some() || !written {
            return false;
        }
        let is_me = |id: u64| self.me == Some(id);
        let answered = message.referenced_message.as_ref();
        message.guild_id.is_none()
            || !self.plain.contains(&message.channel_id.get())
            || shows_code(&message.content)
            || message.mentions.iter().any(|user| is_me(user.id.get()))
            || answered.is_some_and(|answered| is_me(answered.author.id.get()))
    }
}

/// Whether it is the command for a one-time code, typed as a message.
fn shows_code(content: &str) -> bool {
    let word = content.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("/link")
}

fn keep_message(message: &Message) -> Option<RawUpdate> {
    let data = serde_json::to_value(message).ok()?;
    Some(RawUpdate {
        update_id: message.id.to_string(),
        lane: message.channel_id.to_string(),
        raw: stored("MESSAGE_CREATE", &data),
    })
}

/// The beginning of the ids of updates that change a message: with it go those of its edits and its deletion.
pub(super) fn changes_of(message_id: &str) -> String {
    format!("{message_id}:")
}

/// Where an update stands among others: with what it changes, behind it.
pub(super) fn order(update_id: &str) -> (u64, String) {
    let (id, change) = update_id.split_once(':').unwrap_or((update_id, ""));
    (id.parse().unwrap_or(u64::MAX), change.to_owned())
}

/// An edit by a person: Discord tells of a message too when a link unfurls in it, and then perhaps only that part.
fn keep_edited(event: &MessageUpdateEvent) -> Option<RawUpdate> {
    let author = event.author.as_ref().filter(|author| !author.bot)?;
    let content = event.content.as_ref()?;
    let edited: DateTime<Utc> = event.edited_timestamp?.to_string().parse().ok()?;
    let data = json!({
        "id": event.id, "channel_id": event.channel_id, "guild_id": event.guild_id, "author": author,
        "content": content, "attachments": event.attachments.as_deref().unwrap_or_default(),
        "edited_timestamp": edited,
    });
    Some(RawUpdate {
        // In steps of 16 µs: an update's id has 32 characters in the inbox.
        update_id: format!(
            "{}{:012x}",
            changes_of(&event.id.to_string()),
            edited.timestamp_micros() >> 4
        ),
        lane: event.channel_id.to_string(),
        raw: stored("MESSAGE_UPDATE", &data),
    })
}

fn keep_deleted(guild: Option<GuildId>, channel: ChannelId, id: MessageId) -> RawUpdate {
    let data = json!({"id": id, "channel_id": channel, "guild_id": guild});
    RawUpdate {
        update_id: format!("{}d", changes_of(&id.to_string())),
        lane: channel.to_string(),
        raw: stored("MESSAGE_DELETE", &data),
    }
}

fn keep_interaction(interaction: &Interaction) -> Option<RawUpdate> {
    let (kind, channel, user, guild) = match interaction {
        Interaction::Command(command) => (2, command.channel_id, command.user.id, command.guild_id),
        Interaction::Component(component) => (3, component.channel_id, component.user.id, component.guild_id),
        Interaction::Modal(modal) => (5, modal.channel_id, modal.user.id, modal.guild_id),
        _ => return None,
    };
    let mut data = serde_json::to_value(interaction).ok()?;
    // serenity tells the kind by its own type, and does not write it.
    data["type"] = json!(kind);
    Some(RawUpdate {
        update_id: interaction.id().to_string(),
        // In a server's channel the people don't wait for each other.
        lane: match guild {
            Some(_) => format!("{channel}:{user}"),
            None => channel.to_string(),
        },
        raw: stored("INTERACTION_CREATE", &data),
    })
}

/// An update as the inbox keeps it.
pub(super) fn stored(event: &str, data: &Value) -> String {
    json!({"t": event, "d": data}).to_string()
}
