//! Which tickets somebody wants to see, as they typed it behind the command.

use super::super::cards;
use super::{Listing, Scope};
use crate::domain::age::Age;
use crate::domain::language::Language;
use crate::domain::text::folded;
use crate::domain::ticket::Status;

/// More words than an age and a status have.
const MOST_WORDS: usize = 20;

/// When tickets of an age were opened, in words.
#[must_use]
pub fn age_name(language: Language, age: Age) -> String {
    language.say(&format!("age-{}", age.code()), &[])
}

/// The tickets of a scope, of the age and the status that somebody typed, or that options carry, in either order; `None`
/// where it says something else.
#[must_use]
pub fn read(listing: Listing, typed: &str) -> Option<Listing> {
    let words: Vec<&str> = typed.split_whitespace().take(MOST_WORDS + 1).collect();
    if words.len() > MOST_WORDS {
        return None;
    }
    (0..=words.len()).find_map(|at| {
        let (first, rest) = words.split_at(at);
        of(listing, first, rest).or_else(|| of(listing, rest, first))
    })
}

fn of(listing: Listing, age: &[&str], status: &[&str]) -> Option<Listing> {
    let aged = if age.is_empty() {
        listing
    } else {
        listing.with_age(Some(read_age(&age.join(" "))?))
    };
    if status.is_empty() {
        return Some(aged);
    }
    of_status(aged, &status.join(" "))
}

/// What was typed, without what makes no difference.
fn plain(typed: &str) -> String {
    let words = typed.trim_start_matches(|c: char| !c.is_alphanumeric());
    folded(&words.trim().replace('’', "'"))
}

fn read_age(typed: &str) -> Option<Age> {
    let typed = plain(typed);
    let is_named = |of: &Age| {
        let mut names = Language::ALL.iter().map(|language| age_name(*language, *of));
        of.code() == typed || names.any(|name| plain(&name) == typed)
    };
    Age::ALL.into_iter().find(is_named)
}

/// The tickets of that status; those that are over are lists of their own. A list of one status is of no other.
fn of_status(listing: Listing, typed: &str) -> Option<Listing> {
    let choosable = listing.scope.choosable();
    if choosable.is_empty() {
        return None;
    }
    let typed = plain(typed);
    let is_named = |status: &Status| {
        let mut names = Language::ALL.iter().map(|language| cards::status(*language, *status));
        status.code().replace('_', "-") == typed || names.any(|name| plain(&name) == typed)
    };
    match Status::ALL.into_iter().find(is_named)? {
        Status::Resolved => Some(listing.in_scope(Scope::Resolved)),
        Status::Closed => Some(listing.in_scope(Scope::Closed)),
        status => choosable.contains(&status).then(|| listing.with_status(Some(status))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_and_a_status_are_read_as_people_type_them() {
        let team = Listing::of(Scope::Team);
        for (typed, age, status, scope) in [
            ("", None, None, Scope::Team),
            (" EN COURS", None, Some(Status::InProgress), Scope::Team),
            ("in-progress", None, Some(Status::InProgress), Scope::Team),
            ("⏳ En attente", None, Some(Status::Waiting), Scope::Team),
            (
                "en attente d’informations",
                None,
                Some(Status::AwaitingInfo),
                Scope::Team,
            ),
            ("today waiting", Some(Age::Today), Some(Status::Waiting), Scope::Team),
            (
                "en cours cette semaine",
                Some(Age::Week),
                Some(Status::InProgress),
                Scope::Team,
            ),
            ("il y a plus d'un mois", Some(Age::OverMonth), None, Scope::Team),
            ("cloture aujourd'hui", Some(Age::Today), None, Scope::Closed),
            ("resolved", None, None, Scope::Resolved),
        ] {
            let read = read(team, typed).unwrap_or_else(|| panic!("{typed:?} is not read"));
            assert_eq!((read.age, read.status, read.scope), (age, status, scope), "{typed:?}");
        }
        for typed in [
            "hier",
            "supprimé",
            "en cours en cours",
            "today today",
            "en cours hier",
            "?",
        ] {
            assert_eq!(read(team, typed), None, "{typed:?}");
        }
        assert_eq!(read(team, &"en ".repeat(2_000)), None);
        assert_eq!(read(Listing::of(Scope::Queue), "en cours"), None);
    }

    #[test]
    fn a_status_goes_along_where_the_scope_has_it() {
        let team = Listing::of(Scope::Team).with_status(Some(Status::InProgress));
        assert_eq!(team.in_scope(Scope::InHand).status, Some(Status::InProgress));
        assert_eq!(team.in_scope(Scope::Closed).status, None);
        assert_eq!(team.statuses(), [Status::InProgress]);
        let mut seen = Vec::new();
        let mut listing = Listing::of(Scope::InHand);
        for _ in 0..3 {
            listing = listing.with_next_status();
            seen.push(listing.status);
        }
        assert_eq!(seen, [Some(Status::InProgress), Some(Status::AwaitingInfo), None]);
    }
}
