//! What Guichet says, as data: adapters decide how it looks, and escape every word of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;

/// The answer to an update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing: what was said was not for us, or another message will tell. A button still has to be
    /// acknowledged.
    Quiet,
    /// A message in the same place.
    Message(Message),
    /// A message that only the person may see: ephemeral on Discord; on Telegram, in their private chat when
    /// the place is shared.
    Aside(Message),
    /// In place of the message whose button was pressed. As [`Reply::Message`] when there is none.
    Update(Message),
    /// A short word to the person who pressed: a toast on Telegram (200 characters), ephemeral on Discord.
    Toast(String),
    /// A form; only where [`Inbound::can_open_form`](super::intent::Inbound::can_open_form).
    Form(Form),
    /// A receipt on the message they wrote, where the platform has reactions.
    Receipt(Receipt),
}

/// What a reaction on somebody's message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Receipt {
    /// 👀: kept, and on its way to the other side.
    Relayed,
    /// 📝 where the platform allows it (Telegram: ✍): kept as an internal note.
    Noted,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its parts, top to bottom.
    pub blocks: Vec<Block>,
    /// Its buttons, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// Its files. An edit leaves the files of the message as they are.
    pub files: Vec<StoredFile>,
    /// The ticket it speaks of: a reply to it is a word on that ticket.
    pub about: Option<TicketId>,
    /// It shows the dialog's present state (a draft, a question): once it is sent, the buttons of the message
    /// that showed the dialog before are taken away.
    pub shows_dialog: bool,
    /// The platform's id of a message in the same place whose buttons are out of date.
    pub retires: Option<String>,
    /// Ring: on Telegram a message in a shared place is silent unless it rings.
    pub rings: bool,
}

/// A part of a message. All strings are plain text; whoever renders escapes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// The heading, in bold.
    Title(String),
    /// A paragraph.
    Text(String),
    /// Short facts on one line, separated by a middle dot.
    Facts(Vec<Fact>),
    /// Somebody's words.
    Quote(String),
    /// Text to copy as it is, in a fixed-width face.
    Verbatim(String),
}

/// A short fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// Words.
    Text(String),
    /// A moment: relative and live where the platform can, the local time otherwise.
    Moment(DateTime<Utc>),
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its label: at most 80 characters (Discord).
    pub label: String,
    /// What it does: at most 64 bytes (Telegram).
    pub action: String,
    /// How it looks, where the platform has looks.
    pub look: Look,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// The thing to do.
    Main,
    /// Another thing one may do.
    Plain,
    /// Something that can't be taken back.
    Danger,
}

/// A form: a modal on Discord.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its title: at most 45 characters (Discord).
    pub title: String,
    /// What sending it does: at most 100 characters (Discord).
    pub action: String,
    /// Its fields: at most 5 (Discord).
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Its id.
    pub id: String,
    /// Its label: at most 45 characters (Discord).
    pub label: String,
    /// What stands in it at first.
    pub value: String,
    /// Whether it may be left empty.
    pub required: bool,
    /// Several lines.
    pub long: bool,
    /// The most characters it takes: at most 4,000 (Discord).
    pub max_chars: u16,
}
