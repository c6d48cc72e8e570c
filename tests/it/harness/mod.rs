//! A desk in a sandbox: one database server for all tests, one database, Telegram and Discord for each.
//!
//! Waiting is done by seeing: a [`Chair`] waits for the message itself, and a test that does not get it fails
//! with all that was there instead. What a story saw is kept as its script, for a snapshot.

mod browser;
mod chair;
mod chromium;
mod db_proxy;
mod log;
mod mail_server;
mod office;
mod ports;
mod program;
mod script;
mod shared_server;
mod tables;

pub use browser::{Browser, Got};
pub use chair::{AnySeat, Chair, Wordless, words};
pub use chromium::{COMPUTER, Chromium, PHONE, Screen};
pub use db_proxy::{DbProxy, Fate, Moment, Server};
pub use mail_server::{MailServer, Mood, Post};
pub use office::{Learner, Office, Person, Place, Staff, StaffOn, link, office};
pub use ports::free_port;
pub use program::{PASSWORD, Program};
pub use script::Script;
pub use shared_server::{Lent, lend_database, new_database};
pub use tables::Tables;

use std::num::NonZeroU32;

use crate::specs::{check_discord, check_telegram};
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use guichet::chat::HouseRules;
use guichet::clock::Clock;
use guichet::desk::{Desk, Setup};
use guichet::domain::account::{Registration, Role};
use guichet::domain::language::Language;
use guichet::domain::text::{Email, PersonName};
use guichet::mail::Mailer;
use guichet::outbox::pacing::Pacing;
use guichet::replica::Identity;
use guichet::sandbox::Transcript;
use guichet::sandbox::discord::Discord;
use guichet::sandbox::telegram::Telegram;
use guichet::service::accounts;
use guichet::service::codes::{self, CodeKey};
use guichet::store::files::FileStore;
use guichet::store::{self, Store};
use sqlx::mysql::{MySqlConnectOptions, MySqlPool};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The key of one-time codes, the same whenever a desk is opened again.
pub const KEY: [u8; 32] = [7; 32];

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
    /// Who hands letters over the next time that the desk opens: with it, accounts are confirmed by mail.
    pub mailer: Option<Mailer>,
    /// How somebody unknown gets an account, the next time that the desk opens; else by whether there is a mail server.
    pub registration: Option<Registration>,
    /// How many tickets somebody may open within ten minutes, the next time that the desk opens.
    pub most: Option<NonZeroU32>,
    /// Which limits the desk keeps the next time it opens.
    pub pacing: Pacing,
    /// Whether Telegram posts updates, the next time that the desk opens.
    pub by_webhook: bool,
    /// The address under which people reach it, the next time that the desk opens, if it is another.
    pub public_url: Option<url::Url>,
    /// Whether that address is told, the next time that the desk opens, where it is the one at which it answers.
    pub is_public: bool,
    /// Where the desk answers HTTP.
    pub web: String,
    desk: Option<Desk>,
    /// Its database on the server that all stories share, if it is there.
    lent: Option<Lent>,
}

impl World {
    /// A world with an open desk, at nine o'clock on a Monday.
    pub async fn open() -> Self {
        let mut world = Self::closed(Clock::set_to(nine_o_clock())).await;
        world.start().await;
        world
    }

    /// The same, with a network between the desk and its database that can fail.
    pub async fn open_behind_proxy() -> (Self, DbProxy) {
        let lent = lend_database().await;
        let proxy = DbProxy::start(Server::of(&lent.options)).await;
        let mut world = Self::open_on(vec![proxy.options(&lent.options)], &lent.options).await;
        world.lent = Some(lent);
        (world, proxy)
    }

    /// The same, on a database given twice: on which servers the desk finds it, and how the test looks at its tables.
    pub async fn open_on(by_desk: Vec<MySqlConnectOptions>, by_test: &MySqlConnectOptions) -> Self {
        let mut world = Self::closed_on(Clock::set_to(nine_o_clock()), by_desk, by_test).await;
        world.start().await;
        world
    }

    /// The same, where Telegram posts updates.
    pub async fn open_by_webhook() -> Self {
        let mut world = Self::closed(Clock::set_to(nine_o_clock())).await;
        world.by_webhook = true;
        world.start().await;
        world
    }

    /// The same, where addresses are confirmed by mail.
    pub async fn open_with_mail() -> (Self, MailServer) {
        let server = MailServer::start().await;
        let mut world = Self::closed(Clock::set_to(nine_o_clock())).await;
        world.mailer = Some(server.mailer());
        world.is_public = true;
        world.start().await;
        (world, server)
    }

    /// A world in which no desk is open yet.
    pub async fn closed(clock: Clock) -> Self {
        let lent = lend_database().await;
        let mut world = Self::closed_on(clock, vec![lent.options.clone()], &lent.options).await;
        world.lent = Some(lent);
        world
    }

    async fn closed_on(clock: Clock, by_desk: Vec<MySqlConnectOptions>, by_test: &MySqlConnectOptions) -> Self {
        log::listen();
        let transcript = Transcript::default();
        let telegram = Telegram::start(clock.clone(), transcript.clone())
            .await
            .expect("Telegram");
        let discord = Discord::start(clock.clone(), transcript).await.expect("Discord");
        // Stories are quicker than the platforms allow; pacing has tests of its own.
        telegram.faults().limits(false);
        discord.faults().limits(false);
        let store = Store::open_first_of(by_desk, 6, clock.clone()).await.expect("a store");
        let database = MySqlPool::connect_lazy_with(by_test.clone());
        let tables = Tables::new(database.clone());
        let files = tempfile::tempdir().expect("a directory");
        let script = Script::default();
        Self {
            telegram,
            discord,
            clock,
            store,
            database,
            tables,
            script,
            files,
            mailer: None,
            registration: None,
            most: None,
            pacing: Pacing::unlimited(),
            by_webhook: false,
            public_url: None,
            is_public: false,
            web: String::new(),
            desk: None,
            lent: None,
        }
    }

    /// Opens the desk (again).
    pub async fn start(&mut self) {
        // Whoever had leases in this database is gone.
        self.store.expel_replicas().await.expect("the leases");
        // Nobody holds the other end of an earlier desk's connection.
        self.discord.forget_sessions();
        let setup = self.setup().await;
        self.desk = Some(Desk::open(setup).await.expect("an open desk"));
        self.bot_is_there().await;
    }

    /// Waits until Discord can hand the bot a command: before it is both registered and connected, Discord tells
    /// whoever uses one that the application did not respond.
    pub async fn bot_is_there(&self) {
        self.discord.connected().await;
        self.discord.registered("ticket").await;
    }

    /// Opens one more desk beside, as another process on the same database would be, and waits until both have
    /// their share.
    pub async fn open_beside(&mut self) -> Desk {
        let setup = self.setup().await;
        let desk = Desk::open(setup).await.expect("an open desk");
        let halves = "SELECT COUNT(*) FROM
            (SELECT owner FROM shard_leases WHERE until > NOW(3) GROUP BY owner HAVING COUNT(*) = 32) AS halves";
        self.tables.until_number(halves, 2).await;
        self.discord.sessions_connected(2).await;
        desk
    }

    async fn setup(&mut self) -> Setup {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        self.web = format!("http://{}", listener.local_addr().expect("its number"));
        let webhook = format!("{}/telegram/webhook", self.web);
        let own = self.is_public.then(|| self.web.parse().expect("an address"));
        let webhook = self.by_webhook.then(|| webhook.parse().expect("an address"));
        Setup {
            store: self.store.clone(),
            files: FileStore::open(self.files.path()).expect("a directory"),
            key: CodeKey::new(KEY),
            identity: Identity::new(),
            clock: self.clock.clone(),
            timezone: Paris,
            rules: HouseRules {
                language: Language::Fr,
                registration: self.registration.unwrap_or(if self.mailer.is_some() {
                    Registration::Email
                } else {
                    Registration::Open
                }),
                timezone: Paris,
                most: self.most,
            },
            telegram: Some((self.telegram.token().to_owned().into(), self.telegram.url())),
            discord: Some((
                self.discord.token().to_owned().into(),
                self.discord.url().parse().expect("an address"),
            )),
            mail: self.mailer.clone(),
            pacing: self.pacing,
            web: Some(listener),
            public_url: self.public_url.clone().or(own),
            telegram_webhook: webhook,
        }
    }

    /// Ends the desk at once, wherever it is, as kill -9 would.
    pub fn kill(&mut self) {
        self.desk = None;
    }

    /// Closes the desk, which has logged nothing that was typed.
    pub async fn close(&mut self) {
        if let Some(desk) = self.desk.take() {
            desk.close().await;
        }
        log::tells_nothing_of(&self.script.typed());
    }

    /// Makes an account, as `guichet admin create` does, and gives its one-time code.
    pub async fn create(&self, name: &str, email: &str, role: Role) -> String {
        let mut tx = self.store.begin().await.expect("a transaction");
        let name = PersonName::parse(name).expect("a name");
        let email = Email::parse(email).expect("an address");
        let account = accounts::create(&mut tx, &name, &email, role)
            .await
            .expect("an account");
        let (code, _) = codes::issue(&mut tx, &CodeKey::new(KEY), account, None)
            .await
            .expect("a code");
        tx.commit().await.expect("a commit");
        code.to_string()
    }

    /// A new one-time code for the account with that address, as `guichet admin code` gives it.
    pub async fn new_code(&self, email: &str) -> String {
        let mut tx = self.store.begin().await.expect("a transaction");
        let email = Email::parse(email).expect("an address");
        let account = store::accounts::find_by_email(&mut tx, &email).await.expect("a query");
        let account = account.expect("an account").id;
        let (code, _) = codes::issue(&mut tx, &CodeKey::new(KEY), account, None)
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

    /// Waits until something is so, at most a quarter of a minute.
    pub async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..750 {
            if is_so() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{what}: awaited in vain");
    }

    /// A chair for somebody in some place.
    pub fn chair(&self, who: &str, place: &str, seat: impl Into<AnySeat>) -> Chair {
        Chair::new(who, place, seat.into(), self.script.clone(), self.database.clone())
    }
}

/// Nine o'clock on a Monday.
fn nine_o_clock() -> DateTime<Utc> {
    let nine = Paris.with_ymd_and_hms(2026, 9, 14, 9, 0, 0).single();
    nine.expect("a moment").to_utc()
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
