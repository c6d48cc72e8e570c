//! One person's view of one channel: writing, reading and waiting. What they press or use is in `acting`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::flag;
use super::people::DiscordUser;
use super::posting::{Draft, signed};
use super::routes::Part;
use super::state::{Message, State};
use crate::sandbox::{Answer, Missed, Seat, Seen, Upload, What};

/// How long a person waits for something to appear.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A person's seat in a channel, a thread, or their private chat; clones share what was read.
#[derive(Clone, Debug)]
pub struct DiscordSeat {
    pub(super) user: DiscordUser,
    pub(super) spot: Spot,
}

#[derive(Clone, Debug)]
pub(super) enum Spot {
    Room(u64),
    /// A thread by what its name contains, once it was found.
    Thread(Arc<str>, Arc<OnceLock<u64>>),
}

impl DiscordSeat {
    /// The channel's id, if it is there already.
    fn room_now(&self, state: &State) -> Option<u64> {
        match &self.spot {
            Spot::Room(room) => Some(*room),
            Spot::Thread(name, found) => {
                if found.get().is_none() {
                    let mut threads = state.rooms.values().rev().filter(|room| room.is_thread());
                    let thread = threads.find(|room| room.name.contains(&**name) && state.sees(self.user.id, room))?;
                    let _ = found.set(thread.id);
                }
                found.get().copied()
            }
        }
    }

    /// The channel's id; a thread is waited for.
    pub(super) async fn room(&self) -> Result<u64, Missed> {
        let found = self.user.world.until(PATIENCE, |state| self.room_now(state)).await;
        found.ok_or_else(|| match &self.spot {
            Spot::Thread(name, _) => self.missed(&format!("the thread {name:?}")),
            Spot::Room(_) => self.missed("the channel"),
        })
    }

    pub(super) fn missed(&self, expected: &str) -> Missed {
        let history = self.user.world.look(|state| self.history_in(state));
        let expected = format!("{} for {}", expected, self.user.name);
        Missed { expected, history }
    }

    /// The messages in this channel that this person sees.
    fn visible<'a>(&self, state: &'a State, room: u64) -> impl Iterator<Item = &'a Message> {
        let me = self.user.id;
        let room = state.rooms.get(&room).filter(|room| state.sees(me, room));
        let ids = room.map(|room| room.messages.as_slice()).unwrap_or_default();
        let messages = ids.iter().filter_map(|id| state.messages.get(id));
        messages.filter(move |message| message.only_for.is_none_or(|only| only == me))
    }

    fn history_in(&self, state: &State) -> String {
        let Some(room) = self.room_now(state) else {
            return String::new();
        };
        let lines = self.visible(state, room).map(|message| {
            let author = state
                .people
                .get(&message.author)
                .map_or("?", |person| person.name.as_str());
            let text = match message.versions.last() {
                Some(version) => version.text.clone(),
                None if message.author == state.app => "…".to_owned(),
                None => message.content.clone(),
            };
            let buttons = message
                .versions
                .last()
                .map(|version| version.buttons.as_slice())
                .unwrap_or_default();
            let buttons = buttons.iter().map(|label| format!("[{label}]"));
            let files = message.attachments.iter().filter_map(|file| file["filename"].as_str());
            let shown = buttons.chain(files.map(|name| format!("({name})")));
            let only = if message.only_for.is_some() { " (only you)" } else { "" };
            let text = text.replace('\n', " ⏎ ");
            std::iter::once(format!("{author}{only}: {text}"))
                .chain(shown)
                .collect::<Vec<_>>()
                .join(" ")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Posts as this person.
    ///
    /// # Panics
    /// When Discord would not let them: they don't see the channel, or the thread is locked.
    async fn write(&self, text: &str, files: &[Upload], reply_to: Option<i64>) -> i64 {
        let mut body = json!({"content": text});
        if let Some(id) = reply_to {
            body["message_reference"] = json!({"message_id": id.to_string()});
        }
        self.post(text, files, body, 0).await
    }

    async fn post(&self, text: &str, files: &[Upload], body: Value, flags: u64) -> i64 {
        let room = match self.room().await {
            Ok(room) => room,
            Err(missed) => panic!("{missed}"),
        };
        let files: Vec<Part> = (0..).zip(files).map(|(index, file)| file.part(index)).collect();
        let refused = self.user.world.look(|state| {
            let Some(there) = state.rooms.get(&room) else {
                return Some("the channel is gone");
            };
            let visible = state.sees(self.user.id, there);
            (there.locked && there.archived)
                .then_some("the thread is locked")
                .or((!visible).then_some("they don't see it"))
        });
        assert!(
            refused.is_none(),
            "{} can't write there: {}",
            self.user.name,
            refused.unwrap_or_default()
        );
        self.user.world.change(|state| {
            let names = files.iter().map(|file| file.name.clone()).collect();
            state.tell(
                self.user.id,
                room,
                What::Wrote {
                    text: text.to_owned(),
                    files: names,
                },
            );
            let draft = Draft {
                flags,
                ..Draft::plain(room, self.user.id, &body, &files)
            };
            signed(state.post(&draft))
        })
    }

    /// Answers a message with files.
    pub async fn replies_with(&self, to: &Seen, files: &[Upload], caption: &str) -> i64 {
        self.write(caption, files, Some(to.message_id)).await
    }

    /// Sends a voice message: no words, one file, and how it sounds.
    pub async fn sends_voice(&self, bytes: &[u8]) -> i64 {
        let file = Upload {
            name: "voice-message.ogg".to_owned(),
            media_type: "audio/ogg".to_owned(),
            bytes: bytes.to_vec(),
        };
        let sound = json!([{"id": "0", "filename": file.name, "duration_secs": 1.5, "waveform": "AAAA"}]);
        self.post("", &[file], json!({"attachments": sound}), flag::VOICE).await
    }

    /// Edits a message of theirs.
    pub fn edits(&self, message_id: i64, text: &str) {
        let body = json!({"content": text});
        self.user
            .world
            .change(|state| state.edit(message_id.cast_unsigned(), &body, &[]));
    }

    /// Deletes a message.
    pub fn deletes(&self, message_id: i64) {
        self.user.world.change(|state| state.remove(message_id.cast_unsigned()));
    }

    /// A link in a message unfurls.
    pub fn unfurls(&self, message_id: i64) {
        self.user.world.change(|state| state.unfurl(message_id.cast_unsigned()));
    }

    /// Deletes several messages at once, as a moderator.
    pub fn clears(&self, message_ids: &[i64]) {
        let ids: Vec<u64> = message_ids.iter().map(|id| id.cast_unsigned()).collect();
        self.user.world.change(|state| {
            if let Some(room) = self.room_now(state) {
                state.remove_together(room, &ids);
            }
        });
    }

    /// Reacts to a message.
    pub fn reacts(&self, message_id: i64, emoji: &str) {
        let id = message_id.cast_unsigned();
        self.user.world.change(|state| {
            if let Some(message) = state.messages.get_mut(&id) {
                message.reactions.push((emoji.to_owned(), self.user.id));
            }
            state.announce_reaction("MESSAGE_REACTION_ADD", id, self.user.id, emoji);
        });
    }

    /// Waits until the bot reacted to a message with this emoji.
    ///
    /// # Errors
    /// [`Missed`] when it does not come.
    pub async fn sees_reaction(&self, message_id: i64, emoji: &str) -> Result<(), Missed> {
        let id = message_id.cast_unsigned();
        let search = |state: &mut State| {
            let message = state.messages.get(&id)?;
            message
                .reactions
                .iter()
                .any(|(one, by)| one == emoji && *by == state.app)
                .then_some(())
        };
        let found = self.user.world.until(PATIENCE, search).await;
        found.ok_or_else(|| self.missed(&format!("the reaction {emoji}")))
    }

    /// The bot's reactions on a message.
    #[must_use]
    pub fn reactions(&self, message_id: i64) -> Vec<String> {
        self.user.world.look(|state| {
            let message = state.messages.get(&message_id.cast_unsigned());
            let all = message.into_iter().flat_map(|message| &message.reactions);
            let own = all.filter(|(_, by)| *by == state.app);
            own.map(|(emoji, _)| emoji.clone()).collect()
        })
    }

    /// The newest version, not yet passed, of a message of the bot that contains the text, of several messages that which
    /// changed first; it is passed now.
    fn pass(&self, state: &mut State, text: &str) -> Option<Seen> {
        let room = self.room_now(state)?;
        let found = self
            .visible(state, room)
            .filter(|message| message.author == state.app)
            .filter_map(|message| {
                let passed = state.matched.get(&(self.user.id, message.id)).copied().unwrap_or(0);
                let at = (passed..message.versions.len())
                    .rev()
                    .find(|&at| message.versions[at].text.contains(text))?;
                Some((message.changed, message.id, at))
            });
        let (_, id, at) = found.min()?;
        state.matched.insert((self.user.id, id), at + 1);
        state.seen(id, at)
    }
}

impl Upload {
    fn part(&self, index: u64) -> Part {
        let bytes = Bytes::from(self.bytes.clone());
        Part {
            index,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            bytes,
        }
    }
}

impl Seat for DiscordSeat {
    async fn says(&self, text: &str) -> i64 {
        self.write(text, &[], None).await
    }

    async fn sends(&self, files: &[Upload], caption: &str) -> i64 {
        self.write(caption, files, None).await
    }

    async fn replies(&self, to: &Seen, text: &str) -> i64 {
        self.write(text, &[], Some(to.message_id)).await
    }

    async fn sees(&self, text: &str) -> Result<Seen, Missed> {
        self.room().await?;
        let found = self.user.world.until(PATIENCE, |state| self.pass(state, text)).await;
        found.ok_or_else(|| self.missed(&format!("{text:?}")))
    }

    async fn presses(&self, on: &Seen, label: &str) -> Result<Answer, Missed> {
        self.press(on.message_id, label).await
    }

    async fn uses(&self, name: &str, options: &[(&str, &str)]) -> Result<Answer, Missed> {
        self.use_command(name, options).await
    }

    async fn submits(&self, fields: &[(&str, &str)]) -> Result<Answer, Missed> {
        self.submit(fields).await
    }

    fn unread(&self) -> Vec<Seen> {
        self.user.world.look(|state| {
            let Some(room) = self.room_now(state) else {
                return Vec::new();
            };
            let fresh = self.visible(state, room).filter(|message| {
                let passed = state.matched.get(&(self.user.id, message.id)).copied().unwrap_or(0);
                message.author == state.app && passed < message.versions.len()
            });
            let mut fresh: Vec<&Message> = fresh.collect();
            fresh.sort_by_key(|message| message.changed);
            let fresh = fresh.into_iter();
            fresh.filter_map(|message| state.seen_now(message.id)).collect()
        })
    }

    fn looks_at(&self, message_id: i64) -> Option<Seen> {
        let id = message_id.cast_unsigned();
        self.user.world.change(|state| {
            let read = state.messages.get(&id)?.versions.len();
            state.matched.insert((self.user.id, id), read);
            state.seen_now(id)
        })
    }

    fn history(&self) -> String {
        self.user.world.look(|state| self.history_in(state))
    }
}
