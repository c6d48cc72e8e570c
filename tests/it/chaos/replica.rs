//! One `guichet serve`: a process of its own, with a network of its own to the database, that can be killed, frozen
//! and started again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::until;

/// How long a start may take, on a machine that has much else to do.
const START: Duration = Duration::from_mins(1);
/// How long a process that is told to stop may take.
const STOP: Duration = Duration::from_mins(1);

/// A process, running or not. It is killed when this is dropped.
pub struct Replica {
    settings: BTreeMap<String, String>,
    options: &'static [&'static str],
    process: Process,
    log: PathBuf,
}

/// What is needed to kill a process from anywhere.
#[derive(Clone, Default)]
pub struct Process(Arc<Mutex<Option<Child>>>);

impl Process {
    fn with<T>(&self, look: impl FnOnce(&mut Option<Child>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// SIGKILL, now. Whether it was running until then.
    pub fn kill(&self) -> bool {
        self.with(|child| {
            let Some(mut child) = child.take() else { return false };
            let running = matches!(child.try_wait(), Ok(None));
            child.kill().expect("a signal to our own child");
            child.wait().expect("the end of our own child");
            running
        })
    }

    /// Whether it runs.
    pub fn runs(&self) -> bool {
        self.with(|child| child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None))))
    }

    /// Its number; it has to be running.
    pub fn id(&self) -> u32 {
        self.with(|child| child.as_ref().map(Child::id)).expect("a process")
    }
}

impl Replica {
    /// A replica with these settings and command-line options, which is not running yet; its log is written to `log`.
    pub fn new(settings: BTreeMap<String, String>, options: &'static [&'static str], log: PathBuf) -> Self {
        Self {
            settings,
            options,
            process: Process::default(),
            log,
        }
    }

    /// Starts the process, without waiting for more.
    pub fn spawn(&self) {
        let log = File::create(&self.log).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GUICHET_")) {
            command.env_remove(name);
        }
        let child = command
            .arg("serve")
            .args(self.options)
            .envs(&self.settings)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("a process");
        self.process
            .with(|before| assert!(before.replace(child).is_none(), "it runs already"));
    }

    /// Waits until its desk is open.
    pub async fn open(&self) {
        let open = until(START, async || {
            self.has_logged("the desk is open") || !self.process.runs()
        })
        .await;
        assert!(open && self.process.runs(), "a replica does not open:\n{}", self.log());
    }

    /// The handle that kills it.
    pub fn process(&self) -> Process {
        self.process.clone()
    }

    /// Stops it in time, as a service manager would. Whether it ended by itself, and well.
    pub async fn stop(&self) -> bool {
        self.signal("TERM");
        let ended = until(STOP, async || !self.process.runs()).await;
        let well = self.process.with(|child| {
            let status = child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            status.is_some_and(|status| status.success())
        });
        self.process.kill();
        ended && well
    }

    /// It gets no more time, as on a machine that hangs.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// It goes on where it was.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Through the shell's own `kill`: std can only kill outright, and slim systems lack the program.
    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("sh")
            .args(["-c", r#"kill -s "$0" "$1""#, signal, &id])
            .status();
        assert!(sent.expect("a shell").success(), "no signal reached the replica");
    }

    /// The memory it holds, in KiB; none where the system does not tell.
    pub fn memory(&self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// The most that it ever held.
    pub fn most_memory(&self) -> Option<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Whether that is its name in the database, which it keeps in its data directory.
    pub fn is_called(&self, name: &str) -> bool {
        let directory = PathBuf::from(&self.settings["GUICHET_DATA"]).join("replicas");
        let names = fs::read_dir(directory).into_iter().flatten().flatten();
        names
            .into_iter()
            .any(|file| fs::read_to_string(file.path()).is_ok_and(|kept| kept == name))
    }

    fn has_logged(&self, words: &str) -> bool {
        self.log().contains(words)
    }

    /// What it logged since it was started last.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.process.kill();
    }
}
