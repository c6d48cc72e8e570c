//! What the fuzz targets (`fuzz/`) see of this adapter beside its [`Front`](crate::intake::front::Front): how a
//! message is drawn, without sending it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::keyboard::keyboard;
use super::render::{LocalTime, render};
use crate::chat::reply::Message;

/// The HTML of a message's text, in at most `limit` UTF-16 units once it is parsed, and whether something had to be
/// left out of it.
#[must_use]
pub fn html(message: &Message, now: DateTime<Utc>, limit: usize) -> (String, bool) {
    let timezone = chrono_tz::Europe::Paris;
    let drawn = render(&message.blocks, LocalTime { now, timezone }, limit);
    (drawn.html, drawn.shortened)
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
