//! What happened within an hour, in one message: for those who want it so.

use super::build::{mine, numbers, room_of, who};
use super::changes;
use super::reply::{Block, Message};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::store::history::{Event, Happening};
use crate::store::news::News;
use crate::store::{Fault, View};

/// How many changes are told one by one; the tickets they are about have a button each, of which Discord takes 25.
const NAMED: usize = 20;
/// How much room they take at most: a Discord message has 2,000.
const ROOM: usize = 1_500;
/// How much of a title, and of what was written, is shown.
const TITLE: usize = 40;
/// How much of a name, and of what was changed.
const NAME: usize = 30;
const WORDS: usize = 80;

/// What happened to tickets, by ticket and in order: as much as fits, and how much more there is.
///
/// # Errors
/// [`Fault`].
pub async fn digest(view: &mut View, language: Language, news: &[News]) -> Result<Message, Fault> {
    let mut message = Message {
        blocks: vec![Block::Title(language.say("digest", &[("count", news.len().into())]))],
        rings: true,
        ..Message::default()
    };
    let (mut named, mut shown, mut room) = (Vec::new(), 0, ROOM);
    for of_ticket in news.chunk_by(|a, b| a.ticket == b.ticket) {
        let mut lines = Vec::new();
        for one in of_ticket.iter().take(NAMED - shown) {
            if lines.is_empty() {
                lines.push(heading(language, one));
            }
            lines.push(line(view, language, &one.happening).await?);
            let used = lines.iter().map(|line| room_of(line)).sum::<usize>();
            if used > room {
                lines.pop();
                break;
            }
        }
        // The heading alone says nothing.
        if lines.len() < 2 {
            break;
        }
        shown += lines.len() - 1;
        room -= lines.iter().map(|line| room_of(line)).sum::<usize>();
        named.extend(of_ticket.first().map(|one| one.ticket));
        message.blocks.push(Block::Text(lines.join("\n")));
        if lines.len() <= of_ticket.len() {
            break;
        }
    }
    let more = news.len() - shown;
    let next = [("more", more.into())];
    message.blocks.push(Block::Text(language.say("digest-next", &next)));
    message.buttons = numbers(language, named.iter().copied());
    message.about = only(&named).filter(|_| more == 0);
    Ok(message.row((more > 0).then(|| mine(language))))
}

/// The ticket that it is all about: what is answered is a word on that.
fn only(named: &[TicketId]) -> Option<TicketId> {
    match named {
        [one] => Some(*one),
        _ => None,
    }
}

fn heading(language: Language, news: &News) -> String {
    let args = [
        ("number", news.ticket.to_string().into()),
        ("title", headline(&news.title, TITLE).into()),
    ];
    language.say("ticket-heading", &args)
}

/// What happened, in a line.
async fn line(view: &mut View, language: Language, happening: &Happening) -> Result<String, Fault> {
    let what = format!("event-{}", happening.event.code().replace('_', "-"));
    let name = match happening.event {
        // Of these they are told, and not by whom.
        Event::Done(Action::Delete | Action::Restore) => language.say("an-admin", &[]),
        _ => headline(&who(language, &happening.actor_name), NAME),
    };
    let mut what = language.say(&what, &[("name", name.into())]);
    if let Some((before, after)) = happening.details.as_ref().filter(|_| happening.event != Event::Opened) {
        let before = headline(&changes::read(view, language, happening.event, before).await?, NAME);
        let after = headline(&changes::read(view, language, happening.event, after).await?, NAME);
        let change = language.say("event-change", &[("before", before.into()), ("after", after.into())]);
        what = language.say("digest-words", &[("what", what.into()), ("words", change.into())]);
    }
    if let (true, Some((_, technician))) = (happening.is_handing(), &happening.technician) {
        let to = headline(&who(language, technician), NAME);
        what = language.say("digest-to", &[("what", what.into()), ("name", to.into())]);
    }
    let words = happening.words.as_deref().filter(|words| !words.is_empty());
    if let Some(words) = words.filter(|_| is_for_requesters(happening.event)) {
        let words = language.say("digest-quote", &[("words", headline(words, WORDS).into())]);
        what = language.say("digest-words", &[("what", what.into()), ("words", words.into())]);
    }
    Ok(language.say("digest-line", &[("what", what.into())]))
}

/// Whether the words that came with it are for who asked; others are notes of the team.
fn is_for_requesters(event: Event) -> bool {
    matches!(
        event,
        Event::Done(Action::Comment | Action::Ask | Action::Resolve | Action::Reopen)
    )
}
