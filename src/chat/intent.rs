//! What a person meant by an update, told the same way for every platform.

use chrono::{DateTime, Utc};

use crate::domain::file::Received;
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::receipt::Receipt;

use super::grammar::{Call, Command};

/// One update, translated by an adapter.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// Where it comes from.
    pub platform: Platform,
    /// Who did it.
    pub who: ChatUser,
    /// Where they did it.
    pub place: Place,
    /// What they meant.
    pub intent: Intent,
    /// Whether the answer may be a form (on Discord: the answer to a command or a button).
    pub can_open_form: bool,
}

impl Inbound {
    /// Whether somebody typed a one-time code, or what they took for one, behind a command.
    #[must_use]
    pub fn holds_code(&self) -> bool {
        let Intent::Command(call) = &self.intent else {
            return false;
        };
        matches!(call.command, Command::Link | Command::Start) && !call.text.is_empty()
    }
}

/// A person as the platform knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatUser {
    /// The platform's id of the person.
    pub user_id: String,
    /// The name they show.
    pub name: String,
    /// The language of their application, when the platform tells.
    pub language: Option<Language>,
}

/// The place an update comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub spot: Spot,
    /// What kind of place it is.
    pub kind: PlaceKind,
}

/// The kinds of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// The private conversation of one person with the bot.
    Private,
    /// A place that several people read.
    Shared {
        /// Its name, for the sentence that says it was set up; empty when the platform did not tell.
        name: String,
        /// It is made of posts or topics (a Discord forum, a Telegram group with topics).
        topics: bool,
        /// It is a thread on Discord, where the platform tells.
        is_thread: bool,
    },
}

impl Place {
    /// Whether only this person and the bot are there.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.kind == PlaceKind::Private
    }
}

/// What the person meant.
#[derive(Clone, Debug)]
pub enum Intent {
    /// A command that Guichet knows.
    Command(Call),
    /// A command that it doesn't: what they typed, with the slash.
    UnknownCommand(String),
    /// A message.
    Message(Written),
    /// A message of somebody's, out of which they want a ticket.
    Picked(Picked),
    /// A button: the action it carries, and the message it stands on.
    Press {
        /// The action as the button carries it.
        action: String,
        /// The platform's id of the message.
        message_id: String,
    },
    /// A form sent off: the action it carries, and (field id, text) pairs.
    Submit {
        /// The action as the form carries it.
        action: String,
        /// What was typed in each field.
        fields: Vec<(String, String)>,
    },
    /// A message of theirs says something else now.
    Edited(Edited),
    /// A message is gone: the platform's id of it. It need not tell whose it was.
    Erased(String),
    /// They reacted to a message of ours: the platform's id of it, and what they say by it.
    Reacted(String, Receipt),
    /// Something that can't be read as words or files: a sticker, a location, a contact.
    Unreadable,
    /// Nobody said anything: the platform tells what became of the bot there.
    Standing(Standing),
}

/// What became of the bot in a place or a private chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can't write there any more.
    Out(Obstacle),
    /// It can write there.
    In,
    /// The chat has this id now.
    Moved(String),
}

/// A message that was picked, from its own menu.
#[derive(Clone, Debug)]
pub struct Picked {
    /// Who wrote it.
    pub author: ChatUser,
    /// An application did, and no person.
    pub is_by_application: bool,
    /// What it says.
    pub written: Written,
}

impl Intent {
    /// The message that it brings, whose files are to be fetched.
    #[must_use]
    pub fn written(&self) -> Option<&Written> {
        match self {
            Self::Message(written) | Self::Picked(Picked { written, .. }) => Some(written),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn written_mut(&mut self) -> Option<&mut Written> {
        match self {
            Self::Message(written) | Self::Picked(Picked { written, .. }) => Some(written),
            _ => None,
        }
    }
}

/// A message somebody wrote.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The platform's id of the message.
    pub message_id: String,
    /// The text or caption.
    pub text: String,
    /// Since when it says so, where it was edited before it was read; adapters leave it empty.
    pub edited_at: Option<DateTime<Utc>>,
    /// The files with it, not fetched yet.
    pub files: Vec<IncomingFile>,
    /// The same files once intake has fetched them; adapters leave it empty.
    pub received: Vec<Received>,
    /// The platform's id of the message it answers.
    pub reply_to: Option<String>,
}

/// What a message says since it was edited. The platforms also tell of edits that changed no word.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The platform's id of the message.
    pub message_id: String,
    /// The text or caption.
    pub text: String,
    /// Since when, as the platform tells.
    pub at: DateTime<Utc>,
}

/// A file that came with a message and has not been fetched yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingFile {
    /// The name it was given; empty when the platform has none for it (a photo).
    pub name: String,
    /// The media type that the platform tells.
    pub media_type: String,
    /// Its size in bytes, when the platform tells.
    pub size: Option<u64>,
    /// What the adapter needs to fetch it: a file id, a link.
    pub locator: String,
}
