//! Who hears of what: the one table of event × reader.

use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::AccountId;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::Spot;
use crate::domain::ticket::{CARD_EXCERPT, State, Ticket};
use crate::store::history::Event;
use crate::store::outbox::Notice;
use crate::store::places::StaffPlace;
use crate::store::told::{self, Told};
use crate::store::{Fault, Tx, cards, people, places};

/// The notices that an event makes. `before`: the state it was in. `written_in`: the thread where the words stand already, if they do.
pub(super) async fn notices(
    tx: &mut Tx,
    after: &Ticket,
    (event, before): (Event, Option<State>),
    actor: &Actor,
    written_in: Option<&Spot>,
) -> Result<Vec<Notice>, Fault> {
    let mut notices = Vec::new();
    for place in places::list(tx).await? {
        // What is deleted comes back only by being set up again, and shows every open ticket's card then.
        if place.lost.is_some_and(|mark| mark.obstacle == Obstacle::Deleted) {
            continue;
        }
        // The card shows the state; only notes leave it as it is.
        if event != Event::Done(Action::Note) {
            notices.push(Notice::Card {
                place: place.id,
                ticket: after.id,
            });
        }
        if staff_read(event, after) && !stands_there(tx, after, &place, written_in).await? {
            notices.push(Notice::Thread {
                place: place.id,
                ticket: after.id,
                seq: after.version,
            });
        }
    }
    if requester_hears(event) && actor.account != after.requester {
        let mut told = told::list_chats(tx, after.requester).await?;
        if told.is_empty() {
            told.push(Told {
                identity: after.identity,
                everywhere: false,
            });
        }
        notices.extend(told.into_iter().map(|told| person(after, told)));
    }
    for technician in technicians_hear(event, after.state, before) {
        // Whoever asked is told already.
        if ![actor.account, after.requester].contains(&technician) {
            let told = told::list_chats(tx, technician).await?;
            notices.extend(told.into_iter().map(|told| person(after, told)));
        }
    }
    if event == Event::Opened {
        for Told { identity, everywhere } in people::list_admin_identities(tx, Some(actor.account)).await? {
            notices.push(Notice::NewTicket {
                identity,
                ticket: after.id,
                everywhere,
            });
        }
    }
    Ok(notices)
}

fn person(after: &Ticket, Told { identity, everywhere }: Told) -> Notice {
    Notice::Person {
        identity,
        ticket: after.id,
        seq: after.version,
        everywhere,
    }
}

/// What is told in the ticket's thread: what the card does not show.
fn staff_read(event: Event, ticket: &Ticket) -> bool {
    match event {
        Event::Opened => ticket.description.chars().count() > CARD_EXCERPT,
        // A rating and links stand on the card: the thread of what is over stays as it is.
        Event::Done(action) => !matches!(action, Action::View | Action::Rate | Action::Relate),
    }
}

/// What the person who asked is told, when somebody else did it.
pub(super) fn requester_hears(event: Event) -> bool {
    match event {
        Event::Done(
            Action::Take
            | Action::Release
            | Action::Comment
            | Action::Ask
            | Action::Resolve
            | Action::Reopen
            | Action::Close
            | Action::Prioritize
            | Action::Categorize
            | Action::Retitle
            | Action::Assign
            | Action::HandOver
            | Action::Delete
            | Action::Restore,
        ) => true,
        // Their own doings, what only staff may read, and what concerns nobody but those who work on it.
        Event::Opened
        | Event::Done(
            Action::View
            | Action::Note
            | Action::Confirm
            | Action::Withdraw
            | Action::Describe
            | Action::Purge
            | Action::Follow
            | Action::Rate
            | Action::Relate,
        ) => false,
    }
}

/// Who is in charge from now on, and who was, where somebody else decided so; who was to the end, of a rating.
fn technicians_hear(event: Event, after: State, before: Option<State>) -> impl Iterator<Item = AccountId> {
    let before = before.and_then(State::technician);
    let heard = match event {
        Event::Done(Action::Assign | Action::HandOver) => [after.technician(), before],
        Event::Done(Action::Rate) => [after.technician(), None],
        _ => [None, None],
    };
    heard.into_iter().flatten()
}

async fn stands_there(
    tx: &mut Tx,
    ticket: &Ticket,
    place: &StaffPlace,
    written_in: Option<&Spot>,
) -> Result<bool, Fault> {
    let Some(spot) = written_in else { return Ok(false) };
    if *spot == place.spot {
        return Ok(true);
    }
    let card = cards::find(tx, ticket.id, place.id).await?;
    Ok(card.and_then(|card| card.thread).as_ref() == Some(spot))
}
