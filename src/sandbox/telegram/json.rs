//! The world's things as the Bot API writes them.

use serde_json::{Map, Value, json};

use super::world::{Author, BOT_USERNAME, Message, World, bot_id};

/// The bot as a user.
pub(super) fn bot_json() -> Value {
    json!({ "id": bot_id(), "is_bot": true, "first_name": "Guichet", "username": BOT_USERNAME })
}

impl World {
    pub(super) fn person_json(&self, id: i64) -> Value {
        let Some(person) = self.people.get(&id) else {
            return json!({ "id": id, "is_bot": false, "first_name": "Deleted Account" });
        };
        let (first, last) = person.name.split_once(' ').unwrap_or((&person.name, ""));
        let mut user = json!({ "id": id, "is_bot": false, "first_name": first });
        if !last.is_empty() {
            user["last_name"] = json!(last);
        }
        if let Some(username) = person.username() {
            user["username"] = json!(username);
        }
        if !person.language.is_empty() {
            user["language_code"] = json!(person.language);
        }
        user
    }

    pub(super) fn chat_json(&self, id: i64) -> Value {
        if let Some(group) = self.chats.get(&id).and_then(|c| c.group.as_ref()) {
            let mut chat = json!({ "id": id, "title": group.title, "type": "supergroup" });
            if group.forum {
                chat["is_forum"] = json!(true);
            }
            return chat;
        }
        let mut chat = self.person_json(id);
        if let Some(fields) = chat.as_object_mut() {
            fields.remove("is_bot");
            fields.remove("language_code");
        }
        chat["type"] = json!("private");
        chat
    }

    /// A message in full, with the one that it replies to.
    pub(super) fn message_json(&self, chat: i64, id: i64) -> Value {
        let Some(message) = self.message(chat, id) else {
            return Value::Null;
        };
        let mut out = self.bare_message(chat, message);
        // Without another, a message in a topic replies to the note that made the topic.
        let topic = message.thread.filter(|t| *t != id);
        if let Some(replied) = message.reply_to.or(topic).and_then(|to| self.message(chat, to)) {
            out["reply_to_message"] = self.bare_message(chat, replied);
        }
        out
    }

    fn bare_message(&self, chat: i64, message: &Message) -> Value {
        let mut out = Map::new();
        let mut put = |key: &str, value: Value| {
            out.insert(key.to_owned(), value);
        };
        put("message_id", json!(message.id));
        put(
            "from",
            match message.author {
                Author::Bot => bot_json(),
                Author::Person(id) => self.person_json(id),
            },
        );
        put("chat", self.chat_json(chat));
        put("date", json!(message.date.timestamp()));
        if let Some(at) = message.edited {
            put("edit_date", json!(at.timestamp()));
        }
        if let Some(thread) = message.thread {
            put("message_thread_id", json!(thread));
            put("is_topic_message", json!(true));
        }
        if let Some(album) = &message.album {
            put("media_group_id", json!(album));
        }
        let content = &message.content;
        let (text, entities) = if content.media.is_some() {
            ("caption", "caption_entities")
        } else {
            ("text", "entities")
        };
        if !content.text.is_empty() {
            put(text, json!(content.text));
        }
        if !content.entities.is_empty() {
            put(entities, json!(content.entities));
        }
        if let Some(media) = &content.media {
            put(media.key, media.value.clone());
        }
        if let Some((key, value)) = &content.extra {
            put(key, value.clone());
        }
        if let Some(markup) = message.markup.as_ref().filter(|m| m.get("inline_keyboard").is_some()) {
            put("reply_markup", markup.clone());
        }
        Value::Object(out)
    }

    /// The bot as a member of a chat.
    pub(super) fn bot_member(&self, chat: i64, status: &str) -> Value {
        let mut member = json!({ "status": status, "user": bot_json() });
        match status {
            "kicked" => member["until_date"] = json!(0),
            "restricted" => {
                for right in [
                    "can_send_messages",
                    "can_send_audios",
                    "can_send_documents",
                    "can_send_photos",
                    "can_send_videos",
                    "can_send_video_notes",
                    "can_send_voice_notes",
                    "can_send_polls",
                    "can_send_other_messages",
                    "can_add_web_page_previews",
                    "can_change_info",
                    "can_invite_users",
                    "can_pin_messages",
                    "can_manage_topics",
                ] {
                    member[right] = json!(false);
                }
                member["is_member"] = json!(true);
                member["until_date"] = json!(0);
            }
            "administrator" => {
                let forum = self
                    .chats
                    .get(&chat)
                    .and_then(|c| c.group.as_ref())
                    .is_some_and(|g| g.forum);
                for right in [
                    "can_manage_chat",
                    "can_delete_messages",
                    "can_manage_video_chats",
                    "can_restrict_members",
                    "can_change_info",
                    "can_invite_users",
                    "can_pin_messages",
                ] {
                    member[right] = json!(true);
                }
                for right in [
                    "can_be_edited",
                    "is_anonymous",
                    "can_promote_members",
                    "can_post_stories",
                    "can_edit_stories",
                    "can_delete_stories",
                ] {
                    member[right] = json!(false);
                }
                member["can_manage_topics"] = json!(forum);
            }
            _ => {}
        }
        member
    }
}
