//! A raw update, translated into what somebody meant.

use chrono::DateTime;

use super::text::{clean, clean_line};
use super::update::{CallbackQuery, Chat, Message, ReactionChange, StandingChange, Text, Update, User};
use super::{attachments, update};
use crate::chat::grammar;
use crate::chat::intent::{ChatUser, Edited, Inbound, Intent, Place, PlaceKind, Standing, Written};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::receipt::Receipt;
use crate::domain::text::is_visible;
use crate::intake::front::UnreadableUpdate;

/// Reads the JSON of an update.
pub(super) fn parse(raw: &str) -> Result<Update, UnreadableUpdate> {
    // serde's own words would quote what it stumbled over.
    serde_json::from_str(raw)
        .map_err(|error| UnreadableUpdate(format!("{:?} error at column {}", error.classify(), error.column())))
}

/// Translates an update; `None` when it is not for us. `username` is the bot's own, once known.
pub(super) fn translate(update: Update, username: Option<&str>) -> Option<Inbound> {
    if let Some(edited) = update.edited_message {
        return read_edited(&edited);
    }
    if let Some(reaction) = update.message_reaction {
        return read_reaction(&reaction);
    }
    match (update.message, update.callback_query, update.my_chat_member) {
        (Some(message), _, _) => read_message(&message, username),
        (None, Some(query), _) => read_press(query),
        (None, None, Some(change)) => read_standing(&change),
        (None, None, None) => None,
    }
}

/// What became of the bot in a chat. Whoever did it may be a bot too, and is not answered.
fn read_standing(change: &StandingChange) -> Option<Inbound> {
    let member = &change.new_chat_member;
    let place = place(&change.chat, None)?;
    let standing = match member.status.0.as_str() {
        "kicked" if place.is_private() => Standing::Out(Obstacle::Blocked),
        "kicked" | "left" => Standing::Out(Obstacle::Removed),
        "restricted" if member.is_member == Some(false) => Standing::Out(Obstacle::Removed),
        "restricted" if member.can_send_messages != Some(true) => Standing::Out(Obstacle::NotAllowed),
        _ => Standing::In,
    };
    Some(inbound(anybody(&change.from), place, Intent::Standing(standing)))
}

fn read_press(query: CallbackQuery) -> Option<Inbound> {
    let carrier = query.message?;
    let action = query.data?.0;
    let place = place(&carrier.chat, carrier.thread.filter(|_| carrier.in_topic))?;
    let who = person(&query.from)?;
    let message_id = carrier.id.to_string();
    Some(inbound(who, place, Intent::Press { action, message_id }))
}

fn read_message(message: &Message, username: Option<&str>) -> Option<Inbound> {
    if let Some(to) = message.migrate_to_chat_id {
        let who = message.from.as_ref().map_or_else(nobody, anybody);
        let standing = Standing::Moved(to.to_string());
        return Some(inbound(who, place(&message.chat, None)?, Intent::Standing(standing)));
    }
    // On behalf of a channel, or of the group itself by an anonymous administrator: nobody we could answer.
    if message.sender_chat.is_some() {
        return None;
    }
    let who = person(message.from.as_ref()?)?;
    let place = place(&message.chat, message.thread.filter(|_| message.in_topic))?;
    let intent = intent(message, &place, username)?;
    Some(inbound(who, place, intent))
}

/// An edit is also told of when somebody reacts to a message for the first time.
fn read_edited(message: &Message) -> Option<Inbound> {
    if message.sender_chat.is_some() {
        return None;
    }
    let who = person(message.from.as_ref()?)?;
    let place = place(&message.chat, message.thread.filter(|_| message.in_topic))?;
    let edited = Edited {
        message_id: message.id.to_string(),
        text: words(message),
        at: DateTime::from_timestamp(message.edit_date?, 0)?,
    };
    Some(inbound(who, place, Intent::Edited(edited)))
}

/// What somebody says by their reactions, the latest of those that mean something. One that is taken back means nothing.
fn read_reaction(change: &ReactionChange) -> Option<Inbound> {
    let who = person(change.user.as_ref()?)?;
    let emojis = change
        .new_reaction
        .iter()
        .filter_map(|reaction| reaction.emoji.as_ref());
    let receipt = emojis.rev().find_map(|emoji| Receipt::of_reaction(&emoji.0))?;
    let intent = Intent::Reacted(change.message_id.to_string(), receipt);
    Some(inbound(who, place(&change.chat, None)?, intent))
}

/// The text or caption.
fn words(message: &Message) -> String {
    let text = message.text.as_ref().or(message.caption.as_ref());
    text.map_or(String::new(), |text| clean(&text.0))
}

fn inbound(who: ChatUser, place: Place, intent: Intent) -> Inbound {
    Inbound {
        platform: Platform::Telegram,
        who,
        place,
        intent,
        can_open_form: false,
    }
}

fn intent(message: &Message, place: &Place, username: Option<&str>) -> Option<Intent> {
    let files = attachments::of(message);
    let has_words = message.text.is_some() || message.caption.is_some();
    let text = words(message);
    if text.starts_with('/') {
        if !place.is_private() && !is_for_us(&text, username) {
            return None;
        }
        if let Some(mut command) = grammar::from_caption(&text, &files) {
            if let Intent::Command(call) = &mut command {
                call.reply_to = replied_to(message);
            }
            return Some(command);
        }
    }
    if !files.is_empty() || is_visible(&text) {
        return Some(Intent::Message(Written {
            message_id: message.id.to_string(),
            text,
            files,
            received: Vec::new(),
            edited_at: None,
            reply_to: replied_to(message),
        }));
    }
    // Anything else is Telegram's own note: somebody joined, a message was pinned, a topic was made.
    (has_words || is_wordless(message)).then_some(Intent::Unreadable)
}

/// Whether a command in a group is addressed to this bot or to nobody by name.
fn is_for_us(text: &str, username: Option<&str>) -> bool {
    let head = text.split_whitespace().next().unwrap_or_default();
    match head.split_once('@') {
        Some((_, name)) => username.is_some_and(|ours| ours.eq_ignore_ascii_case(name)),
        None => true,
    }
}

fn replied_to(message: &Message) -> Option<String> {
    let replied = message.replied.as_ref()?;
    // Whatever is written in a topic "answers" the note that made the topic.
    let implicit =
        replied.forum_topic_created.is_some() || (message.in_topic && message.thread == Some(replied.message_id));
    (!implicit).then(|| replied.message_id.to_string())
}

/// Sent by a person, but neither words nor a file to keep.
fn is_wordless(message: &Message) -> bool {
    let kinds = [
        &message.sticker,
        &message.location,
        &message.venue,
        &message.contact,
        &message.dice,
        &message.poll,
        &message.game,
        &message.story,
        &message.paid_media,
        &message.checklist,
        &message.invoice,
    ];
    message.animation.is_some() || kinds.iter().any(|kind| kind.is_some())
}

fn person(user: &User) -> Option<ChatUser> {
    (!user.is_bot).then(|| anybody(user))
}

/// Telegram's own notes need not say who caused them.
fn nobody() -> ChatUser {
    ChatUser {
        user_id: String::new(),
        name: String::new(),
        language: None,
    }
}

fn anybody(user: &User) -> ChatUser {
    let word = |text: &Option<Text>| {
        text.as_ref()
            .map(|text| clean_line(&text.0))
            .filter(|text| is_visible(text))
    };
    let names: Vec<String> = [word(&user.first_name), word(&user.last_name)]
        .into_iter()
        .flatten()
        .collect();
    let name = if names.is_empty() {
        word(&user.username).unwrap_or_else(|| user.id.to_string())
    } else {
        names.join(" ")
    };
    ChatUser {
        user_id: user.id.to_string(),
        name,
        language: user.language_code.as_ref().map(|tag| Language::from_tag(&tag.0)),
    }
}

fn place(chat: &Chat, topic: Option<i64>) -> Option<Place> {
    let kind = match chat.kind.0.as_str() {
        "private" => PlaceKind::Private,
        "group" | "supergroup" => PlaceKind::Shared {
            name: chat
                .title
                .as_ref()
                .map(|title| clean_line(&title.0))
                .unwrap_or_default(),
            topics: chat.is_forum,
            is_thread: false,
        },
        _ => return None,
    };
    let spot = Spot {
        chat: chat.id.to_string(),
        topic: topic.map(|topic| topic.to_string()),
    };
    Some(Place { spot, kind })
}

/// The message or the button that an update is about.
pub(super) struct Cause {
    /// The query to answer, when it is a button.
    pub(super) query: Option<String>,
    /// The message that was written, or that the button stands on.
    pub(super) message_id: Option<String>,
}

impl From<update::Update> for Cause {
    fn from(update: Update) -> Self {
        let message = update.message.or(update.edited_message).map(|message| message.id);
        let (query, carrier) = update.callback_query.map_or((None, None), |query| {
            (Some(query.id.0), query.message.map(|carrier| carrier.id))
        });
        Self {
            query,
            message_id: message.or(carrier).map(|id| id.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
