//! What is told of a ticket that was changed, or put into other hands: in its thread, and to those it concerns.

use chrono::{DateTime, Utc};
use fluent_bundle::FluentValue;

use super::build::{deed, ticket_args, who};
use super::cards;
use super::reply::{Block, Message};
use crate::domain::account::Named;
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::language::Language;
use crate::domain::relation::Relation;
use crate::domain::ticket::{Ticket, Urgency};
use crate::store::about::About;
use crate::store::history::{Event, Happening};
use crate::store::people::Identity;
use crate::store::{Fault, View, accounts, categories};

/// What whoever asked reads of their new ticket: its card, and who opened it for them, where somebody did.
#[must_use]
pub(super) fn opened(language: Language, (ticket, about): (&Ticket, &About), now: DateTime<Utc>) -> Message {
    let mut card = cards::requester(language, (ticket, about), now);
    if let Some(name) = &about.opened_by {
        let [number, title] = ticket_args(ticket);
        let args = [number, title, ("name", who(language, name).into())];
        card.blocks
            .insert(0, Block::Text(language.say("told-opened-for", &args)));
        card.rings = true;
    }
    card
}

/// What staff read in the ticket's thread.
///
/// # Errors
/// [`Fault`].
pub(super) async fn in_thread(
    view: &mut View,
    language: Language,
    sentence: &str,
    (ticket, happening): (&Ticket, &Happening),
) -> Result<Vec<Block>, Fault> {
    let args = args(view, language, ticket, happening).await?;
    let mut blocks = vec![Block::Text(language.say(sentence, &args))];
    if let (Event::Done(Action::Describe), Some((_, after))) = (happening.event, &happening.details) {
        blocks.push(Block::Quote(after.clone()));
    }
    blocks.extend(word(happening));
    Ok(blocks)
}

/// What somebody reads of it: who asked, who is in charge now, or who was; `None` of what happened otherwise.
///
/// # Errors
/// [`Fault`].
pub(super) async fn person(
    view: &mut View,
    reader: &Identity,
    ticket: &Ticket,
    happening: &Happening,
) -> Result<Option<Message>, Fault> {
    let language = reader.language;
    let me = reader.account.as_ref().map(|account| account.id);
    let is_mine = me.is_some() && happening.technician.as_ref().map(|(technician, _)| *technician) == me;
    let was_mine = me.is_some() && happening.technician_before == me;
    let sentence = match happening.event {
        Event::Done(Action::Prioritize) => "told-prioritized",
        Event::Done(Action::Categorize) => "told-categorized",
        Event::Done(Action::Retitle) => "told-retitled",
        Event::Done(Action::Assign) if is_mine => "told-assigned",
        Event::Done(Action::HandOver) if is_mine => "told-handed-over",
        Event::Done(Action::Assign | Action::HandOver) if was_mine => "told-relieved",
        Event::Done(Action::Assign | Action::HandOver) => "told-in-other-hands",
        Event::Done(Action::Release) if was_mine => "told-taken-back",
        Event::Done(Action::Reopen) if is_mine => "told-yours-again",
        Event::Done(Action::Help) if happening.is_call() => "told-called",
        Event::Done(Action::Help) => "told-let-go",
        _ => return Ok(None),
    };
    let args = args(view, language, ticket, happening).await?;
    let mut message = Message::text(language.say(sentence, &args)).about(ticket.id);
    let is_reopened = happening.event == Event::Done(Action::Reopen);
    if (is_mine && (happening.is_handing() || is_reopened)) || happening.event == Event::Done(Action::Help) {
        // Why it is open again stands in the thread, where it follows its author's edits.
        message.blocks.extend(word(happening).filter(|_| !is_reopened));
        message.rings = true;
        message = message.row([deed(language, "button-details", Action::View, ticket.id)]);
    }
    Ok(Some(message))
}

/// The internal note that a colleague is left.
fn word(happening: &Happening) -> Option<Block> {
    let words = happening.words.as_ref().filter(|words| !words.is_empty());
    words.map(|words| Block::Quote(words.clone()))
}

async fn args(
    view: &mut View,
    language: Language,
    ticket: &Ticket,
    happening: &Happening,
) -> Result<Vec<(&'static str, FluentValue<'static>)>, Fault> {
    let mut args = ticket_args(ticket).to_vec();
    args.push(("name", who(language, &happening.actor_name).into()));
    if let Some((_, technician)) = &happening.technician {
        args.push(("technician", who(language, technician).into()));
    }
    if let Some((before, after)) = &happening.details {
        for (name, kept) in [("before", before), ("after", after)] {
            args.push((name, read(view, language, happening.event, kept).await?.into()));
        }
    }
    Ok(args)
}

/// Somebody of whom the history keeps the number, in words.
#[must_use]
pub(super) fn of_person(language: Language, event: Event, person: &Named) -> String {
    let name = who(language, person);
    match event {
        Event::Opened => language.say("for-person", &[("name", name.into())]),
        Event::Done(_) => name,
    }
}

/// What the history keeps of a choice, in words.
pub(super) async fn read(view: &mut View, language: Language, event: Event, kept: &str) -> Result<String, Fault> {
    Ok(match event {
        Event::Opened if kept.is_empty() => String::new(),
        Event::Opened => {
            let requester = kept.parse().map(AccountId);
            let requester = requester.map_err(|_| Fault::Unreadable(format!("requester {kept}")))?;
            of_person(language, event, &accounts::find_name(view, requester).await?)
        }
        Event::Done(Action::Prioritize) => cards::urgency(language, kept.parse::<Urgency>()?),
        Event::Done(Action::Categorize) => {
            let all = categories::list(view).await?;
            let known = all.iter().find(|category| category.code == kept);
            known.map_or(kept, |category| category.name(language)).to_owned()
        }
        Event::Done(Action::Help) if kept.is_empty() => language.say("event-nobody", &[]),
        Event::Done(Action::Help) => {
            let helper = kept.parse().map(AccountId);
            let helper = helper.map_err(|_| Fault::Unreadable(format!("helper {kept}")))?;
            of_person(language, event, &accounts::find_name(view, helper).await?)
        }
        Event::Done(Action::Relate) if kept.is_empty() => language.say("linked-nothing", &[]),
        Event::Done(Action::Relate) => {
            let link = kept.split_once(':').and_then(|(code, other)| {
                let relation = code.parse::<Relation>().ok()?;
                Some((relation, TicketId(other.parse().ok()?)))
            });
            // Or the address of a page.
            link.map_or_else(
                || kept.to_owned(),
                |(relation, other)| cards::linked_to(language, relation, other),
            )
        }
        Event::Done(_) => kept.to_owned(),
    })
}
