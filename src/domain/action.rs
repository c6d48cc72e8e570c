//! What can be done with a ticket.

/// An action on a ticket that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Look at it.
    View,
    /// Take it, when nobody has it.
    Take,
    /// Give it back to the team.
    Release,
    /// Write something that both sides read.
    Comment,
    /// Write something that only staff read.
    Note,
    /// Ask the requester for information.
    Ask,
    /// Resolve it with a report.
    Resolve,
    /// Agree that it is resolved, which closes it.
    Confirm,
    /// Say that it is not resolved after all.
    Reopen,
    /// Close it for the requester, once resolved.
    Close,
    /// Withdraw one's own, unresolved.
    Withdraw,
    /// Change how urgent it is.
    Prioritize,
    /// Change its category.
    Categorize,
    /// Change its title.
    Retitle,
    /// Change its description.
    Describe,
    /// Put somebody of the team in charge.
    Assign,
    /// Pass it on to a colleague.
    HandOver,
    /// Take it out of everybody's sight.
    Delete,
    /// Put what is deleted back to where it stood.
    Restore,
    /// Remove what is deleted for ever.
    Purge,
    /// Open another that goes on where it ended.
    Follow,
    /// Say how it went, once it is closed.
    Rate,
    /// Link it to another, or to a page, or not any more.
    Relate,
    /// Change what one wrote on it.
    Reword,
    /// Take back what one wrote on it.
    Retract,
    /// Call a colleague to help whoever is in charge, or need them no more.
    Help,
}

/// The ways to give a colleague a part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handing {
    /// An admin decides who.
    Assign,
    /// Whoever is in charge passes it on.
    HandOver,
    /// Whoever works on it calls one to help.
    Help,
}

impl Handing {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Assign, Self::HandOver, Self::Help];

    /// The action that the transition table knows it by.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Assign => Action::Assign,
            Self::HandOver => Action::HandOver,
            Self::Help => Action::Help,
        }
    }
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 26] = [
        Self::View,
        Self::Take,
        Self::Release,
        Self::Comment,
        Self::Note,
        Self::Ask,
        Self::Resolve,
        Self::Confirm,
        Self::Reopen,
        Self::Close,
        Self::Withdraw,
        Self::Prioritize,
        Self::Categorize,
        Self::Retitle,
        Self::Describe,
        Self::Assign,
        Self::HandOver,
        Self::Delete,
        Self::Restore,
        Self::Purge,
        Self::Follow,
        Self::Rate,
        Self::Relate,
        Self::Reword,
        Self::Retract,
        Self::Help,
    ];
}
