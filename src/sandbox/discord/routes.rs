//! Which request is which: path templates as in Discord's specification, and who answers each.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::refusal::{Errors, Refusal};
use super::state::State;
use super::{channels, commands, interactions, messages, threads};

/// A status and its JSON (null for none), or a refusal.
pub(super) type Reply = Result<(u16, Value), Refusal>;

/// A request whose path is known.
pub(super) struct Call {
    pub(super) method: String,
    pub(super) template: &'static str,
    /// The variable parts of the path, decoded, in order.
    pub(super) parts: Vec<String>,
    pub(super) query: HashMap<String, String>,
    pub(super) body: Value,
    pub(super) files: Vec<Part>,
}

/// An uploaded file.
#[derive(Clone)]
pub(super) struct Part {
    /// The `n` of `files[n]`.
    pub(super) index: u64,
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
}

/// Literal parts come before variable ones where both would match.
const TEMPLATES: [&str; 34] = [
    "/gateway",
    "/gateway/bot",
    "/users/@me",
    "/users/@me/channels",
    "/users/@me/guilds",
    "/users/{user_id}",
    "/oauth2/applications/@me",
    "/applications/@me",
    "/guilds/{guild_id}",
    "/guilds/{guild_id}/channels",
    "/guilds/{guild_id}/roles",
    "/guilds/{guild_id}/threads/active",
    "/guilds/{guild_id}/members/{user_id}",
    "/channels/{channel_id}",
    "/channels/{channel_id}/messages",
    "/channels/{channel_id}/messages/pins",
    "/channels/{channel_id}/messages/pins/{message_id}",
    "/channels/{channel_id}/messages/{message_id}",
    "/channels/{channel_id}/messages/{message_id}/threads",
    "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    "/channels/{channel_id}/threads",
    "/channels/{channel_id}/thread-members/@me",
    "/channels/{channel_id}/thread-members/{user_id}",
    "/channels/{channel_id}/typing",
    "/channels/{channel_id}/pins",
    "/channels/{channel_id}/pins/{message_id}",
    "/applications/{application_id}/commands",
    "/applications/{application_id}/commands/{command_id}",
    "/applications/{application_id}/guilds/{guild_id}/commands",
    "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    "/webhooks/{webhook_id}/{webhook_token}",
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
];

/// The template of a path and its variable parts.
pub(super) fn find(path: &str) -> Option<(&'static str, Vec<String>)> {
    TEMPLATES
        .iter()
        .find_map(|template| Some((*template, fit(template, path)?)))
}

fn fit(template: &str, path: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut given = path.split('/');
    for wanted in template.split('/') {
        let part = given.next()?;
        if wanted.starts_with('{') {
            if part.is_empty() {
                return None;
            }
            parts.push(decode(part));
        } else if wanted != part && wanted != decode(part) {
            return None;
        }
    }
    given.next().is_none().then_some(parts)
}

fn decode(part: &str) -> String {
    let pair = format!("p={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

impl Call {
    /// The id at this place among the variable parts.
    pub(super) fn id(&self, at: usize) -> Result<u64, Refusal> {
        let part = self.parts.get(at).map(String::as_str).unwrap_or_default();
        if part == "@me" {
            return Ok(0);
        }
        part.parse().map_err(|_| {
            let mut errors = Errors::default();
            let message = format!("Value \"{part}\" is not snowflake.");
            errors.add("id", "NUMBER_TYPE_COERCE", &message);
            errors.refuse_if_any().err().unwrap_or_else(Refusal::not_found)
        })
    }

    /// What rate limits distinguish: the channel, the guild, or an interaction's token.
    pub(super) fn major(&self) -> &str {
        let at = usize::from(self.template.starts_with("/webhooks/"));
        self.parts.get(at).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn needs_token(&self) -> bool {
        !self.template.starts_with("/interactions/") && !self.template.starts_with("/webhooks/")
    }
}

/// Carries a request out.
pub(super) fn answer(state: &mut State, call: &Call) -> Reply {
    let rest = call.template.split('/').nth(1).unwrap_or_default();
    match rest {
        "channels" => channel(state, call),
        "applications" if call.template != "/applications/@me" => commands::answer(state, call),
        "interactions" => match call.method.as_str() {
            "POST" => interactions::callback(state, call),
            _ => Err(Refusal::method_not_allowed()),
        },
        "webhooks" => interactions::webhook(state, call),
        _ => about(state, call),
    }
}

fn channel(state: &mut State, call: &Call) -> Reply {
    let (_, rest) = call.template.split_once("{channel_id}").unwrap_or_default();
    match (call.method.as_str(), rest) {
        ("GET", "") => channels::get(state, call),
        ("PATCH", "") => channels::patch(state, call),
        ("DELETE", "") => channels::delete(state, call),
        ("POST", "/typing") => channels::typing(state, call),
        ("GET", "/messages") => messages::list(state, call),
        ("POST", "/messages") => messages::create(state, call),
        ("GET", "/messages/{message_id}") => messages::get(state, call),
        ("PATCH", "/messages/{message_id}") => messages::patch(state, call),
        ("DELETE", "/messages/{message_id}") => messages::delete(state, call),
        ("PUT" | "DELETE", "/messages/{message_id}/reactions/{emoji_name}/@me") => messages::react(state, call),
        ("GET", "/pins" | "/messages/pins") => messages::pins(state, call),
        ("PUT" | "DELETE", "/pins/{message_id}" | "/messages/pins/{message_id}") => messages::pin(state, call),
        ("POST", "/messages/{message_id}/threads") => threads::from_message(state, call),
        ("POST", "/threads") => threads::start(state, call),
        ("PUT" | "DELETE", "/thread-members/@me" | "/thread-members/{user_id}") => threads::members(state, call),
        _ => Err(Refusal::method_not_allowed()),
    }
}

/// Requests about the application, its guild and people.
fn about(state: &mut State, call: &Call) -> Reply {
    let get = call.method == "GET";
    match call.template {
        "/gateway" if get => Ok((200, json!({"url": state.gateway_url()}))),
        "/gateway/bot" if get => {
            let starts = json!({"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1});
            Ok((
                200,
                json!({"url": state.gateway_url(), "shards": 1, "session_start_limit": starts}),
            ))
        }
        "/users/@me" if get => Ok((200, state.user_json(state.app))),
        "/users/@me/guilds" if get => Ok((200, json!([state.guild_json()]))),
        "/users/@me/channels" if call.method == "POST" => channels::open_dm(state, call),
        "/users/{user_id}" if get => {
            let id = call.id(0)?;
            state.people.get(&id).ok_or_else(Refusal::unknown_user)?;
            Ok((200, state.user_json(id)))
        }
        "/oauth2/applications/@me" | "/applications/@me" if get => Ok((200, state.application_json())),
        guild if guild.starts_with("/guilds/") && get => about_guild(state, call),
        _ => Err(Refusal::method_not_allowed()),
    }
}

fn about_guild(state: &State, call: &Call) -> Reply {
    if call.id(0)? != state.guild {
        return Err(Refusal::unknown_guild());
    }
    let (_, rest) = call.template.split_once("{guild_id}").unwrap_or_default();
    let rooms = || {
        state
            .rooms
            .values()
            .filter(|room| state.guild_of(room.id).is_some() && state.bot_sees(room))
    };
    match rest {
        "" => Ok((200, state.guild_json())),
        "/roles" => Ok((200, json!([state.everyone_json()]))),
        "/channels" => {
            let channels = rooms()
                .filter(|room| !room.is_thread())
                .map(|room| state.room_json(room));
            Ok((200, channels.collect()))
        }
        "/threads/active" => {
            let threads = rooms()
                .filter(|room| room.is_thread() && !room.archived)
                .map(|room| state.room_json(room));
            Ok((
                200,
                json!({"threads": threads.collect::<Vec<_>>(), "members": [], "has_more": false}),
            ))
        }
        _ => {
            let id = match call.parts.get(1).map(String::as_str) {
                Some("@me") => state.app,
                _ => call.id(1)?,
            };
            let person = state
                .people
                .get(&id)
                .filter(|person| person.member)
                .ok_or_else(Refusal::unknown_member)?;
            Ok((200, state.member_json(person)))
        }
    }
}
