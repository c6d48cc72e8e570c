//! What happens when a message appears, changes or goes, whoever wrote it: mentions, files, events, readers.

use serde_json::{Value, json};

use super::Ping;
use super::gateway::{Event, intent};
use super::markdown::{self, Mentions};
use super::routes::Part;
use super::state::{File, Message, State, Version};
use super::{flag, kind};
use crate::sandbox::{Seen, What};

/// A message about to be posted.
pub(super) struct Draft<'a> {
    pub(super) room: u64,
    pub(super) author: u64,
    pub(super) body: &'a Value,
    pub(super) files: &'a [Part],
    pub(super) kind: u8,
    pub(super) flags: u64,
    /// Only this person sees it.
    pub(super) only_for: Option<u64>,
    pub(super) by_webhook: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn plain(room: u64, author: u64, body: &'a Value, files: &'a [Part]) -> Self {
        Self {
            room,
            author,
            body,
            files,
            kind: 0,
            flags: 0,
            only_for: None,
            by_webhook: false,
        }
    }
}

impl State {
    /// Posts a message that was checked.
    pub(super) fn post(&mut self, draft: &Draft<'_>) -> u64 {
        let id = self.next_id();
        self.post_as(id, draft)
    }

    /// Posts a message under an id that is already given out.
    pub(super) fn post_as(&mut self, id: u64, draft: &Draft<'_>) -> u64 {
        let body = draft.body;
        let reference = body["message_reference"]["message_id"]
            .as_str()
            .and_then(|id| id.parse().ok());
        let content = body["content"].as_str().unwrap_or_default().trim().to_owned();
        let mut message = Message {
            id,
            room: draft.room,
            author: draft.author,
            at: self.clock.now(),
            edited: None,
            content,
            embeds: rich(&body["embeds"]),
            components: list(&body["components"]),
            attachments: self.keep_files(draft.room, body, draft.files),
            kind: if reference.is_some() && draft.kind == 0 {
                19
            } else {
                draft.kind
            },
            flags: draft.flags,
            reference,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            nonce: Some(body["nonce"].clone()).filter(|nonce| !nonce.is_null()),
            pinned: false,
            reactions: Vec::new(),
            only_for: draft.only_for,
            by_webhook: draft.by_webhook,
            changed: 0,
            versions: Vec::new(),
        };
        self.mention(&mut message, &body["allowed_mentions"]);
        if draft.author == self.app {
            self.ping(&message);
        }
        if let Some(room) = self.rooms.get_mut(&draft.room) {
            room.messages.push(id);
        }
        self.unarchive(draft.room);
        self.messages.insert(id, message);
        self.show(id);
        self.announce("MESSAGE_CREATE", id);
        id
    }

    /// Changes what the body names of a message, checked already.
    pub(super) fn edit(&mut self, id: u64, body: &Value, files: &[Part]) {
        let now = self.clock.now();
        let Some(mut message) = self.messages.get(&id).cloned() else {
            return;
        };
        let added = self.keep_files(message.room, body, files);
        if let Some(kept) = body["attachments"].as_array() {
            message
                .attachments
                .retain(|old| kept.iter().any(|kept| kept["id"] == old["id"]));
        }
        message.attachments.extend(added);
        for (field, value) in body.as_object().into_iter().flatten() {
            match field.as_str() {
                "content" => value
                    .as_str()
                    .unwrap_or_default()
                    .trim()
                    .clone_into(&mut message.content),
                "embeds" => message.embeds = rich(value),
                "components" => message.components = list(value),
                _ => {}
            }
        }
        if message.flags & flag::LOADING == 0 {
            message.edited = Some(now);
        }
        message.flags &= !flag::LOADING;
        self.mention(&mut message, &body["allowed_mentions"]);
        self.messages.insert(id, message);
        self.show(id);
        self.announce("MESSAGE_UPDATE", id);
    }

    /// Takes a message away.
    pub(super) fn remove(&mut self, id: u64) {
        let Some(message) = self.messages.remove(&id) else {
            return;
        };
        if let Some(room) = self.rooms.get_mut(&message.room) {
            room.messages.retain(|one| *one != id);
        }
        if message.only_for.is_none() {
            let mut data = json!({"id": id.to_string(), "channel_id": message.room.to_string()});
            if let Some(guild) = self.guild_of(message.room) {
                data["guild_id"] = json!(guild);
            }
            let intents = self.message_intents(message.room);
            self.dispatch(&Event {
                name: "MESSAGE_DELETE",
                intents,
                data,
                protected: false,
            });
        }
    }

    pub(super) fn message_intents(&self, room: u64) -> u64 {
        if self.guild_of(room).is_some() {
            intent::GUILD_MESSAGES
        } else {
            intent::DIRECT_MESSAGES
        }
    }

    /// Sends the event of a message; what only one person sees has none.
    pub(super) fn announce(&mut self, name: &'static str, id: u64) {
        let Some(message) = self.messages.get(&id).filter(|message| message.only_for.is_none()) else {
            return;
        };
        let seen = self.rooms.get(&message.room).is_some_and(|room| self.bot_sees(room));
        let event = Event {
            name,
            intents: self.message_intents(message.room),
            data: self.message_event(message),
            protected: self.needs_content_intent(message),
        };
        if !seen {
            return;
        }
        if name == "MESSAGE_CREATE" && message.author != self.app {
            self.last_event = Some(event.clone());
        }
        self.dispatch(&event);
    }

    /// Notes how the bot's message reads now, and shows it to its readers if that is new.
    fn show(&mut self, id: u64) {
        let Some(message) = self.messages.get(&id) else { return };
        if message.author != self.app || message.flags & flag::LOADING != 0 {
            return;
        }
        let version = self.version(message);
        if message.versions.last() == Some(&version) {
            return;
        }
        for reader in self.readers(message) {
            let saw = What::Saw {
                text: version.text.clone(),
                buttons: version.buttons.clone(),
                files: version.files.clone(),
                edited: !message.versions.is_empty(),
                only_them: message.only_for.is_some(),
            };
            self.tell(reader, message.room, saw);
        }
        self.changes += 1;
        if let Some(message) = self.messages.get_mut(&id) {
            message.changed = self.changes;
            message.versions.push(version);
        }
    }

    fn version(&self, message: &Message) -> Version {
        let files = message.attachments.iter().filter_map(|file| file["filename"].as_str());
        Version {
            text: self.text_of(message),
            buttons: pressable(&message.components).map(|(label, _)| label).collect(),
            files: files.map(ToOwned::to_owned).collect(),
        }
    }

    /// A message's text as a person reads it, embeds included.
    pub(super) fn text_of(&self, message: &Message) -> String {
        let mut lines = vec![markdown::plain(&message.content, self)];
        for embed in &message.embeds {
            let marked = |value: &Value| value.as_str().map(|text| markdown::plain(text, self));
            // Names and footers are shown as they are, without Markdown.
            lines.extend(embed["author"]["name"].as_str().map(ToOwned::to_owned));
            lines.extend(marked(&embed["title"]));
            lines.extend(marked(&embed["description"]));
            for field in embed["fields"].as_array().into_iter().flatten() {
                lines.extend(marked(&field["name"]));
                lines.extend(marked(&field["value"]));
            }
            lines.extend(embed["footer"]["text"].as_str().map(ToOwned::to_owned));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// Works out whom a message mentions, as far as it is allowed to.
    fn mention(&self, message: &mut Message, allowed: &Value) {
        let found = markdown::mentions(&message.content);
        let may = |kind: &str, id: u64| {
            allowed.is_null() || names(allowed, "parse", kind) || names(allowed, kind, &id.to_string())
        };
        let Mentions {
            people,
            roles,
            everyone,
        } = found;
        message.mentions = people
            .into_iter()
            .filter(|id| self.people.contains_key(id) && may("users", *id))
            .collect();
        message.mention_roles = roles.into_iter().filter(|id| may("roles", *id)).collect();
        message.mention_everyone = everyone && (allowed.is_null() || names(allowed, "parse", "everyone"));
        let replied = message
            .reference
            .and_then(|id| self.messages.get(&id))
            .map(|replied| replied.author);
        if let Some(author) = replied
            && (allowed.is_null() || allowed["replied_user"] == true)
            && !message.mentions.contains(&author)
        {
            message.mentions.push(author);
        }
    }

    fn ping(&mut self, message: &Message) {
        let message_id = signed(message.id);
        let people = message
            .mentions
            .iter()
            .filter_map(|id| self.people.get(id))
            .filter(|person| !person.bot);
        let mut who: Vec<String> = people.map(|person| person.name.clone()).collect();
        who.extend(message.mention_roles.iter().map(|id| format!("role {id}")));
        who.extend(message.mention_everyone.then(|| "everyone".to_owned()));
        self.pings.extend(who.into_iter().map(|who| Ping { who, message_id }));
    }

    /// Keeps uploaded files and gives their attachment objects.
    fn keep_files(&mut self, room: u64, body: &Value, files: &[Part]) -> Vec<Value> {
        let mut kept = Vec::new();
        for file in files {
            let id = self.next_id();
            let index = file.index.to_string();
            let listed = body["attachments"].as_array().into_iter().flatten();
            let described = listed
                .clone()
                .find(|one| one["id"] == index.as_str() || one["id"] == file.index);
            let filename = described
                .and_then(|one| one["filename"].as_str())
                .unwrap_or(&file.name)
                .replace(' ', "_");
            let url = format!("{}/attachments/{room}/{id}/{}", self.url, encode(&filename));
            kept.push(json!({
                "id": id.to_string(), "filename": filename, "size": file.bytes.len(), "url": url, "proxy_url": url,
                "content_type": file.media_type, "description": described.map(|one| &one["description"]),
            }));
            for sound in ["duration_secs", "waveform"] {
                if let (Some(kept), Some(value)) = (kept.last_mut(), described.and_then(|one| one.get(sound))) {
                    kept[sound] = value.clone();
                }
            }
            self.files.insert(
                id,
                File {
                    media_type: file.media_type.clone(),
                    bytes: file.bytes.clone(),
                },
            );
        }
        kept
    }

    /// Writing in an archived thread opens it again.
    fn unarchive(&mut self, room: u64) {
        let now = self.clock.now();
        let Some(room) = self.rooms.get_mut(&room).filter(|room| room.archived) else {
            return;
        };
        room.archived = false;
        room.changed = now;
        let id = room.id;
        self.announce_room("THREAD_UPDATE", id);
    }

    /// A message of the bot as it stood at one of its versions.
    pub(super) fn seen(&self, id: u64, version: usize) -> Option<Seen> {
        let at = self.messages.get(&id)?.versions.get(version)?;
        Some(Seen {
            message_id: signed(id),
            text: at.text.clone(),
            buttons: at.buttons.clone(),
            files: at.files.clone(),
            edits: u32::try_from(version).unwrap_or(u32::MAX),
        })
    }

    /// The newest version of a message.
    pub(super) fn seen_now(&self, id: u64) -> Option<Seen> {
        self.seen(id, self.messages.get(&id)?.versions.len().checked_sub(1)?)
    }

    pub(super) fn is_dm(&self, room: u64) -> bool {
        self.rooms.get(&room).is_some_and(|room| room.kind == kind::DM)
    }
}

/// What can be pressed: its label, and the component with the chosen value if it is a select's option.
pub(super) fn pressable(components: &[Value]) -> impl Iterator<Item = (String, (&Value, Option<&Value>))> {
    let inside = components
        .iter()
        .flat_map(|row| row["components"].as_array().into_iter().flatten());
    inside.flat_map(|one| {
        let options = one["options"].as_array().into_iter().flatten();
        let button = (one["type"] == 2).then(|| (label(one), (one, None)));
        button
            .into_iter()
            .chain(options.map(move |option| (label(option), (one, Some(&option["value"])))))
    })
}

fn label(of: &Value) -> String {
    let emoji = of["emoji"]["name"].as_str().unwrap_or_default();
    format!("{emoji} {}", of["label"].as_str().unwrap_or_default())
        .trim()
        .to_owned()
}

/// Snowflakes stay below 2⁶³ for another century.
pub(super) fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn names(allowed: &Value, list: &str, one: &str) -> bool {
    let listed = |value: &Value| value == one || value.as_u64().is_some_and(|id| id.to_string() == one);
    allowed[list].as_array().is_some_and(|list| list.iter().any(listed))
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn rich(embeds: &Value) -> Vec<Value> {
    let mut embeds = list(embeds);
    for embed in &mut embeds {
        embed["type"] = json!("rich");
    }
    embeds
}

fn encode(filename: &str) -> String {
    url::form_urlencoded::byte_serialize(filename.as_bytes()).collect()
}
