//! From Discord's updates to what a person meant.

use serde_json::Value;
use url::Url;

use crate::chat::grammar;
use crate::chat::intent::{ChatUser, Edited, Inbound, IncomingFile, Intent, Picked, Place, PlaceKind, Written};
use crate::domain::language::Language;
use crate::domain::platform::{Platform, Spot};
use crate::domain::receipt::Receipt;
use crate::intake::front::UnreadableUpdate;

use super::raw::{Attachment, Channel, Id, Interaction, Member, Message, Reaction, Update, User};
use super::text::{clean, clean_line, safe_file_name};

const COMMAND: u64 = 2;
const COMPONENT: u64 = 3;
const MODAL: u64 = 5;
/// The kinds of message that people write: a message and an answer to one.
const WRITTEN: [u64; 2] = [0, 19];
/// Where Discord keeps attachments.
const FILE_HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];

/// Translates an update as it was stored; files are only accepted from Discord, or from `proxy` in its place.
pub(super) fn read(raw: &str, proxy: Option<&Url>) -> Result<Option<Inbound>, UnreadableUpdate> {
    Ok(match Update::parse(raw)? {
        Update::Message(message) => read_message(*message, proxy),
        Update::Edited(message) => read_edited(&message),
        Update::Deleted(message) => Some(read_deleted(&message)),
        Update::Reacted(reaction) => read_reaction(&reaction),
        Update::Interaction(interaction) => read_interaction(&interaction, proxy),
        Update::Other => None,
    })
}

fn read_message(message: Message, proxy: Option<&Url>) -> Option<Inbound> {
    let author = message.author.as_ref()?;
    if author.bot == Some(true) || message.webhook_id.is_some() || !WRITTEN.contains(&message.kind) {
        return None;
    }
    let text = words(&message)?;
    let in_guild = message.guild_id.is_some();
    let who = person(author, message.member.as_ref(), None);
    let place = place(&message.channel_id, in_guild, String::new());
    Some(Inbound {
        platform: Platform::Discord,
        who,
        place,
        intent: meant(message, text, proxy),
        can_open_form: false,
    })
}

/// What a message says. Without the privileged intent, what is written in a server comes empty: nothing is known of it.
fn words(message: &Message) -> Option<String> {
    let is_withheld = message.guild_id.is_some() && message.content.is_empty() && message.attachments.is_empty();
    (!is_withheld).then(|| clean(&message.content).trim().to_owned())
}

fn read_edited(message: &Message) -> Option<Inbound> {
    let author = message.author.as_ref().filter(|author| author.bot != Some(true))?;
    let edited = Edited {
        message_id: message.id.0.clone(),
        text: words(message)?,
        at: message.edited_timestamp?,
    };
    Some(changed(
        person(author, message.member.as_ref(), None),
        message,
        Intent::Edited(edited),
    ))
}

/// Discord does not say whose it was, nor who deleted it.
fn read_deleted(message: &Message) -> Inbound {
    let nobody = ChatUser {
        user_id: String::new(),
        name: String::new(),
        language: None,
    };
    changed(nobody, message, Intent::Erased(message.id.0.clone()))
}

fn read_reaction(reaction: &Reaction) -> Option<Inbound> {
    let receipt = Receipt::of_reaction(&reaction.emoji.name)?;
    let who = ChatUser {
        user_id: reaction.user_id.0.clone(),
        name: String::new(),
        language: None,
    };
    Some(Inbound {
        platform: Platform::Discord,
        who,
        place: place(&reaction.channel_id, reaction.guild_id.is_some(), String::new()),
        intent: Intent::Reacted(reaction.message_id.0.clone(), receipt),
        can_open_form: false,
    })
}

fn changed(who: ChatUser, message: &Message, intent: Intent) -> Inbound {
    Inbound {
        platform: Platform::Discord,
        who,
        place: place(&message.channel_id, message.guild_id.is_some(), String::new()),
        intent,
        can_open_form: false,
    }
}

fn meant(message: Message, text: String, proxy: Option<&Url>) -> Intent {
    let files = files(message.attachments, proxy);
    let answered = message.answered.filter(|reference| reference.kind != Some(1));
    let reply_to = answered.and_then(|reference| reference.message_id).map(|id| id.0);
    if let Some(mut command) = grammar::from_caption(&text, &files) {
        if let Intent::Command(call) = &mut command {
            call.reply_to = reply_to;
        }
        return command;
    }
    if text.is_empty() && files.is_empty() {
        return Intent::Unreadable;
    }
    Intent::Message(Written {
        message_id: message.id.0,
        text,
        files,
        received: Vec::new(),
        edited_at: None,
        reply_to,
    })
}

fn files(attachments: Vec<Attachment>, proxy: Option<&Url>) -> Vec<IncomingFile> {
    let files = attachments.into_iter();
    files.filter_map(|attachment| incoming(attachment, proxy)).collect()
}

/// What a message says from whose menu a command was used: its words come without the privileged intent.
fn picked(message: Message, proxy: Option<&Url>) -> Option<Intent> {
    let author = message.author.as_ref()?;
    let is_by_application = author.bot == Some(true) || message.webhook_id.is_some();
    let is_written = WRITTEN.contains(&message.kind);
    let text = if is_written { message.content.as_str() } else { "" };
    Some(Intent::Picked(Picked {
        author: person(author, message.member.as_ref(), None),
        is_by_application,
        written: Written {
            text: clean(text).trim().to_owned(),
            message_id: message.id.0,
            files: files(message.attachments, proxy),
            ..Written::default()
        },
    }))
}

fn incoming(attachment: Attachment, proxy: Option<&Url>) -> Option<IncomingFile> {
    file_address(&attachment.url, proxy)?;
    let media_type = attachment.content_type.unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default();
    Some(IncomingFile {
        name: safe_file_name(&attachment.filename),
        media_type: clean_line(media_type),
        size: attachment.size,
        locator: attachment.url,
    })
}

/// The address of a file, when it is one that may be fetched.
pub(super) fn file_address(address: &str, proxy: Option<&Url>) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let allowed = match proxy {
        Some(proxy) => url.origin() == proxy.origin(),
        None => {
            url.scheme() == "https"
                && url.port().is_none()
                && url.host_str().is_some_and(|host| FILE_HOSTS.contains(&host))
        }
    };
    (allowed && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn read_interaction(interaction: &Interaction, proxy: Option<&Url>) -> Option<Inbound> {
    let member = interaction.member.as_ref();
    let user = member
        .and_then(|member| member.user.as_ref())
        .or(interaction.user.as_ref())?;
    let in_guild = interaction.guild_id.is_some();
    let channel = interaction.channel.as_ref();
    let name = channel.map(Channel::tag).unwrap_or_default();
    let mut place = place(&interaction.channel_id, in_guild, name);
    if let PlaceKind::Shared { is_thread, .. } = &mut place.kind {
        *is_thread = channel.is_some_and(Channel::is_thread);
    }
    Some(Inbound {
        platform: Platform::Discord,
        who: person(user, member, interaction.locale.as_deref()),
        place,
        intent: done(interaction, proxy)?,
        can_open_form: interaction.kind != MODAL,
    })
}

fn done(interaction: &Interaction, proxy: Option<&Url>) -> Option<Intent> {
    let data = &interaction.data;
    match interaction.kind {
        COMMAND => {
            if let Some(message) = data.picked() {
                return picked(message, proxy);
            }
            let options: Vec<(String, String)> = data
                .options
                .iter()
                .map(|option| (option.name.clone(), clean(&plain(&option.value))))
                .collect();
            let mut intent = grammar::from_options(&clean_line(&data.name), &options);
            if let Intent::Command(call) = &mut intent {
                call.channel = data.chosen_channel();
            }
            Some(intent)
        }
        COMPONENT => {
            let value = data.values.as_ref().and_then(|values| values.first());
            let action = match value {
                Some(value) => format!("{}:{}", data.custom_id, plain(value)),
                None => data.custom_id.clone(),
            };
            Some(Intent::Press {
                action,
                message_id: interaction.message.as_ref()?.id.0.clone(),
            })
        }
        MODAL => Some(Intent::Submit {
            action: data.custom_id.clone(),
            fields: data
                .components
                .iter()
                .flat_map(|row| &row.components)
                .map(|field| {
                    let value = clean(field.value.as_deref().unwrap_or_default());
                    (field.custom_id.clone(), value.trim().to_owned())
                })
                .collect(),
        }),
        _ => None,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn person(user: &User, member: Option<&Member>, locale: Option<&str>) -> ChatUser {
    let names = [
        member.and_then(|member| member.nick.as_deref()),
        user.global_name.as_deref(),
        Some(user.username.as_str()),
    ];
    let name = names
        .into_iter()
        .flatten()
        .map(clean_line)
        .find(|name| !name.is_empty());
    ChatUser {
        user_id: user.id.0.clone(),
        name: name.unwrap_or_else(|| user.id.0.clone()),
        language: locale.map(Language::from_tag),
    }
}

fn place(channel: &Id, in_guild: bool, name: String) -> Place {
    let kind = if in_guild {
        PlaceKind::Shared {
            name,
            topics: false,
            is_thread: false,
        }
    } else {
        PlaceKind::Private
    };
    Place {
        spot: Spot::chat(channel.0.clone()),
        kind,
    }
}

#[cfg(test)]
#[path = "inbound_tests.rs"]
mod tests;
