//! The database server that all stories share, and their databases on it.
//!
//! A run has hundreds of databases, of six megabytes each. That of a `World` is lent, and dropped when the next is lent
//! after its story has ended; the server's directory goes when the test program has, however it ends.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use guichet::store::server::PrivateServer;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tokio::sync::OnceCell;

struct SharedServer {
    process: PrivateServer,
    databases: AtomicU32,
    /// Its end is when we end.
    _broom: Child,
}

static SERVER: OnceCell<SharedServer> = OnceCell::const_new();

/// The databases whose stories have ended.
static RETURNED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// An empty database that may go when this does.
pub struct Lent {
    pub options: MySqlConnectOptions,
    name: String,
}

impl Drop for Lent {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        RETURNED.lock().expect("the names").push(name);
    }
}

/// An empty database for as long as a story uses it.
pub async fn lend_database() -> Lent {
    let server = server().await;
    server.drop_returned().await;
    let (name, options) = server.create().await;
    Lent { options, name }
}

/// An empty database that is there until the run ends.
pub async fn new_database() -> MySqlConnectOptions {
    server().await.create().await.1
}

async fn server() -> &'static SharedServer {
    SERVER
        .get_or_init(|| async {
            let directory = tempfile::tempdir().expect("a temporary directory").keep();
            let broom = sweep_at_the_end(&directory).expect("sh");
            let process = PrivateServer::start(&directory).await.expect("a private server");
            SharedServer {
                process,
                databases: AtomicU32::new(0),
                _broom: broom,
            }
        })
        .await
}

impl SharedServer {
    async fn create(&self) -> (String, MySqlConnectOptions) {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("story_{number}");
        let options = self.process.create_database(&name).await.expect("a database");
        (name, options)
    }

    async fn drop_returned(&self) {
        let returned = std::mem::take(&mut *RETURNED.lock().expect("the names"));
        if returned.is_empty() {
            return;
        }
        let mut connection = self.process.options().connect().await.expect("a connection");
        sqlx::query("SET SESSION lock_wait_timeout = 1")
            .execute(&mut connection)
            .await
            .expect("a setting");
        for name in returned {
            let sql = AssertSqlSafe(format!("DROP DATABASE {name}"));
            // One that what a story left behind still uses goes with the server.
            let _ = sqlx::query(sql).execute(&mut connection).await;
        }
        connection.close().await.expect("a connection that ends");
    }
}

/// Starts a shell that removes the directory once we and then the server have ended: it holds the other end of a
/// pipe, which the kernel closes however we end. The server takes its process number away when it ends; its socket may be
/// in a directory apart.
fn sweep_at_the_end(directory: &Path) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", SWEEP, "sh"])
        .arg(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

const SWEEP: &str = r#"
read -r _
tenths=0
while [ -e "$1/database/server.pid" ] && [ $tenths -lt 300 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
done
elsewhere=$(readlink "$1/database/socket-directory") && rm -rf "$elsewhere"
rm -rf "$1" || { sleep 2; rm -rf "$1"; }
"#;
