//! What there is to tell, and whom.

mod route;

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
    /// Tell whoever asked that the team can't read yet what they wrote.
    Unread {
        /// The chat to tell them in.
        identity: IdentityId,
        /// The ticket.
        ticket: TicketId,
        /// The line of its history that came with their words.
        seq: u32,
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
}

#[cfg(test)]
mod tests;
