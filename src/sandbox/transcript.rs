//! What everybody wrote and saw, in the order in which it happened.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// The platform on which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
}

/// Something a person did or was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// They wrote a message, with the names of the files attached to it.
    Wrote {
        /// The message as typed.
        text: String,
        /// The names of its files.
        files: Vec<String>,
    },
    /// They pressed a button with this label.
    Pressed(String),
    /// They used a slash command, options included as they would read on the screen.
    Used(String),
    /// They filled a form in: its title and (label, what was typed) pairs.
    Filled {
        /// The form's title.
        title: String,
        /// The label of each field and what was typed in it.
        fields: Vec<(String, String)>,
    },
    /// A message from the bot appeared or changed before their eyes.
    Saw {
        /// The text as a person reads it: formatting applied, so no tags and no escapes.
        text: String,
        /// The labels of its buttons, in reading order.
        buttons: Vec<String>,
        /// The names of its files.
        files: Vec<String>,
        /// An existing message changed, rather than a new one appearing.
        edited: bool,
        /// Only they can see it (Discord's ephemeral messages, Telegram's toasts).
        only_them: bool,
    },
    /// A form opened: its title and the labels of its fields.
    Form {
        /// The form's title.
        title: String,
        /// The labels of its fields.
        fields: Vec<String>,
    },
    /// The bot put this reaction on a message of theirs.
    Reaction(String),
}

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, by the story's clock.
    pub at: DateTime<Utc>,
    /// The person's display name.
    pub person: String,
    /// The platform.
    pub via: Via,
    /// The place as the person names it: `private`, `#support`, `#support › N° 1 · Chargeur`.
    pub place: String,
    /// What happened.
    pub what: What,
}

/// The transcript of a whole world; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Transcript(Arc<Mutex<Vec<Line>>>);

impl Transcript {
    /// Adds a line at the end.
    pub fn add(&self, line: Line) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Everything so far.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
