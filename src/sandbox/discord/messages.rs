//! The API's messages: listed, posted, edited, deleted, reacted to, pinned.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::check;
use super::gateway::{Event, intent};
use super::json::strip_content;
use super::posting::Draft;
use super::refusal::{Errors, Refusal};
use super::routes::{Call, Reply};
use super::state::{BotMay, Message, Room, State};
use super::{flag, kind};
use crate::sandbox::What;

/// How long a nonce is remembered.
const NONCE: TimeDelta = TimeDelta::minutes(5);

impl State {
    /// The channel of a request, if the bot sees it.
    pub(super) fn room_of(&self, call: &Call) -> Result<&Room, Refusal> {
        let room = self.rooms.get(&call.id(0)?).ok_or_else(Refusal::unknown_channel)?;
        if self.bot_sees(room) {
            Ok(room)
        } else {
            Err(Refusal::missing_access())
        }
    }

    /// The message of a request; what only one person sees is unknown here.
    pub(super) fn message_of(&self, call: &Call) -> Result<&Message, Refusal> {
        let (room, id) = (self.room_of(call)?.id, call.id(1)?);
        let message = self
            .messages
            .get(&id)
            .filter(|message| message.room == room && message.only_for.is_none());
        message.ok_or_else(Refusal::unknown_message)
    }

    /// A message as the API gives it to this application.
    pub(super) fn shown(&self, message: &Message) -> Value {
        let mut json = self.message_json(message);
        if self.needs_content_intent(message) && !self.content_intent {
            strip_content(&mut json);
        }
        json
    }

    /// Refuses when the bot can't write there.
    fn check_writable(&self, room: &Room) -> Result<(), Refusal> {
        match room.kind {
            kind::FORUM => return Err(Refusal::new(400, 50008, "Cannot send messages in a non-text channel")),
            kind::DM => match self.people.get(&room.owner) {
                Some(person) if !person.member => return Err(Refusal::no_common_guild()),
                Some(person) if person.dms_closed => return Err(Refusal::closed_dms()),
                _ => {}
            },
            _ => {}
        }
        let parent = room.parent.and_then(|parent| self.rooms.get(&parent));
        if [Some(room), parent]
            .into_iter()
            .flatten()
            .any(|room| room.bot < BotMay::Write)
        {
            Err(Refusal::missing_permissions())
        } else if room.archived && room.locked {
            Err(Refusal::archived())
        } else {
            Ok(())
        }
    }
}

/// Refuses a message that would show nothing, or too many files.
pub(super) fn check_filled(body: &Value, files: usize) -> Result<(), Refusal> {
    if files > 10 {
        let mut errors = Errors::default();
        errors.add("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
        return errors.refuse_if_any();
    }
    let text = body["content"]
        .as_str()
        .is_some_and(|content| !content.trim().is_empty());
    let some = |field: &str| body[field].as_array().is_some_and(|list| !list.is_empty());
    if text || files > 0 || some("embeds") || some("components") || some("sticker_ids") {
        return Ok(());
    }
    Err(Refusal::empty_message())
}

pub(super) fn list(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    let limit = call.query.get("limit").map_or(Ok(50), |limit| limit.parse::<usize>());
    let Ok(limit @ 1..=100) = limit else {
        let mut errors = Errors::default();
        errors.add("limit", "NUMBER_TYPE_RANGE", "int value should be between 1 and 100.");
        return Err(errors.refuse_if_any().err().unwrap_or_else(Refusal::not_found));
    };
    let bound = |name: &str| call.query.get(name).and_then(|id| id.parse::<u64>().ok());
    let visible = |id: &&u64| state.messages.get(id).is_some_and(|message| message.only_for.is_none());
    let ids: Vec<u64> = room.messages.iter().filter(visible).copied().collect();
    let start = bound("after").map(|after| ids.partition_point(|&id| id <= after));
    let end = bound("before").map_or(ids.len(), |before| ids.partition_point(|&id| id < before));
    let range = match start {
        Some(start) => start..(start + limit).min(ids.len()),
        None => end.saturating_sub(limit)..end,
    };
    let found = ids[range].iter().rev().filter_map(|id| state.messages.get(id));
    Ok((200, found.map(|message| state.shown(message)).collect()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Reply {
    let message = state.message_of(call)?;
    Ok((200, state.shown(message)))
}

pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    state.check_writable(room)?;
    let room = room.id;
    check::message(&call.body)?;
    check_filled(&call.body, call.files.len())?;
    let replied = call.body["message_reference"]["message_id"]
        .as_str()
        .and_then(|id| id.parse().ok());
    let missing = replied.is_some_and(|id: u64| state.messages.get(&id).is_none_or(|message| message.room != room));
    let mut body = call.body.clone();
    if missing {
        if body["message_reference"]["fail_if_not_exists"] != false {
            let mut errors = Errors::default();
            errors.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
            errors.refuse_if_any()?;
        }
        body["message_reference"] = Value::Null;
    }
    let nonce = match &body["nonce"] {
        Value::String(nonce) => Some(nonce.clone()),
        Value::Number(nonce) => Some(nonce.to_string()),
        _ => None,
    };
    let nonce = nonce
        .filter(|_| body["enforce_nonce"] == true)
        .map(|nonce| (room, nonce));
    let now = state.clock.now();
    if let Some((id, at)) = nonce.as_ref().and_then(|nonce| state.nonces.get(nonce))
        && now - *at < NONCE
        && let Some(message) = state.messages.get(id)
    {
        return Ok((200, state.message_json(message)));
    }
    let id = state.post(&Draft::plain(room, state.app, &body, &call.files));
    if let Some(nonce) = nonce {
        state.nonces.insert(nonce, (id, now));
    }
    Ok((
        200,
        state
            .messages
            .get(&id)
            .map_or(Value::Null, |message| state.message_json(message)),
    ))
}

pub(super) fn patch(state: &mut State, call: &Call) -> Reply {
    let message = state.message_of(call)?;
    let id = message.id;
    if message.author != state.app {
        return Err(Refusal::not_their_message());
    }
    if state.room_of(call)?.archived {
        return Err(Refusal::archived());
    }
    check_edit(message, call)?;
    state.edit(id, &call.body, &call.files);
    Ok((
        200,
        state
            .messages
            .get(&id)
            .map_or(Value::Null, |message| state.message_json(message)),
    ))
}

/// Refuses an edit whose parts are wrong or which leaves nothing.
pub(super) fn check_edit(message: &Message, call: &Call) -> Result<(), Refusal> {
    check::message(&call.body)?;
    let mut after = json!({"content": message.content, "embeds": message.embeds, "components": message.components});
    for field in ["content", "embeds", "components"] {
        if let Some(new) = call.body.get(field) {
            after[field] = new.clone();
        }
    }
    let listed = call.body["attachments"].as_array();
    let stays = |old: &&Value| listed.is_none_or(|kept| kept.iter().any(|kept| kept["id"] == old["id"]));
    let kept = message.attachments.iter().filter(stays).count();
    check_filled(&after, kept + call.files.len())
}

pub(super) fn delete(state: &mut State, call: &Call) -> Reply {
    let message = state.message_of(call)?;
    if message.author != state.app && state.is_dm(message.room) {
        return Err(Refusal::new(403, 50003, "Cannot execute action on a DM channel"));
    }
    let id = message.id;
    if state.room_of(call)?.archived {
        return Err(Refusal::archived());
    }
    state.remove(id);
    Ok((204, Value::Null))
}

pub(super) fn react(state: &mut State, call: &Call) -> Reply {
    let message = state.message_of(call)?;
    let (id, room, author) = (message.id, message.room, message.author);
    if state.room_of(call)?.archived {
        return Err(Refusal::archived());
    }
    let emoji = call.parts.get(2).cloned().unwrap_or_default();
    if emoji.is_empty()
        || emoji
            .chars()
            .all(|c| c.is_ascii() && !c.is_ascii_digit() && c != '#' && c != '*')
    {
        return Err(Refusal::unknown_emoji());
    }
    let reaction = (emoji.clone(), state.app);
    let add = call.method == "PUT";
    let Some(message) = state.messages.get_mut(&id) else {
        return Err(Refusal::unknown_message());
    };
    let had = message.reactions.contains(&reaction);
    message.reactions.retain(|one| *one != reaction);
    if add {
        message.reactions.push(reaction);
    }
    if add && !had {
        state.tell(author, room, What::Reaction(emoji.clone()));
    }
    if add != had {
        let name = if add {
            "MESSAGE_REACTION_ADD"
        } else {
            "MESSAGE_REACTION_REMOVE"
        };
        state.announce_reaction(name, id, state.app, &emoji);
    }
    Ok((204, Value::Null))
}

impl State {
    /// A link in a message unfurls: told as a part of the message, and as the whole of it.
    pub(super) fn unfurl(&mut self, id: u64) {
        let Some(message) = self.messages.get(&id) else { return };
        let room = message.room;
        let mut data = json!({"id": id.to_string(), "channel_id": room.to_string(), "embeds": [{"type": "link"}]});
        if let Some(guild) = self.guild_of(room) {
            data["guild_id"] = json!(guild);
        }
        let intents = self.message_intents(room);
        self.dispatch(&Event {
            name: "MESSAGE_UPDATE",
            intents,
            data,
            protected: false,
        });
        self.announce("MESSAGE_UPDATE", id);
    }

    /// A moderator takes several messages of a server's channel away at once.
    pub(super) fn remove_together(&mut self, room: u64, ids: &[u64]) {
        self.messages.retain(|id, _| !ids.contains(id));
        if let Some(room) = self.rooms.get_mut(&room) {
            room.messages.retain(|one| !ids.contains(one));
        }
        let told: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let data = json!({"ids": told, "channel_id": room.to_string(), "guild_id": self.guild_of(room)});
        let intents = self.message_intents(room);
        self.dispatch(&Event {
            name: "MESSAGE_DELETE_BULK",
            intents,
            data,
            protected: false,
        });
    }

    pub(super) fn announce_reaction(&mut self, name: &'static str, id: u64, by: u64, emoji: &str) {
        let Some(message) = self.messages.get(&id) else { return };
        let guild = self.guild_of(message.room);
        let mut data = json!({
            "user_id": by.to_string(), "channel_id": message.room.to_string(), "message_id": id.to_string(),
            "message_author_id": message.author.to_string(), "emoji": {"id": null, "name": emoji},
            "burst": false, "burst_colors": [], "type": 0,
        });
        if let Some(guild) = &guild {
            data["guild_id"] = json!(guild);
            data["member"] = self
                .people
                .get(&by)
                .map_or(Value::Null, |person| self.member_json(person));
        }
        let intents = if guild.is_some() {
            intent::GUILD_REACTIONS
        } else {
            intent::DIRECT_REACTIONS
        };
        self.dispatch(&Event {
            name,
            intents,
            data,
            protected: false,
        });
    }
}

pub(super) fn pins(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    let pinned = room
        .messages
        .iter()
        .rev()
        .filter_map(|id| state.messages.get(id))
        .filter(|message| message.pinned);
    if call.template.ends_with("/messages/pins") {
        let items =
            pinned.map(|message| json!({"pinned_at": super::json::time(message.at), "message": state.shown(message)}));
        return Ok((200, json!({"items": items.collect::<Vec<_>>(), "has_more": false})));
    }
    Ok((200, pinned.map(|message| state.shown(message)).collect()))
}

pub(super) fn pin(state: &mut State, call: &Call) -> Reply {
    let id = state.message_of(call)?.id;
    if let Some(message) = state.messages.get_mut(&id) {
        message.pinned = call.method == "PUT";
        debug_assert_eq!(message.flags & flag::EPHEMERAL, 0, "message_of hides these");
    }
    Ok((204, Value::Null))
}
