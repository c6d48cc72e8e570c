//! The transition table: who may do what to a ticket, where that leads, and why not otherwise.
//!
//! One pure function; a snapshot shows every status × action × standing.

use super::account::{Actor, Role, Standing};
use super::action::{Action, Handing};
use super::ids::AccountId;
use super::ticket::{MOST_HELPERS, State, Status, Ticket};

/// Why an action is refused. What a person reads is made of it, so it says nothing they may not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is no such ticket, as far as this person may know.
    NotFound,
    /// Only staff may.
    StaffOnly,
    /// Only an admin may.
    AdminOnly,
    /// Only the person who asked may.
    RequesterOnly,
    /// Only the technician in charge, or an admin, may.
    InChargeOnly,
    /// Somebody else has it already.
    TakenAlready,
    /// They have it already.
    YoursAlready,
    /// Nobody has it yet.
    NotTaken,
    /// It is resolved already.
    AlreadyResolved,
    /// It is not resolved yet.
    NotResolved,
    /// Somebody works on it: its requester changes it no more.
    InHand,
    /// It is closed.
    Closed,
    /// It is not closed.
    NotClosed,
    /// It is deleted.
    Deleted,
    /// It is not deleted.
    NotDeleted,
    /// That colleague has it already.
    TheirsAlready,
    /// That person does not work here, or not any more.
    NotOfTheTeam,
    /// It is rated by whoever asked, and by nobody else.
    RatedByRequester,
    /// It is not closed yet: there is nothing to rate.
    RatedOnceClosed,
    /// It was closed without having been resolved: there is nothing to rate.
    NeverResolved,
    /// It was closed so long ago that it is rated no more.
    RatingOver,
    /// It has no stars yet, with which a word could go.
    NotRated,
    /// It is the same ticket.
    Itself,
    /// It is linked to that already.
    LinkedAlready,
    /// It is not linked to that, or not any more.
    NotLinked,
    /// It is linked to as much as can be shown.
    TooManyLinks,
    /// They help with it already.
    HelpsAlready,
    /// They don't help with it.
    NotHelping,
    /// As many help with it as can.
    TooManyHelpers,
    /// They open tickets for themselves alone.
    ForOneself,
}

/// A permitted change. Only [`Ticket::permit`] makes one, and nothing else can be written to the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    from: State,
    to: State,
    action: Action,
}

impl Transition {
    /// The state it was permitted in.
    #[must_use]
    pub fn from(&self) -> State {
        self.from
    }

    /// The state it leads to.
    #[must_use]
    pub fn to(&self) -> State {
        self.to
    }

    /// What is being done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }
}

impl Ticket {
    /// Checks that this person may do this now, and says where it leads.
    ///
    /// # Errors
    /// The [`Refusal`] that the table holds.
    pub fn permit(&self, action: Action, actor: &Actor) -> Result<Transition, Refusal> {
        let to = match rule(self.state.status(), action, self.standing(actor))? {
            Way::To(status) => self.state.moved(status, actor.account),
            Way::Back => self.state.restored(),
        };
        Ok(Transition {
            from: self.state,
            to,
            action,
        })
    }

    /// The same for what puts `to` in charge.
    ///
    /// # Errors
    /// The [`Refusal`] that the table holds, or that they have it already.
    pub fn permit_to(&self, handing: Handing, actor: &Actor, to: AccountId) -> Result<Transition, Refusal> {
        let permitted = self.permit(handing.action(), actor)?;
        match self.state.technician() {
            Some(technician) if technician == to && to == actor.account => Err(Refusal::YoursAlready),
            Some(technician) if technician == to => Err(Refusal::TheirsAlready),
            _ if handing == Handing::Help && self.helpers.contains(&to) => Err(Refusal::HelpsAlready),
            _ if handing == Handing::Help && self.helpers.len() >= MOST_HELPERS => Err(Refusal::TooManyHelpers),
            _ if handing == Handing::Help => Ok(permitted),
            _ => {
                let to = State::of(permitted.to.status(), Some(to)).ok_or(Refusal::NotTaken)?;
                Ok(Transition { to, ..permitted })
            }
        }
    }
}

impl State {
    /// The state of this status: whoever is in charge stays so, and `actor` becomes so where nobody is.
    fn moved(self, status: Status, actor: AccountId) -> Self {
        let technician = self.technician().unwrap_or(actor);
        match status {
            Status::Waiting => Self::Waiting,
            Status::InProgress => Self::InProgress(technician),
            Status::AwaitingInfo => Self::AwaitingInfo(technician),
            Status::Resolved => Self::Resolved(technician),
            Status::Closed => Self::Closed(self.technician()),
            Status::Deleted => self.deleted(),
        }
    }
}

/// Where an action leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To this status.
    To(Status),
    /// To where it stood before it was deleted.
    Back,
}

/// The table: where the action leads.
///
/// # Errors
/// The [`Refusal`] where it is not allowed.
pub fn rule(status: Status, action: Action, who: Standing) -> Result<Way, Refusal> {
    if !who.sees() {
        return Err(Refusal::NotFound);
    }
    if status == Status::Deleted {
        return deleted(action, who);
    }
    if action == Action::View {
        return Ok(Way::To(status));
    }
    may(action, who)?;
    living(status, action, who).map(Way::To)
}

/// The part of the table for what is deleted: there is no such ticket for anybody but an admin.
fn deleted(action: Action, who: Standing) -> Result<Way, Refusal> {
    match action {
        _ if who.role != Role::Admin => Err(Refusal::NotFound),
        Action::Restore => Ok(Way::Back),
        Action::View | Action::Purge => Ok(Way::To(Status::Deleted)),
        _ => living(Status::Deleted, action, who).map(Way::To),
    }
}

/// The part of the table for all others.
#[expect(
    clippy::match_same_arms,
    reason = "a table that is read from the top: the order of its lines is part of the rule"
)]
fn living(status: Status, action: Action, who: Standing) -> Result<Status, Refusal> {
    match (action, status) {
        (_, Status::Deleted) => Err(Refusal::Deleted),
        (Action::Restore | Action::Purge, _) => Err(Refusal::NotDeleted),
        (Action::Delete, _) => Ok(Status::Deleted),
        // They change nothing of the ticket; whether it was resolved before it is rated, its history tells.
        (Action::Follow | Action::Rate, Status::Closed) | (Action::Relate, _) => Ok(status),
        (Action::Follow, _) => Err(Refusal::NotClosed),
        (Action::Rate, _) => Err(Refusal::RatedOnceClosed),
        (_, Status::Closed) => Err(Refusal::Closed),
        (Action::Take, Status::Waiting) => Ok(Status::InProgress),
        (Action::Take, Status::InProgress | Status::AwaitingInfo) if who.in_charge => Err(Refusal::YoursAlready),
        (Action::Take, Status::InProgress | Status::AwaitingInfo) => Err(Refusal::TakenAlready),
        (Action::Comment, Status::AwaitingInfo) if who.requester => Ok(Status::InProgress),
        (Action::Comment | Action::Note | Action::Reword | Action::Retract, status) => Ok(status),
        (Action::Ask, Status::Waiting) => Ok(Status::AwaitingInfo),
        (Action::Release | Action::Resolve | Action::HandOver | Action::Help, Status::Waiting) => {
            Err(Refusal::NotTaken)
        }
        (Action::Assign, Status::Waiting) => Ok(Status::InProgress),
        (Action::Prioritize | Action::Categorize | Action::Retitle | Action::Describe, status)
            if who.role.is_staff() || status == Status::Waiting =>
        {
            Ok(status)
        }
        (Action::Close, Status::Resolved) if !who.works() => Err(Refusal::InChargeOnly),
        (Action::Confirm | Action::Close, Status::Resolved) => Ok(Status::Closed),
        (Action::Reopen, Status::Resolved) => Ok(Status::InProgress),
        (Action::Confirm | Action::Close | Action::Reopen, _) => Err(Refusal::NotResolved),
        (_, Status::Resolved) => Err(Refusal::AlreadyResolved),
        (Action::Withdraw, _) => Ok(Status::Closed),
        (Action::Prioritize | Action::Categorize | Action::Retitle | Action::Describe, _) => Err(Refusal::InHand),
        (_, Status::InProgress | Status::AwaitingInfo) if !who.works() => Err(Refusal::InChargeOnly),
        (Action::Release | Action::HandOver, _) if !who.leads() => Err(Refusal::InChargeOnly),
        (Action::Release, _) => Ok(Status::Waiting),
        (Action::Ask, _) => Ok(Status::AwaitingInfo),
        (Action::Resolve, _) => Ok(Status::Resolved),
        (Action::View | Action::Assign | Action::HandOver | Action::Help, status) => Ok(status),
    }
}

/// Whether the action is this person's to do at all, whatever the status.
fn may(action: Action, who: Standing) -> Result<(), Refusal> {
    match action {
        Action::View
        | Action::Comment
        | Action::Reword
        | Action::Retract
        | Action::Reopen
        | Action::Prioritize
        | Action::Categorize
        | Action::Retitle
        | Action::Describe => Ok(()),
        Action::Assign | Action::Delete | Action::Restore | Action::Purge if who.role == Role::Admin => Ok(()),
        Action::Delete | Action::Restore | Action::Purge => Err(Refusal::AdminOnly),
        Action::Assign if who.role.is_staff() => Err(Refusal::AdminOnly),
        Action::Take
        | Action::Release
        | Action::Note
        | Action::Ask
        | Action::Resolve
        | Action::Close
        | Action::Assign
        | Action::HandOver
        | Action::Relate
        | Action::Help => {
            if who.role.is_staff() {
                Ok(())
            } else {
                Err(Refusal::StaffOnly)
            }
        }
        Action::Confirm | Action::Withdraw | Action::Follow | Action::Rate if who.requester => Ok(()),
        Action::Follow if who.role.is_staff() => Ok(()),
        Action::Confirm | Action::Withdraw | Action::Follow => Err(Refusal::RequesterOnly),
        Action::Rate => Err(Refusal::RatedByRequester),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Every standing that can be: a learner is in charge of nothing.
    fn standings() -> Vec<(String, Standing)> {
        let mut all = Vec::new();
        for role in Role::ALL {
            for requester in [false, true] {
                for (part, in_charge, helps) in [
                    ("", false, false),
                    (", in charge", true, false),
                    (", helps", false, true),
                ] {
                    if !part.is_empty() && !role.is_staff() {
                        continue;
                    }
                    let whose = if requester { "own" } else { "other's" };
                    let name = format!("{} ({whose}{part})", role.code());
                    all.push((
                        name,
                        Standing {
                            role,
                            requester,
                            in_charge,
                            helps,
                        },
                    ));
                }
            }
        }
        all
    }

    #[test]
    fn the_table_is_as_reviewed() {
        let mut table = String::new();
        for (name, standing) in standings() {
            writeln!(table, "# {name}").unwrap();
            for action in Action::ALL {
                write!(table, "{:10}", format!("{action:?}")).unwrap();
                for status in Status::ALL {
                    let cell = match rule(status, action, standing) {
                        Ok(Way::To(to)) if to == status => "stays".to_owned(),
                        Ok(Way::To(to)) => format!("> {to:?}"),
                        Ok(Way::Back) => "> as before".to_owned(),
                        Err(refusal) => format!("! {refusal:?}"),
                    };
                    write!(table, " | {}: {cell:16}", status.code()).unwrap();
                }
                writeln!(table).unwrap();
            }
        }
        let table: Vec<&str> = table.lines().map(str::trim_end).collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn nothing_changes_a_closed_ticket_but_its_deletion() {
        for (_, standing) in standings() {
            for action in Action::ALL {
                match action {
                    // Looking changes nothing; what whoever asked thinks of it, and what follows it or is linked to it, stand beside it.
                    Action::View | Action::Delete => {}
                    Action::Rate | Action::Follow if standing.requester => {
                        assert_eq!(rule(Status::Closed, action, standing), Ok(Way::To(Status::Closed)));
                    }
                    Action::Relate | Action::Follow if standing.role.is_staff() => {
                        assert_eq!(rule(Status::Closed, action, standing), Ok(Way::To(Status::Closed)));
                    }
                    _ => assert!(rule(Status::Closed, action, standing).is_err()),
                }
            }
        }
    }

    #[test]
    fn what_is_deleted_is_there_for_admins_alone_and_comes_back_as_it_was() {
        for (_, standing) in standings() {
            for action in Action::ALL {
                if standing.role != Role::Admin {
                    assert_eq!(rule(Status::Deleted, action, standing), Err(Refusal::NotFound));
                }
            }
        }
        let (some, technician) = (AccountId(7), AccountId(8));
        for state in [
            State::Waiting,
            State::InProgress(some),
            State::AwaitingInfo(some),
            State::Resolved(some),
            State::Closed(Some(some)),
            State::Closed(None),
        ] {
            let deleted = state.moved(Status::Deleted, technician);
            assert_eq!(deleted.status(), Status::Deleted);
            assert_eq!(deleted.deleted(), deleted);
            assert_eq!(deleted.restored(), state);
        }
    }

    #[test]
    fn a_stranger_cannot_tell_a_ticket_from_none() {
        let stranger = Standing {
            role: Role::Learner,
            requester: false,
            in_charge: false,
            helps: false,
        };
        for status in Status::ALL {
            for action in Action::ALL {
                assert_eq!(rule(status, action, stranger), Err(Refusal::NotFound));
            }
        }
    }
}
