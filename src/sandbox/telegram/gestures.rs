//! What else a person can do in their place on Telegram, beside what both platforms have.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    PATIENCE,
    entities::detect,
    files::Kind,
    seat::{TelegramSeat, typed},
    world::{Author, Content, Media, Message, World},
};
use crate::sandbox::{Missed, Seen, Upload, What};

impl World {
    /// A message on one line, for histories.
    pub(super) fn line(&self, message: &Message) -> String {
        let who = match message.author {
            Author::Bot => "the bot",
            Author::Person(id) => self.people.get(&id).map_or("somebody", |p| p.name.as_str()),
        };
        let seen = message.seen();
        let text = seen.text.replace('\n', " ⏎ ");
        let mut line = vec![format!("{} {who}: {text}", message.id)];
        line.extend(seen.buttons.iter().map(|label| format!("[{label}]")));
        line.extend(seen.files.iter().map(|file| format!("({file})")));
        line.extend(message.reactions.iter().cloned());
        if seen.edits > 0 {
            line.push(format!("(edited {}×)", seen.edits));
        }
        line.join(" ")
    }
}

impl TelegramSeat {
    async fn thing(&self, key: &'static str, value: Value) -> i64 {
        let media = Media {
            key,
            value,
            name: String::new(),
        };
        let what = What::Wrote {
            text: String::new(),
            files: vec![key.to_owned()],
        };
        let content = Content {
            media: Some(media),
            ..Content::default()
        };
        self.write(None, what, |_| vec![content]).await
    }

    /// Sends a sticker.
    pub async fn sends_sticker(&self, emoji: &str) -> i64 {
        let value = json!({ "file_id": "CAACAgQAAxkBAAMsticker", "file_unique_id": "AgADsticker", "type": "regular",
            "width": 512, "height": 512, "is_animated": false, "is_video": false, "emoji": emoji,
            "set_name": "Guichets", "file_size": 20_480 });
        self.thing("sticker", value).await
    }

    /// Answers a message with documents: several are an album.
    pub async fn replies_with(&self, to: &Seen, files: &[Upload], caption: &str) -> i64 {
        let what = What::Wrote {
            text: caption.to_owned(),
            files: files.iter().map(|file| file.name.clone()).collect(),
        };
        let contents = |world: &mut World| {
            let mut text = typed(caption);
            let each = files.iter().map(|file| {
                let bytes = Bytes::copy_from_slice(&file.bytes);
                Content {
                    media: Some(world.keep(Kind::Document, &file.name, &file.media_type, &bytes)),
                    ..std::mem::take(&mut text)
                }
            });
            each.collect()
        };
        self.write(Some(to.message_id), what, contents).await
    }

    /// Sends where they are.
    pub async fn sends_location(&self, latitude: f64, longitude: f64) -> i64 {
        let value = json!({ "latitude": latitude, "longitude": longitude });
        self.thing("location", value).await
    }

    /// Sends a voice note.
    pub async fn sends_voice(&self, bytes: &[u8]) -> i64 {
        let bytes = Bytes::copy_from_slice(bytes);
        let what = What::Wrote {
            text: String::new(),
            files: vec!["voice".to_owned()],
        };
        let contents = |world: &mut World| {
            let media = world.keep(Kind::Voice, "voice.oga", "audio/ogg", &bytes);
            vec![Content {
                media: Some(media),
                ..Content::default()
            }]
        };
        self.write(None, what, contents).await
    }

    /// Changes the text (or caption) of a message of theirs.
    pub fn edits(&self, message_id: i64, new_text: &str) {
        self.telegram.inner.change(|world| {
            let Some((person, chat, thread)) = self.view(world) else {
                return;
            };
            let now = world.clock.now();
            let message = world.chats.get_mut(&chat).and_then(|c| c.messages.get_mut(&message_id));
            let Some(message) = message.filter(|m| m.author == Author::Person(person)) else {
                return;
            };
            new_text.clone_into(&mut message.content.text);
            message.content.entities = detect(new_text);
            message.edited = Some(now);
            message.edits += 1;
            let place = world.place(chat, thread);
            let what = What::Wrote {
                text: new_text.to_owned(),
                files: Vec::new(),
            };
            world.note(person, &place, what);
            world.tell(chat, message_id, "edited_message");
        });
    }

    /// Deletes a message, anybody's. Telegram never tells the bot.
    pub fn deletes(&self, message_id: i64) {
        self.telegram.inner.change(|world| {
            let chat = self.view(world).map(|view| view.1);
            if let Some(chat) = chat.and_then(|id| world.chats.get_mut(&id)) {
                chat.messages.remove(&message_id);
            }
        });
    }

    /// Puts a reaction on a message. The bot is told if it asked for `message_reaction`, and in groups only.
    pub fn reacts(&self, message_id: i64, emoji: &str) {
        self.telegram.inner.change(|world| {
            let Some((person, chat, _)) = self.view(world).filter(|view| view.1 < 0) else {
                return;
            };
            let body = json!({
                "chat": world.chat_json(chat),
                "message_id": message_id,
                "user": world.person_json(person),
                "date": world.clock.now().timestamp(),
                "old_reaction": [],
                "new_reaction": [{ "type": "emoji", "emoji": emoji }],
            });
            world.queue.push("message_reaction", body);
        });
    }

    /// The bot's reactions on a message.
    #[must_use]
    pub fn reactions(&self, message_id: i64) -> Vec<String> {
        self.telegram.inner.look(|world| {
            let view = self.view(world);
            let message = view.and_then(|view| world.message(view.1, message_id));
            message.map(|m| m.reactions.clone()).unwrap_or_default()
        })
    }

    /// Waits for the bot to put this reaction on a message.
    ///
    /// # Errors
    /// [`Missed`] when it does not.
    pub async fn sees_reaction(&self, message_id: i64, emoji: &str) -> Result<(), Missed> {
        let there = |world: &mut World| {
            let view = self.view(world)?;
            let message = world.message(view.1, message_id)?;
            message.reactions.iter().any(|r| r == emoji).then_some(())
        };
        let seen = self.telegram.inner.until(PATIENCE, there).await;
        seen.ok_or_else(|| self.missed(format!("the reaction {emoji} on message {message_id}")))
    }

    /// Waits until the bot has deleted a message.
    ///
    /// # Errors
    /// [`Missed`] when it does not.
    pub async fn sees_gone(&self, message_id: i64) -> Result<(), Missed> {
        let gone = |world: &mut World| {
            let view = self.view(world)?;
            world.message(view.1, message_id).is_none().then_some(())
        };
        let gone = self.telegram.inner.until(PATIENCE, gone).await;
        gone.ok_or_else(|| self.missed(format!("that message {message_id} is gone")))
    }

    /// Presses a button that has long gone, by its data, on a message that may have gone too. The bot gets the
    /// update, but it is too late to answer it; nothing is waited for.
    pub fn presses_stale(&self, message_id: i64, data: &str) {
        self.telegram.inner.change(|world| {
            if let Some(view) = self.view(world) {
                world.press(view, message_id, data, &json!(data), true);
            }
        });
    }

    /// Everything the bot pinned here that is still there, oldest first.
    #[must_use]
    pub fn pinned(&self) -> Vec<crate::sandbox::Seen> {
        self.telegram.inner.look(|world| {
            let chat = self.view(world).and_then(|view| world.chats.get(&view.1));
            let pinned = chat
                .into_iter()
                .flat_map(|c| c.pinned.iter().filter_map(|id| c.messages.get(id)));
            pinned.map(Message::seen).collect()
        })
    }
}
