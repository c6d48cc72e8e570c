//! Tickets as people see them: the staff's card, the requester's, and lists.

use chrono::{DateTime, Utc};

use super::build::{button, deed, fact, mine, numbers, who};
use super::dialog::Draft;
use super::filling::answers_shown;
use super::following::follows;
use super::press::Press;
use super::rating::{self, Standing};
use super::reply::{Block, Button, CardShown, Fact, Look, Message};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::relation::Relation;
use crate::domain::text::{beginning, headline};
use crate::domain::ticket::{CARD_EXCERPT, Status, Ticket, Urgency};
use crate::store::about::About;
use crate::store::lists::TicketLine;
use crate::store::ticket_links::Around;
use crate::store::{Fault, View, categories};

/// How many buttons stand in a row.
const ROW: usize = 3;
/// How much of an answer a card shows, in characters.
const ANSWER: usize = 150;
/// How many links a card names.
const LINKS: usize = 5;

/// A status with its sign.
pub(super) fn status(language: Language, status: Status) -> String {
    language.say(&format!("status-{}", status.code().replace('_', "-")), &[])
}

/// An urgency.
#[must_use]
pub fn urgency(language: Language, urgency: Urgency) -> String {
    language.say(&format!("urgency-{}", urgency.code()), &[])
}

fn urgency_signed(language: Language, of: Urgency) -> String {
    let sign = match of {
        Urgency::Low => "🟢",
        Urgency::Medium => "🟠",
        Urgency::High => "🔴",
    };
    format!("{sign} {}", urgency(language, of))
}

fn heading(language: Language, ticket: &Ticket) -> Block {
    let args = [
        ("number", ticket.id.to_string().into()),
        ("title", ticket.title.clone().into()),
    ];
    Block::Title(language.say("ticket-heading", &args))
}

pub(super) async fn category_of(view: &mut View, language: Language, ticket: &Ticket) -> Result<String, Fault> {
    let all = categories::list(view).await?;
    let category = all.iter().find(|category| category.id == ticket.category);
    Ok(category
        .map(|category| category.name(language).to_owned())
        .unwrap_or_default())
}

/// The words beyond the title, when there are any.
pub(super) fn description(ticket: &Ticket, max: usize) -> Option<Block> {
    (ticket.description != ticket.title).then(|| {
        let mut text = beginning(&ticket.description, max).to_owned();
        if text.len() < ticket.description.len() {
            text.push('…');
        }
        Block::Text(text)
    })
}

fn in_rows(buttons: &[Button]) -> Vec<Vec<Button>> {
    buttons.chunks(ROW).map(<[Button]>::to_vec).collect()
}

/// The card in a staff place. Its buttons are what the one it concerns may do now.
#[must_use]
pub fn staff(language: Language, ticket: &Ticket, about: &About) -> Message {
    if ticket.state.is_deleted() {
        return removed(language, ticket);
    }
    // Not all who read it may put somebody in charge.
    staff_card(language, (ticket, about), |action| action != Action::Assign).0
}

/// What stands in the place of a card whose ticket is deleted: nothing of it but the number.
fn removed(language: Language, ticket: &Ticket) -> Message {
    let number = [("number", ticket.id.to_string().into())];
    Message::text(language.say("card-removed", &number)).about(ticket.id)
}

/// The same for an admin alone, who may put somebody in charge.
#[must_use]
pub fn admin(language: Language, ticket: &Ticket, about: &About) -> Message {
    staff_card(language, (ticket, about), |_| true).0
}

/// With the buttons for what its readers may do, and with how many of its blocks say what it is, before what it is about.
pub(super) fn staff_card(
    language: Language,
    (ticket, about): (&Ticket, &About),
    may: impl Fn(Action) -> bool,
) -> (Message, usize) {
    let mut first = vec![fact(status(language, ticket.state.status()))];
    first.extend(about.technician.iter().map(|name| fact(who(language, name))));
    first.extend(with_helpers(language, about));
    first.push(fact(about.category.name(language)));
    first.push(fact(urgency_signed(language, ticket.urgency)));
    let mut second = vec![fact(who(language, &about.requester)), fact(about.platform.name())];
    second.extend(opened_by(language, about));
    second.push(Fact::Moment(ticket.opened_at));
    let mut blocks = vec![heading(language, ticket), Block::Facts(first), Block::Facts(second)];
    blocks.extend(without_chat(language, about));
    blocks.extend(linked(language, ticket, &about.around, true));
    let head = blocks.len();
    let rating = about.rating.iter();
    blocks.extend(rating.flat_map(|given| rating::shown(language, given, rating::EXCERPT)));
    blocks.extend(description(ticket, CARD_EXCERPT));
    blocks.extend(answered(about, ANSWER));
    let buttons = in_rows(&staff_buttons(language, ticket, may));
    let message = Message {
        blocks,
        buttons,
        files: about.files.clone(),
        about: Some(ticket.id),
        ..Message::default()
    };
    (message, head)
}

/// Who opened it, where that is somebody else than who asked.
fn opened_by(language: Language, about: &About) -> Option<Fact> {
    let name = who(language, about.opened_by.as_ref()?);
    Some(fact(language.say("card-opened-by", &[("name", name.into())])))
}

/// What was answered when it was opened; of a long answer so much.
pub(super) fn answered(about: &About, max: usize) -> Vec<Block> {
    answers_shown(
        about
            .answers
            .iter()
            .map(|(asked, text)| (asked.as_str(), text.as_str())),
        max,
    )
}

/// Who helps whoever is in charge.
fn with_helpers(language: Language, about: &About) -> Option<Fact> {
    let names: Vec<String> = about.helpers.iter().map(|(_, name)| who(language, name)).collect();
    let names = (!names.is_empty()).then(|| names.join(", "))?;
    Some(fact(language.say("card-helpers", &[("names", names.into())])))
}

/// That nothing written here is read by who asked, for now.
fn without_chat(language: Language, about: &About) -> Option<Block> {
    let sentence = match about.requester.as_deref() {
        None => language.say("card-deleted", &[]),
        Some(_) if about.has_chat => return None,
        Some(name) => language.say("card-no-chat", &[("name", name.into())]),
    };
    Some(Block::Text(sentence))
}

/// What it is linked to: all, or what its requester may see.
fn linked(language: Language, ticket: &Ticket, around: &Around, all: bool) -> Option<Block> {
    let after = around.followed_by.map(|newer| {
        let number = [("number", newer.to_string().into())];
        fact(language.say("followed-by", &number))
    });
    let before = around.follows.map(|older| follows(language, older));
    let mut facts: Vec<Fact> = before.into_iter().chain(after).collect();
    let links = around
        .links
        .iter()
        .filter(|link| all || link.requester == ticket.requester);
    let more = links.clone().count().saturating_sub(LINKS);
    facts.extend(
        links
            .take(LINKS)
            .map(|link| fact(linked_to(language, link.relation, link.ticket))),
    );
    facts.extend((more > 0).then(|| fact(language.say("links-more", &[("count", more.into())]))));
    (!facts.is_empty()).then_some(Block::Facts(facts))
}

/// What it is to another, in words.
#[must_use]
pub fn linked_to(language: Language, relation: Relation, other: TicketId) -> String {
    let number = [("number", other.to_string().into())];
    language.say(&format!("linked-{}", relation.code()), &number)
}

fn staff_buttons(language: Language, ticket: &Ticket, may: impl Fn(Action) -> bool) -> Vec<Button> {
    let offered: &[(&str, Action)] = match ticket.state.status() {
        Status::Waiting => &[
            ("button-take", Action::Take),
            ("button-assign", Action::Assign),
            ("button-ask", Action::Ask),
        ],
        Status::InProgress | Status::AwaitingInfo => &[
            ("button-reply", Action::Comment),
            ("button-ask", Action::Ask),
            ("button-resolve", Action::Resolve),
            ("button-note", Action::Note),
            ("button-handover", Action::HandOver),
            ("button-release", Action::Release),
        ],
        Status::Resolved => &[("button-reopen", Action::Reopen), ("button-close", Action::Close)],
        Status::Closed => &[],
        Status::Deleted => &[("button-restore", Action::Restore), ("button-purge", Action::Purge)],
    };
    let of = |&(label, action): &(&str, Action)| deed(language, label, action, ticket.id);
    let mut buttons: Vec<Button> = offered.iter().filter(|(_, action)| may(*action)).map(of).collect();
    if !matches!(ticket.state.status(), Status::Closed | Status::Deleted) {
        buttons.push(change(language, ticket));
    }
    if !ticket.state.is_deleted() {
        buttons.push(deed(language, "button-details", Action::View, ticket.id));
    }
    buttons
}

/// The button that leads to what can be changed.
fn change(language: Language, ticket: &Ticket) -> Button {
    button(language, "button-edit", Press::Change(ticket.id), Look::Plain)
}

/// The card of the person who asked, with the next step in words.
#[must_use]
pub fn requester(language: Language, (ticket, about): (&Ticket, &About), now: DateTime<Utc>) -> Message {
    let technician = about.technician.as_ref();
    let technician = technician.map(|name| who(language, name)).unwrap_or_default();
    let category = about.category.name(language);
    let card = (category, technician, answered(about, ANSWER));
    let mut message = requester_card(language, ticket, card, &about.around);
    if let Some(Block::Facts(facts)) = message.blocks.get_mut(1) {
        facts.extend(opened_by(language, about));
    }
    if ticket.state.status() == Status::Closed {
        let standing = Standing::of(about, now);
        message.blocks.extend(standing.blocks(language));
        let row = standing.buttons(language, ticket.id);
        message.buttons.splice(0..0, (!row.is_empty()).then_some(row));
        if let Some(card) = &mut message.own_card {
            card.lapses_at = rating::until(about, now);
        }
    }
    message
}

/// The same for a ticket that was just opened from this draft.
///
/// # Errors
/// [`Fault`].
pub async fn opened(view: &mut View, language: Language, ticket: &Ticket, draft: &Draft) -> Result<Message, Fault> {
    let around = Around {
        follows: draft.follows,
        ..Around::default()
    };
    let category = category_of(view, language, ticket).await?;
    let answers = draft.answers.iter().map(|answer| (&*answer.asked, &*answer.text));
    let answers = answers_shown(answers, ANSWER);
    Ok(requester_card(
        language,
        ticket,
        (&category, String::new(), answers),
        &around,
    ))
}

fn requester_card(
    language: Language,
    ticket: &Ticket,
    (category, technician, answers): (&str, String, Vec<Block>),
    around: &Around,
) -> Message {
    let facts = vec![
        fact(status(language, ticket.state.status())),
        fact(category),
        fact(urgency(language, ticket.urgency)),
        Fact::Moment(ticket.opened_at),
    ];
    let mut blocks = vec![heading(language, ticket), Block::Facts(facts)];
    blocks.extend(linked(language, ticket, around, false));
    blocks.extend(description(ticket, CARD_EXCERPT));
    blocks.extend(answers);
    let next = format!("next-{}", ticket.state.status().code().replace('_', "-"));
    blocks.push(Block::Text(language.say(&next, &[("technician", technician.into())])));
    Message {
        blocks,
        buttons: in_rows(&requester_buttons(language, ticket)),
        about: Some(ticket.id),
        own_card: Some(CardShown {
            version: ticket.version,
            is_whole: false,
            former: None,
            lapses_at: None,
        }),
        ..Message::default()
    }
}

/// What the person who asked may do now.
#[must_use]
pub fn requester_buttons(language: Language, ticket: &Ticket) -> Vec<Button> {
    let id = ticket.id;
    let of = |label, action| deed(language, label, action, id);
    match ticket.state.status() {
        Status::Waiting => vec![
            of("button-add", Action::Comment),
            change(language, ticket),
            of("button-withdraw", Action::Withdraw),
        ],
        Status::InProgress => vec![
            of("button-add", Action::Comment),
            of("button-withdraw", Action::Withdraw),
        ],
        Status::AwaitingInfo => vec![
            of("button-answer", Action::Comment),
            of("button-withdraw", Action::Withdraw),
        ],
        Status::Resolved => vec![
            of("button-confirm", Action::Confirm),
            of("button-still", Action::Reopen),
        ],
        Status::Closed => vec![
            of("button-follow", Action::Follow),
            button(language, "button-new", Press::NewTicket, Look::Plain),
            mine(language),
        ],
        Status::Deleted => vec![
            button(language, "button-new", Press::NewTicket, Look::Plain),
            mine(language),
        ],
    }
}

/// Many new tickets in one message, where each can't have its own at once: `lines` of the first, `count` in all.
#[must_use]
pub fn gathered(language: Language, lines: &[TicketLine], count: usize) -> Message {
    let mut blocks = vec![Block::Title(language.say("gathered", &[("count", count.into())]))];
    blocks.extend(lines.iter().map(|line| list_line(language, line)));
    let more = count.saturating_sub(lines.len());
    blocks.push(Block::Text(language.say("gathered-next", &[("more", more.into())])));
    Message {
        blocks,
        buttons: numbered(language, lines),
        rings: true,
        ..Message::default()
    }
}

/// A ticket in a line.
#[must_use]
pub fn list_line(language: Language, line: &TicketLine) -> Block {
    let mut facts = vec![
        fact(format!(
            "{} {}",
            status_sign(line.status),
            language.say("number", &[("number", line.id.to_string().into())])
        )),
        fact(format!("{}{}", urgency_mark(line.urgency), headline(&line.title, 60))),
    ];
    match (&line.technician, line.status) {
        (_, Status::AwaitingInfo) => facts.push(fact(language.say("list-awaiting-you", &[]))),
        (Some(name), _) => facts.push(fact(who(language, name))),
        (None, _) => {}
    }
    facts.push(Fact::Moment(line.changed_at));
    Block::Facts(facts)
}

/// What stands before the title of a ticket that is more urgent than others.
pub(super) fn urgency_mark(urgency: Urgency) -> &'static str {
    if urgency == Urgency::High { "🔴 " } else { "" }
}

/// A button for each line, which shows its ticket.
#[must_use]
pub fn numbered(language: Language, lines: &[TicketLine]) -> Vec<Vec<Button>> {
    numbers(language, lines.iter().map(|line| line.id))
}

pub(super) fn status_sign(status: Status) -> &'static str {
    match status {
        Status::Waiting => "⏳",
        Status::InProgress => "🔧",
        Status::AwaitingInfo => "❓",
        Status::Resolved => "✅",
        Status::Closed => "🔒",
        Status::Deleted => "🗑️",
    }
}
