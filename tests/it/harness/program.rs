//! The program itself, `guichet serve`, in a process of its own, on the database and the platforms of a world.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::ports::free_port;
use super::{KEY, World};

/// How long the program may take for anything.
const PATIENCE: Duration = Duration::from_mins(1);
/// The password with which it comes to its database.
pub const PASSWORD: &str = "canarypassword";

/// A running `guichet serve`; killed when it is dropped.
pub struct Program {
    child: Child,
    said: watch::Receiver<String>,
    readers: Vec<JoinHandle<()>>,
    /// Where it answers HTTP.
    pub web: String,
    _data: TempDir,
}

impl Program {
    /// Starts it, with these settings over those of the world, by the names of their variables.
    pub async fn serve(world: &World, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let port = free_port();
        let web = format!("http://127.0.0.1:{port}");
        std::fs::write(data.path().join("code-key"), KEY).expect("a key");
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command
            .arg("serve")
            .env_clear()
            .envs(of_world(world, data.path()).await)
            .env("GUICHET_WEB__LISTEN", format!("127.0.0.1:{port}"))
            .env("GUICHET_WEB__PUBLIC_URL", &web)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the program");
        let (say, said) = watch::channel(String::new());
        let (out, err) = (
            child.stdout.take().expect("a pipe"),
            child.stderr.take().expect("a pipe"),
        );
        let readers = vec![tokio::spawn(hear(out, say.clone())), tokio::spawn(hear(err, say))];
        Self {
            child,
            said,
            readers,
            web,
            _data: data,
        }
    }

    /// Runs a command beside the world's desk, with these settings; whether it succeeded, and what it said.
    pub async fn runs(world: &World, command: &[&str], settings: &[(&str, &str)]) -> (bool, String) {
        let data = tempfile::tempdir().expect("a directory");
        let done = Command::new(env!("CARGO_BIN_EXE_guichet"))
            .args(command)
            .env_clear()
            .envs(of_world(world, data.path()).await)
            .envs(settings.iter().copied())
            .output();
        let done = done.await.expect("the program");
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Waits until it says these words, and gives the line.
    pub async fn says(&self, words: &str) -> String {
        let mut said = self.said.clone();
        let heard = tokio::time::timeout(PATIENCE, said.wait_for(|all| line(all, words).is_some())).await;
        match heard {
            Ok(Ok(all)) => line(&all, words).expect("just found").to_owned(),
            _ => panic!("{words:?} was not said, but:\n{}", self.said()),
        }
    }

    /// All that it said so far.
    pub fn said(&self) -> String {
        self.said.borrow().clone()
    }

    /// Tells it to close, and waits until it has; gives all that it said.
    pub async fn closes(mut self) -> (ExitStatus, String) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(told.expect("kill").success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.expect("it ends in time").expect("a status");
        for reader in self.readers.drain(..) {
            reader.await.expect("all that was said");
        }
        (status, self.said())
    }
}

fn line<'a>(all: &'a str, words: &str) -> Option<&'a str> {
    all.lines().find(|line| line.contains(words))
}

async fn hear(pipe: impl AsyncRead + Unpin, say: watch::Sender<String>) {
    let (mut pipe, mut line) = (BufReader::new(pipe), Vec::new());
    while pipe.read_until(b'\n', &mut line).await.expect("what it says") > 0 {
        say.send_modify(|all| all.push_str(&String::from_utf8_lossy(&line)));
        line.clear();
    }
}

/// The settings that lead to the world's database, by a user with a password, and to its platforms.
async fn of_world(world: &World, data: &Path) -> Vec<(String, String)> {
    let options = world.database.connect_options();
    let database = options.get_database().expect("a database").to_owned();
    let socket = options.get_socket().expect("a socket").display().to_string();
    for sql in [
        format!("CREATE USER IF NOT EXISTS '{database}'@'localhost' IDENTIFIED BY '{PASSWORD}'"),
        format!("GRANT ALL ON `{database}`.* TO '{database}'@'localhost'"),
    ] {
        world.tables.change(&sql).await;
    }
    let url = format!("mysql://{database}:{PASSWORD}@localhost/{database}?socket={socket}");
    let settings = [
        ("DATA", data.to_string_lossy().into_owned()),
        ("DATABASE__URL", url),
        ("TELEGRAM__TOKEN", world.telegram.token().to_owned()),
        ("TELEGRAM__API_URL", world.telegram.url().to_string()),
        ("DISCORD__TOKEN", world.discord.token().to_owned()),
        ("DISCORD__API_URL", world.discord.url()),
        ("LOG__FORMAT", "json".to_owned()),
    ];
    settings
        .map(|(name, value)| (format!("GUICHET_{name}"), value))
        .to_vec()
}
