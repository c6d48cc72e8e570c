//! Buttons as an inline keyboard.

use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use super::text::{ELLIPSIS, clean_line, cut};
use crate::chat::reply::Button;
use crate::domain::text::is_visible;

/// What a button can carry, in bytes.
const ACTION_BYTES: usize = 64;
/// What can be read on a button.
const LABEL_UNITS: usize = 80;
/// Telegram shows eight buttons a row and takes a hundred in all.
const ROW: usize = 8;
const MOST_ROWS: usize = 12;

/// The keyboard; `None` when there are no buttons, which in an edit takes the old ones away.
pub(super) fn keyboard(rows: &[Vec<Button>]) -> Option<InlineKeyboardMarkup> {
    let rows: Vec<Vec<InlineKeyboardButton>> = rows
        .iter()
        .flat_map(|row| row.chunks(ROW))
        .map(|row| row.iter().filter_map(button).collect::<Vec<_>>())
        .filter(|row| !row.is_empty())
        .take(MOST_ROWS)
        .collect();
    (!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

fn button(button: &Button) -> Option<InlineKeyboardButton> {
    if button.action.is_empty() || button.action.len() > ACTION_BYTES {
        tracing::error!(
            bytes = button.action.len(),
            "a button's action does not fit in Telegram's 64 bytes: left out"
        );
        return None;
    }
    let label = clean_line(&button.label);
    let label = if is_visible(&label) {
        cut(&label, LABEL_UNITS)
    } else {
        ELLIPSIS.to_owned()
    };
    Some(InlineKeyboardButton::callback(label, button.action.clone()))
}

#[cfg(test)]
mod tests {
    use super::keyboard;
    use crate::chat::reply::{Button, Look};

    fn named(label: &str, action: &str) -> Button {
        Button {
            label: label.to_owned(),
            action: action.to_owned(),
            look: Look::Plain,
        }
    }

    #[test]
    fn no_buttons_make_no_keyboard() {
        assert!(keyboard(&[]).is_none());
        assert!(keyboard(&[vec![], vec![named("trop long", &"é".repeat(33))]]).is_none());
    }

    #[test]
    fn rows_stay_rows_and_a_label_is_always_there() {
        let rows = [
            vec![named("Prendre", "take:1"), named(" ", "x")],
            vec![named("Détails", "show:1")],
        ];
        let keyboard = keyboard(&rows).unwrap();
        let labels: Vec<Vec<&str>> = keyboard
            .inline_keyboard
            .iter()
            .map(|row| row.iter().map(|b| b.text.as_str()).collect())
            .collect();
        assert_eq!(labels, [vec!["Prendre", "…"], vec!["Détails"]]);
    }
}
