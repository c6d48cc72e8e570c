//! The private database server: the embedded default, and what the tests use.
//!
//! With no `database.url` set, Guichet runs the `mariadbd` or `mysqld` it finds, for itself alone: its files
//! in the data directory, reached over a Unix socket that only this user can open, started and stopped with
//! the program. `program` settles what is run and with which settings, `files` where things are and
//! who may use them, `process` how it is started, watched and stopped,
//! and `keeper` starts it again when it ends by itself.
//!
//! What does not live here: tables, migrations, pools. This hands out connect options and no more.

mod error;
mod files;
mod keeper;
mod process;
mod program;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};
use tokio::time::{sleep, timeout};

pub use error::ServerError;
use files::{Files, Lock, Socket};
use keeper::Keeper;
use process::Daemon;
use program::Program;

const DATABASE: &str = "guichet";

/// Recovery after a crash replays at most the redo log, which is small: seconds. A server that says nothing
/// for this long is stuck.
const PATIENCE: Duration = Duration::from_mins(2);

/// A MariaDB or MySQL server that belongs to this program and to nobody else.
///
/// [`PrivateServer::stop`] is the way to end it. Dropped, it is stopped all the same, but the thread that
/// drops it waits. If the whole program is killed, a watcher stops the server. If the server ends by itself, it is
/// started again.
#[derive(Debug)]
pub struct PrivateServer {
    keeper: Keeper,
    socket: Socket,
    _lock: Lock,
}

/// What it takes to run the server.
struct Launch {
    daemon: Daemon,
    program: Program,
    files: Files,
    socket: Socket,
    lock: Lock,
}

impl PrivateServer {
    /// Starts the server on the files in `data`, making them the first time, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When no server is installed, another Guichet uses `data`, or the server doesn't come up; the error's
    /// text is meant for the person at the terminal.
    pub async fn start(data: &Path) -> Result<Self, ServerError> {
        let data = data.to_owned();
        let mut launch = tokio::task::spawn_blocking(move || Launch::begin(&data)).await??;
        let mut connection = launch.first_connection().await?;
        launch.daemon.mark_answered();
        create_database(&mut connection, DATABASE).await?;
        connection.close().await?;
        let Launch {
            daemon,
            program,
            files,
            socket,
            lock,
        } = launch;
        Ok(Self {
            keeper: Keeper::new(daemon, program, files, socket.path()),
            socket,
            _lock: lock,
        })
    }

    /// How to connect to Guichet's own database on this server.
    #[must_use]
    pub fn options(&self) -> MySqlConnectOptions {
        self.server_options().database(DATABASE)
    }

    /// How to connect to the server that another Guichet runs on the files in `data`: for a short command while
    /// the desk is open.
    #[must_use]
    pub fn join(data: &Path) -> Option<MySqlConnectOptions> {
        let files = Files::open(data).ok()?;
        Some(options_at(&files.last_socket()).database(DATABASE))
    }

    /// Makes one more database on this server, unless it is there, and tells how to connect to it.
    ///
    /// # Errors
    ///
    /// When the server refuses the name or can't be reached.
    pub async fn create_database(&self, name: &str) -> Result<MySqlConnectOptions, ServerError> {
        let mut connection = self.server_options().connect().await?;
        create_database(&mut connection, name).await?;
        connection.close().await?;
        Ok(self.server_options().database(name))
    }

    /// Stops the server cleanly, waits until it is gone and gives the data directory free.
    pub async fn stop(self) {
        // Only a panic inside could fail this, and the panic has been reported by then.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }

    fn server_options(&self) -> MySqlConnectOptions {
        options_at(self.socket.path())
    }
}

impl Drop for PrivateServer {
    /// The lock, which is dropped after this, may only go once the server is gone.
    fn drop(&mut self) {
        drop(self.keeper.take());
    }
}

impl Launch {
    fn begin(data: &Path) -> Result<Self, ServerError> {
        let program = Program::find()?;
        let files = Files::open(data)?;
        let lock = Lock::take(data)?;
        process::stop_orphan(&files)?;
        files.sweep()?;
        if !files.exist() {
            program.initialise(&files)?;
        }
        let socket = Socket::choose(&files)?;
        let daemon = Daemon::spawn(program.serve(&files, socket.path()), &files)?;
        Ok(Self {
            daemon,
            program,
            files,
            socket,
            lock,
        })
    }

    async fn first_connection(&mut self) -> Result<MySqlConnection, ServerError> {
        let options = options_at(self.socket.path());
        let since = Instant::now();
        let mut pause = Duration::from_millis(10);
        loop {
            self.daemon.check()?;
            if let Ok(Ok(connection)) = timeout(Duration::from_secs(5), options.connect()).await {
                tracing::debug!(took_ms = since.elapsed().as_millis(), "the private database answers");
                return Ok(connection);
            }
            if since.elapsed() > PATIENCE {
                return Err(self.daemon.silent(PATIENCE));
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }
}

fn options_at(socket: &Path) -> MySqlConnectOptions {
    MySqlConnectOptions::new()
        .socket(socket)
        .username("root")
        // Over a socket in a directory of our own there is nobody to hide from.
        .ssl_mode(MySqlSslMode::Disabled)
        .collation("utf8mb4_unicode_ci")
}

async fn create_database(connection: &mut MySqlConnection, name: &str) -> Result<(), ServerError> {
    let name = name.replace('`', "``");
    let sql = format!("CREATE DATABASE IF NOT EXISTS `{name}`");
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
