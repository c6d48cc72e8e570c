//! The API's threads and forum posts: started, joined, left.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::channels::{check_archiving, check_tags, tag_ids};
use super::check;
use super::kind;
use super::messages::check_filled;
use super::posting::Draft;
use super::refusal::{Errors, Refusal};
use super::routes::{Call, Reply};
use super::state::State;

/// A thread from a message has the message's id.
pub(super) fn from_message(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    if room.kind != kind::TEXT {
        return Err(Refusal::wrong_channel_type());
    }
    let (parent, id) = (room.id, state.message_of(call)?.id);
    if state.rooms.contains_key(&id) {
        return Err(Refusal::has_thread());
    }
    check_start(call, &[])?;
    Ok(open(state, call, Some(id), kind::PUBLIC_THREAD, parent))
}

/// A thread without a message, or a forum post with its first one.
pub(super) fn start(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    let parent = room.id;
    match room.kind {
        kind::TEXT => {
            check_start(call, &[])?;
            let kind = match call.body["type"].as_u64() {
                Some(11) => kind::PUBLIC_THREAD,
                _ => kind::PRIVATE_THREAD,
            };
            Ok(open(state, call, None, kind, parent))
        }
        kind::FORUM => {
            check_start(call, &room.available_tags)?;
            if room.needs_tag && tag_ids(&call.body["applied_tags"]).is_empty() {
                return Err(Refusal::needs_tag());
            }
            let first = &call.body["message"];
            if first.is_null() {
                let mut errors = Errors::default();
                errors.required("message");
                errors.refuse_if_any()?;
            }
            check::message(first)?;
            check_filled(first, call.files.len())?;
            let (status, mut json) = open(state, call, None, kind::PUBLIC_THREAD, parent);
            let id = json["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
            // The first message of a post shares its id.
            let posted = state.post_as(id, &Draft::plain(id, state.app, first, &call.files));
            json["message"] = state
                .messages
                .get(&posted)
                .map_or(Value::Null, |message| state.message_json(message));
            Ok((status, json))
        }
        _ => Err(Refusal::wrong_channel_type()),
    }
}

fn check_start(call: &Call, tags: &[Value]) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    errors.required_text("name", &call.body["name"], 1, 100);
    check_archiving(&mut errors, &call.body);
    check_tags(&mut errors, &call.body["applied_tags"], tags);
    errors.refuse_if_any()
}

fn open(state: &mut State, call: &Call, id: Option<u64>, kind: u8, parent: u64) -> (u16, Value) {
    let name = call.body["name"].as_str().unwrap_or_default();
    let room = state.add_room(id, kind, name, Some(parent));
    if kind == kind::PRIVATE_THREAD {
        room.members = Some(BTreeSet::new());
    }
    room.auto_archive = call.body["auto_archive_duration"].as_u64().unwrap_or(room.auto_archive);
    room.applied_tags = tag_ids(&call.body["applied_tags"]);
    let id = room.id;
    state.announce_room("THREAD_CREATE", id);
    let mut json = state.rooms.get(&id).map_or(Value::Null, |room| state.room_json(room));
    json["member"] = json!({
        "id": id.to_string(), "user_id": state.app.to_string(), "flags": 0,
        "join_timestamp": super::json::time(state.clock.now()),
    });
    (201, json)
}

/// People are put into a thread or taken out of it; only private threads make a difference of it.
pub(super) fn members(state: &mut State, call: &Call) -> Reply {
    let room = state.room_of(call)?;
    if !room.is_thread() {
        return Err(Refusal::wrong_channel_type());
    }
    if room.archived {
        return Err(Refusal::archived());
    }
    let (id, person) = (room.id, if call.parts.len() > 1 { call.id(1)? } else { state.app });
    if !state.people.contains_key(&person) {
        return Err(Refusal::unknown_user());
    }
    if let Some(members) = state.rooms.get_mut(&id).and_then(|room| room.members.as_mut()) {
        if call.method == "PUT" {
            members.insert(person);
        } else {
            members.remove(&person);
        }
    }
    Ok((204, Value::Null))
}
