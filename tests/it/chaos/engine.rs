//! A database server that can be killed: one of its own for a scene, since the others share theirs.

use std::fs;
use std::process::Command;

use guichet::store::server::PrivateServer;
use sqlx::mysql::MySqlConnectOptions;
use tempfile::TempDir;

/// The server and its files.
pub struct Engine {
    server: Option<PrivateServer>,
    directory: TempDir,
}

impl Engine {
    pub async fn start() -> Self {
        let mut engine = Self {
            server: None,
            directory: tempfile::tempdir().expect("a directory"),
        };
        engine.restart().await;
        engine
    }

    /// How to reach it; the same after a restart.
    pub fn options(&self) -> MySqlConnectOptions {
        self.server.as_ref().expect("a server").options()
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        let file = self.directory.path().join("database/server.pid");
        let process = fs::read_to_string(file).expect("the server's number");
        process.trim().parse().expect("a number")
    }

    /// SIGKILL to the server, by the number of the process that was started.
    pub fn kill(&self) {
        let process = self.process().to_string();
        let sent = Command::new("sh")
            .args(["-c", "kill -s KILL \"$0\"", &process])
            .status();
        assert!(sent.expect("a shell").success(), "no signal reached the server");
    }

    /// Starts it on the files that are there; returns when it answers.
    pub async fn restart(&mut self) {
        if let Some(ended) = self.server.take() {
            ended.stop().await;
        }
        let server = PrivateServer::start(self.directory.path()).await;
        self.server = Some(server.expect("a private server"));
    }
}
