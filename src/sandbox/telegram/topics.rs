//! Forum topics.

use serde_json::{Value, json};

use super::{
    entities::units,
    params::Params,
    refusal::Refusal,
    world::{Author, Content, Media, Message, Topic, World},
};

/// The colours that Telegram allows for a topic's icon.
const COLOURS: [i64; 6] = [7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047];

impl World {
    fn forum(&self, params: &Params) -> Result<i64, Refusal> {
        let id = self.target(params, "chat_id")?;
        match &self.chats[&id].group {
            Some(group) if group.forum => Ok(id),
            _ => Err(Refusal::bad("the chat is not a forum")),
        }
    }

    fn topic(&mut self, params: &Params) -> Result<&mut Topic, Refusal> {
        let chat = self.forum(params)?;
        let thread = params.id("message_thread_id")?;
        let topic = self.chats.get_mut(&chat).and_then(|c| c.topics.get_mut(&thread));
        topic.ok_or_else(|| Refusal::bad("TOPIC_ID_INVALID"))
    }

    /// Makes a topic and the note that it is known by.
    pub(super) fn open_topic(&mut self, chat: i64, author: Author, name: &str, icon_color: i64) -> i64 {
        let id = self.service(
            chat,
            author,
            None,
            "forum_topic_created",
            json!({ "name": name, "icon_color": icon_color }),
        );
        let topic = Topic {
            name: name.to_owned(),
            closed: false,
        };
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.topics.insert(id, topic);
            if let Some(note) = chat.messages.get_mut(&id) {
                note.thread = Some(id);
            }
        }
        id
    }

    /// One of Telegram's own notes in a chat.
    pub(super) fn service(
        &mut self,
        chat: i64,
        author: Author,
        thread: Option<i64>,
        key: &'static str,
        value: Value,
    ) -> i64 {
        let content = Content {
            media: Some(Media {
                key,
                value,
                name: String::new(),
            }),
            ..Content::default()
        };
        let note = Message {
            thread,
            service: true,
            ..Message::new(author, content)
        };
        self.post(chat, note)
    }

    pub(super) fn create_topic(&mut self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.forum(params)?;
        let name = checked_name(params.text("name")?.unwrap_or_default())?.to_owned();
        let color = params.integer("icon_color")?.unwrap_or(COLOURS[0]);
        if !COLOURS.contains(&color) {
            return Err(Refusal::bad("wrong icon color specified"));
        }
        let id = self.open_topic(chat, Author::Bot, &name, color);
        Ok(json!({ "message_thread_id": id, "name": name, "icon_color": color }))
    }

    pub(super) fn edit_topic(&mut self, params: &Params) -> Result<Value, Refusal> {
        let name = params
            .text("name")?
            .filter(|n| !n.is_empty())
            .map(checked_name)
            .transpose()?;
        let icon = params.text("icon_custom_emoji_id")?;
        let topic = self.topic(params)?;
        if icon.is_none() && name.is_none_or(|n| n == topic.name) {
            return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
        }
        if let Some(name) = name {
            name.clone_into(&mut topic.name);
        }
        Ok(json!(true))
    }

    pub(super) fn close_topic(&mut self, params: &Params, closed: bool) -> Result<Value, Refusal> {
        let topic = self.topic(params)?;
        if topic.closed == closed {
            return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
        }
        topic.closed = closed;
        let chat = self.forum(params)?;
        let thread = params.integer("message_thread_id")?;
        let key = if closed {
            "forum_topic_closed"
        } else {
            "forum_topic_reopened"
        };
        self.service(chat, Author::Bot, thread, key, json!({}));
        Ok(json!(true))
    }

    pub(super) fn delete_topic(&mut self, params: &Params) -> Result<Value, Refusal> {
        self.topic(params)?;
        let chat = self.forum(params)?;
        self.drop_topic(chat, params.id("message_thread_id")?);
        Ok(json!(true))
    }

    /// A topic goes with all that is in it.
    pub(super) fn drop_topic(&mut self, chat: i64, thread: i64) {
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.topics.remove(&thread);
            chat.messages.retain(|_, m| m.thread != Some(thread));
        }
    }
}

fn checked_name(name: &str) -> Result<&str, Refusal> {
    let name = name.trim();
    match units(name) {
        0 => Err(Refusal::bad("topic name is empty")),
        1..=128 => Ok(name),
        _ => Err(Refusal::bad("TOPIC_TITLE_INVALID")),
    }
}
