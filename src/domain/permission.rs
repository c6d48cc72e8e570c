//! What a role permits beyond a single ticket; what it permits with one is in [`transition`](super::transition).
//!
//! A use case that only some may do takes a [`Permit`], which only the check can make. To add one: a variant of
//! [`Right`] with its line in the table, and a type of its own that is [`Held`].

use std::marker::PhantomData;

use super::account::{Actor, Role};
use super::ids::AccountId;
use super::transition::Refusal;

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See everybody's tickets.
    EveryTicket,
    /// See what could not be delivered, and send it again.
    Deliveries,
    /// Say where the team works.
    Places,
    /// Invite people, see who they are, and change what they may do.
    People,
    /// See the tickets that are deleted, and purge them.
    Purge,
    /// Add, change and remove canned replies.
    CannedReplies,
    /// Add, change and retire categories.
    Categories,
    /// Open a ticket in somebody else's name.
    OpenForOthers,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 8] = [
        Self::EveryTicket,
        Self::Deliveries,
        Self::Places,
        Self::People,
        Self::Purge,
        Self::CannedReplies,
        Self::Categories,
        Self::OpenForOthers,
    ];

    /// The table.
    #[must_use]
    pub fn is_of(self, role: Role) -> bool {
        match self {
            Self::EveryTicket | Self::OpenForOthers => role.is_staff(),
            Self::Deliveries | Self::Places | Self::People | Self::Purge | Self::CannedReplies | Self::Categories => {
                role == Role::Admin
            }
        }
    }

    /// What somebody hears who does not have it.
    fn refusal(self) -> Refusal {
        match self {
            Self::EveryTicket => Refusal::StaffOnly,
            Self::OpenForOthers => Refusal::ForOneself,
            Self::Deliveries | Self::Places | Self::People | Self::Purge | Self::CannedReplies | Self::Categories => {
                Refusal::AdminOnly
            }
        }
    }
}

/// A right, as a type.
pub trait Held {
    /// The right.
    const RIGHT: Right;
}

/// That somebody has a right: made by [`Actor::permit`], and by [`Permit::of_the_operator`].
#[derive(Clone, Copy, Debug)]
pub struct Permit<R> {
    by: Option<AccountId>,
    right: PhantomData<R>,
}

impl<R> Permit<R> {
    /// Whoever runs the program may do everything, and has no account by which to say so. For the command line alone.
    #[must_use]
    pub fn of_the_operator() -> Self {
        Self {
            by: None,
            right: PhantomData,
        }
    }

    /// Whose it is; nobody's from the command line.
    #[must_use]
    pub fn by(&self) -> Option<AccountId> {
        self.by
    }
}

impl Actor {
    /// The permit for what they want to do.
    ///
    /// # Errors
    /// What they hear when their role does not permit it.
    pub fn permit<R: Held>(&self) -> Result<Permit<R>, Refusal> {
        if R::RIGHT.is_of(self.role) {
            Ok(Permit {
                by: Some(self.account),
                right: PhantomData,
            })
        } else {
            Err(R::RIGHT.refusal())
        }
    }
}

/// [`Right::EveryTicket`].
#[derive(Clone, Copy, Debug)]
pub struct EveryTicket;
/// [`Right::Deliveries`].
#[derive(Clone, Copy, Debug)]
pub struct Deliveries;
/// [`Right::Places`].
#[derive(Clone, Copy, Debug)]
pub struct Places;
/// [`Right::People`].
#[derive(Clone, Copy, Debug)]
pub struct People;
/// [`Right::Purge`].
#[derive(Clone, Copy, Debug)]
pub struct Purge;
/// [`Right::CannedReplies`].
#[derive(Clone, Copy, Debug)]
pub struct CannedReplies;
/// [`Right::Categories`].
#[derive(Clone, Copy, Debug)]
pub struct Categories;
/// [`Right::OpenForOthers`].
#[derive(Clone, Copy, Debug)]
pub struct OpenForOthers;

/// Whoever deletes somebody purges their tickets.
impl From<Permit<People>> for Permit<Purge> {
    fn from(permit: Permit<People>) -> Self {
        Self {
            by: permit.by,
            right: PhantomData,
        }
    }
}

impl Held for EveryTicket {
    const RIGHT: Right = Right::EveryTicket;
}

impl Held for Deliveries {
    const RIGHT: Right = Right::Deliveries;
}

impl Held for Places {
    const RIGHT: Right = Right::Places;
}

impl Held for People {
    const RIGHT: Right = Right::People;
}

impl Held for Purge {
    const RIGHT: Right = Right::Purge;
}

impl Held for CannedReplies {
    const RIGHT: Right = Right::CannedReplies;
}

impl Held for Categories {
    const RIGHT: Right = Right::Categories;
}

impl Held for OpenForOthers {
    const RIGHT: Right = Right::OpenForOthers;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::IdentityId;

    fn actor(role: Role) -> Actor {
        Actor {
            account: AccountId(1),
            identity: IdentityId(1),
            role,
        }
    }

    #[test]
    fn each_right_is_of_those_it_is_for() {
        let table = Right::ALL.map(|right| (right, Role::ALL.map(|role| right.is_of(role))));
        assert_eq!(
            table,
            [
                (Right::EveryTicket, [false, true, true]),
                (Right::Deliveries, [false, false, true]),
                (Right::Places, [false, false, true]),
                (Right::People, [false, false, true]),
                (Right::Purge, [false, false, true]),
                (Right::CannedReplies, [false, false, true]),
                (Right::Categories, [false, false, true]),
                (Right::OpenForOthers, [false, true, true]),
            ]
        );
    }

    #[test]
    fn a_permit_is_made_by_the_table() {
        for role in Role::ALL {
            let made = [
                actor(role).permit::<EveryTicket>().is_ok(),
                actor(role).permit::<Deliveries>().is_ok(),
                actor(role).permit::<Places>().is_ok(),
                actor(role).permit::<People>().is_ok(),
                actor(role).permit::<Purge>().is_ok(),
                actor(role).permit::<CannedReplies>().is_ok(),
                actor(role).permit::<Categories>().is_ok(),
                actor(role).permit::<OpenForOthers>().is_ok(),
            ];
            assert_eq!(made, Right::ALL.map(|right| right.is_of(role)), "{role:?}");
        }
    }
}
