//! Keyboards: what Telegram refuses in them, and what a person reads on them.

use serde_json::{Map, Value};

use super::{entities::units, params::Params, refusal::Refusal};

/// The `reply_markup` of a request, checked. `inline_only` where Telegram takes no other kind, as in edits.
pub(super) fn checked(params: &Params, inline_only: bool) -> Result<Option<Value>, Refusal> {
    let Some(markup) = params.object("reply_markup")? else {
        return Ok(None);
    };
    if let Some(rows) = markup.get("inline_keyboard") {
        let rows = rows
            .as_array()
            .ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be of type Array"))?;
        let mut count = 0;
        for row in rows {
            let row = row
                .as_array()
                .ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be an Array of Arrays"))?;
            for button in row {
                count += 1;
                inline_button(button)?;
            }
        }
        if count > 100 {
            return Err(Refusal::bad("reply markup is too long"));
        }
        // An empty keyboard is no keyboard.
        return Ok((count > 0).then_some(Value::Object(markup)));
    }
    if inline_only {
        return Err(Refusal::bad(
            "object expected as reply markup must be an inline keyboard",
        ));
    }
    let known = ["keyboard", "remove_keyboard", "force_reply"]
        .iter()
        .any(|kind| markup.contains_key(*kind));
    if !known && !markup.is_empty() {
        return Err(Refusal::bad("can't parse reply markup JSON object"));
    }
    if let Some(hint) = markup.get("input_field_placeholder").and_then(Value::as_str)
        && !(1..=64).contains(&units(hint))
    {
        return Err(Refusal::bad("input field placeholder must be 1-64 characters"));
    }
    Ok(known.then_some(Value::Object(markup)))
}

fn inline_button(button: &Value) -> Result<(), Refusal> {
    let broken = |why: &str| Refusal::bad(format!("can't parse inline keyboard button: {why}"));
    let button: &Map<String, Value> = button
        .as_object()
        .ok_or_else(|| broken("InlineKeyboardButton must be an Object"))?;
    let text = button
        .get("text")
        .and_then(Value::as_str)
        .ok_or_else(|| broken("Field \"text\" must be of type String"))?;
    if text.trim().is_empty() {
        return Err(Refusal::bad("inline keyboard button text must be non-empty"));
    }
    if let Some(data) = button.get("callback_data") {
        let data = data
            .as_str()
            .ok_or_else(|| broken("Field \"callback_data\" must be of type String"))?;
        return if (1..=64).contains(&data.len()) {
            Ok(())
        } else {
            Err(Refusal::bad("BUTTON_DATA_INVALID"))
        };
    }
    if let Some(link) = button.get("url") {
        let link = link
            .as_str()
            .ok_or_else(|| broken("Field \"url\" must be of type String"))?;
        return match url::Url::parse(link) {
            Ok(url) if matches!(url.scheme(), "http" | "https" | "tg") => Ok(()),
            _ => Err(Refusal::bad(format!(
                "inline keyboard button URL '{link}' is invalid: Wrong HTTP URL"
            ))),
        };
    }
    let other = [
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "copy_text",
        "web_app",
        "login_url",
        "pay",
    ];
    if other.iter().any(|kind| button.contains_key(*kind)) {
        return Ok(());
    }
    Err(broken("Text buttons are unallowed in the inline keyboard"))
}

/// The buttons in reading order; those of a reply keyboard may be bare strings.
pub(super) fn buttons(markup: Option<&Value>) -> Vec<Value> {
    let rows = markup.and_then(|m| m.get("inline_keyboard").or_else(|| m.get("keyboard")));
    rows.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .cloned()
        .collect()
}

/// What stands on a button.
pub(super) fn label(button: &Value) -> &str {
    button.as_str().or_else(|| button["text"].as_str()).unwrap_or_default()
}
