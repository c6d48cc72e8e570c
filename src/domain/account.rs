//! People: their role, and what they are to a ticket.

use std::str::FromStr;

use serde::Deserialize;

use super::ids::{AccountId, IdentityId};
use super::platform::UnknownCode;

/// What a person is here. It comes from the account, never from a platform's own roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Opens tickets.
    Learner,
    /// Takes and resolves them.
    Technician,
    /// Sees and does everything.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Learner, Self::Technician, Self::Admin];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Technician => "technician",
            Self::Admin => "admin",
        }
    }

    /// Whether this is one of those who work on other people's tickets.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self != Self::Learner
    }
}

impl FromStr for Role {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or_else(|| UnknownCode {
                what: "role",
                code: code.to_owned(),
            })
    }
}

/// What somebody is called; nothing, once their account is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named(Option<String>);

impl Named {
    /// As the database has it: without a name, or with an empty one, they are deleted.
    #[must_use]
    pub fn read(name: Option<String>) -> Self {
        Self(name.filter(|name| !name.is_empty()))
    }

    /// The name.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// What becomes of the tickets of somebody whose account is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TheirTickets {
    /// They stay, and nobody can be told from them.
    Keep,
    /// They are purged.
    Erase,
}

/// What an admin can do to somebody's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountDeed {
    /// Give it a role.
    Give(Role),
    /// Let its owner do nothing any more.
    Disable,
    /// Let them again.
    Enable,
    /// Unlink all of their chats.
    UnlinkAll,
    /// Show a one-time code, with which they come back.
    ShowCode,
    /// Show a one-time link, by which they choose a password.
    ShowLink,
    /// Delete it.
    Delete(TheirTickets),
}

impl AccountDeed {
    /// All deeds.
    pub const ALL: [Self; 10] = [
        Self::Give(Role::Learner),
        Self::Give(Role::Technician),
        Self::Give(Role::Admin),
        Self::Disable,
        Self::Enable,
        Self::UnlinkAll,
        Self::ShowCode,
        Self::ShowLink,
        Self::Delete(TheirTickets::Keep),
        Self::Delete(TheirTickets::Erase),
    ];

    /// The code that a button carries.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Give(role) => role.code(),
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::UnlinkAll => "unlink-all",
            Self::ShowCode => "code",
            Self::ShowLink => "reset",
            Self::Delete(TheirTickets::Keep) => "delete",
            Self::Delete(TheirTickets::Erase) => "erase",
        }
    }
}

/// How somebody unknown gets an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// They say who they are; their address is only stated.
    Open,
    /// They say so, and type a code back that was mailed to their address, which identifies them from then on.
    Email,
    /// Not without the code of an invitation.
    Invite,
}

/// A person with an account, at the moment they do something from one of their chats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their account.
    pub account: AccountId,
    /// The chat identity they act from.
    pub identity: IdentityId,
    /// Their role.
    pub role: Role,
}

/// What a person is to one ticket: all that a permission can depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Their role.
    pub role: Role,
    /// They asked for it.
    pub requester: bool,
    /// They are in charge of it.
    pub in_charge: bool,
    /// They help whoever is in charge of it.
    pub helps: bool,
}

impl Standing {
    /// May see the ticket at all.
    #[must_use]
    pub fn sees(self) -> bool {
        self.requester || self.role.is_staff()
    }

    /// May do what is reserved to the one in charge.
    #[must_use]
    pub fn leads(self) -> bool {
        self.in_charge || self.role == Role::Admin
    }

    /// May do what is reserved to those who work on it.
    #[must_use]
    pub fn works(self) -> bool {
        self.leads() || (self.helps && self.role.is_staff())
    }
}
