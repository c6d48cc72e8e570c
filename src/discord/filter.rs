//! Which of the gateway's events go into the inbox, and in what form.

use std::collections::HashSet;

use serde_json::{Value, json};
use serenity::all::{Event, Interaction, Message, MessageType};

use crate::intake::front::RawUpdate;

/// What is known of the servers' channels, to tell threads from the channels where everybody chats.
#[derive(Debug, Default)]
pub(super) struct Filter {
    me: Option<u64>,
    /// Channels that are no threads.
    plain: HashSet<u64>,
}

impl Filter {
    /// Learns from an event, and gives the update to keep if there is one.
    pub(super) fn take(&mut self, event: &Event) -> Option<RawUpdate> {
        match event {
            Event::Ready(event) => self.me = Some(event.ready.user.id.get()),
            Event::GuildCreate(event) => {
                let threads: HashSet<u64> = event.guild.threads.iter().map(|thread| thread.id.get()).collect();
                let channels = event.guild.channels.keys().map(|id| id.get());
                self.plain.extend(channels.filter(|id| !threads.contains(id)));
            }
            Event::ChannelCreate(event) => drop(self.plain.insert(event.channel.id.get())),
            Event::ThreadCreate(event) => drop(self.plain.remove(&event.thread.id.get())),
            Event::MessageCreate(event) if self.is_for_us(&event.message) => return keep_message(&event.message),
            Event::InteractionCreate(event) => return keep_interaction(&event.interaction),
            _ => {}
        }
        None
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
