//! The database's faults, told apart by what can be done about them.

use crate::domain::platform::UnknownCode;

/// The database did not do what was asked. It is our fault, never that of the person who wrote.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database or the connection to it failed.
    #[error("database: {}", without_values(.0))]
    Database(#[from] sqlx::Error),
    /// A row changed between being read and being written.
    #[error("a row changed meanwhile: {0}")]
    Overtaken(&'static str),
    /// A row holds what the program can't read.
    #[error("a row can't be read: {0}")]
    Unreadable(String),
}

impl From<UnknownCode> for Fault {
    fn from(error: UnknownCode) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        // Its own text quotes what stands there: people's words.
        Self::Unreadable(format!(
            "{:?} error at {}:{}",
            error.classify(),
            error.line(),
            error.column()
        ))
    }
}

impl Fault {
    /// Whether the same transaction may well succeed when it is run again: it lost against another (deadlock
    /// 1213, lock time-out 1205, changed record 1020, lost compare-and-set), or its connection broke,
    /// at the COMMIT perhaps.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreadable(_) => false,
            Self::Overtaken(_) | Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Self::Database(error) => matches!(number(error), Some(1213 | 1205 | 1020 | 1062)),
        }
    }

    /// Whether the database itself is away: nothing is wrong with what was asked, and it is asked again for as long
    /// as it takes (too many connections 1040, not ready 1047, going down 1053, connection killed 1927).
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Self::Database(error) => matches!(number(error), Some(1040 | 1047 | 1053 | 1927)),
            Self::Overtaken(_) | Self::Unreadable(_) => false,
        }
    }

    /// The name of the unique key that a row would have broken.
    #[must_use]
    pub fn broken_key(&self) -> Option<&str> {
        let Self::Database(error) = self else { return None };
        if number(error) != Some(1062) {
            return None;
        }
        // "Duplicate entry '…' for key 'accounts_email'", on MySQL with the table's name before a dot.
        let message = error.as_database_error()?.message();
        let key = message.rsplit('\'').nth(1)?;
        key.rsplit('.').next()
    }
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?;
    error
        .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
        .map(sqlx::mysql::MySqlDatabaseError::number)
}

/// The error without what the server quotes of a row: people's words must not reach a log.
fn without_values(error: &sqlx::Error) -> String {
    match number(error) {
        Some(number) => format!("error {number}"),
        None => error.to_string(),
    }
}
