//! What Guichet says, as data: adapters decide how it looks, and escape every word of it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::receipt::Receipt;
use crate::domain::text::beginning;
use crate::store::dialogs::DialogVersion;

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

impl Reply {
    /// Its message, where it is one.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) | Self::Aside(message) | Self::Update(message) => Some(message),
            Self::Quiet | Self::Toast(_) | Self::Form(_) | Self::Receipt(_) => None,
        }
    }

    /// The same, to change it.
    pub(super) fn message_mut(&mut self) -> Option<&mut Message> {
        match self {
            Self::Message(message) | Self::Aside(message) | Self::Update(message) => Some(message),
            Self::Quiet | Self::Toast(_) | Self::Form(_) | Self::Receipt(_) => None,
        }
    }
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
    /// Which one that is, once it is written down.
    pub dialog: Option<DialogVersion>,
    /// The platform's id of a message in the same place whose buttons are out of date.
    pub retires: Option<String>,
    /// It shows whoever asked for that ticket how it stands.
    pub own_card: Option<CardShown>,
    /// Ring: on Telegram a message in a shared place is silent unless it rings.
    pub rings: bool,
}

/// What is known of a card of whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardShown {
    /// The version of the ticket.
    pub version: u32,
    /// It shows what was said last, too.
    pub is_whole: bool,
    /// The platform's id of the message in the same place that was the card so far: it loses its buttons.
    pub former: Option<String>,
    /// The moment from which a button of it is of no more use, if there is one.
    #[serde(default)]
    pub lapses_at: Option<DateTime<Utc>>,
}

/// How many characters of a long text go into one message: with every one of them escaped it is still within the
/// 2,000 of a Discord message.
const PART: usize = 950;

impl Message {
    /// The platform's ids of the messages in the same place whose buttons are out of date once it is sent.
    pub fn outdated(&self) -> impl Iterator<Item = &String> {
        let former = self.own_card.as_ref().and_then(|card| card.former.as_ref());
        self.retires.iter().chain(former)
    }

    /// Whether both say all they have to say in one message.
    #[must_use]
    pub fn takes(&self, other: &Self) -> bool {
        let plain = |message: &Self| message.buttons.is_empty() && message.files.is_empty();
        plain(self) && plain(other) && self.about == other.about && self.characters() + other.characters() <= PART
    }

    /// Says what the other says after its own.
    pub fn append(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
        self.rings |= other.rings;
    }

    fn characters(&self) -> usize {
        let of = |block: &Block| match block {
            Block::Title(text) | Block::Text(text) | Block::Quote(text) | Block::Verbatim(text) => text.chars().count(),
            Block::Once { shown, lost } | Block::OnceLink { shown, lost } => shown.or(lost).chars().count(),
            // A name or a moment is short; its exact length is the renderer's.
            Block::Facts(facts) => facts.len() * 40,
        };
        self.blocks.iter().map(of).sum()
    }

    /// The message as one or several, each of which every platform takes whole: the first long text is spread
    /// over them, and what follows it, buttons and files included, comes with the last.
    #[must_use]
    pub fn parts(mut self) -> Vec<Self> {
        let is_long = |block: &Block| match block {
            Block::Text(text) | Block::Quote(text) => text.chars().count() > PART,
            _ => false,
        };
        let Some(at) = self.blocks.iter().position(is_long) else {
            return vec![self];
        };
        let after = self.blocks.split_off(at + 1);
        let Some(Block::Text(text) | Block::Quote(text)) = self.blocks.pop() else {
            return vec![self];
        };
        let mut pieces = pieces(&text);
        let last = pieces.pop().unwrap_or_default();
        let mut parts: Vec<Self> = pieces
            .into_iter()
            .map(|piece| Self {
                blocks: vec![Block::Quote(piece)],
                about: self.about,
                rings: self.rings,
                ..Self::default()
            })
            .collect();
        if let Some(first) = parts.first_mut() {
            first.blocks.splice(0..0, std::mem::take(&mut self.blocks));
        }
        self.blocks.push(Block::Quote(last));
        self.blocks.extend(after);
        parts.push(self);
        parts
    }
}

/// Cuts a text in pieces of at most [`PART`] characters, at a line or a word where there is one.
fn pieces(text: &str) -> Vec<String> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while rest.chars().nth(PART).is_some() {
        let head = beginning(rest, PART);
        let at = head
            .rfind('\n')
            .or_else(|| head.rfind(' '))
            .filter(|at| *at > 0)
            .unwrap_or(head.len());
        pieces.push(rest[..at].to_owned());
        rest = rest[at..].trim_start_matches(['\n', ' ']);
    }
    pieces.push(rest.to_owned());
    pieces
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
    /// The same, for what is never stored: an answer that is read from the database again says `lost` instead.
    Once {
        /// What is shown, the first time.
        #[serde(skip)]
        shown: Unstored,
        /// What is shown after that.
        lost: String,
    },
    /// An address to follow, which is never stored either.
    OnceLink {
        /// The address, the first time.
        #[serde(skip)]
        shown: Unstored,
        /// What is shown after that.
        lost: String,
    },
}

/// Words that neither the database nor a log has.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unstored(Option<String>);

impl Unstored {
    /// These words.
    #[must_use]
    pub fn new(words: String) -> Self {
        Self(Some(words))
    }

    /// The words, or what is shown once they are lost.
    #[must_use]
    pub fn or<'a>(&'a self, lost: &'a str) -> &'a str {
        self.0.as_deref().unwrap_or(lost)
    }
}

impl fmt::Debug for Unstored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unstored(…)")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_once_is_not_in_what_is_stored() {
        let (shown, lost) = (Unstored::new("/link 7KQ2-M9XD".to_owned()), "perdu".to_owned());
        let block = Block::Once { shown, lost };
        let stored = serde_json::to_string(&block).unwrap();
        assert!(
            !stored.contains("7KQ2") && !format!("{block:?}").contains("7KQ2"),
            "{stored}"
        );
        let Ok(Block::Once { shown, lost }) = serde_json::from_str(&stored) else {
            panic!("{stored}")
        };
        assert_eq!(shown.or(&lost), "perdu");
    }

    #[test]
    fn a_long_text_is_spread_over_several_messages_and_nothing_is_lost() {
        let words: Vec<String> = (0..1_000).map(|number| format!("mot{number}")).collect();
        let text = words.join(" ");
        let (title, hint) = (Block::Title("t".into()), Block::Text("h".into()));
        let blocks = vec![title.clone(), Block::Quote(text), hint.clone()];
        let parts = Message {
            blocks,
            ..Message::default()
        }
        .parts();
        assert_eq!(parts[0].blocks[0], title);
        assert_eq!(parts.last().and_then(|last| last.blocks.last()), Some(&hint));
        let mut said = Vec::new();
        for block in parts.iter().flat_map(|part| &part.blocks) {
            if let Block::Quote(piece) = block {
                assert!(piece.chars().count() <= PART);
                said.push(piece.clone());
            }
        }
        assert_eq!(said.join(" "), words.join(" "));
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let parts = Message {
            blocks: vec![Block::Text("é".repeat(2_000))],
            ..Message::default()
        }
        .parts();
        assert_eq!(parts.len(), 3);
    }

    #[test]
    fn joined_emoji_stay_together() {
        let family = "👩‍👩‍👧‍👦";
        let text = family.repeat(300);
        let parts = Message {
            blocks: vec![Block::Quote(text.clone())],
            ..Message::default()
        }
        .parts();
        let pieces: Vec<&str> = parts
            .iter()
            .flat_map(|part| &part.blocks)
            .map(|block| match block {
                Block::Quote(piece) => piece.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(pieces.concat(), text);
        assert!(
            pieces.iter().all(|piece| piece.replace(family, "").is_empty()),
            "{pieces:?}"
        );
    }
}
