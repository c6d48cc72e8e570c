//! The server's process: started, watched, stopped.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::ServerError;
use super::files::Files;
use super::program::without_secrets;

/// How long a server may take to write back its pages before it is killed. Nothing is lost then: the next
/// start recovers.
const STOP: Duration = Duration::from_secs(30);
/// How long a server that doesn't answer may take to end by itself: it may have been told to already.
const ENDING: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(10);

/// A running server and the watcher that outlives us by the moment it takes to stop it.
#[derive(Debug)]
pub(super) struct Daemon {
    pub(super) server: Child,
    pub(super) watcher: Option<Child>,
    /// Whether it may be asked to stop. MariaDB 10.11 told to stop at the wrong moment of its start ignores
    /// that and everything after, so until it has answered it is killed: it recovers, or has nothing yet.
    answered: bool,
    log: PathBuf,
}

impl Daemon {
    /// Both processes get groups of their own, so that Ctrl-C reaches Guichet alone, which then stops the
    /// server when it has no more use for it.
    pub(super) fn spawn(mut command: Command, files: &Files) -> Result<Self, ServerError> {
        let log = files.log();
        let output = File::create(&log).map_err(ServerError::file("make", &log))?;
        let errors = output.try_clone().map_err(ServerError::file("open", &log))?;
        let program = PathBuf::from(command.get_program());
        let server = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(ServerError::file("run", &program))?;
        let mut daemon = Self {
            server,
            watcher: None,
            answered: false,
            log,
        };
        // The server writes its number too, but only once it has recovered.
        let pid_file = files.pid_file();
        fs::write(&pid_file, format!("{}\n", daemon.server.id())).map_err(ServerError::file("write", &pid_file))?;
        let watcher = watch(daemon.server.id(), "TERM").map_err(ServerError::file("run", Path::new("sh")))?;
        daemon.watcher = Some(watcher);
        Ok(daemon)
    }

    /// Fails if the server has ended, with the end of its log.
    pub(super) fn check(&mut self) -> Result<(), ServerError> {
        match self.server.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(ServerError::Ended {
                status,
                log: self.end_of_log(),
            }),
            Err(source) => Err(ServerError::file("watch", &self.log)(source)),
        }
    }

    pub(super) fn mark_answered(&mut self) {
        self.answered = true;
    }

    pub(super) fn silent(&self, waited: Duration) -> ServerError {
        ServerError::Silent {
            waited,
            log: self.end_of_log(),
        }
    }

    fn end_of_log(&self) -> String {
        last_lines(&fs::read(&self.log).unwrap_or_default())
    }

    fn stop(&mut self) -> io::Result<ExitStatus> {
        if let Some(watcher) = self.watcher.take() {
            dismiss(watcher)?;
        }
        if let Some(status) = self.server.try_wait()? {
            return Ok(status);
        }
        if self.answered {
            send("TERM", self.server.id());
            if wait_until(STOP, || !matches!(self.server.try_wait(), Ok(None))) {
                return self.server.wait();
            }
            tracing::warn!("the private database doesn't stop and is killed; its next start will take longer");
        }
        self.server.kill()?;
        self.server.wait()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        match self.stop() {
            Ok(status) if status.success() => {}
            Ok(status) => tracing::warn!(%status, "the private database ended badly"),
            Err(error) => tracing::error!(%error, "the private database could not be stopped"),
        }
    }
}

/// Starts a shell that signals the process group of `leader` when we die: it holds the other end of a pipe,
/// which the kernel closes however we end. (Linux can be asked to do this itself, but only through `unsafe`.)
fn watch(leader: u32, signal: &str) -> io::Result<Child> {
    without_secrets("sh")
        .args(["-c", WATCH, signal])
        .arg(leader.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

const WATCH: &str = r#"
read -r _
for second in 1 2 3 4 5 6 7 8 9 10; do
    kill -s "$0" -- "-$1" || exit
    sleep 1
done
kill -s KILL -- "-$1"
"#;

/// Runs a program to its end, or to ours, and gives what it wrote.
pub(super) fn run(command: &mut Command) -> Result<Output, ServerError> {
    let program = PathBuf::from(command.get_program());
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(ServerError::file("run", &program))?;
    let watcher = watch(child.id(), "KILL").map_err(ServerError::file("run", Path::new("sh")));
    let output = child.wait_with_output().map_err(ServerError::file("watch", &program));
    dismiss(watcher?).map_err(ServerError::file("watch", &program))?;
    output
}

fn dismiss(mut watcher: Child) -> io::Result<()> {
    watcher.kill()?;
    watcher.wait().map(|_| ())
}

/// Stops the server of a Guichet that was killed, if it is still there: its watcher may be at it, or be dead
/// too. We hold the lock, so it is nobody's.
pub(super) fn stop_orphan(files: &Files) -> Result<(), ServerError> {
    let Some(orphan) = find_orphan(files) else {
        return Ok(());
    };
    tracing::info!(process = orphan, "stopping the database server of an earlier run");
    let gone = || find_orphan(files).is_none();
    let patience = if answers(&files.last_socket()) {
        send("TERM", orphan);
        STOP
    } else {
        ENDING
    };
    if wait_until(patience, gone) {
        return Ok(());
    }
    send("KILL", orphan);
    if wait_until(STOP, gone) {
        return Ok(());
    }
    Err(ServerError::Orphan(orphan))
}

/// A server greets whoever connects, once it is past its start.
fn answers(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok_and(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(1))).is_ok() && stream.read_exact(&mut [0; 4]).is_ok()
    })
}

/// The number in the file may be anyone's by now: it counts only for a process that was given our directory.
pub(super) fn find_orphan(files: &Files) -> Option<u32> {
    let number = fs::read_to_string(files.pid_file()).ok()?.trim().parse().ok()?;
    let directory = format!("--datadir={}", files.datadir().display());
    command_line(number)?.contains(&directory).then_some(number)
}

/// A process that has ended but was not yet collected has no command line, and so doesn't count.
fn command_line(process: u32) -> Option<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let line = fs::read(format!("/proc/{process}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&line).into_owned());
    }
    let output = Command::new("ps")
        .args(["-ww", "-o", "command=", "-p"])
        .arg(process.to_string())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Signals through the shell's own `kill`: std can only kill outright, and slim systems lack the program.
fn send(signal: &str, process: u32) {
    let sent = without_secrets("sh")
        .args(["-c", r#"kill -s "$0" "$1""#, signal])
        .arg(process.to_string())
        .stderr(Stdio::null())
        .status();
    if let Err(error) = sent {
        tracing::error!(%error, "can't run sh to signal the database server");
    }
}

fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let since = Instant::now();
    while !done() {
        if since.elapsed() > limit {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

/// What a log says went wrong, or else its end, indented for an error to quote.
pub(super) fn last_lines(log: &[u8]) -> String {
    let text = String::from_utf8_lossy(log);
    let (errors, others): (Vec<&str>, Vec<&str>) = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .partition(|line| line.contains("[ERROR]") || line.starts_with("ERROR:"));
    let lines = if errors.is_empty() { others } else { errors };
    let from = lines.len().saturating_sub(8);
    let indented: Vec<_> = lines[from..].iter().map(|line| format!("  {line}")).collect();
    indented.join("\n")
}
