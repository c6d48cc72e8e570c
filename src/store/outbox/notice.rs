//! What there is to tell, whom, and where it goes.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::ids::{CommentId, IdentityId, LetterId, PlaceId, TicketId};
use crate::domain::language::Language;
use crate::domain::platform::Platform;
use crate::domain::receipt::Receipt;
use crate::domain::text::Email;

/// Something to tell, as it is kept: who and about what. What it says is read when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Bring the ticket's card in a staff place up to date.
    Card {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
    },
    /// Tell a staff place, in the ticket's thread, of a line of its history.
    Thread {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
    },
    /// Tell a person of a line of the ticket's history.
    Person {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
        /// Their other chats are told as well.
        #[serde(default)]
        everywhere: bool,
        /// Together with what else happens within the hour.
        #[serde(default)]
        gathered: bool,
    },
    /// Tell an admin of a new ticket.
    NewTicket {
        /// The admin's chat.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// Their other chats are told as well.
        #[serde(default)]
        everywhere: bool,
    },
    /// Bring the card of whoever asked, in their chat, up to date.
    OwnCard {
        /// The chat.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
    },
    /// Put a receipt on the message in which somebody wrote a comment.
    Marked {
        /// The chat they wrote it from.
        identity: IdentityId,
        /// The comment.
        comment: CommentId,
        /// What it says.
        #[serde(rename = "sign", deserialize_with = "worth_telling")]
        receipt: Receipt,
    },
    /// Tell a person of a line of the ticket's history in another of their chats than the one it was for, which is said there.
    PersonInstead {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// The line.
        seq: u32,
        /// The chat in which they can't be reached.
        instead_of: IdentityId,
        /// Together with what else was to be told there.
        #[serde(default)]
        gathered: bool,
    },
    /// Tell a staff place, in the ticket's thread, that somebody did not get a word.
    Unreached {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
        /// The chat in which the person can't be reached.
        identity: IdentityId,
    },
    /// Tell an admin that a staff place can't be written to any more.
    PlaceLost {
        /// The admin's chat.
        identity: IdentityId,
        /// The place.
        place: PlaceId,
    },
    /// Tell a person that another chat is theirs from now on.
    Linked {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The other chat.
        chat: IdentityId,
    },
    /// Tell a chat that it is nobody's any more.
    Unlinked {
        /// The chat.
        identity: IdentityId,
        /// From where; earlier versions did not say.
        #[serde(default)]
        whence: Whence,
    },
    /// Tell a person that another chat is theirs no more.
    OtherUnlinked {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The other chat.
        chat: IdentityId,
        /// From where.
        whence: Whence,
    },
    /// Tell a chat what the page answered for which it waits.
    LinkAnswered {
        /// The chat.
        identity: IdentityId,
        /// It is linked.
        yes: bool,
    },
    /// Tell a chat that the page for which it waited did not answer in time; due only then.
    LinkLapsed {
        /// The chat.
        identity: IdentityId,
    },
    /// Tell a person what they are here from now on.
    Role {
        /// The chat to tell them in.
        identity: IdentityId,
    },
    /// Tell a person that the password of their account is another from now on.
    PasswordChanged {
        /// The chat to tell them in.
        identity: IdentityId,
    },
    /// Send a person, who asked for it, all that they may read of a ticket, as a file.
    Transcript {
        /// The chat to send it to.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
    },
    /// Leave nothing in a staff place of a ticket that was purged.
    Purged {
        /// The place.
        place: PlaceId,
        /// The ticket.
        ticket: TicketId,
    },
    /// Tell somebody whose account was deleted. Nothing else is known of them any more.
    Farewell {
        /// The chat that was theirs: it is told this last.
        identity: IdentityId,
        /// The platform.
        platform: Platform,
        /// The platform's id of the person.
        user_id: String,
        /// The private chat with them, once known.
        chat: Option<String>,
        /// The language spoken there.
        language: Language,
    },
    /// Mail a letter.
    Letter {
        /// The letter.
        letter: LetterId,
        /// What stands for the address, which is nowhere but in the letter: letters to one go in order.
        mailbox: u32,
    },
    /// Tell a person that the mail server does not take the letter that they asked for.
    LetterRefused {
        /// The chat in which they asked.
        identity: IdentityId,
        /// The letter.
        letter: LetterId,
    },
}

/// From where a chat was unlinked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whence {
    /// From that chat of its owner's.
    Chat(IdentityId),
    /// From their page.
    Page,
    /// By an admin, or from the command line.
    #[default]
    Admin,
}

/// A receipt that something becomes known by. That a note is kept is said in the answer to it.
fn worth_telling<'de, D: Deserializer<'de>>(code: D) -> Result<Receipt, D::Error> {
    match Receipt::deserialize(code)? {
        Receipt::Noted => Err(D::Error::custom("the receipt for a note is no notice")),
        receipt => Ok(receipt),
    }
}

impl Notice {
    /// That a letter is to be mailed to an address.
    #[must_use]
    pub fn letter(letter: LetterId, address: &Email) -> Self {
        let mailbox = crc32fast::hash(address.as_str().as_bytes());
        Self::Letter { letter, mailbox }
    }

    /// The destination: notices of one destination go in order. A ticket in a place is one, and a mailbox.
    pub(in crate::store) fn dest(&self) -> String {
        match self {
            Self::Card { place, ticket }
            | Self::Thread { place, ticket, .. }
            | Self::Unreached { place, ticket, .. }
            | Self::Purged { place, ticket } => {
                format!("place:{place}:{ticket}")
            }
            // What is due only later holds nothing up.
            Self::Person {
                identity,
                gathered: true,
                ..
            }
            | Self::PersonInstead {
                identity,
                gathered: true,
                ..
            } => Self::digest_of(*identity),
            Self::Person { identity, .. }
            | Self::OwnCard { identity, .. }
            | Self::NewTicket { identity, .. }
            | Self::PersonInstead { identity, .. }
            | Self::PlaceLost { identity, .. }
            | Self::Linked { identity, .. }
            | Self::Unlinked { identity, .. }
            | Self::OtherUnlinked { identity, .. }
            | Self::LinkAnswered { identity, .. }
            | Self::Role { identity }
            | Self::PasswordChanged { identity }
            | Self::LetterRefused { identity, .. }
            | Self::Farewell { identity, .. } => {
                format!("person:{identity}")
            }
            // What is but a courtesy holds nothing up.
            Self::Marked { identity, .. } => format!("person:{identity}:signs"),
            // What takes long to send holds nothing up.
            Self::Transcript { identity, .. } => Self::file_for(*identity),
            // What is due only later holds nothing up.
            Self::LinkLapsed { identity } => format!("person:{identity}:link"),
            Self::Letter { mailbox, .. } => format!("mail:{mailbox:08x}"),
        }
    }

    /// The destination of what is sent to a chat as a file.
    pub(in crate::store) fn file_for(chat: IdentityId) -> String {
        format!("person:{chat}:file")
    }

    /// The destination of what is gathered for a chat, to be told there in one message.
    pub(in crate::store) fn digest_of(chat: IdentityId) -> String {
        format!("person:{chat}:digest")
    }

    /// The same among what is gathered for another of their chats; for the first time `instead_of` this one, which is
    /// said there.
    #[must_use]
    pub fn gathered_at(self, chat: IdentityId, instead_of: Option<IdentityId>) -> Self {
        match (self, instead_of) {
            (Self::Person { ticket, seq, .. } | Self::PersonInstead { ticket, seq, .. }, Some(instead_of)) => {
                Self::PersonInstead {
                    identity: chat,
                    ticket,
                    seq,
                    instead_of,
                    gathered: true,
                }
            }
            (Self::Person { ticket, seq, .. } | Self::PersonInstead { ticket, seq, .. }, None) => Self::Person {
                identity: chat,
                ticket,
                seq,
                everywhere: false,
                gathered: true,
            },
            (other, _) => other,
        }
    }

    /// Whether it waits to be told together with others.
    #[must_use]
    pub fn is_gathered(&self) -> bool {
        matches!(
            self,
            Self::Person { gathered: true, .. } | Self::PersonInstead { gathered: true, .. }
        )
    }

    /// What tells, of the place or person it is for, the shard and the carrier. The shard is that of the chat's inbox
    /// lane, so that one replica both answers there and tells.
    pub(super) fn address(&self) -> (&'static str, &'static str, u64) {
        match self {
            Self::Card { place, .. }
            | Self::Thread { place, .. }
            | Self::Unreached { place, .. }
            | Self::Purged { place, .. } => (
                "COALESCE((SELECT CRC32(chat) % 64 FROM places WHERE id = ",
                "COALESCE((SELECT platform FROM places WHERE id = ",
                place.0,
            ),
            Self::Person { identity, .. }
            | Self::OwnCard { identity, .. }
            | Self::Marked { identity, .. }
            | Self::NewTicket { identity, .. }
            | Self::PersonInstead { identity, .. }
            | Self::PlaceLost { identity, .. }
            | Self::Linked { identity, .. }
            | Self::Unlinked { identity, .. }
            | Self::OtherUnlinked { identity, .. }
            | Self::LinkAnswered { identity, .. }
            | Self::Role { identity }
            | Self::PasswordChanged { identity }
            | Self::LinkLapsed { identity }
            | Self::Transcript { identity, .. }
            | Self::LetterRefused { identity, .. }
            | Self::Farewell { identity, .. } => (
                "COALESCE((SELECT CRC32(user_id) % 64 FROM identities WHERE id = ",
                "COALESCE((SELECT platform FROM identities WHERE id = ",
                identity.0,
            ),
            Self::Letter { letter, .. } => (
                "COALESCE((SELECT CRC32(address) % 64 FROM letters WHERE id = ",
                "COALESCE((SELECT 'mail' FROM letters WHERE id = ",
                letter.0,
            ),
        }
    }

    /// The ticket it is about.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        self.concerned().0
    }

    /// The chat of the person it is for.
    #[must_use]
    pub fn identity(&self) -> Option<IdentityId> {
        self.concerned().1
    }

    /// The place it is for, or about.
    #[must_use]
    pub fn place(&self) -> Option<PlaceId> {
        self.concerned().2
    }

    fn concerned(&self) -> (Option<TicketId>, Option<IdentityId>, Option<PlaceId>) {
        match self {
            Self::Card { place, ticket, .. }
            | Self::Thread { place, ticket, .. }
            | Self::Unreached { place, ticket, .. }
            | Self::Purged { place, ticket, .. } => (Some(*ticket), None, Some(*place)),
            Self::Person { identity, ticket, .. }
            | Self::OwnCard { identity, ticket }
            | Self::NewTicket { identity, ticket, .. }
            | Self::PersonInstead { identity, ticket, .. }
            | Self::Transcript { identity, ticket, .. } => (Some(*ticket), Some(*identity), None),
            Self::PlaceLost { identity, place } => (None, Some(*identity), Some(*place)),
            Self::Marked { identity, .. }
            | Self::Linked { identity, .. }
            | Self::Unlinked { identity, .. }
            | Self::OtherUnlinked { identity, .. }
            | Self::LinkAnswered { identity, .. }
            | Self::Role { identity }
            | Self::PasswordChanged { identity }
            | Self::LinkLapsed { identity }
            | Self::LetterRefused { identity, .. }
            | Self::Farewell { identity, .. } => (None, Some(*identity), None),
            Self::Letter { .. } => (None, None, None),
        }
    }
}

#[cfg(test)]
mod tests;
