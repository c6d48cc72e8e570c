//! The world's state: people, channels, messages, sessions; and waiting for it to change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::gateway::{Event, Session};
use super::interactions::ANSWER_WITHIN;
use super::json::base64;
use super::kind;
use super::markdown::Names;
use super::rates::Rates;
use super::{Ping, Recorded};
use crate::clock::Clock;
use crate::sandbox::{Line, Transcript, Via, What};

/// Milliseconds from 1970 to Discord's epoch, the first second of 2015.
const EPOCH: i64 = 1_420_070_400_000;

/// The state and the news that it changed.
pub(super) struct World {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) transcript: Transcript,
    pub(super) url: String,
    pub(super) token: String,
    pub(super) guild: u64,
    /// The application's id, which is its bot's too.
    pub(super) app: u64,
    last_id: u64,
    pub(super) people: BTreeMap<u64, Person>,
    pub(super) rooms: BTreeMap<u64, Room>,
    pub(super) messages: BTreeMap<u64, Message>,
    pub(super) files: HashMap<u64, File>,
    pub(super) commands: Vec<Value>,
    pub(super) interactions: HashMap<u64, Interaction>,
    /// The form that opened last, by person.
    pub(super) forms: HashMap<u64, Form>,
    pub(super) sessions: Vec<Session>,
    pub(super) last_event: Option<Event>,
    pub(super) nonces: HashMap<(u64, String), (u64, DateTime<Utc>)>,
    /// Counts every change of what the bot's messages say.
    pub(super) changes: u64,
    /// How many versions of a message a person is past, by person and message.
    pub(super) matched: HashMap<(u64, u64), usize>,
    pub(super) pings: Vec<Ping>,
    pub(super) requests: Vec<Recorded>,
    pub(super) rates: Rates,
    pub(super) content_intent: bool,
    /// In what time an interaction must be answered.
    pub(super) answer_within: Duration,
}

pub(super) struct Person {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) locale: String,
    pub(super) bot: bool,
    pub(super) member: bool,
    pub(super) dms_closed: bool,
    pub(super) permissions: u64,
    pub(super) joined: DateTime<Utc>,
}

/// What the bot may do in a channel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BotMay {
    Nothing,
    See,
    Write,
}

pub(super) struct Room {
    pub(super) id: u64,
    pub(super) kind: u8,
    pub(super) name: String,
    pub(super) topic: Option<String>,
    pub(super) parent: Option<u64>,
    /// Who sees it; everybody in the guild when absent.
    pub(super) members: Option<BTreeSet<u64>>,
    pub(super) bot: BotMay,
    pub(super) owner: u64,
    pub(super) messages: Vec<u64>,
    pub(super) archived: bool,
    pub(super) locked: bool,
    pub(super) auto_archive: u64,
    pub(super) changed: DateTime<Utc>,
    pub(super) created: DateTime<Utc>,
    pub(super) available_tags: Vec<Value>,
    pub(super) applied_tags: Vec<String>,
    /// A forum: each post must have a tag.
    pub(super) needs_tag: bool,
}

#[derive(Clone)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) room: u64,
    pub(super) author: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) edited: Option<DateTime<Utc>>,
    pub(super) content: String,
    pub(super) embeds: Vec<Value>,
    pub(super) components: Vec<Value>,
    pub(super) attachments: Vec<Value>,
    pub(super) kind: u8,
    pub(super) flags: u64,
    pub(super) reference: Option<u64>,
    pub(super) mentions: Vec<u64>,
    pub(super) mention_roles: Vec<u64>,
    pub(super) mention_everyone: bool,
    pub(super) nonce: Option<Value>,
    pub(super) pinned: bool,
    pub(super) reactions: Vec<(String, u64)>,
    pub(super) only_for: Option<u64>,
    pub(super) by_webhook: bool,
    /// The world's count of changes when this one last changed.
    pub(super) changed: u64,
    /// How it read, newest last; none while it is only "thinking".
    pub(super) versions: Vec<Version>,
}

/// How a message read at one time.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) text: String,
    pub(super) buttons: Vec<String>,
    pub(super) files: Vec<String>,
}

pub(super) struct File {
    pub(super) media_type: String,
    pub(super) bytes: bytes::Bytes,
}

pub(super) struct Interaction {
    pub(super) id: u64,
    pub(super) token: String,
    /// 2 command, 3 component, 4 autocomplete, 5 form.
    pub(super) kind: u8,
    pub(super) person: u64,
    pub(super) room: u64,
    /// The message whose component was used, or on which the form was opened.
    pub(super) message: Option<u64>,
    pub(super) since: Instant,
    pub(super) at: DateTime<Utc>,
    pub(super) response: Option<Response>,
    pub(super) answered_after: Option<Duration>,
}

#[derive(Clone)]
pub(super) enum Response {
    Message(u64),
    Deferred(u64),
    DeferredUpdate,
    Update(u64),
    Form(Form),
    Choices(Vec<String>),
}

#[derive(Clone)]
pub(super) struct Form {
    pub(super) title: String,
    pub(super) custom_id: String,
    pub(super) inputs: Vec<Value>,
    pub(super) room: u64,
    pub(super) message: Option<u64>,
}

impl World {
    pub(super) fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
        }
    }

    /// Looks at the state without waking those who wait for it to change.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state and wakes those who wait.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = self.look(change);
        self.changed.send_modify(|n| *n += 1);
        result
    }

    /// Waits until `look` finds something, at most this long.
    pub(super) async fn until<T: Send>(
        &self,
        most: Duration,
        mut look: impl FnMut(&mut State) -> Option<T> + Send,
    ) -> Option<T> {
        let mut changes = self.changed.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.look(&mut look) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(most, search).await.ok().flatten()
    }
}

impl State {
    pub(super) fn new(clock: Clock, transcript: Transcript, url: String) -> Self {
        let mut state = Self {
            clock,
            transcript,
            url,
            token: String::new(),
            guild: 0,
            app: 0,
            last_id: 0,
            people: BTreeMap::new(),
            rooms: BTreeMap::new(),
            messages: BTreeMap::new(),
            files: HashMap::new(),
            commands: Vec::new(),
            interactions: HashMap::new(),
            forms: HashMap::new(),
            sessions: Vec::new(),
            last_event: None,
            nonces: HashMap::new(),
            changes: 0,
            matched: HashMap::new(),
            pings: Vec::new(),
            requests: Vec::new(),
            rates: Rates::default(),
            content_intent: true,
            answer_within: ANSWER_WITHIN,
        };
        state.guild = state.next_id();
        state.app = state.add_person("Guichet", "fr", true);
        state.token = format!(
            "{}.GsAnDb.{}",
            base64(&state.app.to_string()),
            "sandbox-token-that-opens-nothing-outside"
        );
        state
    }

    /// A snowflake: by the story's clock, and always above the last.
    pub(super) fn next_id(&mut self) -> u64 {
        let since_epoch = (self.clock.now().timestamp_millis() - EPOCH).max(1);
        let by_clock = u64::try_from(since_epoch).unwrap_or(1) << 22;
        self.last_id = by_clock.max(self.last_id + 1);
        self.last_id
    }

    pub(super) fn add_person(&mut self, name: &str, locale: &str, bot: bool) -> u64 {
        let (id, joined) = (self.next_id(), self.clock.now());
        let person = Person {
            id,
            name: name.to_owned(),
            locale: locale.to_owned(),
            bot,
            member: true,
            dms_closed: false,
            permissions: if bot {
                super::json::BOT_PERMISSIONS
            } else {
                super::json::MEMBER_PERMISSIONS
            },
            joined,
        };
        self.people.insert(id, person);
        id
    }

    pub(super) fn add_room(&mut self, id: Option<u64>, kind: u8, name: &str, parent: Option<u64>) -> &mut Room {
        let id = id.unwrap_or_else(|| self.next_id());
        let now = self.clock.now();
        let room = Room {
            id,
            kind,
            name: name.to_owned(),
            topic: None,
            parent,
            members: None,
            bot: BotMay::Write,
            owner: self.app,
            messages: Vec::new(),
            archived: false,
            locked: false,
            auto_archive: 4320,
            changed: now,
            created: now,
            available_tags: Vec::new(),
            applied_tags: Vec::new(),
            needs_tag: false,
        };
        self.rooms.entry(id).or_insert(room)
    }

    /// The private channel between a person and the bot, made when it is first needed.
    pub(super) fn dm_of(&mut self, person: u64) -> u64 {
        let found = self
            .rooms
            .values()
            .find(|room| room.kind == kind::DM && room.owner == person);
        if let Some(room) = found {
            return room.id;
        }
        let room = self.add_room(None, kind::DM, "", None);
        room.owner = person;
        room.members = Some(BTreeSet::from([person]));
        room.id
    }

    /// Whether a person sees a channel.
    pub(super) fn sees(&self, person: u64, room: &Room) -> bool {
        if room.kind != kind::DM && !self.people.get(&person).is_some_and(|person| person.member) {
            return false;
        }
        let parent = room.parent.and_then(|parent| self.rooms.get(&parent));
        room.members.as_ref().is_none_or(|members| members.contains(&person))
            && parent.is_none_or(|parent| self.sees(person, parent))
    }

    pub(super) fn bot_sees(&self, room: &Room) -> bool {
        let parent = room.parent.and_then(|parent| self.rooms.get(&parent));
        [Some(room), parent]
            .into_iter()
            .flatten()
            .all(|room| room.bot >= BotMay::See)
    }

    /// The people (not the bot) before whose eyes a message is.
    pub(super) fn readers(&self, message: &Message) -> Vec<u64> {
        let Some(room) = self.rooms.get(&message.room) else {
            return Vec::new();
        };
        let people = self
            .people
            .values()
            .filter(|person| !person.bot && person.id != message.author);
        let allowed = people.filter(|person| message.only_for.is_none_or(|only| only == person.id));
        allowed
            .filter(|person| self.sees(person.id, room))
            .map(|person| person.id)
            .collect()
    }

    /// A place as people name it.
    pub(super) fn place(&self, room: u64) -> String {
        let Some(room) = self.rooms.get(&room) else {
            return "#deleted".to_owned();
        };
        match (room.kind, room.parent.and_then(|parent| self.rooms.get(&parent))) {
            (kind::DM, _) => "private".to_owned(),
            (_, Some(parent)) => format!("#{} › {}", parent.name, room.name),
            (_, None) => format!("#{}", room.name),
        }
    }

    /// Adds a line to the transcript.
    pub(super) fn tell(&self, person: u64, room: u64, what: What) {
        let line = Line {
            at: self.clock.now(),
            person: self.person(person).unwrap_or_default(),
            via: Via::Discord,
            place: self.place(room),
            what,
        };
        self.transcript.add(line);
    }
}

impl Names for State {
    fn person(&self, id: u64) -> Option<String> {
        self.people.get(&id).map(|person| person.name.clone())
    }

    fn channel(&self, id: u64) -> Option<String> {
        self.rooms.get(&id).map(|room| room.name.clone())
    }

    fn role(&self, id: u64) -> Option<String> {
        (id == self.guild).then(|| "everyone".to_owned())
    }
}
