//! What a command takes, besides its name. To add a kind: a variant of [`OptionKind`], its code, and its `option-…`
//! sentences in the locale files.

/// An option of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// What it holds.
    pub kind: OptionKind,
    /// Whether Discord asks for it; on Telegram what is missing is asked for in the conversation.
    pub required: bool,
}

/// What an option holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// A ticket's number.
    Number,
    /// Words.
    Text,
    /// Words that are looked for.
    Words,
    /// An urgency.
    Urgency,
    /// A category.
    Category,
    /// When tickets were opened.
    Opened,
    /// Where tickets stand.
    Status,
    /// A language.
    Language,
    /// A one-time code.
    Code,
    /// A name, or a part of one.
    Person,
    /// The name of somebody for whom a ticket is opened, or a part of it, or their address.
    For,
    /// The name of somebody of the team, or a part of it.
    Colleague,
    /// A role.
    Role,
    /// An e-mail address.
    Email,
    /// Stars, from one to five.
    Stars,
    /// The name of a canned reply, or a part of it.
    Canned,
    /// What a ticket is to another.
    Relation,
    /// The number of another ticket, or the address of a page.
    Target,
    /// A channel of the server.
    Channel,
}

impl OptionKind {
    /// The name by which platforms send it back, and the middle of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Words => "words",
            Self::Urgency => "urgency",
            Self::Category => "category",
            Self::Opened => "opened",
            Self::Status => "status",
            Self::Language => "language",
            Self::Code => "code",
            Self::Person => "person",
            Self::For => "for",
            Self::Colleague => "colleague",
            Self::Role => "role",
            Self::Email => "email",
            Self::Stars => "stars",
            Self::Canned => "canned",
            Self::Relation => "relation",
            Self::Target => "target",
            Self::Channel => "channel",
        }
    }
}

pub(super) const NUMBER: OptionSpec = optional(OptionKind::Number);
pub(super) const TEXT: OptionSpec = optional(OptionKind::Text);

pub(super) const fn optional(kind: OptionKind) -> OptionSpec {
    OptionSpec { kind, required: false }
}
