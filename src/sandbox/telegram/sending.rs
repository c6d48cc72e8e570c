//! The methods that put a message in a chat.

use serde_json::{Value, json};

use super::{
    entities::{Formatted, formatted, units},
    files::Kind,
    markup,
    params::Params,
    refusal::Refusal,
    world::{Author, Content, Message, World},
};

/// Checked before anything is kept: where a message goes and what it answers.
struct Slot {
    chat: i64,
    thread: Option<i64>,
    reply_to: Option<i64>,
    markup: Option<Value>,
}

impl World {
    /// The chat of a request, which the bot has to be able to act in.
    pub(super) fn target(&self, params: &Params, name: &str) -> Result<i64, Refusal> {
        let id = params.chat(name)?;
        if let Some(to) = self.migrated.get(&id) {
            return Err(Refusal::migrated(*to));
        }
        let chat = self.chats.get(&id).ok_or_else(|| Refusal::bad("chat not found"))?;
        match chat.group.as_ref().map(|g| g.bot) {
            Some("kicked") => Err(Refusal::forbidden("bot was kicked from the supergroup chat")),
            Some("left") => Err(Refusal::forbidden("bot is not a member of the supergroup chat")),
            _ => Ok(id),
        }
    }

    /// The chat of a request, which has to let the bot write.
    fn recipient(&self, params: &Params) -> Result<i64, Refusal> {
        let id = self.target(params, "chat_id")?;
        if self.chats[&id]
            .group
            .as_ref()
            .is_some_and(|group| group.bot == "restricted")
        {
            return Err(Refusal::bad("not enough rights to send text messages to the chat"));
        }
        match self.people.get(&id) {
            Some(person) if person.deleted => Err(Refusal::forbidden("user is deactivated")),
            Some(person) if !person.started => Err(Refusal::forbidden("bot can't initiate conversation with a user")),
            Some(person) if person.blocked => Err(Refusal::forbidden("bot was blocked by the user")),
            _ => Ok(id),
        }
    }

    fn slot(&self, params: &Params) -> Result<Slot, Refusal> {
        let chat = self.recipient(params)?;
        let thread = params.integer("message_thread_id")?.filter(|t| *t != 0);
        if thread.is_some_and(|t| !self.chats[&chat].topics.contains_key(&t)) {
            // General (1) is not a thread to Telegram either.
            return Err(Refusal::bad("message thread not found"));
        }
        let mut reply_to = None;
        if let Some(reply) = params.object("reply_parameters")? {
            let id = reply
                .get("message_id")
                .and_then(Value::as_i64)
                .ok_or_else(|| Refusal::bad("can't parse reply parameters: Can't find field \"message_id\""))?;
            let insist = !reply
                .get("allow_sending_without_reply")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            reply_to = self.message(chat, id).map(|m| m.id);
            if reply_to.is_none() && insist {
                return Err(Refusal::bad("message to be replied not found"));
            }
        }
        Ok(Slot {
            chat,
            thread,
            reply_to,
            markup: markup::checked(params, false)?,
        })
    }

    fn put(&mut self, slot: Slot, content: Content, album: Option<String>) -> Value {
        let chat = slot.chat;
        let message = Message {
            // A reply is in the topic of what it answers.
            thread: slot.thread.or_else(|| self.message(chat, slot.reply_to?)?.thread),
            reply_to: slot.reply_to,
            markup: slot.markup,
            album,
            ..Message::new(Author::Bot, content)
        };
        let id = self.post(chat, message);
        self.message_json(chat, id)
    }

    pub(super) fn send_message(&mut self, params: &Params) -> Result<Value, Refusal> {
        let slot = self.slot(params)?;
        let text = formatted(params, "text", "entities")?;
        if text.text.is_empty() {
            return Err(Refusal::bad("message text is empty"));
        }
        if units(&text.text) > 4096 {
            return Err(Refusal::bad("message is too long"));
        }
        Ok(self.put(slot, text.into(), None))
    }

    pub(super) fn send_file(&mut self, kind: Kind, params: &Params) -> Result<Value, Refusal> {
        let slot = self.slot(params)?;
        let caption = caption(params)?;
        let Some(what) = params.text(kind.key())?.filter(|w| !w.is_empty()) else {
            return Err(Refusal::bad(format!("there is no {} in the request", kind.key())));
        };
        let content = Content {
            media: Some(self.media(kind, what, params)?),
            ..caption.into()
        };
        Ok(self.put(slot, content, None))
    }

    pub(super) fn send_media_group(&mut self, params: &Params) -> Result<Value, Refusal> {
        let slot = self.slot(params)?;
        let items = params.array("media")?.unwrap_or_default();
        match items.len() {
            0 => return Err(Refusal::bad("media group is empty")),
            1 => return Err(Refusal::bad("album must contain at least 2 items")),
            2..=10 => {}
            _ => return Err(Refusal::bad("Too much messages to send as an album")),
        }
        let mut contents = Vec::new();
        for item in items {
            let Value::Object(values) = item else {
                return Err(Refusal::bad("can't parse media: InputMedia must be an Object"));
            };
            let one = Params {
                values,
                ..Params::default()
            };
            let kind = match one.text("type")? {
                Some("photo") => Kind::Photo,
                Some("document") => Kind::Document,
                _ => return Err(Refusal::bad("can't parse media: unsupported type of InputMedia")),
            };
            let media = self.media(kind, one.text("media")?.unwrap_or_default(), params)?;
            contents.push(Content {
                media: Some(media),
                ..caption(&one)?.into()
            });
        }
        let kinds = |key: &str| contents.iter().any(|c| c.media.as_ref().is_some_and(|m| m.key == key));
        if kinds("photo") && kinds("document") {
            return Err(Refusal::bad("document can't be mixed with other media types"));
        }
        let album = Some(format!("134{:014}", self.serial()));
        let Slot {
            chat, thread, reply_to, ..
        } = slot;
        let sent = contents.into_iter().map(|content| {
            let slot = Slot {
                chat,
                thread,
                reply_to,
                markup: None,
            };
            self.put(slot, content, album.clone())
        });
        Ok(Value::Array(sent.collect()))
    }

    /// `copyMessage` and `forwardMessage`.
    pub(super) fn repeat(&mut self, params: &Params, forward: bool) -> Result<Value, Refusal> {
        let slot = self.slot(params)?;
        let from = self.target(params, "from_chat_id")?;
        let verb = if forward { "forward" } else { "copy" };
        let source = self
            .message(from, params.id("message_id")?)
            .filter(|m| !m.service)
            .ok_or_else(|| Refusal::bad(format!("message to {verb} not found")))?;
        let mut content = source.content.clone();
        content.extra = None;
        if forward {
            let sender = match source.author {
                Author::Bot => super::json::bot_json(),
                Author::Person(id) => self.person_json(id),
            };
            let origin = json!({ "type": "user", "date": source.date.timestamp(), "sender_user": sender });
            content.extra = Some(("forward_origin", origin));
        } else if params.text("caption")?.is_some() && content.media.is_some() {
            let Formatted { text, entities } = caption(params)?;
            (content.text, content.entities) = (text, entities);
        }
        let sent = self.put(slot, content, None);
        Ok(if forward {
            sent
        } else {
            json!({ "message_id": sent["message_id"] })
        })
    }
}

/// The caption of a request, checked.
pub(super) fn caption(params: &Params) -> Result<Formatted, Refusal> {
    let caption = formatted(params, "caption", "caption_entities")?;
    if units(&caption.text) > 1024 {
        return Err(Refusal::bad("message caption is too long"));
    }
    Ok(caption)
}

impl From<Formatted> for Content {
    fn from(Formatted { text, entities }: Formatted) -> Self {
        Self {
            text,
            entities,
            ..Self::default()
        }
    }
}
