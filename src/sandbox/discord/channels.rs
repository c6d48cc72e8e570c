//! The API's channels: shown, changed, deleted; private ones opened.

use serde_json::{Value, json};

use super::gateway::{Event, intent};
use super::kind;
use super::refusal::{Errors, Refusal};
use super::routes::{Call, Reply};
use super::state::State;

impl State {
    /// Tells the sessions about a channel or thread.
    pub(super) fn announce_room(&mut self, name: &'static str, id: u64) {
        let Some(room) = self
            .rooms
            .get(&id)
            .filter(|room| room.kind != kind::DM && self.bot_sees(room))
        else {
            return;
        };
        let mut data = self.room_json(room);
        if name == "THREAD_CREATE" {
            data["newly_created"] = json!(true);
        }
        self.dispatch(&Event {
            name,
            intents: intent::GUILDS,
            data,
            protected: false,
        });
    }

    /// Takes a channel away, with its threads.
    pub(super) fn remove_room(&mut self, id: u64) {
        let threads: Vec<u64> = self
            .rooms
            .values()
            .filter(|room| room.parent == Some(id))
            .map(|room| room.id)
            .collect();
        for thread in threads {
            self.remove_room(thread);
        }
        let Some(room) = self.rooms.get(&id) else { return };
        self.announce_room(
            if room.is_thread() {
                "THREAD_DELETE"
            } else {
                "CHANNEL_DELETE"
            },
            id,
        );
        if let Some(room) = self.rooms.remove(&id) {
            for message in room.messages {
                self.messages.remove(&message);
            }
        }
    }
}

pub(super) fn get(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    Ok((200, state.room_json(room)))
}

pub(super) fn open_dm(state: &mut State, call: &Call) -> Reply {
    let recipient = &call.body["recipient_id"];
    let id = recipient.as_u64().or_else(|| recipient.as_str()?.parse().ok());
    let person = id.and_then(|id| state.people.get(&id)).filter(|person| !person.bot);
    let Some(person) = person.map(|person| person.id) else {
        let mut errors = Errors::default();
        errors.add("recipient_id", "BASE_TYPE_INVALID", "Invalid Recipient(s)");
        errors.refuse_if_any()?;
        return Err(Refusal::closed_dms());
    };
    let room = state.dm_of(person);
    Ok((
        200,
        state.rooms.get(&room).map_or(Value::Null, |room| state.room_json(room)),
    ))
}

pub(super) fn typing(state: &mut State, call: &Call) -> Reply {
    state.room_of(call)?;
    Ok((204, Value::Null))
}

pub(super) fn delete(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    let (id, json) = (room.id, state.room_json(room));
    if room.kind != kind::DM {
        state.remove_room(id);
    }
    Ok((200, json))
}

pub(super) fn patch(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    let (id, thread, body) = (room.id, room.is_thread(), &call.body);
    if room.kind == kind::DM {
        return Err(Refusal::wrong_channel_type());
    }
    let opens = body["archived"] == false;
    let mut touched = body.as_object().into_iter().flat_map(|body| body.keys());
    if room.archived && !opens && touched.any(|field| field != "archived") {
        return Err(Refusal::archived());
    }
    check(state, call)?;
    let now = state.clock.now();
    let mut tags = body["available_tags"].as_array().cloned().unwrap_or_default();
    for tag in tags.iter_mut().filter(|tag| tag["id"].is_null()) {
        tag["id"] = json!(state.next_id().to_string());
    }
    let Some(room) = state.rooms.get_mut(&id) else {
        return Err(Refusal::unknown_channel());
    };
    if let Some(name) = body["name"].as_str() {
        name.clone_into(&mut room.name);
    }
    if let Some(topic) = body.get("topic") {
        room.topic = topic.as_str().map(ToOwned::to_owned);
    }
    if body["available_tags"].is_array() {
        room.available_tags = tags;
    }
    if thread {
        if let Some(archived) = body["archived"].as_bool() {
            room.archived = archived;
            room.changed = now;
        }
        room.locked = body["locked"].as_bool().unwrap_or(room.locked);
        room.auto_archive = body["auto_archive_duration"].as_u64().unwrap_or(room.auto_archive);
        if body["applied_tags"].is_array() {
            room.applied_tags = tag_ids(&body["applied_tags"]);
        }
    }
    state.announce_room(if thread { "THREAD_UPDATE" } else { "CHANNEL_UPDATE" }, id);
    Ok((
        200,
        state.rooms.get(&id).map_or(Value::Null, |room| state.room_json(room)),
    ))
}

fn check(state: &State, call: &Call) -> Result<(), Refusal> {
    let room = state.room_of(call)?;
    let (body, mut errors) = (&call.body, Errors::default());
    errors.text("name", &body["name"], 1, 100);
    errors.text(
        "topic",
        &body["topic"],
        0,
        if room.kind == kind::FORUM { 4096 } else { 1024 },
    );
    check_archiving(&mut errors, body);
    let parent = room.parent.and_then(|parent| state.rooms.get(&parent));
    let known = parent
        .map(|parent| parent.available_tags.as_slice())
        .unwrap_or_default();
    check_tags(&mut errors, &body["applied_tags"], known);
    for (i, tag) in errors
        .list("available_tags", &body["available_tags"], 20)
        .iter()
        .enumerate()
    {
        errors.required_text(&format!("available_tags.{i}.name"), &tag["name"], 1, 20);
    }
    errors.refuse_if_any()
}

pub(super) fn check_archiving(errors: &mut Errors, body: &Value) {
    let minutes = &body["auto_archive_duration"];
    if !minutes.is_null() && !matches!(minutes.as_u64(), Some(60 | 1440 | 4320 | 10080)) {
        errors.choice("auto_archive_duration", "(60, 1440, 4320, 10080)");
    }
}

pub(super) fn check_tags(errors: &mut Errors, applied: &Value, known: &[Value]) {
    errors.list("applied_tags", applied, 5);
    for (i, tag) in tag_ids(applied).iter().enumerate() {
        if !known.iter().any(|known| known["id"] == tag.as_str()) {
            errors.add(&format!("applied_tags.{i}"), "UNKNOWN_TAG", "Unknown tag");
        }
    }
}

/// Ids come as strings or as numbers.
pub(super) fn tag_ids(tags: &Value) -> Vec<String> {
    let text = |tag: &Value| tag.as_str().map_or_else(|| tag.to_string(), ToOwned::to_owned);
    tags.as_array().into_iter().flatten().map(text).collect()
}
