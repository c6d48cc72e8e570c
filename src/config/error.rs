//! What is wrong with the settings, in sentences for the person who wrote them.

use std::io;
use std::path::PathBuf;

use figment::error::{Actual, Kind};

/// Why the settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file can't be read.
    #[error("The settings file {} can't be read: {source}.", .path.display())]
    Unreadable {
        /// The file given with `--config`.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The settings file is not TOML.
    #[error("The settings file {} is not understood at line {line}: {problem}.", .path.display())]
    Syntax {
        /// The file given with `--config`.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser missed. Not the line itself, which may hold a secret.
        problem: String,
    },
    /// The file that a `…_FILE` variable names can't be read.
    #[error("{variable} names the file {}, which can't be read: {source}.", .path.display())]
    SecretFile {
        /// The variable.
        variable: String,
        /// The file it names.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// A secret and its file twin are both set.
    #[error("{0} and {0}_FILE are both set. Keep one of them.")]
    Twice(String),
    /// There is no such setting.
    #[error("{place}: there is no setting `{key}`{}.", known(.expected))]
    Unknown {
        /// The layer that has it.
        place: String,
        /// Its full name.
        key: String,
        /// The names that there are in its section.
        expected: &'static [&'static str],
    },
    /// A setting's value won't do.
    #[error("{place}: `{key}` {problem}.")]
    Value {
        /// The layer that has it.
        place: String,
        /// Its full name.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl ConfigError {
    pub(super) fn from_figment(error: &figment::Error) -> Self {
        let place = error
            .metadata
            .as_ref()
            .map_or_else(|| "The settings".to_owned(), |layer| layer.name.to_string());
        let mut path = error.path.clone();
        match &error.kind {
            Kind::UnknownField(name, expected) => {
                if path.last() != Some(name) {
                    path.push(name.clone());
                }
                Self::Unknown {
                    place,
                    key: path.join("."),
                    expected,
                }
            }
            kind => Self::Value {
                place,
                problem: problem(kind),
                key: path.join("."),
            },
        }
    }
}

fn known(expected: &[&str]) -> String {
    if expected.is_empty() {
        return String::new();
    }
    format!(". There are: {}", expected.join(", "))
}

/// Says what was found by its kind only: the value might be a secret in the wrong place.
fn problem(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.clone(),
        Kind::InvalidType(found, expected) if expected == "a string" => {
            format!("is {}, and must be text between quotes", sort(found))
        }
        Kind::InvalidType(found, expected) => format!("is {}, and must be {expected}", sort(found)),
        Kind::UnknownVariant(found, expected) => format!("is \"{found}\", and must be one of: {}", expected.join(", ")),
        Kind::MissingField(name) => format!("lacks `{name}`"),
        other => format!("won't do: {other}"),
    }
}

fn sort(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "text",
        Actual::Seq => "a list",
        Actual::Map => "a section",
        _ => "something else",
    }
}
