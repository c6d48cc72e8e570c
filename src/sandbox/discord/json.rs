//! People, channels and messages as Discord's API shows them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::state::{BotMay, Message, Person, Room, State};
use super::{flag, kind};

/// What members may do: react, view, send, embed, attach, read the history, start threads and write in them.
pub(super) const MEMBER_PERMISSIONS: u64 =
    1 << 6 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 35 | 1 << 38;
/// What the bot may do beyond: manage channels, messages and threads, mention everyone, start private threads.
pub(super) const BOT_PERMISSIONS: u64 = MEMBER_PERMISSIONS | 1 << 4 | 1 << 13 | 1 << 17 | 1 << 34 | 1 << 36;

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}

impl State {
    pub(super) fn user_json(&self, id: u64) -> Value {
        let Some(person) = self.people.get(&id) else {
            return json!({"id": id.to_string(), "username": "deleted", "discriminator": "0", "avatar": null});
        };
        let username: String = person
            .name
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(".");
        json!({
            "id": id.to_string(), "username": username, "discriminator": "0", "global_name": person.name,
            "avatar": null, "bot": person.bot, "system": false, "public_flags": 0, "flags": 0, "banner": null,
            "accent_color": null, "avatar_decoration_data": null, "collectibles": null, "primary_guild": null,
        })
    }

    pub(super) fn member_json(&self, person: &Person) -> Value {
        let mut member = self.partial_member_json(person);
        member["user"] = self.user_json(person.id);
        member
    }

    #[expect(clippy::unused_self, reason = "read beside its siblings")]
    fn partial_member_json(&self, person: &Person) -> Value {
        json!({
            "nick": null, "avatar": null, "banner": null, "roles": [], "joined_at": time(person.joined),
            "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
            "communication_disabled_until": null, "avatar_decoration_data": null,
        })
    }

    pub(super) fn room_json(&self, room: &Room) -> Value {
        let last = room
            .messages
            .iter()
            .rev()
            .find(|id| self.messages.get(id).is_some_and(|m| m.only_for.is_none()));
        let last = last.map(u64::to_string);
        if room.kind == kind::DM {
            return json!({
                "id": room.id.to_string(), "type": room.kind, "last_message_id": last, "flags": 0,
                "recipients": [self.user_json(room.owner)],
            });
        }
        let mut json = json!({
            "id": room.id.to_string(), "type": room.kind, "guild_id": self.guild.to_string(), "name": room.name,
            "parent_id": room.parent.map(|id| id.to_string()), "last_message_id": last, "flags": 0,
            "rate_limit_per_user": 0, "nsfw": false, "topic": room.topic, "position": 0,
            "permission_overwrites": self.overwrites(room), "last_pin_timestamp": null,
        });
        if room.is_thread() {
            json["owner_id"] = json!(room.owner.to_string());
            json["thread_metadata"] = room.metadata_json();
            json["message_count"] = json!(room.messages.len());
            json["total_message_sent"] = json!(room.messages.len());
            json["member_count"] = json!(1);
            json["applied_tags"] = json!(room.applied_tags);
        }
        if room.kind == kind::FORUM {
            json["flags"] = json!(u64::from(room.needs_tag) << 4);
            json["available_tags"] = json!(room.available_tags);
            json["default_forum_layout"] = json!(0);
            json["default_sort_order"] = json!(null);
            json["default_reaction_emoji"] = json!(null);
        }
        json
    }

    fn overwrites(&self, room: &Room) -> Vec<Value> {
        const VIEW: &str = "1024";
        let Some(members) = room.members.as_ref().filter(|_| !room.is_thread()) else {
            return Vec::new();
        };
        let everyone = json!({"id": self.guild.to_string(), "type": 0, "allow": "0", "deny": VIEW});
        let bot = (room.bot >= BotMay::See).then_some(&self.app);
        let allowed = members.iter().chain(bot);
        let allowed = allowed.map(|id| json!({"id": id.to_string(), "type": 1, "allow": VIEW, "deny": "0"}));
        std::iter::once(everyone).chain(allowed).collect()
    }

    /// The channel as an interaction shows it.
    pub(super) fn partial_room_json(&self, room: &Room) -> Value {
        let mut json = self.room_json(room);
        if room.kind != kind::DM {
            json["permissions"] = json!(MEMBER_PERMISSIONS.to_string());
        }
        json
    }

    pub(super) fn guild_json(&self) -> Value {
        json!({
            "id": self.guild.to_string(), "name": "Sandbox", "icon": null, "splash": null, "discovery_splash": null,
            "owner_id": self.guild.to_string(), "afk_channel_id": null, "afk_timeout": 300, "widget_enabled": false,
            "widget_channel_id": null, "verification_level": 0, "default_message_notifications": 0,
            "explicit_content_filter": 0, "roles": [self.everyone_json()], "emojis": [], "stickers": [],
            "features": [], "mfa_level": 0, "application_id": null, "system_channel_id": null,
            "system_channel_flags": 0, "rules_channel_id": null, "max_presences": null, "max_members": 500_000,
            "vanity_url_code": null, "description": null, "banner": null, "premium_tier": 0,
            "premium_subscription_count": 0, "preferred_locale": "fr", "public_updates_channel_id": null,
            "nsfw_level": 0, "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null,
            "incidents_data": null, "nsfw": false,
        })
    }

    /// The only role there is.
    pub(super) fn everyone_json(&self) -> Value {
        json!({
            "id": self.guild.to_string(), "name": "@everyone", "color": 0, "hoist": false, "icon": null,
            "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
            "unicode_emoji": null, "position": 0, "permissions": MEMBER_PERMISSIONS.to_string(),
            "managed": false, "mentionable": false, "flags": 0,
        })
    }

    pub(super) fn application_json(&self) -> Value {
        let flags = if self.content_intent { 1 << 19 } else { 0 };
        json!({
            "id": self.app.to_string(), "name": "Guichet", "icon": null, "description": "", "summary": "",
            "bot_public": false, "bot_require_code_grant": false, "flags": flags,
            "verify_key": "00".repeat(32), "team": null, "bot": self.user_json(self.app),
            "owner": {"id": self.guild.to_string(), "username": "owner", "discriminator": "0", "avatar": null},
            "approximate_guild_count": 1, "approximate_user_install_count": 0, "redirect_uris": [],
            "interactions_endpoint_url": null, "role_connections_verification_url": null, "hook": true,
            "tags": [], "integration_types_config": {"0": {}}, "rpc_origins": [],
        })
    }

    /// A message; what it replies to is shown one level deep.
    pub(super) fn message_json(&self, message: &Message) -> Value {
        let mut json = self.bare_message_json(message);
        if let Some(reference) = message.reference {
            json["message_reference"] = json!({
                "type": 0, "message_id": reference.to_string(), "channel_id": message.room.to_string(),
                "guild_id": self.guild_of(message.room),
            });
            json["referenced_message"] = self
                .messages
                .get(&reference)
                .map_or(Value::Null, |m| self.bare_message_json(m));
        }
        json
    }

    fn bare_message_json(&self, message: &Message) -> Value {
        let thread = self.rooms.get(&message.id).filter(|room| room.is_thread());
        let forum_post = thread.is_some_and(|thread| thread.id == message.room);
        let flags = message.flags
            | if thread.is_some() && !forum_post {
                flag::HAS_THREAD
            } else {
                0
            };
        let mut json = json!({
            "id": message.id.to_string(), "channel_id": message.room.to_string(), "type": message.kind,
            "author": self.user_json(message.author), "content": message.content, "timestamp": time(message.at),
            "edited_timestamp": message.edited.map(time), "tts": false, "pinned": message.pinned,
            "mention_everyone": message.mention_everyone,
            "mentions": message.mentions.iter().map(|&id| self.user_json(id)).collect::<Vec<_>>(),
            "mention_roles": message.mention_roles.iter().map(u64::to_string).collect::<Vec<_>>(),
            "attachments": message.attachments, "embeds": message.embeds, "components": message.components,
            "flags": flags,
        });
        if let Some(nonce) = &message.nonce {
            json["nonce"] = nonce.clone();
        }
        if message.by_webhook {
            json["webhook_id"] = json!(self.app.to_string());
            json["application_id"] = json!(self.app.to_string());
        }
        if let Some(thread) = thread.filter(|_| !forum_post) {
            json["thread"] = self.room_json(thread);
        }
        if !message.reactions.is_empty() {
            json["reactions"] = self.reactions_json(message);
        }
        json
    }

    fn reactions_json(&self, message: &Message) -> Value {
        let mut kinds: Vec<&str> = message.reactions.iter().map(|(emoji, _)| emoji.as_str()).collect();
        kinds.dedup();
        let shown = kinds.into_iter().map(|emoji| {
            let all = || message.reactions.iter().filter(|(one, _)| one == emoji);
            json!({
                "emoji": {"id": null, "name": emoji}, "count": all().count(), "burst_colors": [],
                "count_details": {"burst": 0, "normal": all().count()}, "me_burst": false,
                "me": all().any(|&(_, by)| by == self.app),
            })
        });
        shown.collect()
    }

    /// A message as the gateway and a listing give it: with guild and member, without what an app that lacks the
    /// message content intent may not read.
    pub(super) fn message_event(&self, message: &Message) -> Value {
        let mut json = self.message_json(message);
        let Some(guild) = self.guild_of(message.room) else {
            return json;
        };
        json["guild_id"] = json!(guild);
        if let Some(person) = self.people.get(&message.author).filter(|person| person.member) {
            json["member"] = self.partial_member_json(person);
        }
        json
    }

    /// Whether reading this message needs the message content intent.
    pub(super) fn needs_content_intent(&self, message: &Message) -> bool {
        self.guild_of(message.room).is_some() && message.author != self.app && !message.mentions.contains(&self.app)
    }

    pub(super) fn guild_of(&self, room: u64) -> Option<String> {
        let room = self.rooms.get(&room)?;
        (room.kind != kind::DM).then(|| self.guild.to_string())
    }
}

/// Takes out what the message content intent protects.
pub(super) fn strip_content(message: &mut Value) {
    message["content"] = json!("");
    for field in ["embeds", "attachments", "components"] {
        message[field] = json!([]);
    }
    let quoted = &mut message["referenced_message"];
    if quoted.is_object() && quoted["author"]["bot"] != true {
        strip_content(quoted);
    }
}

impl Room {
    pub(super) fn is_thread(&self) -> bool {
        matches!(self.kind, kind::PUBLIC_THREAD | kind::PRIVATE_THREAD)
    }

    fn metadata_json(&self) -> Value {
        json!({
            "archived": self.archived, "locked": self.locked, "auto_archive_duration": self.auto_archive,
            "archive_timestamp": time(self.changed), "create_timestamp": time(self.created),
        })
    }
}

/// The id part of a bot token is the application's id in base 64.
pub(super) fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(DIGITS[bits >> (18 - 6 * i) & 63]));
        }
    }
    out
}
