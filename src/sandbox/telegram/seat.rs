//! A person in one place: what they write, and what they see of the bot.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    PATIENCE, Telegram,
    editing::ANSWER_WITHIN,
    entities::detect,
    files::Kind,
    markup::{buttons, label as label_of},
    world::{Author, Content, Message, Query, View, World},
};
use crate::sandbox::{Answer, Missed, Seat, Seen, Upload, What};

/// One person's view of their private chat with the bot, of a group, or of one topic.
#[derive(Clone, Debug)]
pub struct TelegramSeat {
    pub(super) telegram: Telegram,
    pub(super) person: i64,
    place: Where,
}

/// Where a seat stands.
#[derive(Clone, Debug)]
pub(super) enum Where {
    Private,
    /// A group; in a forum, its General topic.
    General(i64),
    Topic {
        group: i64,
        name: String,
        found: Arc<OnceLock<i64>>,
    },
}

impl Where {
    pub(super) fn topic(group: i64, name: &str) -> Self {
        Self::Topic {
            group,
            name: name.to_owned(),
            found: Arc::default(),
        }
    }
}

impl World {
    /// The newest topic whose name contains this.
    pub(super) fn find_topic(&self, chat: i64, name_contains: &str) -> Option<i64> {
        let mut topics = self.chats.get(&chat)?.topics.iter().rev();
        topics.find(|(_, t)| t.name.contains(name_contains)).map(|(id, _)| *id)
    }

    /// Tells the bot of a message, where it can read.
    pub(super) fn tell(&mut self, chat: i64, id: i64, kind: &str) {
        let group = self.chats.get(&chat).and_then(|c| c.group.as_ref());
        if group.is_none_or(|g| g.bot == "administrator") {
            let body = self.message_json(chat, id);
            self.queue.push(kind, body);
        }
    }

    /// The bot's messages in a view that have not been read as they are, in the order in which they changed.
    fn unread(&self, view: View) -> impl Iterator<Item = &Message> {
        let read = self.read.get(&view);
        let messages = self.chats.get(&view.1).into_iter().flat_map(|c| c.messages.values());
        let unread = messages.filter(move |m| {
            let seen = read.and_then(|r| r.get(&m.id)).copied().unwrap_or_default();
            m.author == Author::Bot && !m.service && m.thread == view.2 && seen < m.version
        });
        let mut unread: Vec<&Message> = unread.collect();
        unread.sort_by_key(|m| m.version);
        unread.into_iter()
    }
}

impl TelegramSeat {
    pub(super) fn new(telegram: &Telegram, person: i64, place: Where) -> Self {
        Self {
            telegram: telegram.clone(),
            person,
            place,
        }
    }

    /// Whose view of what; `None` while the topic does not exist.
    pub(super) fn view(&self, world: &World) -> Option<View> {
        match &self.place {
            Where::Private => Some((self.person, self.person, None)),
            Where::General(group) => Some((self.person, world.current(*group), None)),
            Where::Topic { group, name, found } => {
                let chat = world.current(*group);
                if found.get().is_none() {
                    // Another clone may have found it first: then it is theirs.
                    let _ = found.set(world.find_topic(chat, name)?);
                }
                let thread = *found.get()?;
                Some((self.person, chat, Some(thread)))
            }
        }
    }

    async fn here(&self) -> Result<View, Missed> {
        let view = self.telegram.inner.until(PATIENCE, |world| self.view(world)).await;
        view.ok_or_else(|| match &self.place {
            Where::Topic { group, name, .. } => Missed {
                expected: format!("a topic with “{name}” in its name"),
                history: self.telegram.inner.look(|world| {
                    let topics = world.chats.get(&world.current(*group)).map(|c| c.topics.values());
                    let names: Vec<&str> = topics.into_iter().flatten().map(|t| t.name.as_str()).collect();
                    names.join("\n")
                }),
            },
            _ => self.missed("the place"),
        })
    }

    pub(super) fn missed(&self, expected: impl Into<String>) -> Missed {
        Missed {
            expected: expected.into(),
            history: self.history(),
        }
    }

    /// Puts what a person wrote where they are, and tells the bot. The ids of the messages, one for each content.
    ///
    /// # Panics
    /// When the seat's topic never appears: the verbs that write have no other way to say so.
    pub(super) async fn write(
        &self,
        reply_to: Option<i64>,
        what: What,
        contents: impl FnOnce(&mut World) -> Vec<Content> + Send,
    ) -> i64 {
        let (_, chat, thread) = match self.here().await {
            Ok(view) => view,
            Err(missed) => panic!("{missed}"),
        };
        self.telegram.inner.change(|world| {
            if chat == self.person {
                world.set_blocked(chat, false);
                if let Some(person) = world.people.get_mut(&chat) {
                    person.started = true;
                }
            }
            let place = world.place(chat, thread);
            world.note(self.person, &place, what);
            let contents = contents(world);
            let album = (contents.len() > 1).then(|| format!("135{:014}", world.serial()));
            let mut first = None;
            for content in contents {
                let message = Message {
                    thread,
                    reply_to,
                    album: album.clone(),
                    ..Message::new(Author::Person(self.person), content)
                };
                let id = world.post(chat, message);
                world.tell(chat, id, "message");
                first.get_or_insert(id);
            }
            first.unwrap_or_default()
        })
    }

    async fn type_in(&self, reply_to: Option<i64>, text: &str, what: What) -> i64 {
        let content = typed(text);
        self.write(reply_to, what, |_| vec![content]).await
    }

    /// Presses a button that may not be there, as a forged client could: any data on any message.
    ///
    /// # Errors
    /// [`Missed`] when the bot does not answer in time.
    pub async fn presses_raw(&self, message_id: i64, data: &str) -> Result<Answer, Missed> {
        let view = self.here().await?;
        self.press_data(view, message_id, data, &json!(data)).await
    }

    /// Presses a button that carries this data, and waits for what it gets.
    async fn press_data(&self, view: View, on: i64, label: &str, data: &Value) -> Result<Answer, Missed> {
        let id = self
            .telegram
            .inner
            .change(|world| world.press(view, on, label, data, false));
        let answered = |world: &mut World| world.queries.get(&id)?.answer.clone();
        match self.telegram.inner.until(ANSWER_WITHIN, answered).await {
            Some(text) if text.is_empty() => Ok(Answer::Quiet),
            Some(text) => Ok(Answer::Toast(text)),
            None => Err(self.missed(format!("an answer to the button “{label}”"))),
        }
    }
}

/// What a person types, with what Telegram finds in it.
pub(super) fn typed(text: &str) -> Content {
    Content {
        text: text.to_owned(),
        entities: detect(text),
        ..Content::default()
    }
}

fn wrote(text: &str, files: &[Upload]) -> What {
    What::Wrote {
        text: text.to_owned(),
        files: files.iter().map(|f| f.name.clone()).collect(),
    }
}

impl World {
    /// Queues the press of a button; the query's id.
    pub(super) fn press(&mut self, view: View, on: i64, label: &str, data: &Value, stale: bool) -> String {
        let (person, chat, thread) = view;
        let place = self.place(chat, thread);
        self.note(person, &place, What::Pressed(label.to_owned()));
        let id = format!("{}", 3_006_000_000_000_000_000 + self.serial());
        let query = Query {
            person,
            place,
            at: Instant::now(),
            stale,
            answer: None,
        };
        self.queries.insert(id.clone(), query);
        let mut body = json!({
            "id": id,
            "from": self.person_json(person),
            "chat_instance": format!("{}", chat.unsigned_abs().wrapping_mul(2_654_435_761)),
            "data": data,
        });
        body["message"] = match self.message_json(chat, on) {
            // Gone or too old: Telegram says which it was, and no more.
            Value::Null => json!({ "chat": self.chat_json(chat), "message_id": on, "date": 0 }),
            message => message,
        };
        self.queue.push("callback_query", body);
        id
    }
}

impl Seat for TelegramSeat {
    async fn says(&self, text: &str) -> i64 {
        self.type_in(None, text, wrote(text, &[])).await
    }

    async fn sends(&self, files: &[Upload], caption: &str) -> i64 {
        let photo = |f: &Upload| f.media_type.starts_with("image/") && f.bytes.len() <= 10 * 1024 * 1024;
        let kind = if files.iter().all(photo) {
            Kind::Photo
        } else {
            Kind::Document
        };
        let contents = |world: &mut World| {
            let mut text = typed(caption);
            let each = files.iter().map(|file| Content {
                media: Some(world.keep(kind, &file.name, &file.media_type, &Bytes::copy_from_slice(&file.bytes))),
                // An album's caption is its first picture's.
                ..std::mem::take(&mut text)
            });
            each.collect()
        };
        self.write(None, wrote(caption, files), contents).await
    }

    async fn replies(&self, to: &Seen, text: &str) -> i64 {
        self.type_in(Some(to.message_id), text, wrote(text, &[])).await
    }

    async fn sees(&self, text: &str) -> Result<Seen, Missed> {
        let view = self.here().await?;
        let found = self.telegram.inner.until(PATIENCE, |world| {
            // The place may have got a new id while we waited.
            let view = self.view(world).unwrap_or(view);
            let (seen, version) = world
                .unread(view)
                .find(|m| m.content.text.contains(text))
                .map(|m| (m.seen(), m.version))?;
            world.read.entry(view).or_default().insert(seen.message_id, version);
            Some(seen)
        });
        found.await.ok_or_else(|| self.missed(format!("“{text}”")))
    }

    async fn presses(&self, on: &Seen, label: &str) -> Result<Answer, Missed> {
        let view = self.here().await?;
        let button = self.telegram.inner.look(|world| {
            let all = buttons(world.message(view.1, on.message_id)?.markup.as_ref());
            let exact = all.iter().find(|b| label_of(b) == label);
            exact
                .or_else(|| all.iter().find(|b| label_of(b).contains(label)))
                .cloned()
        });
        let Some(button) = button else {
            return Err(self.missed(format!("a button “{label}” on message {}", on.message_id)));
        };
        let text = label_of(&button);
        if let Some(data) = button.get("callback_data") {
            return self.press_data(view, on.message_id, text, data).await;
        }
        if button.get("url").is_some() {
            let note = |world: &mut World| {
                let place = world.place(view.1, view.2);
                world.note(self.person, &place, What::Pressed(text.to_owned()));
            };
            self.telegram.inner.change(note);
        } else {
            // A reply keyboard's button types its text.
            self.says(text).await;
        }
        Ok(Answer::Quiet)
    }

    async fn uses(&self, name: &str, options: &[(&str, &str)]) -> Result<Answer, Missed> {
        self.here().await?;
        let mut text = format!("/{name}");
        for (_, value) in options {
            text.push(' ');
            text.push_str(value);
        }
        self.type_in(None, &text, What::Used(text.clone())).await;
        Ok(Answer::Quiet)
    }

    async fn submits(&self, _fields: &[(&str, &str)]) -> Result<Answer, Missed> {
        Err(self.missed("a form (there are none on Telegram)"))
    }

    fn unread(&self) -> Vec<Seen> {
        self.telegram.inner.look(|world| match self.view(world) {
            Some(view) => world.unread(view).map(Message::seen).collect(),
            None => Vec::new(),
        })
    }

    fn looks_at(&self, message_id: i64) -> Option<Seen> {
        self.telegram.inner.change(|world| {
            let view = self.view(world)?;
            let (seen, version) = world.message(view.1, message_id).map(|m| (m.seen(), m.version))?;
            world.read.entry(view).or_default().insert(message_id, version);
            Some(seen)
        })
    }

    fn history(&self) -> String {
        self.telegram.inner.look(|world| {
            let Some((_, chat, thread)) = self.view(world) else {
                return String::new();
            };
            let messages = world.chats.get(&chat).into_iter().flat_map(|c| c.messages.values());
            let here = messages.filter(|m| m.thread == thread && !m.service);
            let lines: Vec<String> = here.map(|m| world.line(m)).collect();
            lines.join("\n")
        })
    }
}
