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
    /// Whether the same transaction may well succeed when it is run again: it lost against another, or its
    /// connection broke, at the COMMIT perhaps.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreadable(_) => false,
            Self::Overtaken(_) => true,
            Self::Database(error) => is_outage(error) || is_one_of(error, &[CONFLICTS, STALE]) || is_garbled(error),
        }
    }

    /// Whether the database itself is away: nothing is wrong with what was asked, and it is asked again for as long
    /// as it takes.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Database(error) if is_outage(error))
    }

    /// What to do about it, where it is the settings that are wrong.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        let Self::Database(error) = self else { return None };
        match number(error)? {
            1045 | 1698 => Some("the server refuses the user or the password"),
            1044 | 1142 => Some("the user may not use that database: GRANT ALL ON it to the user"),
            1049 => Some("the server has no database of that name: make it with CREATE DATABASE"),
            _ => None,
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

/// Lost against another: deadlock, lock time-out, changed record, a key that another inserted first, a row that another
/// removed or referred to first, an altered table; a commit that a cluster refused (Galera, group replication); a
/// statement that was interrupted.
const CONFLICTS: &[u16] = &[
    1213, 1205, 1020, 1062, 1451, 1452, 1412, 1180, 1181, 3100, 3101, 1317, 1969, 3024,
];
/// The connection remembers statements that the server does not.
const STALE: &[u16] = &[1243, 1615];
/// Away: too many connections (1040, 1203, 1226, 1129), not part of its cluster (1047), going down (1053), a
/// connection that was ended (1152, 1158 to 1161, 1184, 1927, 2006, 2013, 4031).
const AWAY: &[u16] = &[
    1040, 1203, 1226, 1129, 1047, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031,
];
/// No longer the server that takes the writes.
const READ_ONLY: &[u16] = &[1290, 1836];

pub(super) fn is_outage(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) || is_one_of(error, &[AWAY, READ_ONLY])
}

/// Whether the connection on which this came can be used again.
pub(super) fn spares_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => !is_one_of(error, &[STALE, AWAY, READ_ONLY]),
        sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}

/// The answer was cut off or made no sense, as when a server ends while it greets.
fn is_garbled(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Protocol(_) | sqlx::Error::Tls(_))
}

fn is_one_of(error: &sqlx::Error, lists: &[&[u16]]) -> bool {
    number(error).is_some_and(|number| lists.iter().any(|list| list.contains(&number)))
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?;
    error
        .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
        .map(sqlx::mysql::MySqlDatabaseError::number)
}

/// The error without what the server quotes of a row: people's words must not reach a log.
fn without_values(error: &sqlx::Error) -> String {
    match (number(error), error) {
        (Some(number), _) => format!("error {number}"),
        (None, sqlx::Error::ColumnDecode { index, .. }) => format!("column {index} can't be read"),
        (None, error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

    use super::super::server::PrivateServer;
    use super::Fault;

    /// What the server says with that number, as it would in earnest.
    async fn said(server: &PrivateServer, number: u16) -> Result<Fault, Box<dyn Error>> {
        let mut connection = server.options().connect().await?;
        let sql = format!("BEGIN NOT ATOMIC SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}; END");
        let said = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
        connection.close().await?;
        Ok(said.err().ok_or("no error")?.into())
    }

    #[tokio::test]
    async fn faults_are_told_apart_by_what_can_be_done() -> Result<(), Box<dyn Error>> {
        let data = tempfile::tempdir()?;
        let server = PrivateServer::start(data.path()).await?;
        for (number, passing, outage, spared) in [
            (1213, true, false, true),
            (1205, true, false, true),
            (1020, true, false, true),
            (1062, true, false, true),
            (1452, true, false, true),
            (3101, true, false, true),
            (1243, true, false, false),
            (1615, true, false, false),
            (1040, true, true, false),
            (1047, true, true, false),
            (1053, true, true, false),
            (1290, true, true, false),
            (1836, true, true, false),
            (1927, true, true, false),
            (1146, false, false, true),
            (1406, false, false, true),
        ] {
            let fault = said(&server, number).await?;
            let Fault::Database(error) = &fault else {
                return Err("not the database's".into());
            };
            let told = (fault.is_passing(), fault.is_outage(), super::spares_connection(error));
            assert_eq!(told, (passing, outage, spared), "{number}");
        }
        server.stop().await;
        Ok(())
    }
}
