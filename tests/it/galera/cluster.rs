//! Three Galera nodes on this machine, of which each can be killed, frozen, cut off and brought back.
//!
//! Needs Debian's mariadb-server, galera-4 and rsync, and the user `mysql` when root runs it. Their ports are fixed:
//! one cluster at a time.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};
use tempfile::TempDir;

/// How long a node may take to join, and others to go on without it: Galera's own time-outs, several times over.
const JOINING: Duration = Duration::from_mins(2);
const PEERS: &str = "gcomm://127.0.0.1:14101,127.0.0.1:14111,127.0.0.1:14121";

/// The nodes, 0 to 2.
pub struct Cluster {
    directory: TempDir,
    nodes: [Option<Child>; 3],
}

impl Cluster {
    /// Starts all three, the first as a new cluster, with an empty database.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let made = Command::new("mariadb-install-db")
            .current_dir(directory.path())
            .args(["--no-defaults", "--rpm", "--skip-test-db", "--skip-name-resolve"])
            .args(["--auth-root-authentication-method=normal", "--datadir=./node0"])
            .output()
            .expect("mariadb-install-db");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for name in ["node1", "node2", "tmp0", "tmp1", "tmp2"] {
            fs::create_dir(directory.path().join(name)).expect("a directory");
        }
        let mut cluster = Self {
            directory,
            nodes: [None, None, None],
        };
        if is_root() {
            run("chown", &["-R", "mysql"], cluster.directory.path());
        }
        cluster.launch(0, &["--wsrep-new-cluster"]);
        cluster.synced(0).await;
        for node in [1, 2] {
            cluster.join(node).await;
        }
        let mut first = cluster.server(0).connect().await.expect("a connection");
        execute(&mut first, "CREATE DATABASE guichet").await;
        first.close().await.expect("a goodbye");
        cluster
    }

    /// How to reach Guichet's database on a node.
    pub fn options(&self, node: usize) -> MySqlConnectOptions {
        self.server(node).database("guichet")
    }

    /// How to reach it on whichever node there is, in their order.
    pub fn all(&self) -> Vec<MySqlConnectOptions> {
        (0..3).map(|node| self.options(node)).collect()
    }

    /// Ends a node as a crash would.
    pub fn kill(&mut self, node: usize) {
        if let Some(mut process) = self.nodes[node].take() {
            process.kill().expect("a kill");
            process.wait().expect("an end");
        }
    }

    /// Stops a node as an upgrade would.
    pub async fn stop(&mut self, node: usize) {
        self.signal(node, "TERM");
        if let Some(mut process) = self.nodes[node].take() {
            tokio::task::spawn_blocking(move || process.wait())
                .await
                .expect("a wait")
                .expect("an end");
        }
    }

    /// Waits until the others go on without this node: one that comes back sooner may find no cluster to join.
    pub async fn goes_on_without(&self, node: usize) {
        let other = (node + 1) % 3;
        let until = Instant::now() + JOINING;
        while self.status(other, "wsrep_cluster_size").await.as_deref() != Some("2")
            || self.status(other, "wsrep_ready").await.as_deref() != Some("ON")
        {
            assert!(
                Instant::now() < until,
                "node {other} does not go on:\n{}",
                self.end_of_log(other)
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Starts a node that is down, and waits until it has joined. One that does not find the others ends, and is
    /// started again, as a service manager would.
    pub async fn join(&mut self, node: usize) {
        let until = Instant::now() + 2 * JOINING;
        self.launch(node, &[]);
        while !self.is_synced(node).await {
            assert!(
                Instant::now() < until,
                "node {node} does not join:\n{}",
                self.end_of_log(node)
            );
            if self.nodes[node]
                .as_mut()
                .is_none_or(|process| !matches!(process.try_wait(), Ok(None)))
            {
                self.launch(node, &[]);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub fn freeze(&self, node: usize) {
        self.signal(node, "STOP");
    }

    /// Lets a node go on, and waits until it has joined again.
    pub async fn thaw(&self, node: usize) {
        self.signal(node, "CONT");
        self.whole().await;
    }

    /// Cuts a node off from the others; its clients still reach it.
    pub async fn isolate(&self, node: usize, isolated: bool) {
        let mut connection = self.server(node).connect().await.expect("a connection");
        let value = u8::from(isolated);
        let sql = format!("SET GLOBAL wsrep_provider_options = 'gmcast.isolate={value}'");
        execute(&mut connection, &sql).await;
        connection.close().await.expect("a goodbye");
        if !isolated {
            self.whole().await;
        }
    }

    /// Waits until all three belong together: a node that was out of reach takes itself for synced until it hears that
    /// the others went on without it.
    async fn whole(&self) {
        let until = Instant::now() + JOINING;
        for node in 0..3 {
            while self.status(node, "wsrep_cluster_size").await.as_deref() != Some("3") || !self.is_synced(node).await {
                let log = || self.end_of_log(node);
                assert!(Instant::now() < until, "node {node} is not back:\n{}", log());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Brings a cluster back of which all nodes died: the one that has most begins. Gives when it could be used.
    pub async fn recover(&mut self) -> Instant {
        let positions: Vec<i64> = (0..3).map(|node| self.position(node)).collect();
        let newest = (0..3).max_by_key(|node| positions[*node]).expect("three nodes");
        let state = self.path("node", newest).join("grastate.dat");
        let text = fs::read_to_string(&state).expect("a state");
        fs::write(&state, text.replace("safe_to_bootstrap: 0", "safe_to_bootstrap: 1")).expect("a state");
        self.launch(newest, &["--wsrep-new-cluster"]);
        self.synced(newest).await;
        let back = Instant::now();
        for node in (0..3).filter(|node| *node != newest) {
            self.join(node).await;
        }
        back
    }

    /// The last transaction that a node which is down has kept.
    fn position(&self, node: usize) -> i64 {
        let log = self.directory.path().join(format!("recover{node}.log"));
        let output = File::create(&log).expect("a log");
        let mut command = self.command(node);
        command.arg("--wsrep-recover").stdout(Stdio::null()).stderr(output);
        command.status().expect("a recovery");
        let text = fs::read_to_string(&log).expect("a log");
        let found = text
            .lines()
            .rev()
            .find_map(|line| line.split("Recovered position:").nth(1));
        let seqno = found.and_then(|position| position.rsplit(':').next()?.split(',').next()?.trim().parse().ok());
        seqno.unwrap_or_else(|| panic!("node {node} tells no position:\n{text}"))
    }

    fn launch(&mut self, node: usize, more: &[&str]) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.directory.path().join(format!("node{node}.log")));
        let log = log.expect("a log");
        let mut command = self.command(node);
        command
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.nodes[node] = Some(command.spawn().expect("mariadbd"));
    }

    fn command(&self, node: usize) -> Command {
        let base = 14101 + 10 * node;
        let (transfer, copy) = (base + 100, base + 200);
        let mut command = Command::new("mariadbd");
        command.arg("--no-defaults");
        if is_root() {
            command.arg("--user=mysql");
        }
        for (option, path) in [
            ("datadir", self.path("node", node)),
            ("tmpdir", self.path("tmp", node)),
            ("socket", self.socket(node)),
            ("pid-file", self.directory.path().join(format!("node{node}.pid"))),
        ] {
            command.arg(format!("--{option}={}", path.display()));
        }
        command
            .arg(format!("--port={}", 13001 + node))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=64M",
            ])
            .args([
                "--binlog-format=ROW",
                "--innodb-autoinc-lock-mode=2",
                "--innodb-flush-log-at-trx-commit=1",
            ])
            .args([
                "--wsrep-on=ON",
                "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
                "--wsrep-sst-method=rsync",
            ])
            .arg(format!("--wsrep-cluster-address={PEERS}"))
            .arg(format!("--wsrep-node-address=127.0.0.1:{base}"))
            .arg(format!("--wsrep-sst-receive-address=127.0.0.1:{copy}"))
            .arg(format!(
                "--wsrep-provider-options=base_port={base};gmcast.listen_addr=tcp://127.0.0.1:{base};\
                 ist.recv_addr=127.0.0.1:{transfer};ist.recv_bind=127.0.0.1:{transfer};pc.recovery=false"
            ));
        command
    }

    async fn synced(&self, node: usize) {
        let until = Instant::now() + JOINING;
        while !self.is_synced(node).await {
            assert!(
                Instant::now() < until,
                "node {node} does not join:\n{}",
                self.end_of_log(node)
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn is_synced(&self, node: usize) -> bool {
        self.status(node, "wsrep_local_state_comment").await.as_deref() == Some("Synced")
    }

    async fn status(&self, node: usize, name: &str) -> Option<String> {
        let sql = AssertSqlSafe(format!("SHOW STATUS LIKE '{name}'"));
        let asked = async {
            let mut connection = self.server(node).connect().await.ok()?;
            let state: (String, String) = sqlx::query_as(sql).fetch_one(&mut connection).await.ok()?;
            connection.close().await.ok()?;
            Some(state.1)
        };
        tokio::time::timeout(Duration::from_secs(2), asked).await.ok()?
    }

    fn server(&self, node: usize) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .socket(self.socket(node))
            .username("root")
            .ssl_mode(MySqlSslMode::Disabled)
            .collation("utf8mb4_unicode_ci")
    }

    fn signal(&self, node: usize, signal: &str) {
        if let Some(process) = &self.nodes[node] {
            let sent = Command::new("kill")
                .args(["-s", signal, &process.id().to_string()])
                .status();
            assert!(sent.expect("kill").success());
        }
    }

    fn end_of_log(&self, node: usize) -> String {
        let log = fs::read_to_string(self.directory.path().join(format!("node{node}.log"))).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(15).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn path(&self, what: &str, node: usize) -> PathBuf {
        self.directory.path().join(format!("{what}{node}"))
    }

    fn socket(&self, node: usize) -> PathBuf {
        self.directory.path().join(format!("node{node}.sock"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for node in 0..3 {
            self.kill(node);
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|us| us.uid() == 0)
}

fn run(program: &str, arguments: &[&str], on: &Path) {
    let done = Command::new(program).args(arguments).arg(on).status();
    assert!(done.expect(program).success());
}

async fn execute(connection: &mut MySqlConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.expect("it is done");
}
