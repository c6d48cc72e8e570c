//! All there is to read about a ticket, in a message.

use super::build::{button, deed, fact, who};
use super::cards;
use super::press::{CannedPress, Press};
use super::rating;
use super::reply::{Block, Fact, Look, Message};
use crate::domain::account::{Actor, Role};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::ticket::{Status, Ticket};
use crate::store::history::{self, Event};
use crate::store::{Fault, View, comments, ticket_links, tickets};

/// All there is to read about a ticket, for the one who looks.
///
/// # Errors
/// [`Fault`].
pub(super) async fn details(
    view: &mut View,
    language: Language,
    ticket: &Ticket,
    by: &Actor,
) -> Result<Message, Fault> {
    let is_deleted = ticket.state.is_deleted();
    let mut message = if ticket.requester == by.account && !is_deleted {
        cards::requester(view, language, ticket).await?
    } else {
        let (ticket, about) = tickets::find_for_card(view, ticket.id)
            .await?
            .ok_or(Fault::Overtaken("tickets"))?;
        let (mut message, head) = cards::staff_card(view, language, (&ticket, &about), by.role == Role::Admin).await?;
        message.blocks.truncate(head);
        for page in ticket_links::list_pages(view, ticket.id).await? {
            message.blocks.push(Block::Text(format!("🔗 {}", page.url)));
        }
        if is_deleted {
            message.blocks.extend(deletion(view, language, ticket.id).await?);
        }
        let rating = about.rating.iter();
        let rating = rating.flat_map(|given| rating::shown(language, given, usize::MAX));
        message.blocks.extend(rating);
        message.blocks.extend(cards::description(&ticket, usize::MAX));
        let canned = Press::Canned(CannedPress::Choose(ticket.id, 0));
        let canned = button(language, "button-canned", canned, Look::Plain);
        let takes_words = !matches!(ticket.state.status(), Status::Closed | Status::Deleted);
        let links = button(language, "button-links", Press::Links(ticket.id), Look::Plain);
        let canned = takes_words.then_some(canned);
        message.row(canned.into_iter().chain((!is_deleted).then_some(links)))
    };
    let transcript = button(language, "button-transcript", Press::Transcript(ticket.id), Look::Plain);
    let staff_eyes = by.role.is_staff();
    if staff_eyes {
        let past = button(language, "button-past", Press::History(ticket.id, 0), Look::Plain);
        let delete =
            (by.role == Role::Admin && !is_deleted).then(|| deed(language, "button-delete", Action::Delete, ticket.id));
        message = message.row([past, transcript].into_iter().chain(delete));
    } else {
        message = message.row([transcript]);
    }
    for line in comments::list_last_words(view, ticket.id, staff_eyes, 5).await? {
        let kind = format!("words-{}", line.kind.code());
        message.blocks.push(Block::Facts(vec![
            fact(language.say(&kind, &[("name", who(language, &line.author).into())])),
            Fact::Moment(line.at),
        ]));
        message.blocks.push(Block::Quote(line.body));
    }
    Ok(message)
}

/// Who deleted it, and when.
async fn deletion(view: &mut View, language: Language, ticket: TicketId) -> Result<Option<Block>, Fault> {
    let deletion = history::find_last(view, ticket, Event::Done(Action::Delete)).await?;
    Ok(deletion.map(|deletion| {
        let by = language.say("deleted-by", &[("name", who(language, &deletion.actor_name).into())]);
        Block::Facts(vec![fact(by), Fact::Moment(deletion.at)])
    }))
}
