//! All there is to read about a ticket, in a message.

use chrono::{DateTime, Utc};

use super::build::{button, deed, fact, who};
use super::cards;
use super::press::{CannedPress, Press};
use super::rating;
use super::reply::{Block, CardShown, Fact, Look, Message};
use crate::domain::account::{Actor, Role};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::ticket::{Status, Ticket};
use crate::store::about::{self, About};
use crate::store::{Fault, View};

/// How many of the last words on it stand there.
pub const LAST_WORDS: u32 = 5;

/// Finds a ticket that the one who looks may see, and all there is to read about it; `None` alike for a ticket of somebody
/// else and for none.
///
/// # Errors
/// [`Fault`].
pub(super) async fn find(
    view: &mut View,
    language: Language,
    id: TicketId,
    by: &Actor,
) -> Result<Option<Message>, Fault> {
    let found = about::find_with_words(view, id, LAST_WORDS, by.role.is_staff()).await?;
    let found = found.filter(|(ticket, _)| ticket.permit(Action::View, by).is_ok());
    Ok(found.map(|(ticket, about)| with_words(language, (&ticket, about), by, view.now())))
}

fn with_words(language: Language, (ticket, about): (&Ticket, About), by: &Actor, now: DateTime<Utc>) -> Message {
    let mut message = card(language, (ticket, &about), by, now);
    if let Some(own) = &mut message.own_card {
        own.is_whole = true;
    }
    for line in about.words {
        let kind = format!("words-{}", line.kind.code());
        message.blocks.push(Block::Facts(vec![
            fact(language.say(&kind, &[("name", who(language, &line.author).into())])),
            Fact::Moment(line.at),
        ]));
        message.blocks.push(Block::Quote(line.body));
    }
    message
}

/// What the card of whoever asked shows by now, with what was said last where it is `is_whole`.
#[must_use]
pub fn own(
    language: Language,
    (ticket, about): (&Ticket, About),
    (by, is_whole): (&Actor, bool),
    now: DateTime<Utc>,
) -> Message {
    if ticket.state.is_deleted() {
        removed(language, ticket)
    } else if is_whole {
        with_words(language, (ticket, about), by, now)
    } else {
        cards::requester(language, (ticket, &about), now)
    }
}

/// What is left of it where the ticket is deleted: the number.
fn removed(language: Language, ticket: &Ticket) -> Message {
    let number = language.say("number", &[("number", ticket.id.to_string().into())]);
    let facts = vec![fact(cards::status(language, ticket.state.status())), fact(number)];
    let message = Message {
        blocks: vec![Block::Facts(facts), Block::Text(language.say("next-deleted", &[]))],
        about: Some(ticket.id),
        own_card: Some(CardShown {
            version: ticket.version,
            is_whole: false,
            former: None,
            lapses_at: None,
        }),
        ..Message::default()
    };
    message.row(cards::requester_buttons(language, ticket))
}

/// What it is, with what the one who looks may do.
fn card(language: Language, (ticket, about): (&Ticket, &About), by: &Actor, now: DateTime<Utc>) -> Message {
    let is_deleted = ticket.state.is_deleted();
    let message = if ticket.requester == by.account && !is_deleted {
        cards::requester(language, (ticket, about), now)
    } else {
        of_staff(language, (ticket, about), by)
    };
    let transcript = button(language, "button-transcript", Press::Transcript(ticket.id), Look::Plain);
    if !by.role.is_staff() {
        return message.row([transcript]);
    }
    let past = button(language, "button-past", Press::History(ticket.id, 0), Look::Plain);
    let delete =
        (by.role == Role::Admin && !is_deleted).then(|| deed(language, "button-delete", Action::Delete, ticket.id));
    message.row([past, transcript].into_iter().chain(delete))
}

fn of_staff(language: Language, (ticket, about): (&Ticket, &About), by: &Actor) -> Message {
    let (mut message, head) = cards::staff_card(language, (ticket, about), |action| ticket.permit(action, by).is_ok());
    message.blocks.truncate(head);
    let pages = about.pages.iter();
    message
        .blocks
        .extend(pages.map(|page| Block::Text(format!("🔗 {}", page.url))));
    message.blocks.extend(about.deletion.iter().map(|(name, at)| {
        let by = language.say("deleted-by", &[("name", who(language, name).into())]);
        Block::Facts(vec![fact(by), Fact::Moment(*at)])
    }));
    let rating = about.rating.iter();
    let rating = rating.flat_map(|given| rating::shown(language, given, usize::MAX));
    message.blocks.extend(rating);
    message.blocks.extend(cards::description(ticket, usize::MAX));
    message.blocks.extend(cards::answered(about, usize::MAX));
    let canned = Press::Canned(CannedPress::Choose(ticket.id, 0));
    let canned = button(language, "button-canned", canned, Look::Plain);
    let takes_words = !matches!(ticket.state.status(), Status::Closed | Status::Deleted);
    let links = button(language, "button-links", Press::Links(ticket.id), Look::Plain);
    let follow = deed(language, "button-follow", Action::Follow, ticket.id);
    let help = deed(language, "button-help", Action::Help, ticket.id);
    let row = [
        takes_words.then_some(canned),
        (!ticket.state.is_deleted()).then_some(links),
        ticket.permit(Action::Help, by).is_ok().then_some(help),
        ticket.permit(Action::Follow, by).is_ok().then_some(follow),
    ];
    message.row(row.into_iter().flatten())
}
