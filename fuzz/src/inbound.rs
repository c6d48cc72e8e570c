//! What must hold of whatever an adapter reads in an update, so that the conversation and the database can take it.

use guichet::chat::intent::{Inbound, IncomingFile, Intent, PlaceKind, Written};
use guichet::domain::platform::Spot;
use guichet::intake::front::Front;

use crate::is_unwanted;

/// Reads an update, whatever it is, and checks what was read.
///
/// # Panics
/// When something was read that could not be kept, or shown.
pub fn read(front: &impl Front, raw: &[u8]) {
    let Ok(raw) = std::str::from_utf8(raw) else { return };
    match front.read(raw) {
        Ok(Some(inbound)) => check(front, &inbound),
        Ok(None) => {}
        // The cause goes into the log: it says nothing of what the update says.
        Err(cause) => {
            let cause = cause.to_string();
            assert!(cause.is_ascii() && cause.len() < 100, "{cause:?}");
        }
    }
}

fn check(front: &impl Front, inbound: &Inbound) {
    assert_eq!(inbound.platform, front.platform());
    // Of what is gone Discord doesn't tell who it was, and of a reaction not what they are called.
    let is_named = !matches!(inbound.intent, Intent::Erased(_) | Intent::Reacted(..));
    if is_named || !inbound.who.user_id.is_empty() {
        is_id(&inbound.who.user_id);
    }
    assert!(
        !is_named || !inbound.who.name.trim().is_empty(),
        "somebody without a name"
    );
    is_line(&inbound.who.name);
    let spot = &inbound.place.spot;
    assert_eq!(spot.to_string().parse::<Spot>().as_ref(), Ok(spot));
    assert!(spot.to_string().len() <= 65);
    is_id(&spot.chat);
    if let PlaceKind::Shared { name, .. } = &inbound.place.kind {
        is_line(name);
    }
    match &inbound.intent {
        Intent::Message(written) => {
            is_written(written);
            assert!(
                !written.text.trim().is_empty() || !written.files.is_empty(),
                "a message of nothing"
            );
        }
        Intent::Picked(picked) => {
            is_id(&picked.author.user_id);
            is_line(&picked.author.name);
            is_written(&picked.written);
        }
        Intent::Command(call) => {
            is_text(&call.text);
            call.files.iter().for_each(|name| is_line(name));
        }
        Intent::UnknownCommand(name) => is_text(name),
        Intent::Press { message_id, .. } => is_id(message_id),
        Intent::Submit { fields, .. } => fields.iter().for_each(|(_, text)| is_text(text)),
        Intent::Edited(edited) => {
            is_id(&edited.message_id);
            is_text(&edited.text);
        }
        Intent::Erased(message_id) | Intent::Reacted(message_id, _) => is_id(message_id),
        Intent::Standing(_) | Intent::Unreadable => {}
    }
}

fn is_written(written: &Written) {
    is_id(&written.message_id);
    is_text(&written.text);
    written.reply_to.iter().for_each(|id| is_id(id));
    assert!(written.received.is_empty());
    written.files.iter().for_each(is_file);
}

/// An id is a number that fits in the database's columns.
fn is_id(id: &str) {
    assert!(id.parse::<i128>().is_ok() && id.len() <= 32, "{id:?}");
}

fn is_text(text: &str) {
    assert!(!text.contains(is_unwanted), "{text:?}");
}

fn is_line(text: &str) {
    is_text(text);
    assert!(!text.contains('\n'), "{text:?}");
}

/// A file's name is no path, and fits.
fn is_file(file: &IncomingFile) {
    is_line(&file.name);
    is_line(&file.media_type);
    assert!(file.name.chars().count() <= 100, "{:?}", file.name);
    assert!(
        !file.name.contains(['/', '\\']) && !file.name.starts_with('.'),
        "{:?}",
        file.name
    );
}
