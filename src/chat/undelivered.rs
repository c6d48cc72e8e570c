//! What is said of what could not be delivered, to whom it matters.

use super::build::ticket_args;
use super::reply::Message;
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::ticket::Ticket;
use crate::store::people::Identity;
use crate::store::places::{Layout, StaffPlace};

/// Why somebody or some place can't be written to, in a few words.
#[must_use]
pub fn why(language: Language, obstacle: Obstacle) -> String {
    language.say(&format!("why-{}", obstacle.code()), &[])
}

/// What staff read in the ticket's thread when a word did not reach its requester.
#[must_use]
pub fn unreached(language: Language, ticket: &Ticket, reader: &Identity, obstacle: Obstacle) -> Message {
    let name = reader
        .account
        .as_ref()
        .map_or(&reader.display_name, |account| &account.name);
    let args = [
        ("name", name.clone().into()),
        ("platform", reader.platform.name().into()),
        ("why", why(language, obstacle).into()),
    ];
    Message {
        rings: true,
        ..Message::text(language.say("thread-unreached", &args)).about(ticket.id)
    }
}

/// What an admin reads when a staff place can't be written to any more.
#[must_use]
pub fn place_lost(language: Language, place: &StaffPlace, obstacle: Obstacle) -> Message {
    let is_forum = place.layout == Layout::Forum;
    let sentence = match obstacle {
        Obstacle::Removed | Obstacle::NoAccess | Obstacle::NotAllowed if is_forum => "place-lost-forum",
        Obstacle::Removed => "place-lost-removed",
        Obstacle::NotAllowed => "place-lost-not-allowed",
        Obstacle::Deleted => "place-lost-deleted",
        Obstacle::NoThreads => "place-lost-no-threads",
        Obstacle::NeedsTag => "place-lost-needs-tag",
        _ => "place-lost-no-access",
    };
    let name = place.name.as_ref().unwrap_or(&place.spot.chat);
    let args = [
        ("place", name.clone().into()),
        ("platform", place.platform.name().into()),
        ("why", why(language, obstacle).into()),
    ];
    Message::text(language.say(sentence, &args))
}

/// What somebody reads whose words the team can't read yet.
#[must_use]
pub fn unread(language: Language, ticket: &Ticket, obstacle: Obstacle) -> Message {
    let [number, title] = ticket_args(ticket);
    let args = [number, title, ("why", why(language, obstacle).into())];
    Message {
        rings: true,
        ..Message::text(language.say("told-unread", &args)).about(ticket.id)
    }
}
