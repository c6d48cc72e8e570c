//! Application commands as they are registered, and what Discord refuses of them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::refusal::{Errors, Refusal};
use super::routes::{Call, Reply};
use super::state::State;

const LOCALES: &str = "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru \
                       uk hi th zh-CN ja zh-TW ko";

pub(super) fn answer(state: &mut State, call: &Call) -> Reply {
    if call.id(0)? != state.app {
        return Err(Refusal::unknown_application());
    }
    let guild = if call.template.contains("{guild_id}") {
        Some(call.id(1)?)
    } else {
        None
    };
    if guild.is_some_and(|guild| guild != state.guild) {
        return Err(Refusal::missing_access());
    }
    let guild = guild.map(|guild| guild.to_string());
    let ours = |command: &Value| command["guild_id"].as_str() == guild.as_deref();
    if call.template.ends_with("{command_id}") {
        let id = call.parts.last().cloned().unwrap_or_default();
        let found = state
            .commands
            .iter()
            .position(|command| ours(command) && command["id"] == id.as_str());
        return one(state, call, found.ok_or_else(Refusal::unknown_command)?);
    }
    match call.method.as_str() {
        "GET" => Ok((
            200,
            state.commands.iter().filter(|command| ours(command)).cloned().collect(),
        )),
        "POST" => {
            let mut errors = Errors::default();
            check(&mut errors, "", &call.body);
            errors.refuse_if_any()?;
            let new = !state.commands.iter().any(|old| ours(old) && same(old, &call.body));
            let of_its_kind = |old: &&Value| new && ours(old) && kind(old) == kind(&call.body);
            check_count(kind(&call.body), state.commands.iter().filter(of_its_kind).count() + 1)?;
            Ok((
                if new { 201 } else { 200 },
                register(state, &call.body, guild.as_deref()),
            ))
        }
        "PUT" => {
            let wanted = check_all(&call.body)?;
            let kept = |old: &Value| !ours(old) || wanted.iter().any(|new| same(old, new));
            state.commands.retain(kept);
            Ok((
                200,
                wanted
                    .iter()
                    .map(|new| register(state, new, guild.as_deref()))
                    .collect(),
            ))
        }
        _ => Err(Refusal::method_not_allowed()),
    }
}

fn one(state: &mut State, call: &Call, at: usize) -> Reply {
    match call.method.as_str() {
        "GET" => Ok((200, state.commands[at].clone())),
        "DELETE" => {
            state.commands.remove(at);
            Ok((204, Value::Null))
        }
        "PATCH" => {
            let mut command = state.commands[at].clone();
            for (field, value) in call.body.as_object().into_iter().flatten() {
                command[field] = value.clone();
            }
            let mut errors = Errors::default();
            check(&mut errors, "", &command);
            errors.refuse_if_any()?;
            state.commands[at] = command.clone();
            Ok((200, command))
        }
        _ => Err(Refusal::method_not_allowed()),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    one["name"] == other["name"] && kind(one) == kind(other)
}

/// 1 slash, 2 on a person, 3 on a message.
pub(super) fn kind(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

fn register(state: &mut State, body: &Value, guild: Option<&str>) -> Value {
    let old = state
        .commands
        .iter()
        .position(|old| old["guild_id"].as_str() == guild && same(old, body));
    let id = match old {
        Some(at) => state.commands[at]["id"].clone(),
        None => json!(state.next_id().to_string()),
    };
    let mut command = json!({
        "id": id, "application_id": state.app.to_string(), "version": state.next_id().to_string(),
        "type": kind(body), "description": "", "default_member_permissions": null, "nsfw": false,
        "dm_permission": true, "contexts": null, "integration_types": [0],
    });
    for (field, value) in body.as_object().into_iter().flatten() {
        command[field] = value.clone();
    }
    if let Some(guild) = guild {
        command["guild_id"] = json!(guild);
    }
    match old {
        Some(at) => state.commands[at] = command.clone(),
        None => state.commands.push(command.clone()),
    }
    command
}

fn check_all(body: &Value) -> Result<&Vec<Value>, Refusal> {
    let mut errors = Errors::default();
    let Some(all) = body.as_array() else {
        errors.add(
            "commands",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        );
        errors.refuse_if_any()?;
        return Err(Refusal::not_json());
    };
    let mut names = HashSet::new();
    for (i, command) in all.iter().enumerate() {
        check(&mut errors, &format!("{i}."), command);
        if !names.insert((kind(command), &command["name"])) {
            let message = "Application command names must be unique";
            errors.add(&i.to_string(), "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
    }
    errors.refuse_if_any()?;
    for of in [1, 2, 3] {
        check_count(of, all.iter().filter(|command| kind(command) == of).count())?;
    }
    Ok(all)
}

/// How many commands of a kind there may be: more of those that are typed.
fn check_count(of: u64, count: usize) -> Result<(), Refusal> {
    let most = if of == 1 { 100 } else { 15 };
    if count <= most {
        return Ok(());
    }
    let message = format!("Maximum number of application commands reached ({most})");
    Err(Refusal::new(400, 30032, &message))
}

fn check(errors: &mut Errors, at: &str, command: &Value) {
    if kind(command) == 1 {
        check_name(errors, &format!("{at}name"), &command["name"]);
        errors.required_text(&format!("{at}description"), &command["description"], 1, 100);
        options(errors, &format!("{at}options"), &command["options"]);
        if weight(command) > 8000 {
            let message = "Command exceeds maximum size (8000)";
            errors.add(&format!("{at}name"), "APPLICATION_COMMAND_TOO_LARGE", message);
        }
    } else {
        errors.required_text(&format!("{at}name"), &command["name"], 1, 32);
        if command["description"].as_str().is_some_and(|text| !text.is_empty()) {
            let message = "Context menu commands cannot have description";
            errors.add(
                &format!("{at}description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                message,
            );
        }
        if command["options"].as_array().is_some_and(|options| !options.is_empty()) {
            let message = "Context menu commands cannot have options";
            errors.add(
                &format!("{at}options"),
                "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS",
                message,
            );
        }
    }
    let names = if kind(command) == 1 {
        Names::Typed
    } else {
        Names::Shown(32)
    };
    localizations(errors, at, command, names);
}

/// What a translated name may be.
#[derive(Clone, Copy)]
enum Names {
    /// In lower case and without spaces.
    Typed,
    /// So many characters, whichever they are.
    Shown(usize),
}

fn localizations(errors: &mut Errors, at: &str, of: &Value, names: Names) {
    for field in ["name_localizations", "description_localizations"] {
        for (locale, text) in of[field].as_object().into_iter().flatten() {
            let path = format!("{at}{field}.{locale}");
            if LOCALES.split_whitespace().any(|known| known == locale) {
                match names {
                    Names::Typed if field == "name_localizations" => check_name(errors, &path, text),
                    Names::Shown(most) if field == "name_localizations" => errors.required_text(&path, text, 1, most),
                    _ => errors.required_text(&path, text, 1, 100),
                }
            } else {
                errors.add(
                    &format!("{at}{field}"),
                    "LOCALE_INVALID",
                    &format!("Unknown locale {locale}."),
                );
            }
        }
    }
}

fn check_name(errors: &mut Errors, path: &str, name: &Value) {
    errors.required_text(path, name, 1, 32);
    let Some(name) = name.as_str().filter(|name| !name.is_empty()) else {
        return;
    };
    let fits = name.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c));
    if !fits || name.to_lowercase() != name {
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn options(errors: &mut Errors, path: &str, value: &Value) {
    let (mut optional, mut names) = (false, HashSet::new());
    for (i, option) in errors.list(path, value, 25).iter().enumerate() {
        let at = format!("{path}.{i}.");
        check_name(errors, &format!("{at}name"), &option["name"]);
        errors.required_text(&format!("{at}description"), &option["description"], 1, 100);
        localizations(errors, &at, option, Names::Typed);
        if !names.insert(&option["name"]) {
            let message = "Option names must be unique";
            errors.add(
                &format!("{path}.{i}"),
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE",
                message,
            );
        }
        if option["required"] == true && optional {
            let message = "Required options must be placed before non-required options";
            errors.add(
                &format!("{path}.{i}"),
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                message,
            );
        }
        optional |= option["required"] != true;
        match option["type"].as_u64() {
            Some(1 | 2) => options(errors, &format!("{at}options"), &option["options"]),
            Some(3..=11) => {}
            _ => errors.choice(&format!("{at}type"), "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)"),
        }
        for (j, choice) in errors
            .list(&format!("{at}choices"), &option["choices"], 25)
            .iter()
            .enumerate()
        {
            let at = format!("{at}choices.{j}.");
            errors.required_text(&format!("{at}name"), &choice["name"], 1, 100);
            localizations(errors, &at, choice, Names::Shown(100));
            if choice["value"].is_null() || choice["value"].as_str().is_some_and(|text| text.chars().count() > 100) {
                errors.add(
                    &format!("{at}value"),
                    "BASE_TYPE_MAX_LENGTH",
                    "Must be 100 or fewer in length.",
                );
            }
        }
    }
}

/// Names, descriptions and values, each by its longest language.
fn weight(of: &Value) -> usize {
    let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    let longest = |field: &str| {
        let translated = of[format!("{field}_localizations")].as_object().into_iter().flatten();
        translated
            .map(|(_, text)| length(text))
            .chain([length(&of[field])])
            .max()
            .unwrap_or(0)
    };
    let inside = ["options", "choices"]
        .into_iter()
        .flat_map(|field| of[field].as_array().into_iter().flatten());
    longest("name") + longest("description") + length(&of["value"]) + inside.map(weight).sum::<usize>()
}
