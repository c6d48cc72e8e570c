//! What the fuzz targets (`fuzz/`) see of the conversation beside [`Chat::handle`](super::Chat::handle).

use super::dialog::Dialog;
use super::form::FormKind;
use super::press::Press;

/// Reads the state of a dialog as the database keeps it, and writes it again; `None` when it is none.
#[must_use]
pub fn dialog(state: &str) -> Option<String> {
    let dialog: Dialog = serde_json::from_str(state).ok()?;
    serde_json::to_string(&dialog).ok()
}

/// Reads what a form carries, and writes it again; `None` when it is none of ours.
#[must_use]
pub fn form(action: &str) -> Option<String> {
    action.parse::<FormKind>().ok().map(|form| form.to_string())
}

/// Reads what a button carries, and writes it again; `None` when it is none of ours.
#[must_use]
pub fn press(action: &str) -> Option<String> {
    action.parse::<Press>().ok().map(|press| press.to_string())
}
