//! What a message, its embeds, its components and a form may be: Discord's limits.

use std::collections::HashSet;

use serde_json::Value;

use super::refusal::{Errors, Refusal};

const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const TEXT_INPUT: u64 = 4;
const LINK: u64 = 5;

/// Checks the shape and limits of a message body; whether it is empty is for the caller, who knows the files.
pub(super) fn message(body: &Value) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    errors.text("content", &body["content"], 0, 2000);
    embeds(&mut errors, &body["embeds"]);
    components(&mut errors, &body["components"]);
    allowed_mentions(&mut errors, &body["allowed_mentions"]);
    if !matches!(body["flags"], Value::Null) && body["flags"].as_u64().is_none() {
        errors.add("flags", "NUMBER_TYPE_COERCE", "Value is not int.");
    }
    match &body["nonce"] {
        Value::Null | Value::Number(_) => {}
        nonce => {
            errors.text("nonce", nonce, 0, 25);
        }
    }
    errors.refuse_if_any()
}

fn embeds(errors: &mut Errors, value: &Value) {
    let mut total = 0;
    for (i, embed) in errors.list("embeds", value, 10).iter().enumerate() {
        let at = |field: &str| format!("embeds.{i}.{field}");
        if !embed.is_object() {
            errors.add(
                &format!("embeds.{i}"),
                "MODEL_TYPE_CONVERT",
                "Only dictionaries may be used in a ModelType",
            );
            continue;
        }
        let length = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
        total += length(errors.text(&at("title"), &embed["title"], 0, 256));
        total += length(errors.text(&at("description"), &embed["description"], 0, 4096));
        total += length(errors.text(&at("footer.text"), &embed["footer"]["text"], 0, 2048));
        total += length(errors.text(&at("author.name"), &embed["author"]["name"], 0, 256));
        for (j, field) in errors.list(&at("fields"), &embed["fields"], 25).iter().enumerate() {
            let name = at(&format!("fields.{j}.name"));
            let value = at(&format!("fields.{j}.value"));
            errors.required_text(&name, &field["name"], 1, 256);
            errors.required_text(&value, &field["value"], 1, 1024);
            total += length(field["name"].as_str()) + length(field["value"].as_str());
        }
    }
    if total > 6000 {
        errors.add(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            "Embed size exceeds maximum size of 6000",
        );
    }
}

fn components(errors: &mut Errors, value: &Value) {
    let mut ids = HashSet::new();
    for (i, row) in errors.list("components", value, 5).iter().enumerate() {
        let at = format!("components.{i}");
        if row["type"] != 1 {
            errors.add(
                &at,
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
            continue;
        }
        let inside = errors.list(&format!("{at}.components"), &row["components"], 5);
        if inside.is_empty() {
            errors.add(
                &format!("{at}.components"),
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 1 and 5 in length.",
            );
        }
        let mut width = 0;
        for (j, one) in inside.iter().enumerate() {
            let at = format!("{at}.components.{j}");
            width += match one["type"].as_u64() {
                Some(BUTTON) => {
                    button(errors, &at, one);
                    1
                }
                Some(STRING_SELECT) => {
                    select(errors, &at, one);
                    5
                }
                Some(5..=8) => 5,
                _ => {
                    errors.add(
                        &at,
                        "UNION_TYPE_CHOICES",
                        "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
                    );
                    0
                }
            };
            if let Some(id) = one["custom_id"].as_str()
                && !ids.insert(id)
            {
                let message = "Component custom id cannot be duplicated";
                errors.add(&format!("{at}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message);
            }
        }
        if width > 5 {
            errors.add(
                &at,
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            );
        }
    }
}

fn button(errors: &mut Errors, at: &str, button: &Value) {
    errors.text(&format!("{at}.label"), &button["label"], 0, 80);
    let style = button["style"].as_u64().unwrap_or_default();
    if !(1..=6).contains(&style) {
        errors.choice(&format!("{at}.style"), "(1, 2, 3, 4, 5, 6)");
    }
    if button["label"].as_str().is_none_or(str::is_empty) && button["emoji"].is_null() {
        errors.add(at, "BUTTON_COMPONENT_INVALID", "A button must have a label or emoji");
    }
    if style == LINK {
        errors.required_text(&format!("{at}.url"), &button["url"], 1, 512);
        let url = button["url"].as_str().unwrap_or_default();
        if !["http://", "https://", "discord://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            errors.add(
                &format!("{at}.url"),
                "URL_TYPE_INVALID_SCHEME",
                "Scheme must be one of (http, https, discord).",
            );
        }
    } else {
        errors.required_text(&format!("{at}.custom_id"), &button["custom_id"], 1, 100);
    }
}

fn select(errors: &mut Errors, at: &str, select: &Value) {
    errors.required_text(&format!("{at}.custom_id"), &select["custom_id"], 1, 100);
    errors.text(&format!("{at}.placeholder"), &select["placeholder"], 0, 150);
    let options = errors.list(&format!("{at}.options"), &select["options"], 25);
    if options.is_empty() {
        errors.required(&format!("{at}.options"));
    }
    let mut values = HashSet::new();
    for (i, option) in options.iter().enumerate() {
        errors.required_text(&format!("{at}.options.{i}.label"), &option["label"], 1, 100);
        errors.required_text(&format!("{at}.options.{i}.value"), &option["value"], 1, 100);
        errors.text(&format!("{at}.options.{i}.description"), &option["description"], 0, 100);
        if !values.insert(&option["value"]) {
            let message = "The specified option value is already used";
            errors.add(
                &format!("{at}.options.{i}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                message,
            );
        }
    }
}

fn allowed_mentions(errors: &mut Errors, value: &Value) {
    let parse = errors.list("allowed_mentions.parse", &value["parse"], 3);
    if parse
        .iter()
        .any(|kind| !["users", "roles", "everyone"].iter().any(|known| kind == known))
    {
        errors.choice("allowed_mentions.parse", "('users', 'roles', 'everyone')");
    }
    for kind in ["users", "roles"] {
        let path = format!("allowed_mentions.{kind}");
        let listed = errors.list(&path, &value[kind], 100);
        if !listed.is_empty() && parse.iter().any(|one| one == kind) {
            let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            errors.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", &message);
        }
    }
}

/// Checks a form (modal) of text inputs.
pub(super) fn form(data: &Value) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    errors.required_text("data.title", &data["title"], 1, 45);
    errors.required_text("data.custom_id", &data["custom_id"], 1, 100);
    let rows = errors.list("data.components", &data["components"], 5);
    if rows.is_empty() {
        errors.required("data.components");
    }
    let mut ids = HashSet::new();
    for (i, row) in rows.iter().enumerate() {
        let at = format!("data.components.{i}");
        let inside = errors.list(&format!("{at}.components"), &row["components"], 1);
        if row["type"] != 1 || inside.is_empty() {
            errors.add(
                &at,
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
        }
        for (j, input) in inside.iter().enumerate() {
            let at = format!("{at}.components.{j}");
            text_input(&mut errors, &at, input);
            if !ids.insert(&input["custom_id"]) {
                let message = "Component custom id cannot be duplicated";
                errors.add(&format!("{at}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message);
            }
        }
    }
    errors.refuse_if_any()
}

fn text_input(errors: &mut Errors, at: &str, input: &Value) {
    if input["type"] != TEXT_INPUT {
        errors.add(
            &format!("{at}.type"),
            "UNION_TYPE_CHOICES",
            "Value of field \"type\" must be one of (4,).",
        );
    }
    errors.required_text(&format!("{at}.custom_id"), &input["custom_id"], 1, 100);
    errors.required_text(&format!("{at}.label"), &input["label"], 1, 45);
    errors.text(&format!("{at}.placeholder"), &input["placeholder"], 0, 100);
    errors.text(&format!("{at}.value"), &input["value"], 0, 4000);
    if !matches!(input["style"].as_u64(), Some(1 | 2)) {
        errors.choice(&format!("{at}.style"), "(1, 2)");
    }
    let least = bound(errors, &format!("{at}.min_length"), &input["min_length"], 0).unwrap_or(0);
    let most = bound(errors, &format!("{at}.max_length"), &input["max_length"], 1).unwrap_or(4000);
    let value = input["value"].as_str().unwrap_or_default().chars().count() as u64;
    if least > most {
        errors.add(
            &format!("{at}.min_length"),
            "NUMBER_TYPE_MAX",
            "min_length must be at most max_length.",
        );
    }
    if value > most || (value > 0 && value < least) {
        let message = format!("Must be between {least} and {most} in length.");
        errors.add(&format!("{at}.value"), "BASE_TYPE_BAD_LENGTH", &message);
    }
}

fn bound(errors: &mut Errors, path: &str, value: &Value, least: u64) -> Option<u64> {
    if value.is_null() {
        return None;
    }
    let number = value.as_u64();
    if !number.is_some_and(|number| (least..=4000).contains(&number)) {
        let message = format!("int value should be between {least} and 4000.");
        errors.add(path, "NUMBER_TYPE_RANGE", &message);
    }
    number
}
