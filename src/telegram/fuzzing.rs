//! What the fuzz targets (`fuzz/`) see of this adapter beside its [`Front`](crate::intake::front::Front): how a
//! message is drawn, without sending it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::keyboard::keyboard;
use super::render::{LocalTime, Style, render};
use crate::chat::reply::Message;

/// The text of a message, as HTML or plain, in at most `limit` UTF-16 units once it is parsed, and whether something
/// had to be left out of it.
#[must_use]
pub fn text(message: &Message, now: DateTime<Utc>, limit: usize, plain: bool) -> (String, bool) {
    let timezone = chrono_tz::Europe::Paris;
    let style = if plain { Style::Plain } else { Style::Html };
    let drawn = render(&message.blocks, LocalTime { now, timezone }, limit, style);
    (drawn.text, drawn.shortened)
}

/// The keyboard of a message, as it is sent.
#[must_use]
pub fn markup(message: &Message) -> Option<Value> {
    keyboard(&message.buttons).map(|keyboard| json!(keyboard))
}

/// A text cut as toasts are.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    super::text::cut(&super::text::clean(text), limit)
}
