//! Where a notice goes, and whom it concerns.

use super::Notice;
use crate::domain::ids::{IdentityId, PlaceId, TicketId};

impl Notice {
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
            | Self::Unread { identity, .. }
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

    /// What tells, of the place or person it is for, the shard and the carrier. The shard is that of the chat's inbox
    /// lane, so that one replica both answers there and tells.
    pub(in crate::store::outbox) fn address(&self) -> (&'static str, &'static str, u64) {
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
            | Self::Unread { identity, .. }
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
            | Self::Unread { identity, ticket, .. }
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
