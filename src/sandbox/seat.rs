//! One person's view of one place, with the same verbs on both platforms.

use std::fmt;
use std::future::Future;

/// A file that a person attaches.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its media type, `image/png` for instance.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A message from the bot, as it stood when it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The platform's id of the message.
    pub message_id: i64,
    /// The text as a person reads it: formatting applied, so no tags and no escapes.
    pub text: String,
    /// The labels of its buttons, in reading order.
    pub buttons: Vec<String>,
    /// The names of its files.
    pub files: Vec<String>,
    /// How often it had been edited by then.
    pub edits: u32,
}

/// What a button, a command or a form got at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepted without a word (Discord's deferred update, an empty Telegram toast).
    Quiet,
    /// A short word to this person alone (Telegram's toast).
    Toast(String),
    /// A message, new or in place of the one pressed; on Discord perhaps only for this person.
    Message(Seen),
    /// A form opened (Discord only). Answer it with [`Seat::submits`].
    Form {
        /// The form's title.
        title: String,
        /// Its fields in order.
        fields: Vec<Field>,
    },
}

/// A field of a form that opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's label.
    pub label: String,
    /// What stands in it already.
    pub value: String,
}

/// Something expected that did not come, with all that did.
#[derive(Clone, Debug)]
pub struct Missed {
    /// What was waited for.
    pub expected: String,
    /// The place's history as this person saw it, a line a message.
    pub history: String,
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not seen; what was there:\n{}", self.expected, self.history)
    }
}

impl std::error::Error for Missed {}

/// One person's view of one place: their private chat with the bot, a channel, a thread, a group, a topic.
///
/// Waiting verbs wait for the thing itself, up to a generous deadline, and fail with the history.
pub trait Seat: Clone + Send + Sync + 'static {
    /// Writes a message. The id of the message is returned.
    fn says(&self, text: &str) -> impl Future<Output = i64> + Send;

    /// Writes a message with files; `caption` may be empty.
    fn sends(&self, files: &[Upload], caption: &str) -> impl Future<Output = i64> + Send;

    /// Writes a message in reply to one that was seen.
    fn replies(&self, to: &Seen, text: &str) -> impl Future<Output = i64> + Send;

    /// Waits until a message of the bot (new, or edited since this seat last matched it) contains `text`,
    /// and marks that version of it as read. Of several it is the one that changed first.
    ///
    /// # Errors
    /// [`Missed`] when it does not come.
    fn sees(&self, text: &str) -> impl Future<Output = Result<Seen, Missed>> + Send;

    /// Presses the button with that label (or whose label contains it) on a message as it now stands, and
    /// waits for what it gets.
    ///
    /// # Errors
    /// [`Missed`] when there is no such button, or no answer in the time that the platform allows.
    fn presses(&self, on: &Seen, label: &str) -> impl Future<Output = Result<Answer, Missed>> + Send;

    /// Uses a command: a registered slash command with named options on Discord, `/name value value` typed
    /// as a message on Telegram. `name` comes without the slash.
    ///
    /// # Errors
    /// [`Missed`] when nobody registered it (Discord), or no answer comes in the time that the platform allows.
    fn uses(&self, name: &str, options: &[(&str, &str)]) -> impl Future<Output = Result<Answer, Missed>> + Send;

    /// Fills the form that opened last for this person and sends it: (label or field id, text) pairs;
    /// fields not named keep what stands in them.
    ///
    /// # Errors
    /// [`Missed`] when no form is open, a required field is empty, or no answer comes in time.
    fn submits(&self, fields: &[(&str, &str)]) -> impl Future<Output = Result<Answer, Missed>> + Send;

    /// The bot's messages this seat has not matched with [`Seat::sees`], as they now stand, in the order in which they
    /// changed.
    fn unread(&self) -> Vec<Seen>;

    /// A message of the bot as it now stands, if it is still there; it is read then.
    fn looks_at(&self, message_id: i64) -> Option<Seen>;

    /// Everything in this place as this person sees it now, a line a message.
    fn history(&self) -> String;
}
