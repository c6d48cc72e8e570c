//! Whether requests are what the platforms' own specifications allow.
//!
//! A story ends with `check_telegram(&telegram.requests())` and `check_discord(&discord.requests())`. Each gives
//! one line per violation, or [`Skipped`] where the specifications are not: they belong to nobody here, so they
//! are not in the repository.
#![cfg(feature = "sandbox")]

mod discord;
mod schema;
mod telegram;

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use crate::rules::source::root;

pub use self::discord::check_discord;
pub use self::telegram::check_telegram;

/// Says that nothing was checked, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped;

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("skipped: no specifications in ../shared/specs; PLATFORM_SPECS may name another folder")
    }
}

/// A specification that is read when it is first asked for.
type Specification = LazyLock<Option<Value>>;

/// Reads a specification.
///
/// # Panics
/// When `PLATFORM_SPECS` names a folder that lacks it, or it is no JSON.
fn read(name: &str) -> Option<Value> {
    let path = if let Some(named) = std::env::var_os("PLATFORM_SPECS") {
        PathBuf::from(named).join(name)
    } else {
        // The second is for a work tree beside the repository.
        let places = ["../shared/specs", "../../shared/specs"].map(|place| root().join(place).join(name));
        places.into_iter().find(|path| path.exists())?
    };
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// What is wrong, and where in the request: nothing, `.text`, `.components[0].type`.
#[derive(Clone, Debug)]
struct Violation {
    at: String,
    problem: String,
    /// Whether the value is of another kind altogether, rather than a bad one of its kind.
    of_another_kind: bool,
}

impl Violation {
    fn new(at: &str, problem: impl Into<String>) -> Self {
        Self {
            at: at.to_owned(),
            problem: problem.into(),
            of_another_kind: false,
        }
    }

    fn of_another_kind(at: &str, problem: impl Into<String>) -> Self {
        Self {
            of_another_kind: true,
            ..Self::new(at, problem)
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.trim_start_matches('.');
        if at.is_empty() {
            f.write_str(&self.problem)
        } else {
            write!(f, "{at}: {}", self.problem)
        }
    }
}

/// Of several shapes that a value may have, the violations of the one that it was meant to have: none if it fits
/// any. Where it, or its `type`, is of another kind, it was not meant.
fn nearest(at: &str, shapes: impl IntoIterator<Item = Vec<Violation>>) -> Vec<Violation> {
    let kind = format!("{at}.type");
    let shapes = shapes.into_iter().min_by_key(|violations| {
        let tells = |violation: &Violation| violation.of_another_kind && (violation.at == at || violation.at == kind);
        (violations.iter().any(tells), violations.len())
    });
    shapes.unwrap_or_default()
}

/// A value in a few words, for a complaint.
fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// For the tests here: the violations, or none with a word when the specification is not here.
#[cfg(test)]
fn found(checked: Result<Vec<String>, Skipped>) -> Option<Vec<String>> {
    checked.map_err(|skipped| println!("{skipped}")).ok()
}
