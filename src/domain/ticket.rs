//! A ticket and its states.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::account::{Actor, Standing};
use super::ids::{AccountId, CategoryId, IdentityId, TicketId};
use super::platform::UnknownCode;

/// The statuses, in the order of a ticket's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// En attente: nobody has it.
    Waiting,
    /// En cours: a technician has it.
    InProgress,
    /// En attente d'informations: its technician waits for the requester.
    AwaitingInfo,
    /// Résolu: its requester may confirm or reopen.
    Resolved,
    /// Clôturé: it can't be changed any more.
    Closed,
    /// Supprimé: nobody but an admin sees it, who may restore it.
    Deleted,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::InProgress,
        Self::AwaitingInfo,
        Self::Resolved,
        Self::Closed,
        Self::Deleted,
    ];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InProgress => "in_progress",
            Self::AwaitingInfo => "awaiting_info",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Deleted => "deleted",
        }
    }
}

impl FromStr for Status {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == code)
            .ok_or_else(|| UnknownCode {
                what: "status",
                code: code.to_owned(),
            })
    }
}

/// How urgent a ticket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Faible.
    Low,
    /// Moyenne.
    #[default]
    Medium,
    /// Haute.
    High,
}

impl Urgency {
    /// All urgencies.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl FromStr for Urgency {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|urgency| urgency.code() == code)
            .ok_or_else(|| UnknownCode {
                what: "urgency",
                code: code.to_owned(),
            })
    }
}

/// Where a ticket stands, with what belongs to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has it.
    Waiting,
    /// This technician has it.
    InProgress(AccountId),
    /// This technician waits for the requester.
    AwaitingInfo(AccountId),
    /// This technician resolved it.
    Resolved(AccountId),
    /// It is over; this technician had it, if any.
    Closed(Option<AccountId>),
    /// It is deleted; so it stood before.
    Deleted(Stood),
}

/// Where a ticket stood that is deleted: never deleted as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stood {
    status: Status,
    technician: Option<AccountId>,
}

impl Stood {
    /// The status in which it was.
    #[must_use]
    pub fn status(self) -> Status {
        self.status
    }
}

impl State {
    /// The state for a status and a technician; `None` for a pair that can't be.
    #[must_use]
    pub fn of(status: Status, technician: Option<AccountId>) -> Option<Self> {
        Some(match (status, technician) {
            (Status::Waiting, None) => Self::Waiting,
            (Status::InProgress, Some(technician)) => Self::InProgress(technician),
            (Status::AwaitingInfo, Some(technician)) => Self::AwaitingInfo(technician),
            (Status::Resolved, Some(technician)) => Self::Resolved(technician),
            (Status::Closed, technician) => Self::Closed(technician),
            _ => return None,
        })
    }

    /// Whether nobody but an admin may know of it.
    #[must_use]
    pub fn is_deleted(self) -> bool {
        matches!(self, Self::Deleted(_))
    }

    /// This state, deleted; what is deleted stays so.
    #[must_use]
    pub fn deleted(self) -> Self {
        match self {
            Self::Deleted(_) => self,
            state => Self::Deleted(Stood {
                status: state.status(),
                technician: state.technician(),
            }),
        }
    }

    /// The state before it was deleted; what is not deleted stays as it is.
    #[must_use]
    pub fn restored(self) -> Self {
        match self {
            Self::Deleted(stood) => Self::of(stood.status, stood.technician).unwrap_or(self),
            state => state,
        }
    }

    /// Its status.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::Waiting => Status::Waiting,
            Self::InProgress(_) => Status::InProgress,
            Self::AwaitingInfo(_) => Status::AwaitingInfo,
            Self::Resolved(_) => Status::Resolved,
            Self::Closed(_) => Status::Closed,
            Self::Deleted(_) => Status::Deleted,
        }
    }

    /// Who is in charge, or was.
    #[must_use]
    pub fn technician(self) -> Option<AccountId> {
        match self {
            Self::Waiting => None,
            Self::InProgress(technician) | Self::AwaitingInfo(technician) | Self::Resolved(technician) => {
                Some(technician)
            }
            Self::Closed(technician) => technician,
            Self::Deleted(stood) => stood.technician,
        }
    }
}

/// How much of a description a card shows, in characters; all of a longer one is told in the ticket's thread.
pub const CARD_EXCERPT: usize = 900;

/// How many colleagues help with a ticket at most: each has a button, beside one another.
pub const MOST_HELPERS: usize = 5;

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// What it is about, in the requester's words.
    pub description: String,
    /// Where it stands.
    pub state: State,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What it is about.
    pub category: CategoryId,
    /// Who asked.
    pub requester: AccountId,
    /// The chat they asked from.
    pub identity: IdentityId,
    /// Who helps whoever is in charge.
    pub helpers: Vec<AccountId>,
    /// How many changes it has seen.
    pub version: u32,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

impl Ticket {
    /// What this person is to the ticket.
    #[must_use]
    pub fn standing(&self, actor: &Actor) -> Standing {
        Standing {
            role: actor.role,
            requester: self.requester == actor.account,
            in_charge: self.state.technician() == Some(actor.account),
            helps: self.helpers.contains(&actor.account),
        }
    }
}
