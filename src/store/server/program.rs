//! Which server is run, and with which settings. To change a setting, change [`SETTINGS`].

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::ServerError;
use super::files::Files;
use super::process::{last_lines, run};

/// Where packages put servers that are not on everyone's `PATH`.
const PLACES: [&str; 12] = [
    "/usr/sbin",
    "/usr/bin",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/local/libexec",
    "/usr/local/mysql/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/opt/mariadb/bin",
    "/opt/homebrew/opt/mysql/bin",
    "/usr/local/opt/mariadb/bin",
    "/usr/local/opt/mysql/bin",
];

/// The files are laid out by these, so they hold from the first start on. `loose` lets each of the two
/// servers pass over what only the other knows.
const LAYOUT: [&str; 3] = [
    "--innodb-buffer-pool-size=64M",
    "--loose-innodb-log-file-size=48M",
    "--loose-innodb-redo-log-capacity=96M",
];

const SETTINGS: [&str; 24] = [
    // Nothing on the network.
    "--skip-networking",
    "--skip-name-resolve",
    "--loose-mysqlx=OFF",
    "--local-infile=OFF",
    // What was acknowledged survives a power cut. There is no replica to feed, so no binary log to keep.
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-doublewrite=ON",
    "--skip-log-bin",
    // Every invariant here is kept by a unique key or by an UPDATE that names the state it expects, and those
    // want the newest row, not a snapshot. REPEATABLE READ would add gap locks, and with them deadlocks
    // between inserts that have nothing to do with each other.
    "--transaction-isolation=READ-COMMITTED",
    // MySQL's default, and stricter than MariaDB's: the same SQL must pass on both.
    "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--default-time-zone=+00:00",
    // The tests keep many databases on one server, each with its pool.
    "--max-connections=400",
    // Small: a desk's tickets are megabytes.
    "--performance-schema=OFF",
    "--event-scheduler=OFF",
    "--table-open-cache=400",
    "--table-definition-cache=400",
    "--thread-cache-size=8",
    "--key-buffer-size=1M",
    "--loose-aria-pagecache-buffer-size=8M",
    "--loose-innodb-read-io-threads=2",
    "--loose-innodb-write-io-threads=2",
    "--loose-innodb-purge-threads=1",
    "--loose-query-cache-type=0",
];

/// One thread serves several connections, without changing hands between two short statements: a sixth less of the
/// processor. (<https://mariadb.com/kb/en/thread-pool-in-mariadb/>; MySQL has it to buy.)
const MARIADB: [&str; 2] = [
    "--thread-handling=pool-of-threads",
    // So soon, in milliseconds, another takes over from one that computes for long.
    "--thread-pool-stall-limit=20",
];

/// The server program found on this machine.
#[derive(Debug)]
pub(super) struct Program {
    server: PathBuf,
    maker: Maker,
}

/// The two servers differ in how their first files are made, and in nothing else that matters here.
#[derive(Debug)]
enum Maker {
    MariaDb { installer: PathBuf },
    MySql,
}

impl Program {
    pub(super) fn find() -> Result<Self, ServerError> {
        let places = places();
        let server = find(&["mariadbd", "mysqld"], &places).ok_or(ServerError::NotInstalled)?;
        let maker = if is_mariadb(&server)? {
            let installer = find(&["mariadb-install-db", "mysql_install_db"], &beside(&server, &places))
                .ok_or_else(|| ServerError::NoInstaller(server.clone()))?;
            Maker::MariaDb { installer }
        } else {
            Maker::MySql
        };
        Ok(Self { server, maker })
    }

    /// Makes the first files, completely or not at all.
    pub(super) fn initialise(&self, files: &Files) -> Result<(), ServerError> {
        let unfinished = Files::unfinished();
        let mut command = match &self.maker {
            Maker::MariaDb { installer } => mariadb_installer(installer, files, &unfinished)?,
            Maker::MySql => self.mysql_installer(files, &unfinished),
        };
        // A server that starts removes the temporary tables that it finds, be they those of another that shares
        // its directory: `/tmp`, by default. (The installer would split an option at white space.)
        command.env("TMPDIR", files.tmp());
        command.args(LAYOUT).args(as_root(files));
        let Output { status, stdout, stderr } = run(&mut command)?;
        if !status.success() {
            let log = last_lines(&[stdout, stderr].concat());
            return Err(ServerError::Initialise { status, log });
        }
        files.finish(&unfinished)
    }

    /// The command that runs the server, in the foreground, logging to standard error.
    pub(super) fn serve(&self, files: &Files, socket: &Path) -> Command {
        let mut command = without_secrets(&self.server);
        command
            .arg("--no-defaults")
            .arg(with_path("--datadir=", &files.datadir()))
            .arg(with_path("--tmpdir=", &files.tmp()))
            .arg(with_path("--pid-file=", &files.pid_file()))
            .arg(with_path("--socket=", socket))
            .args(LAYOUT)
            .args(SETTINGS)
            .args(MARIADB.iter().filter(|_| matches!(self.maker, Maker::MariaDb { .. })))
            .args(as_root(files))
            .current_dir(files.home());
        command
    }

    fn mysql_installer(&self, files: &Files, unfinished: &str) -> Command {
        let mut command = without_secrets(&self.server);
        command
            .args(["--no-defaults", "--initialize-insecure"])
            .arg(with_path("--datadir=", &files.home().join(unfinished)));
        command
    }
}

/// The installer is a shell script that mishandles white space in paths, so it gets a relative one. `--rpm`
/// keeps it from changing the owner of the system's own authentication helper when root runs it.
fn mariadb_installer(installer: &Path, files: &Files, unfinished: &str) -> Result<Command, ServerError> {
    let made = files.home().join(unfinished);
    fs::create_dir(&made).map_err(ServerError::file("make", &made))?;
    let mut command = without_secrets(installer);
    command
        .current_dir(files.home())
        .args(["--no-defaults", "--rpm", "--skip-test-db", "--skip-name-resolve"])
        .arg("--auth-root-authentication-method=normal")
        .arg(format!("--datadir=./{unfinished}"));
    Ok(command)
}

/// Both servers refuse to run as root unless told to. Its own user would often be unable to reach the data
/// directory (below `/root`, say), and an ordinary user can't become another.
fn as_root(files: &Files) -> Option<&'static str> {
    files.made_by_root().then_some("--user=root")
}

/// `mysqld` is also what some packages call MariaDB.
fn is_mariadb(server: &Path) -> Result<bool, ServerError> {
    let output = run(Command::new(server).args(["--no-defaults", "--version"]))?;
    Ok(String::from_utf8_lossy(&output.stdout).contains("MariaDB"))
}

fn places() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain(PLACES.map(PathBuf::from)).collect()
}

/// A server installed by hand has its installer beside it or in `scripts`.
fn beside(server: &Path, places: &[PathBuf]) -> Vec<PathBuf> {
    let own = server
        .parent()
        .into_iter()
        .flat_map(|at| [at.to_owned(), at.join("../bin"), at.join("../scripts")]);
    own.chain(places.iter().cloned()).collect()
}

fn find(names: &[&str], places: &[PathBuf]) -> Option<PathBuf> {
    let mut candidates = names
        .iter()
        .flat_map(|name| places.iter().map(move |place| place.join(name)));
    candidates.find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn with_path(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

/// A command whose environment holds none of our settings: tokens are nothing to a database server.
pub(super) fn without_secrets(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GUICHET_") {
            command.env_remove(name);
        }
    }
    command
}
