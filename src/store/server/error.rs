//! Why the private server isn't there, in sentences for the person at the terminal.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

/// Why the private server could not be started or reached.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Neither `mariadbd` nor `mysqld` is on this machine.
    #[error(
        "Guichet needs MariaDB or MySQL, and neither is installed. Install it with \
         `sudo apt-get install mariadb-server` (Debian, Ubuntu), `sudo dnf install mariadb-server` (Fedora) or \
         `brew install mariadb` (macOS), or set database.url to a server elsewhere."
    )]
    NotInstalled,
    /// `mariadbd` is there, but not the program that makes its first files.
    #[error("{} is installed without mariadb-install-db, which makes its first files. Install the whole of \
             mariadb-server.", .0.display())]
    NoInstaller(PathBuf),
    /// Another process holds the lock on the data directory.
    #[error("Another Guichet{} is already using {}/. Stop it, or give this one its own directory.",
            .process.map(|id| format!(" (process {id})")).unwrap_or_default(), .data.display())]
    InUse {
        /// The process that holds it, where it said so.
        process: Option<u32>,
        /// The data directory.
        data: PathBuf,
    },
    /// A server left over from a killed Guichet can't be stopped.
    #[error("A database server left from an earlier run (process {0}) doesn't stop. End it with `kill {0}`.")]
    Orphan(u32),
    /// A file or directory can't be used.
    #[error("Can't {verb} {}: {source}.", .path.display())]
    File {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The first files could not be made.
    #[error("The database's first files could not be made ({status}). What it says:\n{log}")]
    Initialise {
        /// How the installer ended.
        status: ExitStatus,
        /// The end of what it wrote.
        log: String,
    },
    /// The server ended while it was being waited for.
    #[error("The database server ended at once ({status}). What it says:\n{log}")]
    Ended {
        /// How it ended.
        status: ExitStatus,
        /// The end of its log.
        log: String,
    },
    /// The server runs but doesn't answer.
    #[error("The database server has not answered for {} seconds. What it says:\n{log}", .waited.as_secs())]
    Silent {
        /// How long it was waited for.
        waited: Duration,
        /// The end of its log.
        log: String,
    },
    /// The server answered with an error.
    #[error("The private database server refused: {0}.")]
    Refused(#[from] sqlx::Error),
    /// The task that started the server died.
    #[error("The start of the database server was cut short: {0}.")]
    CutShort(#[from] tokio::task::JoinError),
}

impl ServerError {
    /// Names the file that an I/O error was about: `.map_err(ServerError::file("read", path))`.
    pub(super) fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            verb,
            path: path.to_owned(),
            source,
        }
    }
}
