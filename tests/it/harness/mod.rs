//! A desk in a sandbox: one database server for all tests, one database, Telegram and Discord for each.
//!
//! Waiting is done by seeing: a [`Chair`] waits for the message itself, and a test that does not get it fails
//! with all that was there instead. What a story saw is kept as its script, for a snapshot.

mod chair;
mod office;
mod script;
mod tables;

pub use chair::{AnySeat, Chair, Wordless, words};
pub use office::{Learner, Office, Person, StaffOn, office};
pub use script::Script;
pub use tables::Tables;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::specs::{check_discord, check_telegram};
use chrono::TimeZone;
use chrono_tz::Europe::Paris;
use guichet::clock::Clock;
use guichet::desk::{Desk, Setup};
use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::text::{Email, PersonName};
use guichet::replica::Identity;
use guichet::sandbox::Transcript;
use guichet::sandbox::discord::Discord;
use guichet::sandbox::telegram::Telegram;
use guichet::service::accounts;
use guichet::service::codes::{self, CodeKey};
use guichet::store::Store;
use guichet::store::files::FileStore;
use guichet::store::server::PrivateServer;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The key of one-time codes, the same whenever a desk is opened again.
pub const KEY: [u8; 32] = [7; 32];

struct Server {
    process: PrivateServer,
    databases: AtomicU32,
    _directory: TempDir,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

async fn new_database() -> MySqlConnectOptions {
    let shared = SERVER
        .get_or_init(|| async {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let process = PrivateServer::start(directory.path()).await.expect("a private server");
            Server {
                process,
                databases: AtomicU32::new(0),
                _directory: directory,
            }
        })
        .await;
    let number = shared.databases.fetch_add(1, Ordering::Relaxed);
    shared
        .process
        .create_database(&format!("story_{number}"))
        .await
        .expect("a database")
}

/// An empty database with the schema: the store, and the tables directly.
pub async fn bare_store(clock: &Clock) -> (Store, MySqlPool) {
    let options = new_database().await;
    let store = Store::open(options.clone(), 6, clock.clone()).await.expect("a store");
    (store, MySqlPool::connect_lazy_with(options))
}

/// A world with one desk in it.
pub struct World {
    pub telegram: Telegram,
    pub discord: Discord,
    pub clock: Clock,
    pub store: Store,
    /// For looking at the tables directly.
    pub database: MySqlPool,
    pub tables: Tables,
    pub script: Script,
    pub files: TempDir,
    desk: Option<Desk>,
}

impl World {
    /// A world with an open desk, at nine o'clock on a Monday.
    pub async fn open() -> Self {
        let nine = Paris
            .with_ymd_and_hms(2026, 9, 14, 9, 0, 0)
            .single()
            .expect("a moment")
            .to_utc();
        let clock = Clock::set_to(nine);
        let transcript = Transcript::default();
        let telegram = Telegram::start(clock.clone(), transcript.clone())
            .await
            .expect("Telegram");
        let discord = Discord::start(clock.clone(), transcript).await.expect("Discord");
        // Stories are quicker than the platforms allow; pacing has tests of its own.
        telegram.faults().limits(false);
        discord.faults().limits(false);
        let (store, database) = bare_store(&clock).await;
        let tables = Tables::new(database.clone());
        let files = tempfile::tempdir().expect("a directory");
        let script = Script::default();
        let mut world = Self {
            telegram,
            discord,
            clock,
            store,
            database,
            tables,
            script,
            files,
            desk: None,
        };
        world.start().await;
        world
    }

    /// Opens the desk (again).
    pub async fn start(&mut self) {
        // Whoever had leases in this database is gone.
        self.store.expel_replicas().await.expect("the leases");
        // Nobody holds the other end of an earlier desk's connection.
        self.discord.forget_sessions();
        self.desk = Some(Desk::open(self.setup()).await.expect("an open desk"));
        self.discord.connected().await;
        self.discord.registered("ticket").await;
    }

    /// Opens one more desk beside, as another process on the same database would be, and waits until both have
    /// their share.
    pub async fn open_beside(&self) -> Desk {
        let desk = Desk::open(self.setup()).await.expect("an open desk");
        let halves = "SELECT COUNT(*) FROM
            (SELECT owner FROM shard_leases WHERE until > NOW(3) GROUP BY owner HAVING COUNT(*) = 32) AS halves";
        self.tables.until_number(halves, 2).await;
        self.discord.sessions_connected(2).await;
        desk
    }

    fn setup(&self) -> Setup {
        Setup {
            store: self.store.clone(),
            files: FileStore::open(self.files.path()).expect("a directory"),
            key: CodeKey::new(KEY),
            identity: Identity::new(),
            clock: self.clock.clone(),
            timezone: Paris,
            language: Language::Fr,
            telegram: Some((self.telegram.token().to_owned().into(), self.telegram.url())),
            discord: Some((
                self.discord.token().to_owned().into(),
                self.discord.url().parse().expect("an address"),
            )),
        }
    }

    /// Ends the desk at once, wherever it is, as kill -9 would.
    pub fn kill(&mut self) {
        self.desk = None;
    }

    /// Closes the desk.
    pub async fn close(&mut self) {
        if let Some(desk) = self.desk.take() {
            desk.close().await;
        }
    }

    /// Makes an account, as `guichet admin create` does, and gives its one-time code.
    pub async fn create(&self, name: &str, email: &str, role: Role) -> String {
        let mut tx = self.store.begin().await.expect("a transaction");
        let name = PersonName::parse(name).expect("a name");
        let email = Email::parse(email).expect("an address");
        let account = accounts::create(&mut tx, &name, &email, role)
            .await
            .expect("an account");
        let (code, _) = codes::issue(&mut tx, &CodeKey::new(KEY), account)
            .await
            .expect("a code");
        tx.commit().await.expect("a commit");
        code.to_string()
    }

    /// Waits until all that Telegram queued is stored, all that is stored is answered, and all that was to be told
    /// is told. What was just written on Discord may still be on its way: see what comes of it first.
    pub async fn quiet(&self) {
        self.telegram.confirmed().await.expect("every update stored");
        self.tables.quiet().await;
    }

    /// Counts rows: `world.count("tickets")`.
    pub async fn count(&self, table: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(sql)
            .fetch_one(&self.database)
            .await
            .expect("a count")
    }

    /// The desk has said all it had to say, and every word of it was accepted.
    pub async fn is_settled(&self) {
        for _ in 0..500 {
            if self.count("outbox").await == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(self.count("outbox").await, 0);
        assert_eq!(self.count("dead_letters").await, 0);
    }

    /// A chair for somebody in some place.
    pub fn chair(&self, who: &str, place: &str, seat: impl Into<AnySeat>) -> Chair {
        Chair::new(who, place, seat.into(), self.script.clone(), self.database.clone())
    }
}

/// Every request made in a world is one that the platforms' own specifications allow.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let checked = check_telegram(&self.telegram.requests())
            .and_then(|telegram| Ok([telegram, check_discord(&self.discord.requests())?].concat()));
        match checked {
            Ok(violations) => assert!(
                violations.is_empty(),
                "requests against the specification:\n{}",
                violations.join("\n")
            ),
            Err(skipped) => println!("{skipped}"),
        }
    }
}
