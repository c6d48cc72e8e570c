//! What the fuzz targets (`fuzz/`) see of this adapter beside its [`Front`](crate::intake::front::Front): how a
//! message or a form is drawn, without sending it.

use serde_json::{Value, json};

use super::{payload, render, text};
use crate::chat::reply::{Form, Message};
use crate::outbox::pacing::Pass;

/// The body of a message without files, with markup of ours or plain.
#[must_use]
pub fn body(message: &Message, plain: bool) -> Value {
    let pass = Pass { plain, ..Pass::reply() };
    payload::edit(message, pass)
}

/// The text of a message with a last line that always stands.
#[must_use]
pub fn content(message: &Message, last: &str) -> String {
    render::content(message, last, false)
}

/// The answer that opens a form.
#[must_use]
pub fn modal(form: &Form) -> Value {
    json!(render::modal(form))
}

/// A line cut as names are.
#[must_use]
pub fn cut(line: &str, most: usize) -> String {
    text::cut(&text::clean_line(line), most)
}
