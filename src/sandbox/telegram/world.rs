//! What Telegram knows: people, chats, messages, files, and what waits for the bot.
//!
//! Plain data and the few changes that keep it whole. Who may do what is decided by the methods of the Bot API
//! (`sending`, `editing`, `topics`, `chats`) and by the people in their seats (`seat`).

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    Ping, Recorded, TOKEN,
    entities::{Formatted, mentions},
    limits::Limits,
    markup::{buttons, label},
    queue::Queue,
};
use crate::{
    clock::Clock,
    sandbox::{Line, Seen, Transcript, Via, What},
};

/// A person with an account.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) language: String,
    /// They have written to the bot, so it may write to them.
    pub(super) started: bool,
    pub(super) blocked: bool,
    /// Their account is deleted.
    pub(super) deleted: bool,
}

impl Person {
    /// What others mention them by: their name, if that is long enough.
    pub(super) fn username(&self) -> Option<String> {
        let letters = self.name.chars().filter(char::is_ascii_alphanumeric);
        let username: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        (username.len() >= 4).then_some(username)
    }
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Author {
    Bot,
    Person(i64),
}

/// What a message carries besides text: its field in the Bot API, the field's value, and a name for people.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Media {
    pub(super) key: &'static str,
    pub(super) value: Value,
    pub(super) name: String,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) entities: Vec<Value>,
    pub(super) media: Option<Media>,
    /// Fields that go into the JSON as they are (where it was forwarded from, for instance).
    pub(super) extra: Option<(&'static str, Value)>,
}

/// A message in a chat.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: i64,
    pub(super) author: Author,
    pub(super) date: DateTime<Utc>,
    pub(super) edited: Option<DateTime<Utc>>,
    pub(super) thread: Option<i64>,
    pub(super) reply_to: Option<i64>,
    pub(super) content: Content,
    pub(super) markup: Option<Value>,
    pub(super) album: Option<String>,
    /// Telegram's own note (a topic was made), not something that anybody wrote.
    pub(super) service: bool,
    pub(super) edits: u32,
    /// The world's count of changes when this one last changed.
    pub(super) version: u64,
    /// The bot's reactions.
    pub(super) reactions: Vec<String>,
}

impl Message {
    pub(super) fn new(author: Author, content: Content) -> Self {
        Self {
            id: 0,
            author,
            date: DateTime::UNIX_EPOCH,
            edited: None,
            thread: None,
            reply_to: None,
            content,
            markup: None,
            album: None,
            service: false,
            edits: 0,
            version: 0,
            reactions: Vec::new(),
        }
    }

    fn files(&self) -> Vec<String> {
        let media = self.content.media.iter().filter(|_| !self.service);
        media.map(|m| m.name.clone()).filter(|n| !n.is_empty()).collect()
    }

    pub(super) fn seen(&self) -> Seen {
        let labels = buttons(self.markup.as_ref());
        Seen {
            message_id: self.id,
            text: self.content.text.clone(),
            buttons: labels.iter().map(|b| label(b).to_owned()).collect(),
            files: self.files(),
            edits: self.edits,
        }
    }
}

/// A topic of a forum, named by the id of the note that made it.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) closed: bool,
}

/// What is particular to a group.
#[derive(Clone, Debug)]
pub(super) struct GroupState {
    pub(super) title: String,
    pub(super) members: Vec<i64>,
    pub(super) forum: bool,
    /// `administrator`, `restricted`, `kicked` or `left`.
    pub(super) bot: &'static str,
}

/// A private chat (its id is the person's) or a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Chat {
    pub(super) group: Option<GroupState>,
    pub(super) messages: BTreeMap<i64, Message>,
    pub(super) topics: BTreeMap<i64, Topic>,
    pub(super) last_message: i64,
    pub(super) pinned: Vec<i64>,
}

/// A file's content and what `getFile` tells of it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) unique: String,
    pub(super) path: String,
    pub(super) media: Media,
    pub(super) bytes: Bytes,
}

/// A button somebody pressed.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) person: i64,
    pub(super) place: String,
    pub(super) at: Instant,
    /// It can't be answered any more, whatever the time.
    pub(super) stale: bool,
    /// What the bot answered.
    pub(super) answer: Option<String>,
}

/// Whose view, of which chat, of which topic.
pub(super) type View = (i64, i64, Option<i64>);

/// Everything.
#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) transcript: Transcript,
    pub(super) people: BTreeMap<i64, Person>,
    pub(super) chats: BTreeMap<i64, Chat>,
    /// Groups that live on under another id.
    pub(super) migrated: BTreeMap<i64, i64>,
    pub(super) files: BTreeMap<String, Stored>,
    pub(super) queries: BTreeMap<String, Query>,
    pub(super) queue: Queue,
    pub(super) limits: Limits,
    /// The command lists, by scope (as JSON) and language.
    pub(super) commands: BTreeMap<(String, String), Value>,
    /// The bot's descriptions, by method name without `set`/`get`, and language.
    pub(super) descriptions: BTreeMap<(String, String), String>,
    pub(super) recorded: Vec<Recorded>,
    pub(super) pings: Vec<Ping>,
    pub(super) read: HashMap<View, BTreeMap<i64, u64>>,
    /// Counts every change of a message.
    pub(super) version: u64,
    last_private: i64,
    serial: u64,
}

/// The bot's account.
pub(super) const BOT_USERNAME: &str = "guichet_bot";

/// The bot's user id: what stands before the colon of its token.
pub(super) fn bot_id() -> i64 {
    TOKEN
        .split(':')
        .next()
        .and_then(|id| id.parse().ok())
        .unwrap_or_default()
}

impl World {
    pub(super) fn new(clock: Clock, transcript: Transcript, now: Instant) -> Self {
        Self {
            clock,
            transcript,
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            migrated: BTreeMap::new(),
            files: BTreeMap::new(),
            queries: BTreeMap::new(),
            queue: Queue::default(),
            limits: Limits::new(now),
            commands: BTreeMap::new(),
            descriptions: BTreeMap::new(),
            recorded: Vec::new(),
            pings: Vec::new(),
            read: HashMap::new(),
            version: 0,
            last_private: 0,
            serial: 0,
        }
    }

    /// A number that was never given before.
    pub(super) fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The id under which a group lives now.
    pub(super) fn current(&self, chat: i64) -> i64 {
        self.migrated.get(&chat).copied().unwrap_or(chat)
    }

    pub(super) fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }

    /// Puts a message in a chat, and before the eyes of who is there if the bot wrote it.
    pub(super) fn post(&mut self, chat_id: i64, mut message: Message) -> i64 {
        let now = self.clock.now();
        self.version += 1;
        let Some(chat) = self.chats.get_mut(&chat_id) else {
            return 0;
        };
        // Private messages are numbered together, a supergroup has its own numbers.
        let counter = if chat.group.is_some() {
            &mut chat.last_message
        } else {
            &mut self.last_private
        };
        *counter += 1;
        let id = *counter;
        message.id = id;
        message.date = now;
        message.version = self.version;
        chat.messages.insert(id, message);
        self.show(chat_id, id, false);
        self.ping(chat_id, id);
        id
    }

    /// Changes a message of the bot, which everybody there then sees again.
    pub(super) fn edit(&mut self, chat_id: i64, id: i64, change: impl FnOnce(&mut Message)) {
        let now = self.clock.now();
        self.version += 1;
        let version = self.version;
        let Some(message) = self.chats.get_mut(&chat_id).and_then(|c| c.messages.get_mut(&id)) else {
            return;
        };
        change(message);
        message.edited = Some(now);
        message.edits += 1;
        message.version = version;
        self.show(chat_id, id, true);
    }

    fn show(&self, chat_id: i64, id: i64, edited: bool) {
        let Some(message) = self.message(chat_id, id) else {
            return;
        };
        if message.author != Author::Bot || message.service {
            return;
        }
        let place = self.place(chat_id, message.thread);
        let seen = message.seen();
        for person in self.viewers(chat_id) {
            let what = What::Saw {
                text: seen.text.clone(),
                buttons: seen.buttons.clone(),
                files: seen.files.clone(),
                edited,
                only_them: false,
            };
            self.note(person, &place, what);
        }
    }

    /// Notes whom a message of the bot notifies by their `@username`.
    fn ping(&mut self, chat_id: i64, message_id: i64) {
        let Some(message) = self.message(chat_id, message_id).filter(|m| m.author == Author::Bot) else {
            return;
        };
        let Content { text, entities, .. } = message.content.clone();
        let content = Formatted { text, entities };
        for mentioned in mentions(&content) {
            let viewers = self.viewers(chat_id).into_iter().filter_map(|id| self.people.get(&id));
            let mut named = viewers.filter(|p| p.username().is_some_and(|name| name.eq_ignore_ascii_case(mentioned)));
            if let Some(person) = named.next() {
                let who = person.name.clone();
                self.pings.push(Ping { who, message_id });
            }
        }
    }

    fn viewers(&self, chat_id: i64) -> Vec<i64> {
        match self.chats.get(&chat_id).and_then(|c| c.group.as_ref()) {
            Some(group) => group.members.clone(),
            None => vec![chat_id],
        }
    }

    /// Adds a line to the transcript.
    pub(super) fn note(&self, person: i64, place: &str, what: What) {
        let person = self.people.get(&person).map(|p| p.name.clone()).unwrap_or_default();
        self.transcript.add(Line {
            at: self.clock.now(),
            person,
            via: Via::Telegram,
            place: place.to_owned(),
            what,
        });
    }

    /// How a person names a place.
    pub(super) fn place(&self, chat_id: i64, thread: Option<i64>) -> String {
        let Some(chat) = self.chats.get(&chat_id) else {
            return "nowhere".to_owned();
        };
        let Some(group) = &chat.group else {
            return "private".to_owned();
        };
        match thread.and_then(|t| chat.topics.get(&t)) {
            Some(topic) => format!("{} › {}", group.title, topic.name),
            None => group.title.clone(),
        }
    }

    /// Tells the bot that its standing in a chat changed.
    pub(super) fn bot_standing(&mut self, chat_id: i64, by: i64, old: &str, new: &str) {
        let (old, new) = (self.bot_member(chat_id, old), self.bot_member(chat_id, new));
        let body = json!({
            "chat": self.chat_json(chat_id),
            "from": self.person_json(by),
            "date": self.clock.now().timestamp(),
            "old_chat_member": old,
            "new_chat_member": new,
        });
        self.queue.push("my_chat_member", body);
    }
}
