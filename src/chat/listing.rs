//! Which tickets a list shows, and which page of it: what its buttons carry.

use std::fmt;
use std::str::FromStr;

use crate::domain::age::Age;
use crate::domain::ids::{AccountId, CategoryId};
use crate::domain::ticket::{Status, Urgency};

mod typed;

pub use self::typed::{age_name, read};

/// Whose tickets, and where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One's own that are open.
    Mine,
    /// One's own that are closed.
    MineOver,
    /// Those that nobody has taken.
    Queue,
    /// Those that one is in charge of, and that are not resolved.
    InHand,
    /// Everybody's that are not resolved.
    Team,
    /// Everybody's that are resolved.
    Resolved,
    /// Everybody's that are closed.
    Closed,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 7] = [
        Self::Mine,
        Self::MineOver,
        Self::Queue,
        Self::InHand,
        Self::Team,
        Self::Resolved,
        Self::Closed,
    ];

    /// The code that a button carries, and the end of its sentences' ids.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::MineOver => "over",
            Self::Queue => "queue",
            Self::InHand => "hand",
            Self::Team => "team",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// Whether it can be of what one of several technicians works on.
    #[must_use]
    pub fn is_of_technicians(self) -> bool {
        matches!(self, Self::Team | Self::Resolved | Self::Closed)
    }

    /// Where its tickets stand, where it is not of one's own.
    #[must_use]
    pub fn statuses(self) -> &'static [Status] {
        match self {
            Self::Mine | Self::MineOver => &[],
            Self::Team => &[Status::Waiting, Status::InProgress, Status::AwaitingInfo],
            Self::InHand => &[Status::InProgress, Status::AwaitingInfo],
            Self::Queue => &[Status::Waiting],
            Self::Resolved => &[Status::Resolved],
            Self::Closed => &[Status::Closed],
        }
    }

    /// The statuses of which one can be chosen: those of a scope that has several.
    #[must_use]
    pub fn choosable(self) -> &'static [Status] {
        let all = self.statuses();
        if all.len() > 1 { all } else { &[] }
    }

    /// Whether it is of one's own tickets, as whoever asked for them.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Self::Mine | Self::MineOver)
    }
}

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which tickets.
    pub scope: Scope,
    /// How urgent they are; all the same where there is none.
    pub urgency: Option<Urgency>,
    /// What they are about; anything where there is none.
    pub category: Option<CategoryId>,
    /// Who is in charge, or helps; anybody or nobody where there is none.
    pub technician: Option<AccountId>,
    /// When they were opened; whenever where there is none.
    pub age: Option<Age>,
    /// Where they stand; anywhere that those of the scope do where there is none.
    pub status: Option<Status>,
    /// The page, from 0 on.
    pub page: u8,
}

impl Listing {
    /// The first page of all tickets of a scope.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        Self {
            scope,
            urgency: None,
            category: None,
            technician: None,
            age: None,
            status: None,
            page: 0,
        }
    }

    /// Whose tickets it shows, where it can be anybody's.
    #[must_use]
    pub fn chosen_technician(self) -> Option<AccountId> {
        self.technician.filter(|_| self.scope.is_of_technicians())
    }

    /// Where its tickets stand.
    #[must_use]
    pub fn statuses(self) -> &'static [Status] {
        let all = self.scope.statuses();
        let chosen = all.iter().position(|status| self.status == Some(*status));
        chosen.map_or(all, |at| &all[at..=at])
    }

    /// Its first page, of another scope.
    #[must_use]
    pub fn in_scope(self, scope: Scope) -> Self {
        Self { scope, page: 0, ..self }.with_status(self.status)
    }

    /// Its first page, with the next choice of urgency: any, then from the highest to the lowest.
    #[must_use]
    pub fn with_next_urgency(self) -> Self {
        let urgency = match self.urgency {
            None => Some(Urgency::High),
            Some(Urgency::High) => Some(Urgency::Medium),
            Some(Urgency::Medium) => Some(Urgency::Low),
            Some(Urgency::Low) => None,
        };
        Self {
            urgency,
            page: 0,
            ..self
        }
    }

    /// Its first page, of that category, or of any.
    #[must_use]
    pub fn with_category(self, category: Option<CategoryId>) -> Self {
        Self {
            category,
            page: 0,
            ..self
        }
    }

    /// Its first page, of what this one works on, or anybody.
    #[must_use]
    pub fn with_technician(self, technician: Option<AccountId>) -> Self {
        Self {
            technician,
            page: 0,
            ..self
        }
    }

    /// Its first page, of this age, or any.
    #[must_use]
    pub fn with_age(self, age: Option<Age>) -> Self {
        Self { age, page: 0, ..self }
    }

    /// Its first page, with the next choice of age: any, then from the newest to the oldest.
    #[must_use]
    pub fn with_next_age(self) -> Self {
        let at = self.age.and_then(|age| Age::ALL.iter().position(|known| *known == age));
        self.with_age(Age::ALL.get(at.map_or(0, |at| at + 1)).copied())
    }

    /// Its first page, of this status, or any; none can be chosen where there is but one.
    #[must_use]
    pub fn with_status(self, status: Option<Status>) -> Self {
        Self {
            status: status.filter(|status| self.scope.choosable().contains(status)),
            page: 0,
            ..self
        }
    }

    /// Its first page, with the next choice of status: any, then in the order of a ticket's life.
    #[must_use]
    pub fn with_next_status(self) -> Self {
        let all = self.scope.choosable();
        let at = self
            .status
            .and_then(|status| all.iter().position(|known| *known == status));
        self.with_status(all.get(at.map_or(0, |at| at + 1)).copied())
    }

    /// Another page of it.
    #[must_use]
    pub fn at(self, page: u8) -> Self {
        Self { page, ..self }
    }
}

/// What stands for no choice.
const ANY: &str = "-";

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let category = self
            .category
            .map_or_else(|| ANY.to_owned(), |category| category.to_string());
        let urgency = self.urgency.map_or(ANY, Urgency::code);
        let age = self.age.map_or("", mark);
        let status = self.status.map_or("", status_mark);
        let scope = self.scope.code();
        write!(f, "{scope}:{urgency}:{category}:{}{age}{status}", self.page)?;
        match self.technician {
            // Of sixteen digits at most: a button carries no more.
            Some(technician) => write!(f, ":{:x}", technician.0),
            None => Ok(()),
        }
    }
}

/// The age behind the number of a page, in one character: a button carries no more.
fn mark(age: Age) -> &'static str {
    match age {
        Age::Today => "d",
        Age::Week => "w",
        Age::OverWeek => "o",
        Age::OverMonth => "m",
    }
}

/// The status behind that; nothing for one that can't be chosen.
fn status_mark(status: Status) -> &'static str {
    match status {
        Status::Waiting => "q",
        Status::InProgress => "p",
        Status::AwaitingInfo => "i",
        Status::Resolved | Status::Closed | Status::Deleted => "",
    }
}

/// What no list is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownListing;

impl FromStr for Listing {
    type Err = UnknownListing;

    fn from_str(carried: &str) -> Result<Self, UnknownListing> {
        fn chosen<T: FromStr>(code: &str) -> Result<Option<T>, UnknownListing> {
            (code != ANY)
                .then(|| code.parse().map_err(|_| UnknownListing))
                .transpose()
        }
        let parts: Vec<&str> = carried.split(':').collect();
        let (scope, urgency, category, page, technician) = match parts[..] {
            [scope, urgency, category, page] => (scope, urgency, category, page, ANY),
            [scope, urgency, category, page, technician] => (scope, urgency, category, page, technician),
            _ => return Err(UnknownListing),
        };
        let scope = Scope::ALL.into_iter().find(|known| known.code() == scope);
        let scope = scope.ok_or(UnknownListing)?;
        let of_status = |status: &Status| Some((page.strip_suffix(status_mark(*status))?, Some(*status)));
        let (page, status) = scope.choosable().iter().find_map(of_status).unwrap_or((page, None));
        let of_age = |age| Some((page.strip_suffix(mark(age))?, Some(age)));
        let (page, age) = Age::ALL.into_iter().find_map(of_age).unwrap_or((page, None));
        Ok(Self {
            scope,
            urgency: chosen(urgency)?,
            category: chosen(category)?.map(CategoryId),
            technician: (technician != ANY)
                .then(|| u64::from_str_radix(technician, 16).map_err(|_| UnknownListing))
                .transpose()?
                .map(AccountId),
            age,
            status,
            page: page.parse().map_err(|_| UnknownListing)?,
        })
    }
}
