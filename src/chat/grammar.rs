//! The one grammar of commands, for both platforms: `/take 12` typed on Telegram and a slash command with
//! options on Discord both become a [`Call`].
//!
//! To add a command: a variant of [`Command`], its options in [`Command::options`], and its
//! `command-…` sentences in the locale files.

use crate::domain::language::Language;

mod call;
mod option;

pub use self::call::{Call, ChannelKind, ChosenChannel, from_caption, from_options, from_text};
use self::option::{NUMBER, TEXT, optional};
pub use self::option::{OptionKind, OptionSpec};

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// The first word on Telegram.
    Start,
    /// What one can do.
    Help,
    /// Open a ticket.
    Ticket,
    /// List tickets.
    Tickets,
    /// List those that nobody has taken.
    Queue,
    /// See what waits for one.
    MyDay,
    /// Look for tickets by their words.
    Search,
    /// Show one ticket.
    Show,
    /// Show what was done to a ticket.
    History,
    /// Be sent a ticket as a file.
    Transcript,
    /// Add a word to a ticket; from staff, an answer to its requester.
    Reply,
    /// Take back what one wrote on a ticket.
    Retract,
    /// Withdraw one's ticket.
    Cancel,
    /// Take a ticket.
    Take,
    /// Give a ticket back.
    Release,
    /// Put somebody of the team in charge.
    Assign,
    /// Pass a ticket on to a colleague.
    HandOver,
    /// Call a colleague to help.
    Helper,
    /// Change how urgent a ticket is.
    Urgency,
    /// Change a ticket's category.
    Category,
    /// Change a ticket's title.
    Title,
    /// Change a ticket's description.
    Describe,
    /// Ask the requester for information.
    Ask,
    /// Write an internal note.
    Note,
    /// See the canned replies, or send one.
    Canned,
    /// See the categories, and change them.
    Categories,
    /// Resolve with a report.
    Resolve,
    /// Reopen a resolved ticket.
    Reopen,
    /// Close a resolved ticket.
    Close,
    /// Open a ticket that follows a closed one.
    FollowUp,
    /// Link a ticket to another, or to a page.
    Relate,
    /// Delete a ticket.
    Delete,
    /// List the tickets that are deleted.
    Deleted,
    /// Restore a deleted ticket.
    Restore,
    /// Erase a deleted ticket for ever.
    Purge,
    /// Say how it went, once it is closed.
    Rate,
    /// Choose the language.
    Language,
    /// Who one is here, and from which chats.
    Me,
    /// Choose how soon and where one is told what concerns one.
    Notify,
    /// Say a one-time code; without one, be given one for another chat.
    Link,
    /// Link a chat no more.
    Unlink,
    /// Look people up.
    Users,
    /// Invite somebody.
    Invite,
    /// Make this place the staff's.
    Setup,
    /// See what could not be delivered.
    Delivery,
}

impl Command {
    /// All commands, in the order in which help lists them.
    pub const ALL: [Self; 45] = [
        Self::Ticket,
        Self::Tickets,
        Self::Queue,
        Self::MyDay,
        Self::Search,
        Self::Show,
        Self::History,
        Self::Transcript,
        Self::Reply,
        Self::Retract,
        Self::Cancel,
        Self::Take,
        Self::Release,
        Self::Assign,
        Self::HandOver,
        Self::Helper,
        Self::Urgency,
        Self::Category,
        Self::Title,
        Self::Describe,
        Self::Ask,
        Self::Note,
        Self::Canned,
        Self::Resolve,
        Self::Reopen,
        Self::Close,
        Self::FollowUp,
        Self::Relate,
        Self::Delete,
        Self::Deleted,
        Self::Restore,
        Self::Purge,
        Self::Rate,
        Self::Language,
        Self::Me,
        Self::Notify,
        Self::Link,
        Self::Unlink,
        Self::Users,
        Self::Invite,
        Self::Categories,
        Self::Setup,
        Self::Delivery,
        Self::Help,
        Self::Start,
    ];

    /// The English name, by which the platforms register it, and the middle of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Help => "help",
            Self::Ticket => "ticket",
            Self::Tickets => "tickets",
            Self::Queue => "queue",
            Self::MyDay => "myday",
            Self::Search => "search",
            Self::Show => "show",
            Self::History => "history",
            Self::Transcript => "transcript",
            Self::Reply => "reply",
            Self::Retract => "retract",
            Self::Cancel => "cancel",
            Self::Take => "take",
            Self::Release => "release",
            Self::Assign => "assign",
            Self::HandOver => "handover",
            Self::Helper => "helper",
            Self::Urgency => "urgency",
            Self::Category => "category",
            Self::Title => "title",
            Self::Describe => "describe",
            Self::Ask => "ask",
            Self::Note => "note",
            Self::Canned => "canned",
            Self::Categories => "categories",
            Self::Resolve => "resolve",
            Self::Reopen => "reopen",
            Self::Close => "close",
            Self::FollowUp => "followup",
            Self::Relate => "relate",
            Self::Delete => "delete",
            Self::Deleted => "deleted",
            Self::Restore => "restore",
            Self::Purge => "purge",
            Self::Rate => "rate",
            Self::Language => "language",
            Self::Me => "me",
            Self::Notify => "notify",
            Self::Link => "link",
            Self::Unlink => "unlink",
            Self::Users => "users",
            Self::Invite => "invite",
            Self::Setup => "setup",
            Self::Delivery => "delivery",
        }
    }

    /// The French name, which both platforms understand too: lower-case ASCII, as Telegram requires.
    #[must_use]
    pub fn french(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Help => "aide",
            Self::Ticket => "ticket",
            Self::Tickets => "tickets",
            Self::Queue => "file",
            Self::MyDay => "journee",
            Self::Search => "chercher",
            Self::Show => "voir",
            Self::History => "historique",
            Self::Transcript => "transcription",
            Self::Reply => "repondre",
            Self::Retract => "retirer",
            Self::Cancel => "annuler",
            Self::Take => "prendre",
            Self::Release => "rendre",
            Self::Assign => "attribuer",
            Self::HandOver => "passer",
            Self::Helper => "renfort",
            Self::Urgency => "urgence",
            Self::Category => "categorie",
            Self::Title => "titre",
            Self::Describe => "decrire",
            Self::Ask => "demander",
            Self::Note => "note",
            Self::Canned => "reponses",
            Self::Categories => "categories",
            Self::Resolve => "resoudre",
            Self::Reopen => "rouvrir",
            Self::Close => "cloturer",
            Self::FollowUp => "suite",
            Self::Relate => "associer",
            Self::Delete => "supprimer",
            Self::Deleted => "corbeille",
            Self::Restore => "retablir",
            Self::Purge => "effacer",
            Self::Rate => "noter",
            Self::Language => "langue",
            Self::Me => "moi",
            Self::Notify => "prevenir",
            Self::Link => "link",
            Self::Unlink => "delier",
            Self::Users => "personnes",
            Self::Invite => "inviter",
            Self::Setup => "setup",
            Self::Delivery => "livraison",
        }
    }

    /// The name that people of this language type.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        match language {
            Language::Fr => self.french(),
            Language::En => self.code(),
        }
    }

    /// Its options, in the order in which they are typed.
    #[must_use]
    pub fn options(self) -> &'static [OptionSpec] {
        match self {
            Self::Start
            | Self::Help
            | Self::MyDay
            | Self::Deleted
            | Self::Retract
            | Self::Categories
            | Self::Me
            | Self::Notify
            | Self::Unlink
            | Self::Delivery => &[],
            Self::Setup => const { &[optional(OptionKind::Channel)] },
            Self::Tickets => const { &[optional(OptionKind::Opened), optional(OptionKind::Status)] },
            Self::Queue => const { &[optional(OptionKind::Opened)] },
            Self::Ticket => {
                const {
                    &[
                        optional(OptionKind::Urgency),
                        optional(OptionKind::Category),
                        optional(OptionKind::For),
                    ]
                }
            }
            Self::Search => const { &[optional(OptionKind::Words)] },
            Self::Show
            | Self::Cancel
            | Self::Take
            | Self::Release
            | Self::Close
            | Self::Delete
            | Self::Restore
            | Self::Purge
            | Self::History
            | Self::Transcript => &[NUMBER],
            Self::Assign | Self::Helper => const { &[NUMBER, optional(OptionKind::Colleague)] },
            Self::HandOver => const { &[NUMBER, optional(OptionKind::Colleague), TEXT] },
            Self::Urgency => const { &[NUMBER, optional(OptionKind::Urgency)] },
            Self::Category => const { &[NUMBER, optional(OptionKind::Category)] },
            Self::Rate => const { &[NUMBER, optional(OptionKind::Stars), TEXT] },
            Self::Relate => const { &[NUMBER, optional(OptionKind::Relation), optional(OptionKind::Target)] },
            Self::Canned => const { &[NUMBER, optional(OptionKind::Canned)] },
            Self::Reply
            | Self::Ask
            | Self::Note
            | Self::Resolve
            | Self::Reopen
            | Self::Title
            | Self::Describe
            | Self::FollowUp => &[NUMBER, TEXT],
            Self::Language => &[OptionSpec {
                kind: OptionKind::Language,
                required: true,
            }],
            Self::Users => const { &[optional(OptionKind::Person)] },
            Self::Invite => const { &[optional(OptionKind::Role), optional(OptionKind::Email)] },
            Self::Link => const { &[optional(OptionKind::Code)] },
        }
    }

    /// Finds the command by its English or French name, without regard to case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL
            .into_iter()
            .find(|command| command.code() == name || command.french() == name)
    }
}

#[cfg(test)]
mod tests;
