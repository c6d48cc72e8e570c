//! A command as somebody used it: typed, under files, or with options.

use super::super::intent::{IncomingFile, Intent};
use super::{Command, NUMBER};

/// A channel, chosen among those of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenChannel {
    /// The platform's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub kind: ChannelKind,
}

/// What a channel is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// Messages.
    Text,
    /// Posts.
    Forum,
    /// Something else, or the platform did not tell.
    Other,
}

/// A command as somebody used it. What was typed stays text: chat reads it, and answers what it can't read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The command.
    pub command: Command,
    /// The ticket's number.
    pub number: Option<String>,
    /// The words after it.
    pub text: String,
    /// The code of an urgency.
    pub urgency: Option<String>,
    /// The name of a category, where it stands apart from the words.
    pub category: Option<String>,
    /// The name of somebody for whom a ticket is opened, where it stands apart from the words.
    pub for_whom: Option<String>,
    /// The name of a colleague, where it stands apart from the words.
    pub colleague: Option<String>,
    /// How many stars, where they stand apart from the words.
    pub stars: Option<String>,
    /// The code of what a ticket is to another.
    pub relation: Option<String>,
    /// The channel that was chosen with it.
    pub channel: Option<ChosenChannel>,
    /// The platform's id of the message that it answers.
    pub reply_to: Option<String>,
    /// The names of the files that came with it. No command takes any, and the person is told so.
    pub files: Vec<String>,
}

impl Call {
    fn new(command: Command) -> Self {
        Self {
            command,
            number: None,
            text: String::new(),
            urgency: None,
            category: None,
            for_whom: None,
            colleague: None,
            stars: None,
            relation: None,
            channel: None,
            reply_to: None,
            files: Vec::new(),
        }
    }
}

/// Reads a message that starts with a slash (`/take@GuichetBot 12`); `None` when it is not a command.
#[must_use]
pub fn from_text(message: &str) -> Option<Intent> {
    let rest = message.strip_prefix('/')?;
    let (head, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let name = head.split('@').next().unwrap_or_default();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        return None;
    }
    let Some(command) = Command::find(name) else {
        return Some(Intent::UnknownCommand(format!("/{name}")));
    };
    let mut call = Call::new(command);
    let mut words = tail.trim();
    if command.options().contains(&NUMBER) {
        let (first, after) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let digits = first.trim_start_matches(['#', '№']);
        if digits.starts_with(|c: char| c.is_ascii_digit()) || (digits.starts_with('-') && digits.len() > 1) {
            call.number = Some(digits.to_owned());
            words = after.trim_start();
        }
    }
    words.clone_into(&mut call.text);
    Some(Intent::Command(call))
}

/// Reads the words under these files: a command stays one, so that a note written as a caption never reaches the
/// requester as words.
#[must_use]
pub fn from_caption(caption: &str, files: &[IncomingFile]) -> Option<Intent> {
    let mut intent = from_text(caption)?;
    if let Intent::Command(call) = &mut intent {
        call.files = files.iter().map(|file| file.name.clone()).collect();
    }
    Some(intent)
}

/// Reads a slash command and its options: (name, value) pairs, by the names of [`OptionKind::code`](super::OptionKind::code).
#[must_use]
pub fn from_options(name: &str, options: &[(String, String)]) -> Intent {
    let Some(command) = Command::find(name) else {
        return Intent::UnknownCommand(format!("/{name}"));
    };
    let mut call = Call::new(command);
    for (option, value) in options {
        match option.as_str() {
            "number" => call.number = Some(value.clone()),
            "urgency" => call.urgency = Some(value.clone()),
            "category" => call.category = Some(value.clone()),
            "for" => call.for_whom = Some(value.clone()),
            "colleague" => call.colleague = Some(value.clone()),
            "stars" => call.stars = Some(value.clone()),
            "relation" => call.relation = Some(value.clone()),
            // Its id alone: the adapter knows what it is called.
            "channel" => {}
            // What is typed on one line where there are no options.
            _ if !call.text.is_empty() => call.text = format!("{} {value}", call.text),
            _ => call.text.clone_from(value),
        }
    }
    Intent::Command(call)
}
