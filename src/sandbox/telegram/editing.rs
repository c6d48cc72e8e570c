//! The methods that change what is there: edits, deletions, reactions, pins, and answers to buttons.

use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

use super::{
    entities::{formatted, units},
    markup,
    params::Params,
    refusal::Refusal,
    sending::caption,
    world::{Author, Content, Message, World},
};
use crate::sandbox::What;

/// How long a pressed button waits for its answer.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(15);

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly \
                            the same as a current content and reply markup of the message";

/// The reactions that exist. A tick is not among them.
const REACTIONS: &str = "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 \
                         🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 \
                         🤷‍♀ 😡";

impl World {
    fn editable(&self, params: &Params) -> Result<(i64, &Message), Refusal> {
        let chat = self.target(params, "chat_id")?;
        let id = params
            .integer("message_id")?
            .ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
        let message = self
            .message(chat, id)
            .ok_or_else(|| Refusal::bad("message to edit not found"))?;
        // A message that came with a reply keyboard or a forced reply stays as it is.
        let inline = message
            .markup
            .as_ref()
            .is_none_or(|m| m.get("inline_keyboard").is_some());
        if message.author != Author::Bot || message.service || !inline {
            return Err(Refusal::bad("message can't be edited"));
        }
        Ok((chat, message))
    }

    /// Writes the new content and keyboard; a keyboard that is not given again goes away, as in Telegram.
    fn rewrite(&mut self, params: &Params, content: Content) -> Result<Value, Refusal> {
        let markup = markup::checked(params, true)?;
        let (chat, message) = self.editable(params)?;
        if message.content == content && message.markup == markup {
            return Err(Refusal::bad(NOT_MODIFIED));
        }
        let id = message.id;
        self.edit(chat, id, |m| {
            m.content = content;
            m.markup = markup;
        });
        Ok(self.message_json(chat, id))
    }

    pub(super) fn edit_text(&mut self, params: &Params) -> Result<Value, Refusal> {
        let (_, message) = self.editable(params)?;
        if message.content.media.is_some() {
            return Err(Refusal::bad("there is no text in the message to edit"));
        }
        let text = formatted(params, "text", "entities")?;
        if text.text.is_empty() {
            return Err(Refusal::bad("message text is empty"));
        }
        if units(&text.text) > 4096 {
            return Err(Refusal::bad("MESSAGE_TOO_LONG"));
        }
        self.rewrite(params, text.into())
    }

    pub(super) fn edit_caption(&mut self, params: &Params) -> Result<Value, Refusal> {
        let media = self.editable(params)?.1.content.media.clone();
        if media.is_none() {
            return Err(Refusal::bad("there is no caption in the message to edit"));
        }
        let content = Content {
            media,
            ..caption(params)?.into()
        };
        self.rewrite(params, content)
    }

    pub(super) fn edit_markup(&mut self, params: &Params) -> Result<Value, Refusal> {
        let content = self.editable(params)?.1.content.clone();
        self.rewrite(params, content)
    }

    pub(super) fn delete(&mut self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.target(params, "chat_id")?;
        let id = params.id("message_id")?;
        let message = self
            .message(chat, id)
            .ok_or_else(|| Refusal::bad("message to delete not found"))?;
        // An administrator may delete anything in a group, at any time.
        if chat > 0 && (self.clock.now() - message.date).num_hours() >= 48 {
            return Err(Refusal::bad("message can't be deleted for everyone"));
        }
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.messages.remove(&id);
        }
        Ok(json!(true))
    }

    pub(super) fn react(&mut self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.target(params, "chat_id")?;
        let id = params.id("message_id")?;
        let reactions = params.array("reaction")?.unwrap_or_default();
        let known = |emoji: &&str| REACTIONS.split_whitespace().any(|r| r == *emoji);
        let chosen: Option<Vec<String>> = reactions
            .iter()
            .map(|r| r["emoji"].as_str().filter(known).map(str::to_owned))
            .collect();
        let chosen = chosen.ok_or_else(|| Refusal::bad("REACTION_INVALID"))?;
        if chosen.len() > 1 {
            return Err(Refusal::bad("REACTIONS_TOO_MANY"));
        }
        let Some(message) = self.chats.get_mut(&chat).and_then(|c| c.messages.get_mut(&id)) else {
            return Err(Refusal::bad("message to react not found"));
        };
        message.reactions.clone_from(&chosen);
        let (author, thread) = (message.author, message.thread);
        if let (Author::Person(person), Some(emoji)) = (author, chosen.into_iter().next()) {
            let place = self.place(chat, thread);
            self.note(person, &place, What::Reaction(emoji));
        }
        Ok(json!(true))
    }

    pub(super) fn pin(&mut self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.target(params, "chat_id")?;
        let id = params.id("message_id")?;
        if self.message(chat, id).is_none_or(|m| m.service) {
            return Err(Refusal::bad("message to pin not found"));
        }
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.pinned.retain(|p| *p != id);
            chat.pinned.push(id);
        }
        Ok(json!(true))
    }

    pub(super) fn answer_query(&mut self, params: &Params) -> Result<Value, Refusal> {
        let text = params.text("text")?.unwrap_or_default();
        if units(text) > 200 {
            return Err(Refusal::bad("MESSAGE_TOO_LONG"));
        }
        let id = params.text("callback_query_id")?.unwrap_or_default();
        let now = Instant::now();
        let late = || Refusal::bad("query is too old and response timeout expired or query ID is invalid");
        let query = self.queries.get_mut(id).ok_or_else(late)?;
        if query.stale || query.answer.is_some() || now.saturating_duration_since(query.at) > ANSWER_WITHIN {
            return Err(late());
        }
        query.answer = Some(text.to_owned());
        let (person, place) = (query.person, query.place.clone());
        if !text.is_empty() {
            let what = What::Saw {
                text: text.to_owned(),
                buttons: Vec::new(),
                files: Vec::new(),
                edited: false,
                only_them: true,
            };
            self.note(person, &place, what);
        }
        Ok(json!(true))
    }
}
