//! Telegram's judgement of a text and of a keyboard, for the fuzz targets (`fuzz/`).

use serde_json::{Map, Value, json};

use super::entities::{formatted, mentions};
use super::markup::checked;
use super::params::Params;
use super::refusal::Refusal;

/// A text as Telegram shows it.
pub struct Shown {
    /// The text without its markup.
    pub text: String,
    /// The kinds of its entities, in order.
    pub entities: Vec<String>,
    /// The names that it would ping.
    pub pings: Vec<String>,
}

fn params(values: Value) -> Params {
    let values = match values {
        Value::Object(values) => values,
        _ => Map::new(),
    };
    Params {
        values,
        ..Params::default()
    }
}

fn told(refusal: &Refusal) -> String {
    format!("{refusal:?}")
}

/// Parses a text, HTML or plain.
///
/// # Errors
/// Why Telegram refuses it.
pub fn shown(text: &str, plain: bool) -> Result<Shown, String> {
    let params = params(json!({"text": text, "parse_mode": if plain { "" } else { "HTML" }}));
    let content = formatted(&params, "text", "entities").map_err(|refusal| told(&refusal))?;
    let kind = |entity: &Value| entity["type"].as_str().unwrap_or_default().to_owned();
    Ok(Shown {
        entities: content.entities.iter().map(kind).collect(),
        pings: mentions(&content).into_iter().map(ToOwned::to_owned).collect(),
        text: content.text,
    })
}

/// Checks an inline keyboard.
///
/// # Errors
/// Why Telegram refuses it.
pub fn keyboard(markup: Value) -> Result<(), String> {
    let params = params(json!({"reply_markup": markup}));
    checked(&params, true).map(drop).map_err(|refusal| told(&refusal))
}
