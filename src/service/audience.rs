//! Who hears of what, and how soon: the one table of event × reader × what they chose.

use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, CommentId};
use crate::domain::obstacle::Obstacle;
use crate::domain::pace::Pace;
use crate::domain::platform::Spot;
use crate::domain::ticket::{CARD_EXCERPT, State, Ticket};
use crate::store::history::Event;
use crate::store::outbox::{self, Notice};
use crate::store::places::StaffPlace;
use crate::store::told::{self, Told};
use crate::store::{Fault, Tx, accounts, cards, own_cards, people, places, retractions};

/// The notices that an event makes. `before`: the state it was in. `helper`: who is called to help by it, or needed no
/// more. `written_in`: the thread where the words stand already, if they do.
pub(super) async fn notices(
    tx: &mut Tx,
    after: &Ticket,
    (event, before, helper): (Event, Option<State>, Option<AccountId>),
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
                pace: Pace::default(),
            });
        }
        for told in told {
            notices.extend(person(tx, after, event, told).await?);
        }
    }
    for technician in technicians_hear(event, after.state, before).chain(helper) {
        let is_told_already = technician == after.requester && requester_hears(event);
        if technician == actor.account || is_told_already {
            continue;
        }
        // Whoever is of the team no more is in charge of nothing.
        let account = accounts::find(tx, technician).await?;
        if account.is_some_and(|account| account.works()) {
            let told = told::list_chats(tx, technician).await?;
            for told in told {
                notices.extend(person(tx, after, event, told).await?);
            }
        }
    }
    if event == Event::Opened {
        for told in people::list_admin_identities(tx, Some([actor.account, after.requester])).await? {
            let notice = person(tx, after, event, told).await?;
            notices.extend(notice.map(of_new));
        }
    }
    Ok(notices)
}

/// The notices that bring the copies of a comment up to date, wherever there may be one: those behind which it is told, or
/// waits to be.
pub(super) async fn of_copies(
    tx: &mut Tx,
    after: &Ticket,
    comment: CommentId,
    actor: &Actor,
) -> Result<Vec<Notice>, Fault> {
    let (ticket, seq) = (after.id, after.version);
    let places = places::list(tx).await?.into_iter();
    let mut notices: Vec<Notice> = places
        .filter(|place| place.lost.is_none_or(|mark| mark.obstacle != Obstacle::Deleted))
        .map(|place| Notice::Thread {
            place: place.id,
            ticket,
            seq,
        })
        .collect();
    if actor.account != after.requester && !retractions::is_note(tx, comment).await? {
        let chats = people::list_of(tx, after.requester).await?;
        notices.extend(chats.into_iter().map(|chat| Notice::Person {
            identity: chat.id,
            ticket,
            seq,
            everywhere: true,
            gathered: false,
        }));
    }
    Ok(notices)
}

/// What brings the cards of whoever asked up to date, where the event changes what they show.
pub(super) async fn own_cards(
    tx: &mut Tx,
    after: &Ticket,
    event: Event,
    before: Option<State>,
) -> Result<Vec<Notice>, Fault> {
    match shown_to_requester(event) {
        Shown::Always => own_cards::list(tx, after.id, false).await,
        // An answer has the work go on.
        Shown::AmongWords => own_cards::list(tx, after.id, before == Some(after.state)).await,
        Shown::Never => Ok(Vec::new()),
    }
}

/// The notice to somebody, as soon as they want it, if they do.
async fn person(tx: &mut Tx, after: &Ticket, event: Event, told: Told) -> Result<Option<Notice>, Fault> {
    let Told {
        identity, everywhere, ..
    } = told;
    let ticket = after.id;
    let gathered = match pace(event, told.pace) {
        Pace::Each => false,
        Pace::Hourly => true,
        Pace::Never => return Ok(None),
    };
    // Wherever they write meanwhile, it comes in one message.
    let begun = if gathered && !everywhere {
        outbox::find_digest(tx, identity).await?
    } else {
        None
    };
    Ok(Some(Notice::Person {
        identity: begun.unwrap_or(identity),
        ticket,
        seq: after.version,
        everywhere,
        gathered,
    }))
}

/// To an admin, as one of all that may be told of new tickets at once.
fn of_new(notice: Notice) -> Notice {
    match notice {
        Notice::Person {
            identity,
            ticket,
            everywhere,
            gathered: false,
            ..
        } => Notice::NewTicket {
            identity,
            ticket,
            everywhere,
        },
        other => other,
    }
}

/// How soon somebody hears of it who chose that: what waits for their answer comes at once.
fn pace(event: Event, chosen: Pace) -> Pace {
    if event == Event::Done(Action::Ask) {
        Pace::Each
    } else {
        chosen
    }
}

/// What is told in the ticket's thread: what the card does not show.
fn staff_read(event: Event, ticket: &Ticket) -> bool {
    match event {
        Event::Opened => ticket.description.chars().count() > CARD_EXCERPT,
        // A rating and links stand on the card: the thread of what is over stays as it is. Copies are brought up to date.
        Event::Done(action) => !matches!(
            action,
            Action::View | Action::Rate | Action::Relate | Action::Reword | Action::Retract
        ),
    }
}

/// What the person who asked is told, when somebody else did it.
pub(super) fn requester_hears(event: Event) -> bool {
    match event {
        Event::Opened
        | Event::Done(
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
        Event::Done(
            Action::View
            | Action::Note
            | Action::Confirm
            | Action::Withdraw
            | Action::Describe
            | Action::Purge
            | Action::Follow
            | Action::Rate
            | Action::Relate
            | Action::Reword
            | Action::Retract
            | Action::Help,
        ) => false,
    }
}

/// Who is in charge from now on, and who was, where somebody else decided so; who was to the end, of a rating.
fn technicians_hear(event: Event, after: State, before: Option<State>) -> impl Iterator<Item = AccountId> {
    let before = before.and_then(State::technician);
    let heard = match event {
        Event::Done(Action::Assign | Action::HandOver) => [after.technician(), before],
        Event::Done(Action::Release) => [None, before],
        Event::Done(Action::Reopen | Action::Rate) => [after.technician(), None],
        _ => [None, None],
    };
    heard.into_iter().flatten()
}

/// Where the card of whoever asked shows an event.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Always,
    /// Where it shows what was said last.
    AmongWords,
    Never,
}

fn shown_to_requester(event: Event) -> Shown {
    match event {
        Event::Done(Action::Comment | Action::Reword | Action::Retract) => Shown::AmongWords,
        Event::Opened | Event::Done(Action::View | Action::Note | Action::Help | Action::Follow | Action::Purge) => {
            Shown::Never
        }
        Event::Done(_) => Shown::Always,
    }
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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::store::history::helper_in;

    /// What a reader gets, as they chose.
    fn gets(hears: bool, event: Event) -> String {
        let [each, hourly, never] = Pace::ALL.map(|chosen| match pace(event, chosen) {
            Pace::Each if hears => "at once",
            Pace::Hourly if hears => "gathered",
            _ => "-",
        });
        format!("{each:<9}{hourly:<9}{never:<9}")
    }

    #[test]
    fn who_hears_of_what_and_how_soon() {
        let (one, other) = (AccountId(1), AccountId(2));
        let mut table = format!(
            "{:<12}{:<12}{:<28}{:<28}{:<28}{:<28}\n",
            "event", "own card", "requester", "in charge", "admins", "helper"
        );
        let paces = format!("{:<9}{:<9}{:<10}", "each", "hourly", "never").repeat(4);
        writeln!(table, "{:<24}{}", "", paces.trim_end()).unwrap();
        for event in std::iter::once(Event::Opened).chain(Action::ALL.map(Event::Done)) {
            let (after, before) = (State::InProgress(one), State::InProgress(other));
            let in_charge = technicians_hear(event, after, Some(before)).next().is_some();
            let details = ("7".to_owned(), String::new());
            let helper = helper_in(event, Some(&details)).is_some();
            let readers = [requester_hears(event), in_charge, event == Event::Opened, helper];
            let row = readers.map(|hears| gets(hears, event)).join(" ");
            let card = match shown_to_requester(event) {
                Shown::Always => "edited",
                Shown::AmongWords => "if whole",
                Shown::Never => "-",
            };
            writeln!(table, "{:<12}{card:<12}{}", event.code(), row.trim_end()).unwrap();
        }
        insta::assert_snapshot!(table);
    }
}
