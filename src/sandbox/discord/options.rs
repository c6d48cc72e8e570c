//! A command as a person types it: found among those registered, its options turned into interaction data.

use serde_json::{Value, json};

use super::commands::kind;
use super::kind as room_kind;
use super::state::State;

/// A command ready to be sent.
pub(super) struct Typed {
    pub(super) data: Value,
    /// As it reads on the screen.
    pub(super) shown: String,
}

impl State {
    /// The registered command of that kind and name that exists in this place for this person.
    pub(super) fn command(&self, of: u64, name: &str, person: u64, room: u64) -> Result<&Value, String> {
        let private = self.rooms.get(&room).is_some_and(|room| room.kind == room_kind::DM);
        let mut named = self
            .commands
            .iter()
            .filter(|command| kind(command) == of && called(command, name));
        let context = u64::from(private);
        let there = |command: &&Value| {
            let contexts = command["contexts"].as_array();
            let reaches = contexts.is_none_or(|contexts| contexts.iter().any(|one| *one == context));
            reaches && (!private || (command["guild_id"].is_null() && command["dm_permission"] != false))
        };
        let command = named.find(there).ok_or_else(|| format!("/{name} is not registered"))?;
        let needed = command["default_member_permissions"]
            .as_str()
            .and_then(|bits| bits.parse::<u64>().ok());
        let has = self.people.get(&person).map_or(0, |person| person.permissions);
        match needed {
            Some(needed) if !private && (needed == 0 || has & needed != needed) => Err(format!(
                "/{name} is not shown to people without the permissions {needed}"
            )),
            _ => Ok(command),
        }
    }

    /// A slash command with its options by name; `name` may go on with a subcommand.
    pub(super) fn typed(&self, name: &str, options: &[(&str, &str)], person: u64, room: u64) -> Result<Typed, String> {
        let mut words = name.split_whitespace();
        let command = self.command(1, words.next().unwrap_or_default(), person, room)?;
        let mut resolved = json!({});
        let mut at = command;
        let mut path = Vec::new();
        for word in words {
            let inner = at["options"].as_array().into_iter().flatten();
            at = inner
                .into_iter()
                .find(|one| called(one, word))
                .ok_or_else(|| format!("/{name} is not registered"))?;
            path.push(at);
        }
        if at["options"]
            .as_array()
            .is_some_and(|inner| inner.iter().any(|one| one["type"] == 1 || one["type"] == 2))
        {
            return Err(format!("/{name} needs a subcommand"));
        }
        let mut given = self.given(name, at, options, &mut resolved)?;
        for part in path.iter().rev() {
            given = vec![json!({"name": part["name"], "type": part["type"], "options": given})];
        }
        let mut data = json!({"id": command["id"], "name": command["name"], "type": 1, "options": given});
        if resolved != json!({}) {
            data["resolved"] = resolved;
        }
        if let Some(guild) = command["guild_id"].as_str() {
            data["guild_id"] = json!(guild);
        }
        let shown = options.iter().map(|(name, value)| format!("{name}: {value}"));
        let shown = std::iter::once(format!("/{name}"))
            .chain(shown)
            .collect::<Vec<_>>()
            .join(" ");
        Ok(Typed { data, shown })
    }

    fn given(
        &self,
        name: &str,
        at: &Value,
        options: &[(&str, &str)],
        resolved: &mut Value,
    ) -> Result<Vec<Value>, String> {
        let known: Vec<&Value> = at["options"].as_array().into_iter().flatten().collect();
        for (option, _) in options {
            if !known.iter().any(|known| called(known, option)) {
                return Err(format!("/{name} has no option {option}"));
            }
        }
        let mut given = Vec::new();
        for known in known {
            match options.iter().find(|(option, _)| called(known, option)) {
                Some((option, text)) => {
                    let value = self.value(known, text, resolved);
                    let value = value.map_err(|why| format!("/{name} {option}: {text:?} {why}"))?;
                    given.push(json!({"name": known["name"], "type": known["type"], "value": value}));
                }
                None if known["required"] == true => {
                    return Err(format!("/{name}: the option {} is required", known["name"]));
                }
                None => {}
            }
        }
        Ok(given)
    }

    fn value(&self, option: &Value, text: &str, resolved: &mut Value) -> Result<Value, String> {
        let choices = option["choices"].as_array().filter(|choices| !choices.is_empty());
        if let Some(choices) = choices {
            let spelled = |choice: &&Value| match &choice["value"] {
                Value::Number(number) => number.to_string() == text,
                value => value == text,
            };
            let chosen = choices
                .iter()
                .find(spelled)
                .or_else(|| choices.iter().find(|choice| called(choice, text)));
            return chosen
                .map(|choice| choice["value"].clone())
                .ok_or_else(|| "is not one of the choices".to_owned());
        }
        match option["type"].as_u64() {
            Some(3) => {
                let length = text.chars().count() as u64;
                let least = option["min_length"].as_u64().unwrap_or(0);
                let most = option["max_length"].as_u64().unwrap_or(6000);
                let fits = (least..=most).contains(&length);
                if fits {
                    Ok(json!(text))
                } else {
                    Err(format!("must have {least} to {most} characters"))
                }
            }
            Some(4) => number(option, json!(text.parse::<i64>().map_err(|_| "is not a whole number")?)),
            Some(5) => Ok(json!(text.parse::<bool>().map_err(|_| "is not true or false")?)),
            Some(6 | 9) => {
                let found = self
                    .people
                    .values()
                    .find(|person| person.id.to_string() == text || person.name == text.trim_start_matches('@'));
                let person = found
                    .filter(|person| person.member)
                    .ok_or("is no member of the guild")?;
                let id = person.id.to_string();
                let mut member = self.member_json(person);
                if let Some(member) = member.as_object_mut() {
                    // A resolved member comes without the user, and without `deaf` and `mute`.
                    member.retain(|field, _| !["user", "deaf", "mute"].contains(&field.as_str()));
                    member.insert("permissions".to_owned(), json!(person.permissions.to_string()));
                }
                resolved["users"][&id] = self.user_json(person.id);
                resolved["members"][&id] = member;
                Ok(json!(id))
            }
            Some(7) => {
                let name = text.trim_start_matches('#');
                let found = self
                    .rooms
                    .values()
                    .find(|room| room.id.to_string() == name || room.name == name);
                let kinds = option["channel_types"].as_array();
                let is_offered = |kind: u8| kinds.is_none_or(|kinds| kinds.contains(&json!(kind)));
                let room = found
                    .filter(|room| room.kind != room_kind::DM && is_offered(room.kind))
                    .ok_or("is no such channel of the guild")?;
                let id = room.id.to_string();
                resolved["channels"][&id] = self.partial_room_json(room);
                Ok(json!(id))
            }
            Some(8) if text.trim_start_matches('@') == "everyone" => {
                let id = self.guild.to_string();
                resolved["roles"][&id] = self.everyone_json();
                Ok(json!(id))
            }
            Some(10) => number(option, json!(text.parse::<f64>().map_err(|_| "is not a number")?)),
            _ => Err("cannot be given as text".to_owned()),
        }
    }
}

/// Whether that is its name, in any language.
fn called(of: &Value, name: &str) -> bool {
    let mut translated = of["name_localizations"].as_object().into_iter().flatten();
    of["name"] == name || translated.any(|(_, one)| one == name)
}

fn number(option: &Value, value: Value) -> Result<Value, String> {
    let at = value.as_f64().unwrap_or_default();
    let above = option["min_value"].as_f64().is_none_or(|least| at >= least);
    let below = option["max_value"].as_f64().is_none_or(|most| at <= most);
    if above && below {
        Ok(value)
    } else {
        Err("is out of range".to_owned())
    }
}
