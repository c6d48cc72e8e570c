//! The parts of Telegram's JSON that Guichet reads.
//!
//! Not teloxide's types: there, one entity of a kind that it doesn't know yet makes a whole text disappear. Here
//! everything that is not needed is passed over, and everything that may be missing is optional.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};

/// An update: of its many kinds, the five that mean something here.
#[derive(Debug, Deserialize)]
pub(super) struct Update {
    #[serde(rename = "update_id")]
    pub(super) _id: i64,
    pub(super) message: Option<Message>,
    pub(super) edited_message: Option<Message>,
    pub(super) callback_query: Option<CallbackQuery>,
    pub(super) my_chat_member: Option<StandingChange>,
    pub(super) message_reaction: Option<ReactionChange>,
}

/// Somebody's reactions to a message are others now.
#[derive(Debug, Deserialize)]
pub(super) struct ReactionChange {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    /// Not of whoever reacts in the name of a chat.
    pub(super) user: Option<User>,
    #[serde(default)]
    pub(super) new_reaction: Vec<Reaction>,
}

/// A reaction.
#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    /// Of one that everybody has.
    pub(super) emoji: Option<Text>,
}

/// What became of the bot in a chat.
#[derive(Debug, Deserialize)]
pub(super) struct StandingChange {
    pub(super) chat: Chat,
    pub(super) from: User,
    pub(super) new_chat_member: ChatMember,
}

/// The bot as a member.
#[derive(Debug, Deserialize)]
pub(super) struct ChatMember {
    pub(super) status: Text,
    /// Only of one that is restricted.
    pub(super) can_send_messages: Option<bool>,
    /// Only of one that is restricted.
    pub(super) is_member: Option<bool>,
}

/// A pressed button.
#[derive(Debug, Deserialize)]
pub(super) struct CallbackQuery {
    pub(super) id: Text,
    pub(super) from: User,
    pub(super) message: Option<Carrier>,
    pub(super) data: Option<Text>,
}

/// The message a button stands on, of which Telegram tells less once it is old.
#[derive(Debug, Deserialize)]
pub(super) struct Carrier {
    #[serde(rename = "message_id")]
    pub(super) id: i64,
    pub(super) chat: Chat,
    #[serde(rename = "message_thread_id")]
    pub(super) thread: Option<i64>,
    #[serde(rename = "is_topic_message", default)]
    pub(super) in_topic: bool,
}

/// A message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(rename = "message_id")]
    pub(super) id: i64,
    pub(super) chat: Chat,
    pub(super) from: Option<User>,
    /// In seconds.
    pub(super) edit_date: Option<i64>,
    pub(super) sender_chat: Option<IgnoredAny>,
    /// The group goes on under this id.
    pub(super) migrate_to_chat_id: Option<i64>,
    #[serde(rename = "message_thread_id")]
    pub(super) thread: Option<i64>,
    #[serde(rename = "is_topic_message", default)]
    pub(super) in_topic: bool,
    #[serde(rename = "reply_to_message")]
    pub(super) replied: Option<Replied>,
    pub(super) text: Option<Text>,
    pub(super) caption: Option<Text>,
    #[serde(default)]
    pub(super) photo: Vec<Media>,
    pub(super) document: Option<Media>,
    pub(super) animation: Option<Media>,
    pub(super) video: Option<Media>,
    pub(super) video_note: Option<Media>,
    pub(super) audio: Option<Media>,
    pub(super) voice: Option<Media>,
    pub(super) sticker: Option<IgnoredAny>,
    pub(super) location: Option<IgnoredAny>,
    pub(super) venue: Option<IgnoredAny>,
    pub(super) contact: Option<IgnoredAny>,
    pub(super) dice: Option<IgnoredAny>,
    pub(super) poll: Option<IgnoredAny>,
    pub(super) game: Option<IgnoredAny>,
    pub(super) story: Option<IgnoredAny>,
    pub(super) paid_media: Option<IgnoredAny>,
    pub(super) checklist: Option<IgnoredAny>,
    pub(super) invoice: Option<IgnoredAny>,
}

/// A message that another one answers.
#[derive(Debug, Deserialize)]
pub(super) struct Replied {
    pub(super) message_id: i64,
    pub(super) forum_topic_created: Option<IgnoredAny>,
}

/// A chat.
#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: Text,
    pub(super) title: Option<Text>,
    #[serde(default)]
    pub(super) is_forum: bool,
}

/// A person, or a bot.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) is_bot: bool,
    pub(super) first_name: Option<Text>,
    pub(super) last_name: Option<Text>,
    pub(super) username: Option<Text>,
    pub(super) language_code: Option<Text>,
}

/// A file, of any kind; of a photo, one of its sizes.
#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) file_id: Text,
    pub(super) file_name: Option<Text>,
    pub(super) mime_type: Option<Text>,
    pub(super) file_size: Option<u64>,
    #[serde(default)]
    pub(super) width: u64,
    #[serde(default)]
    pub(super) height: u64,
}

/// The bot itself, as `getMe` tells.
#[derive(Debug, Deserialize)]
pub(super) struct Me {
    pub(super) username: Option<Text>,
    #[serde(default)]
    pub(super) can_join_groups: bool,
    #[serde(default)]
    pub(super) can_read_all_group_messages: bool,
}

/// A string in which half a surrogate pair (`"\ud83d"`) is no reason to refuse the whole update.
#[derive(Debug, Default)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lossy;

        impl Visitor<'_> for Lossy {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }
        }

        // Asked for bytes, serde_json hands over what it refuses as a string.
        deserializer.deserialize_bytes(Lossy)
    }
}
