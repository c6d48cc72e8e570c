//! What people are told without having asked: the requester's notices, the pings, the lines of a thread.

use chrono::{DateTime, Utc};
use fluent_bundle::FluentValue;

use super::build::{button, deed, role_name, ticket_args, who};
use super::cards;
use super::changes;
use super::chats::named;
use super::dialog::Dialog;
use super::press::Press;
use super::rating::{self, Standing};
use super::reply::{Block, Look, Message};
use crate::domain::account::Role;
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::platform::Spot;
use crate::domain::text::{Email, headline};
use crate::domain::ticket::Ticket;
use crate::store::about::About;
use crate::store::accounts::Account;
use crate::store::comments;
use crate::store::history::{Event, Happening, Since};
use crate::store::outbox::Whence;
use crate::store::people::{self, Identity};
use crate::store::{Fault, View};

/// What a person reads of a line of a ticket's history: its requester, or an admin who is pinged.
///
/// # Errors
/// [`Fault`].
pub async fn person(
    view: &mut View,
    reader: &Identity,
    (ticket, about): (&Ticket, &About),
    happening: &Happening,
) -> Result<Message, Fault> {
    let language = reader.language;
    if happening.event == Event::Opened {
        return Ok(opened(reader, (ticket, about), view.now()));
    }
    if happening.event == Event::Done(Action::Rate) {
        return Ok(rating::told(language, (ticket, about), happening));
    }
    if let Some(message) = changes::person(view, reader, ticket, happening).await? {
        return Ok(message);
    }
    let sentence = match happening.event {
        Event::Done(Action::Take) => "told-taken",
        Event::Done(Action::Release) => "told-released",
        Event::Done(Action::Comment) => "told-commented",
        Event::Done(Action::Ask) => "told-asked",
        Event::Done(Action::Resolve) => "told-resolved",
        Event::Done(Action::Reopen) => "told-reopened",
        Event::Done(Action::Delete) => "told-removed",
        Event::Done(Action::Restore) => "told-restored",
        _ => "told-closed",
    };
    let mut message = Message {
        blocks: sentence_and_words(language, sentence, ticket, happening),
        ..Message::default()
    };
    message.files = files_of(view, ticket, happening).await?;
    let of = |label, action| deed(language, label, action, ticket.id);
    message = match happening.event {
        Event::Done(Action::Resolve) => message.row([
            of("button-confirm", Action::Confirm),
            of("button-still", Action::Reopen),
        ]),
        Event::Done(Action::Ask) => message.row([of("button-answer", Action::Comment)]),
        Event::Done(Action::Delete) => message.row([button(language, "button-new", Press::NewTicket, Look::Plain)]),
        Event::Done(Action::Restore) => message.row([of("button-details", Action::View)]),
        Event::Done(Action::Close) => {
            if matches!(Standing::of(about, view.now()), Standing::Asked) {
                message.blocks.push(rating::question(language));
                message = message.row(rating::stars(language, ticket.id));
            }
            message.row([of("button-follow", Action::Follow)])
        }
        _ => message,
    };
    if matches!(happening.event, Event::Done(Action::Ask | Action::Comment)) {
        message.blocks.push(Block::Text(language.say("reply-to-this", &[])));
    }
    Ok(message.about(ticket.id))
}

/// What is read of a new ticket: its requester reads their card, an admin is pinged.
#[must_use]
pub fn opened(reader: &Identity, (ticket, about): (&Ticket, &About), now: DateTime<Utc>) -> Message {
    let account = reader.account.as_ref().map(|account| account.id);
    if reader.id == ticket.identity || account == Some(ticket.requester) {
        changes::opened(reader.language, (ticket, about), now)
    } else {
        ping(reader.language, ticket, about)
    }
}

fn ping(language: Language, ticket: &Ticket, about: &About) -> Message {
    let mut message = cards::admin(language, ticket, about);
    message.blocks.insert(0, Block::Text(language.say("told-new", &[])));
    message
}

/// The same, in another chat than the one it was for.
#[must_use]
pub fn instead(language: Language, of: Option<&Identity>, mut message: Message) -> Message {
    if let Some(of) = of {
        let sentence = language.say("told-instead", &[("platform", of.platform.name().into())]);
        message.blocks.insert(0, Block::Text(sentence));
    }
    message
}

/// What is left of a purged ticket's card where it can't be deleted.
#[must_use]
pub fn purged(language: Language, ticket: TicketId) -> Message {
    Message::text(language.say("ticket-purged", &[("number", ticket.to_string().into())]))
}

/// What somebody reads whose account was deleted.
#[must_use]
pub fn farewell(language: Language) -> Message {
    Message {
        rings: true,
        ..Message::text(language.say("told-deleted", &[]))
    }
}

/// What somebody reads in one of their chats when another has become theirs.
#[must_use]
pub fn linked(language: Language, chat: &Identity) -> Message {
    let args = named(chat);
    let undo = button(language, "button-disown", Press::AskDisown(chat.id), Look::Danger);
    Message {
        rings: true,
        ..Message::text(language.say("told-linked", &args)).row([undo])
    }
}

/// From where a chat was unlinked, as a sentence selects it: `by`, and `from`, the platform of the chat that asked.
fn whence_args(whence: Whence, from: Option<&Identity>) -> [(&'static str, FluentValue<'static>); 2] {
    let by = match (whence, from) {
        (Whence::Chat(_), Some(_)) => "chat",
        (Whence::Chat(_), None) => "gone",
        (Whence::Page, _) => "page",
        (Whence::Admin, _) => "admin",
    };
    let from = from.map_or("", |from| from.platform.name());
    [("by", by.into()), ("from", from.into())]
}

/// What somebody reads in a chat that is nobody's any more.
#[must_use]
pub fn unlinked(language: Language, whence: Whence, from: Option<&Identity>) -> Message {
    Message::text(language.say("told-unlinked", &whence_args(whence, from)))
}

/// What somebody reads in one of their chats when another is theirs no more.
#[must_use]
pub fn other_unlinked(language: Language, chat: &Identity, whence: Whence, from: Option<&Identity>) -> Message {
    let args: Vec<_> = named(chat).into_iter().chain(whence_args(whence, from)).collect();
    let again = button(language, "button-show-code", Press::ShowCode, Look::Plain);
    Message {
        rings: true,
        ..Message::text(language.say("told-other-unlinked", &args)).row([again])
    }
}

/// What somebody reads whose chat is linked, as the page confirmed.
///
/// # Errors
/// [`Fault`].
pub async fn link_confirmed(view: &mut View, reader: &Identity, account: &Account) -> Result<Message, Fault> {
    let language = reader.language;
    let name = [("name", account.name.clone().into())];
    let next = language.say(next_step(account.role), &[]);
    let message = Message {
        blocks: vec![Block::Text(language.say("link-done", &name)), Block::Text(next)],
        ..Message::default()
    };
    let draft = button(language, "button-show-draft", Press::ShowDraft, Look::Main);
    Ok(message.row(has_draft(view, reader).await?.then_some(draft)))
}

/// Whether somebody has begun a ticket in their private chat.
async fn has_draft(view: &mut View, reader: &Identity) -> Result<bool, Fault> {
    let Some(chat) = &reader.private_chat else {
        return Ok(false);
    };
    let spot = Spot::chat(chat.clone());
    let found = people::find_identity(view, reader.platform, &reader.user_id, &spot).await?;
    let dialog = found.and_then(|(_, dialog)| dialog);
    Ok(dialog.is_some_and(|dialog| Dialog::recall(&dialog.state, reader.id).draft.is_some()))
}

/// What somebody reads who has another role.
#[must_use]
pub fn role(language: Language, role: Role) -> Message {
    let name = role_name(language, role);
    let blocks = vec![
        Block::Text(language.say("told-role", &[("role", name.into())])),
        Block::Text(language.say(next_step(role), &[])),
    ];
    Message {
        blocks,
        rings: true,
        ..Message::default()
    }
}

/// The sentence that says what somebody with this role may do first.
#[must_use]
pub fn next_step(role: Role) -> &'static str {
    match role {
        Role::Admin => "link-next-admin",
        Role::Technician => "link-next-technician",
        Role::Learner => "link-next-learner",
    }
}

/// What staff read in the ticket's thread of a line of its history.
///
/// # Errors
/// [`Fault`].
pub async fn thread(
    view: &mut View,
    language: Language,
    ticket: &Ticket,
    happening: &Happening,
) -> Result<Message, Fault> {
    let by_requester = happening.actor == ticket.requester;
    let sentence = match happening.event {
        Event::Opened => "ticket-heading",
        // Looking, purging, following, rating, linking and changes of what was written are told in no thread.
        Event::Done(
            Action::Take
            | Action::View
            | Action::Purge
            | Action::Follow
            | Action::Rate
            | Action::Relate
            | Action::Reword
            | Action::Retract,
        ) => "thread-taken",
        Event::Done(Action::Help) if happening.is_call() => "thread-called",
        Event::Done(Action::Help) => "thread-let-go",
        Event::Done(Action::Release) => "thread-released",
        Event::Done(Action::Comment) if by_requester => "thread-requester",
        Event::Done(Action::Comment) => "thread-commented",
        Event::Done(Action::Note) => "thread-noted",
        Event::Done(Action::Ask) => "thread-asked",
        Event::Done(Action::Resolve) => "thread-resolved",
        Event::Done(Action::Confirm) => "thread-confirmed",
        Event::Done(Action::Reopen) => "thread-reopened",
        Event::Done(Action::Close) => "thread-closed",
        Event::Done(Action::Withdraw) => "thread-withdrawn",
        Event::Done(Action::Prioritize) => "thread-prioritized",
        Event::Done(Action::Categorize) => "thread-categorized",
        Event::Done(Action::Retitle) => "thread-retitled",
        Event::Done(Action::Describe) => "thread-described",
        Event::Done(Action::Assign) => "thread-assigned",
        Event::Done(Action::HandOver) => "thread-handed-over",
        Event::Done(Action::Delete) => "thread-deleted",
        Event::Done(Action::Restore) => "thread-restored",
    };
    let mut blocks = if happening.details.is_some() || happening.is_handing() {
        changes::in_thread(view, language, sentence, (ticket, happening)).await?
    } else {
        sentence_and_words(language, sentence, ticket, happening)
    };
    if happening.event == Event::Opened {
        blocks.push(Block::Quote(ticket.description.clone()));
    }
    let files = files_of(view, ticket, happening).await?;
    // What the requester says rings: somebody waits for it.
    Ok(Message {
        blocks,
        files,
        about: Some(ticket.id),
        rings: by_requester,
        ..Message::default()
    })
}

/// Whether what stands in the thread is the requester's word to staff, so that an answer to it goes to them.
#[must_use]
pub fn relays(ticket: &Ticket, happening: &Happening) -> bool {
    happening.actor == ticket.requester && happening.words.is_some()
}

/// Whether nothing is left to tell of it: its author took back what they wrote, and that was all.
#[must_use]
pub fn is_taken_back(happening: &Happening) -> bool {
    let is_all = matches!(happening.event, Event::Done(Action::Comment | Action::Note));
    is_all && happening.since == Since::Retracted
}

/// What a copy says once more, below, that can't be changed any more.
#[must_use]
pub fn changed(language: Language, ticket: &Ticket, mut message: Message) -> Message {
    let sentence = language.say("words-changed", &ticket_args(ticket));
    message.blocks.insert(0, Block::Text(sentence));
    message
}

/// What is left of a copy that can't be deleted any more.
#[must_use]
pub fn taken_back(language: Language) -> Message {
    Message::text(language.say("words-retracted", &[]))
}

/// The name of a ticket's thread.
#[must_use]
pub fn thread_name(language: Language, ticket: &Ticket) -> String {
    let args = [
        ("number", ticket.id.to_string().into()),
        ("title", headline(&ticket.title, 80).into()),
    ];
    language.say("ticket-heading", &args)
}

fn sentence_and_words(language: Language, sentence: &str, ticket: &Ticket, happening: &Happening) -> Vec<Block> {
    let [number, title] = ticket_args(ticket);
    let args = [number, title, ("name", who(language, &happening.actor_name).into())];
    let mut blocks = vec![Block::Text(language.say(sentence, &args))];
    let words = happening.words.as_deref().filter(|words| !words.is_empty());
    blocks.extend(words.map(|words| Block::Quote(words.to_owned())));
    match happening.since {
        Since::Untouched => {}
        Since::Edited => blocks.push(Block::Text(language.say("words-edited", &[]))),
        Since::Retracted => blocks.push(Block::Text(language.say("words-retracted", &[]))),
    }
    blocks
}

async fn files_of(view: &mut View, ticket: &Ticket, happening: &Happening) -> Result<Vec<StoredFile>, Fault> {
    match happening.comment {
        Some(comment) => comments::list_attachments(view, ticket.id, Some(comment)).await,
        None => Ok(Vec::new()),
    }
}

/// What somebody reads whose letter the mail server does not take.
#[must_use]
pub fn letter_refused(language: Language, address: &Email) -> Message {
    let sentence = language.say("told-letter-refused", &[("email", address.as_str().to_owned().into())]);
    Message::text(sentence).row([button(language, "button-other-email", Press::OtherEmail, Look::Main)])
}
