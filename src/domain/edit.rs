//! What of a ticket can be changed, beside where it stands.

use super::action::Action;
use super::category::Category;
use super::text::{Description, Title};
use super::ticket::{Ticket, Urgency};

/// A change to a ticket, with what it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// How urgent it is.
    Urgency(Urgency),
    /// What it is about, in a word.
    Category(Category),
    /// Its title.
    Title(Title),
    /// Its description.
    Description(Description),
}

impl Edit {
    /// The actions, in the order in which they are offered.
    pub const ACTIONS: [Action; 4] = [
        Action::Prioritize,
        Action::Categorize,
        Action::Retitle,
        Action::Describe,
    ];

    /// The action that the transition table knows it by.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Urgency(_) => Action::Prioritize,
            Self::Category(_) => Action::Categorize,
            Self::Title(_) => Action::Retitle,
            Self::Description(_) => Action::Describe,
        }
    }

    /// The words that were typed, where there are any.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Urgency(_) | Self::Category(_) => "",
            Self::Title(title) => title.as_str(),
            Self::Description(description) => description.as_str(),
        }
    }

    /// The ticket with it.
    #[must_use]
    pub fn applied(&self, ticket: &Ticket) -> Ticket {
        let mut after = ticket.clone();
        match self {
            Self::Urgency(urgency) => after.urgency = *urgency,
            Self::Category(category) => after.category = category.id,
            Self::Title(title) => after.title = title.to_string(),
            Self::Description(description) => after.description = description.to_string(),
        }
        after
    }
}
