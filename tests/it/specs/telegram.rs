//! Requests to Telegram against the description of the Bot API's methods and types.

use std::sync::LazyLock;

use guichet::sandbox::telegram::Recorded;
use serde_json::{Map, Value};

use super::{Skipped, Specification, Violation, brief, nearest, read};

static SPECIFICATION: Specification = LazyLock::new(|| read("telegram-bot-api.json"));

/// What in these requests is against the Bot API, a line each.
///
/// # Errors
/// [`Skipped`] when the specification is not here.
pub fn check_telegram(requests: &[Recorded]) -> Result<Vec<String>, Skipped> {
    let api = Api(SPECIFICATION.as_ref().ok_or(Skipped)?);
    let lines = requests.iter().flat_map(|request| {
        let violations = api.request(request).into_iter();
        violations.map(|violation| format!("{}: {violation}", request.method))
    });
    Ok(lines.collect())
}

struct Api<'a>(&'a Value);

impl Api<'_> {
    fn request(&self, request: &Recorded) -> Vec<Violation> {
        let methods = self.0["methods"].as_object();
        let method = methods.and_then(|methods| {
            let mut named = methods.iter();
            named.find(|(name, _)| name.eq_ignore_ascii_case(&request.method))
        });
        let Some((_, method)) = method else {
            return vec![Violation::new("", "there is no such method")];
        };
        match &request.parameters {
            Value::Null => self.fields(method, &Map::new(), "", true),
            Value::Object(parameters) => self.fields(method, parameters, "", true),
            other => vec![Violation::new("", format!("its parameters are {}", brief(other)))],
        }
    }

    /// An object, or the parameters of a method, against its description.
    fn fields(&self, described: &Value, object: &Map<String, Value>, at: &str, parameters: bool) -> Vec<Violation> {
        let known = described["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut violations = Vec::new();
        for field in known {
            let name = field["name"].as_str().unwrap_or_default();
            let at = format!("{at}.{name}");
            match object.get(name) {
                // Telegram takes null for what is left out.
                None | Some(Value::Null) if field["required"] == true => {
                    violations.push(Violation::new(&at, "is required"));
                }
                None | Some(Value::Null) => {}
                Some(value) => violations.extend(self.value(field, value, &at, parameters)),
            }
        }
        for name in object.keys() {
            if !known.iter().any(|field| field["name"] == name.as_str()) {
                violations.push(Violation::new(&format!("{at}.{name}"), "is unknown here"));
            }
        }
        violations
    }

    fn value(&self, field: &Value, value: &Value, at: &str, parameter: bool) -> Vec<Violation> {
        let types = field["types"].as_array().map(Vec::as_slice).unwrap_or_default();
        let types: Vec<_> = types.iter().filter_map(Value::as_str).collect();
        let fit = |value: &Value| nearest(at, types.iter().map(|name| self.of_type(name, value, at)));
        let is_text = types.iter().any(|name| matches!(*name, "String" | "InputFile"));
        let mut violations = match value {
            // In a form, an object or a list travels as JSON in a string.
            Value::String(encoded) if parameter && !is_text => match serde_json::from_str(encoded) {
                Ok(decoded) => fit(&decoded),
                Err(_) => fit(value),
            },
            _ => fit(value),
        };
        if let (true, Value::String(text)) = (violations.is_empty() && is_text, value) {
            let description = field["description"].as_str().unwrap_or_default();
            if let Some(kind) = only_word(description).filter(|kind| *kind != text) {
                let problem = format!("is \"{text}\", and must be \"{kind}\"");
                violations.push(Violation::of_another_kind(at, problem));
            }
            violations.extend(wrong_length(description, text).map(|problem| Violation::new(at, problem)));
        }
        violations
    }

    fn of_type(&self, name: &str, value: &Value, at: &str) -> Vec<Violation> {
        let right = match name {
            "Integer" => value.is_i64() || value.is_u64(),
            "Float" => value.is_number(),
            "Boolean" => value.is_boolean(),
            "String" | "InputFile" => value.is_string(),
            _ => {
                if let Some(inner) = name.strip_prefix("Array of ") {
                    let Value::Array(items) = value else {
                        return vec![Violation::of_another_kind(
                            at,
                            format!("is {}, not an {name}", brief(value)),
                        )];
                    };
                    let items = items.iter().enumerate();
                    return items
                        .flat_map(|(index, item)| self.of_type(inner, item, &format!("{at}[{index}]")))
                        .collect();
                }
                return self.object(name, value, at);
            }
        };
        let problem = || Violation::of_another_kind(at, format!("is {}, not {name}", brief(value)));
        if right { Vec::new() } else { vec![problem()] }
    }

    fn object(&self, name: &str, value: &Value, at: &str) -> Vec<Violation> {
        let described = &self.0["types"][name];
        if let Some(kinds) = described["subtypes"].as_array() {
            let kinds = kinds.iter().filter_map(Value::as_str);
            return nearest(at, kinds.map(|kind| self.of_type(kind, value, at)));
        }
        match value {
            Value::Object(object) if described.is_object() => self.fields(described, object, at, false),
            _ => vec![Violation::of_another_kind(
                at,
                format!("is {}, not a {name}", brief(value)),
            )],
        }
    }
}

/// The one word that a text may be, where its description says so: `always "emoji"`, `must be photo`.
fn only_word(description: &str) -> Option<&str> {
    let words = [", always ", ", must be "]
        .iter()
        .find_map(|words| description.split_once(words));
    let word = words?.1.trim_matches('"');
    word.chars().all(|c| c.is_ascii_lowercase() || c == '_').then_some(word)
}

/// What is wrong with the length of a text, where its description limits it: `1-64 bytes`.
fn wrong_length(description: &str, text: &str) -> Option<String> {
    // How long a text is after its entities are read is not to be seen from here.
    if description.contains("after entit") {
        return None;
    }
    let words: Vec<_> = description.split([' ', ',', '.', ';']).collect();
    let (least, most, unit) = words.windows(2).find_map(|pair| {
        let unit = pair[1];
        let (least, most) = pair[0].split_once('-')?;
        let limits: (usize, usize) = (least.parse().ok()?, most.parse().ok()?);
        matches!(unit, "characters" | "bytes").then_some((limits.0, limits.1, unit))
    })?;
    let length = if unit == "bytes" {
        text.len()
    } else {
        text.chars().count()
    };
    let fits = (least..=most).contains(&length);
    (!fits).then(|| format!("has {length} {unit}, and must have {least}-{most}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::specs::{check_telegram, found};

    fn check(method: &str, parameters: Value) -> Option<Vec<String>> {
        let method = method.to_owned();
        let status = 200;
        found(check_telegram(&[Recorded {
            method,
            parameters,
            status,
        }]))
    }

    fn keyboard(data: &str) -> Value {
        json!({"inline_keyboard": [[{"text": "Prendre", "callback_data": data}]]})
    }

    #[test]
    fn good_requests_to_telegram_pass() {
        let reaction = json!([{"type": "emoji", "emoji": "👍"}]);
        let album = json!([{"type": "photo", "media": "attach://file0"}, {"type": "photo", "media": "attach://file1"}]);
        for (method, parameters) in [
            ("getMe", Value::Null),
            (
                "sendMessage",
                json!({"chat_id": -100, "text": "a", "reply_markup": keyboard("take:1")}),
            ),
            (
                "sendMessage",
                json!({"chat_id": "@desk", "text": "a", "reply_markup": keyboard("a").to_string()}),
            ),
            (
                "setMessageReaction",
                json!({"chat_id": 1, "message_id": 2, "reaction": reaction}),
            ),
            ("sendMediaGroup", json!({"chat_id": 1, "media": album})),
            (
                "setMyCommands",
                json!({"commands": [], "scope": {"type": "all_private_chats"}}),
            ),
            (
                "sendPhoto",
                json!({"chat_id": 1, "photo": "attach://photo", "caption": null}),
            ),
        ] {
            let Some(violations) = check(method, parameters) else {
                return;
            };
            assert_eq!(violations, [""; 0]);
        }
    }

    #[test]
    fn bad_requests_to_telegram_are_told() {
        let reaction = json!([{"type": "emoji", "emoji": 1}]);
        for (method, parameters, told) in [
            ("sendPost", json!({}), "sendPost: there is no such method"),
            ("sendMessage", json!({"text": "a"}), "sendMessage: chat_id: is required"),
            (
                "sendMessage",
                json!({"chat_id": 1, "text": 5}),
                "sendMessage: text: is 5, not String",
            ),
            (
                "sendMessage",
                json!({"chat_id": 1, "text": "a", "silent": true}),
                "sendMessage: silent: is unknown here",
            ),
            (
                "sendMessage",
                json!({"chat_id": 1, "text": "a", "reply_markup": keyboard(&"x".repeat(65))}),
                "sendMessage: reply_markup.inline_keyboard[0][0].callback_data: has 65 bytes, and must have 1-64",
            ),
            (
                "sendMessage",
                json!({"chat_id": 1, "text": "a", "reply_markup": "{\"inline_keyboard\":[[{\"text\":\"\"}, 3]]}"}),
                "sendMessage: reply_markup.inline_keyboard[0][1]: is 3, not a InlineKeyboardButton",
            ),
            (
                "setMessageReaction",
                json!({"chat_id": 1, "message_id": 2, "reaction": reaction}),
                "setMessageReaction: reaction[0].emoji: is 1, not String",
            ),
            (
                "sendMediaGroup",
                json!({"chat_id": 1, "media": [{"type": "video", "media": "a", "width": "1"}]}),
                "sendMediaGroup: media[0].width: is \"1\", not Integer",
            ),
            (
                "answerCallbackQuery",
                json!({"callback_query_id": "1", "text": "é".repeat(201)}),
                "answerCallbackQuery: text: has 201 characters, and must have 0-200",
            ),
        ] {
            let Some(violations) = check(method, parameters) else {
                return;
            };
            assert_eq!(violations, [told]);
        }
    }
}
