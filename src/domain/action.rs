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
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 11] = [
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
    ];
}
