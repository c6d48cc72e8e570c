//! Interactions: sent to the bot, answered by callback, followed up over their token's webhook.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::check;
use super::flag;
use super::gateway::Event;
use super::json::{BOT_PERMISSIONS, MEMBER_PERMISSIONS};
use super::messages::{check_edit, check_filled};
use super::posting::Draft;
use super::refusal::{Errors, Refusal};
use super::routes::{Call, Reply};
use super::state::{Form, Interaction, Response, State};

/// In what time an interaction must be answered, unless the story is told otherwise.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// How long its token is good.
const TOKEN_GOOD_FOR: TimeDelta = TimeDelta::minutes(15);

/// The tokens end with the interaction's id.
const TOKEN_PREFIX: &str = "aW50ZXJhY3Rpb246";

/// What an interaction is, by Discord's numbers.
pub(super) mod ask {
    pub(in super::super) const COMMAND: u8 = 2;
    pub(in super::super) const COMPONENT: u8 = 3;
    pub(in super::super) const AUTOCOMPLETE: u8 = 4;
    pub(in super::super) const FORM: u8 = 5;
}

impl State {
    /// Sends an interaction of a person to the bot.
    pub(super) fn ask(&mut self, kind: u8, person: u64, room: u64, message: Option<u64>, data: &Value) -> u64 {
        let id = self.next_id();
        let token = format!("{TOKEN_PREFIX}{id:x}");
        let guild = self.guild_of(room);
        let mut json = json!({
            "id": id.to_string(), "application_id": self.app.to_string(), "type": kind, "data": data,
            "token": token, "version": 1, "channel_id": room.to_string(), "entitlements": [],
            "app_permissions": BOT_PERMISSIONS.to_string(), "attachment_size_limit": 10 << 20,
            "authorizing_integration_owners": {"0": guild.clone().unwrap_or_else(|| "0".to_owned())},
            "context": u8::from(guild.is_none()),
        });
        if let Some(room) = self.rooms.get(&room) {
            json["channel"] = self.partial_room_json(room);
        }
        if let Some(who) = self.people.get(&person) {
            json["locale"] = json!(who.locale);
            if guild.is_some() {
                json["member"] = self.member_json(who);
                json["member"]["permissions"] = json!((who.permissions | MEMBER_PERMISSIONS).to_string());
            } else {
                json["user"] = self.user_json(person);
            }
        }
        if let Some(guild) = guild {
            json["guild"] = json!({"id": guild, "locale": "fr", "features": []});
            json["guild_id"] = json!(guild);
            json["guild_locale"] = json!("fr");
        }
        if let Some(message) = message.and_then(|id| self.messages.get(&id)) {
            json["message"] = self.message_json(message);
        }
        let (since, at) = (Instant::now(), self.clock.now());
        let interaction = Interaction {
            id,
            token,
            kind,
            person,
            room,
            message,
            since,
            at,
            response: None,
            answered_after: None,
        };
        self.interactions.insert(id, interaction);
        let event = Event {
            name: "INTERACTION_CREATE",
            intents: 0,
            data: json,
            protected: false,
        };
        self.dispatch(&event);
        self.last_event = Some(event);
        id
    }

    fn by_token(&self, call: &Call) -> Result<&Interaction, Refusal> {
        let token = call.parts.get(1).map(String::as_str).unwrap_or_default();
        if call.id(0)? != self.app {
            return Err(Refusal::unknown_webhook());
        }
        let id = token
            .strip_prefix(TOKEN_PREFIX)
            .and_then(|id| u64::from_str_radix(id, 16).ok());
        let found = id
            .and_then(|id| self.interactions.get(&id))
            .filter(|one| one.response.is_some());
        let interaction = found.ok_or_else(Refusal::unknown_webhook)?;
        let expired = self.clock.now() - interaction.at >= TOKEN_GOOD_FOR;
        if expired {
            Err(Refusal::expired_token())
        } else {
            Ok(interaction)
        }
    }

    /// A message that an interaction brings: seen by one person if its flags say so.
    fn respond(&mut self, to: u64, data: &Value, call: &Call, loading: u64) -> u64 {
        let Some(interaction) = self.interactions.get(&to) else {
            return 0;
        };
        let ephemeral = data["flags"].as_u64().unwrap_or_default() & flag::EPHEMERAL;
        let draft = Draft {
            room: interaction.room,
            author: self.app,
            body: data,
            files: &call.files,
            kind: if interaction.kind == ask::COMMAND { 20 } else { 0 },
            flags: ephemeral | loading,
            only_for: (ephemeral != 0).then_some(interaction.person),
            by_webhook: true,
        };
        self.post(&draft)
    }
}

pub(super) fn callback(state: &mut State, call: &Call) -> Reply {
    let id = call.id(0)?;
    let found = state
        .interactions
        .get(&id)
        .filter(|one| call.parts.get(1) == Some(&one.token));
    let interaction = found.ok_or_else(Refusal::unknown_interaction)?;
    if interaction.response.is_some() {
        return Err(Refusal::already_acknowledged());
    }
    if interaction.since.elapsed() >= state.answer_within {
        return Err(Refusal::unknown_interaction());
    }
    let (kind, room, message) = (interaction.kind, interaction.room, interaction.message);
    let data = &call.body["data"];
    let on_message = matches!(kind, ask::COMPONENT | ask::FORM);
    let response = match call.body["type"].as_u64() {
        Some(4) if kind != ask::AUTOCOMPLETE => {
            check::message(data).map_err(Refusal::in_data)?;
            check_filled(data, call.files.len())?;
            Response::Message(state.respond(id, data, call, 0))
        }
        Some(5) if kind != ask::AUTOCOMPLETE => {
            let flags = json!({"flags": data["flags"]});
            Response::Deferred(state.respond(id, &flags, call, flag::LOADING))
        }
        Some(6) if on_message => Response::DeferredUpdate,
        Some(7) if on_message && let Some(message) = message => {
            let edit = edit_call(call, data);
            check_edit(
                state.messages.get(&message).ok_or_else(Refusal::unknown_message)?,
                &edit,
            )
            .map_err(Refusal::in_data)?;
            state.edit(message, data, &call.files);
            Response::Update(message)
        }
        Some(8) if kind == ask::AUTOCOMPLETE => Response::Choices(choices(data)?),
        Some(9) if matches!(kind, ask::COMMAND | ask::COMPONENT) => {
            check::form(data)?;
            Response::Form(form(data, room, message))
        }
        _ => {
            let mut errors = Errors::default();
            errors.choice("type", "the response types that this interaction allows");
            errors.refuse_if_any()?;
            return Err(Refusal::unknown_interaction());
        }
    };
    let shown = match &response {
        Response::Message(shown) | Response::Deferred(shown) | Response::Update(shown) => Some(*shown),
        _ => None,
    };
    if let Some(interaction) = state.interactions.get_mut(&id) {
        interaction.response = Some(response);
        interaction.answered_after = Some(interaction.since.elapsed());
    }
    if call.query.get("with_response").is_some_and(|with| with == "true") {
        let interaction = json!({"id": id.to_string(), "type": kind});
        let mut answer = json!({"interaction": interaction, "resource": {"type": call.body["type"]}});
        if let Some(message) = shown.and_then(|shown| state.messages.get(&shown)) {
            answer["resource"]["message"] = state.message_json(message);
        }
        return Ok((200, answer));
    }
    Ok((204, Value::Null))
}

fn edit_call(call: &Call, body: &Value) -> Call {
    Call {
        method: "PATCH".to_owned(),
        template: call.template,
        parts: call.parts.clone(),
        query: call.query.clone(),
        body: body.clone(),
        files: call.files.clone(),
    }
}

fn choices(data: &Value) -> Result<Vec<String>, Refusal> {
    let mut errors = Errors::default();
    let choices = errors.list("data.choices", &data["choices"], 25);
    for (i, choice) in choices.iter().enumerate() {
        errors.required_text(&format!("data.choices.{i}.name"), &choice["name"], 1, 100);
        if !choice["value"].is_u64() {
            errors.required_text(&format!("data.choices.{i}.value"), &choice["value"], 1, 100);
        }
    }
    let names = choices
        .iter()
        .filter_map(|choice| choice["name"].as_str())
        .map(ToOwned::to_owned)
        .collect();
    errors.refuse_if_any()?;
    Ok(names)
}

fn form(data: &Value, room: u64, message: Option<u64>) -> Form {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = data["components"].as_array().into_iter().flatten();
    let inputs = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    Form {
        title: text(&data["title"]),
        custom_id: text(&data["custom_id"]),
        inputs: inputs.cloned().collect(),
        room,
        message,
    }
}

/// Follow-ups, and the answer itself, over the interaction's token.
pub(super) fn webhook(state: &mut State, call: &Call) -> Reply {
    let interaction = state.by_token(call)?;
    let (id, room, of_message) = (interaction.id, interaction.room, interaction.message);
    let original = match interaction.response {
        Some(Response::Message(id) | Response::Deferred(id) | Response::Update(id)) => Some(id),
        Some(Response::DeferredUpdate) => of_message,
        _ => None,
    };
    let (_, rest) = call.template.split_once("{webhook_token}").unwrap_or_default();
    if rest.is_empty() {
        return match call.method.as_str() {
            "POST" => follow_up(state, call, id, original),
            _ => Err(Refusal::method_not_allowed()),
        };
    }
    let target = if rest == "/messages/@original" {
        original
    } else {
        Some(call.id(2)?)
    };
    let message = target.and_then(|target| state.messages.get(&target));
    let ours = |message: &&super::state::Message| {
        message.room == room && (message.by_webhook || Some(message.id) == of_message)
    };
    let message = message.filter(ours).ok_or_else(Refusal::unknown_message)?;
    let target = message.id;
    match call.method.as_str() {
        "GET" => {}
        "PATCH" => {
            check_edit(message, call)?;
            state.edit(target, &call.body, &call.files);
        }
        "DELETE" => {
            state.remove(target);
            return Ok((204, Value::Null));
        }
        _ => return Err(Refusal::method_not_allowed()),
    }
    Ok((
        200,
        state
            .messages
            .get(&target)
            .map_or(Value::Null, |message| state.message_json(message)),
    ))
}

/// The first follow-up to a deferred answer takes its place.
fn follow_up(state: &mut State, call: &Call, to: u64, original: Option<u64>) -> Reply {
    check::message(&call.body)?;
    check_filled(&call.body, call.files.len())?;
    let waiting = original.and_then(|id| state.messages.get(&id));
    let id = match waiting
        .filter(|message| message.flags & flag::LOADING != 0)
        .map(|message| message.id)
    {
        Some(waiting) => {
            state.edit(waiting, &call.body, &call.files);
            waiting
        }
        None => state.respond(to, &call.body, call, 0),
    };
    Ok((
        200,
        state
            .messages
            .get(&id)
            .map_or(Value::Null, |message| state.message_json(message)),
    ))
}
