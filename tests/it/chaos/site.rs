//! Where chaos takes place: simulated platforms in this process, a real database, replicas as processes, and people
//! whom the desk knows.

use std::collections::BTreeMap;
use std::time::Duration;

use guichet::clock::Clock;
use guichet::sandbox::Transcript;
use guichet::sandbox::discord::{Channel, Discord, DiscordUser};
use guichet::sandbox::telegram::{Telegram, TelegramUser};
use guichet::store::{Store, Tx};
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool};
use tempfile::TempDir;

use super::audit::Audit;
use super::balancer::Balancer;
use super::figures::Figures;
use super::person::Person;
use super::replica::Replica;
use super::until;
use crate::harness::{AnySeat, DbProxy, Server, Tables, free_port};

/// How long everything that is on its way may take to arrive.
pub const SETTLE: Duration = Duration::from_mins(3);

/// More notices are never counted as on their way at one kill, though a replica may send more at once.
const AT_ONCE: i64 = 64;

/// Who is there, half of them on either platform.
#[derive(Clone, Copy)]
pub struct Cast {
    pub replicas: usize,
    pub learners: usize,
    pub technicians: usize,
}

/// How replicas reach the database, and updates from Telegram the replicas.
#[derive(Clone, Copy)]
enum Way<'a> {
    Proxied(Option<&'a Balancer>),
    Direct,
}

/// A technician: their private chat and, on Discord, the team's channel. There is no group on Telegram: its limit of
/// twenty messages a minute would make everybody wait for it.
#[derive(Clone)]
pub struct Technician {
    pub private: Person,
    pub channel: Option<Person>,
    user: User,
}

#[derive(Clone)]
enum User {
    Discord(DiscordUser),
    Telegram(TelegramUser),
}

impl User {
    fn private(&self) -> AnySeat {
        match self {
            Self::Discord(user) => user.dm().into(),
            Self::Telegram(user) => user.private().into(),
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Discord(user) => user.id().to_string(),
            Self::Telegram(user) => user.id().to_string(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Discord(user) => user.name(),
            Self::Telegram(user) => user.name(),
        }
    }
}

/// Everything that one scene needs.
pub struct Site {
    pub telegram: Telegram,
    pub discord: Discord,
    pub tables: Tables,
    pub database: MySqlPool,
    pub replicas: Vec<Replica>,
    /// Each replica's network to the database, unless they reach it directly.
    pub proxies: Vec<DbProxy>,
    pub learners: Vec<Person>,
    pub technicians: Vec<Technician>,
    store: Store,
    /// Where the pages are, of a site to measure.
    pub web: String,
    channel: Channel,
    directory: TempDir,
}

impl Site {
    /// Opens the desk for these people, who have all said hello.
    pub async fn open(database: &MySqlConnectOptions, cast: Cast) -> Self {
        Self::open_with(database, cast, Way::Proxied(None)).await
    }

    /// The same, where Telegram posts its updates to this balancer.
    pub async fn open_behind(balancer: &Balancer, database: &MySqlConnectOptions, cast: Cast) -> Self {
        Self::open_with(database, cast, Way::Proxied(Some(balancer))).await
    }

    /// The same, with nothing between the replicas and the database that costs time, and no pace to keep.
    pub async fn open_to_measure(database: &MySqlConnectOptions, cast: Cast) -> Self {
        Self::open_with(database, cast, Way::Direct).await
    }

    async fn open_with(database: &MySqlConnectOptions, cast: Cast, way: Way<'_>) -> Self {
        let clock = Clock::system();
        let transcript = Transcript::default();
        let telegram = Telegram::start(clock.clone(), transcript.clone())
            .await
            .expect("Telegram");
        let discord = Discord::start(clock.clone(), transcript).await.expect("Discord");
        telegram.faults().limits(false);
        discord.faults().limits(false);
        let store = Store::open(database.clone(), 4, clock).await.expect("a store");
        let pool = MySqlPool::connect_lazy_with(database.clone());
        let directory = tempfile::tempdir().expect("a directory");
        let users = |role: &str, count: usize| -> Vec<User> {
            (0..count)
                .map(|number| user(&telegram, &discord, role, number))
                .collect()
        };
        let (technicians, learners) = (users("Tech", cast.technicians), users("Lea", cast.learners));
        let channel = place(&discord, &technicians);
        let mut site = Self {
            tables: Tables::new(pool.clone()),
            replicas: Vec::new(),
            proxies: Vec::new(),
            learners: Vec::new(),
            technicians: Vec::new(),
            database: pool,
            telegram,
            discord,
            store,
            web: format!("http://127.0.0.1:{}", free_port()),
            channel,
            directory,
        };
        site.know(technicians, learners).await;
        for number in 0..cast.replicas {
            let replica = match way {
                Way::Direct => site.replica(&url_of(database), number, None, &["--unpaced"]),
                Way::Proxied(balancer) => {
                    let proxy = DbProxy::start(Server::of(database)).await;
                    let url = proxy.url(database.get_database().expect("a database"));
                    site.proxies.push(proxy);
                    site.replica(&url, number, balancer, &[])
                }
            };
            site.replicas.push(replica);
            site.start(number).await;
        }
        site.greet().await;
        site
    }

    fn replica(
        &self,
        database: &str,
        number: usize,
        balancer: Option<&Balancer>,
        options: &'static [&'static str],
    ) -> Replica {
        let data = self.directory.path();
        let settings = [
            ("DATA", data.join(format!("data-{number}")).display().to_string()),
            ("DATABASE__URL", database.to_owned()),
            ("TELEGRAM__TOKEN", self.telegram.token().to_owned()),
            ("TELEGRAM__API_URL", self.telegram.url().to_string()),
            ("DISCORD__TOKEN", self.discord.token().to_owned()),
            ("DISCORD__API_URL", self.discord.url()),
            ("DESK__TICKETS_AT_ONCE", "0".to_owned()),
        ];
        let web = match balancer {
            Some(balancer) => vec![
                ("TELEGRAM__MODE", "webhook".to_owned()),
                ("WEB__LISTEN", balancer.replicas[number].to_string()),
                ("WEB__PUBLIC_URL", format!("http://{}", balancer.address)),
            ],
            None if options.contains(&"--unpaced") => {
                vec![("WEB__LISTEN", self.web.trim_start_matches("http://").to_owned())]
            }
            None => Vec::new(),
        };
        let settings = settings.into_iter().chain(web);
        let settings: BTreeMap<_, _> = settings
            .map(|(name, value)| (format!("GUICHET_{name}"), value))
            .collect();
        Replica::new(settings, options, data.join(format!("replica-{number}.log")))
    }

    /// Writes the people and the team's places into the database, as `guichet admin`, `/link` and `/setup` would.
    async fn know(&mut self, technicians: Vec<User>, learners: Vec<User>) {
        self.run(&format!(
            "INSERT INTO places (platform, chat, topics, language, bound_by, bound_at)
             VALUES ('discord', '{}', 0, 'fr', NULL, NOW(6))",
            self.channel.id()
        ))
        .await;
        for user in technicians {
            let private = self.settle(&user, "technician").await;
            let channel = match &user {
                User::Discord(user) => Some(private.at(user.in_channel(&self.channel))),
                User::Telegram(_) => None,
            };
            self.technicians.push(Technician { private, channel, user });
        }
        for user in learners {
            let learner = self.settle(&user, "learner").await;
            self.learners.push(learner);
        }
    }

    async fn settle(&self, user: &User, role: &str) -> Person {
        let person = Person {
            name: user.name().to_owned(),
            seat: user.private(),
            identity: 0,
        };
        let account = self
            .run(&format!(
                "INSERT INTO accounts (name, stated_email, role, created_at) VALUES ('{}', '', '{role}', NOW(6))",
                user.name()
            ))
            .await;
        let identity = self
            .run(&format!(
                "INSERT INTO identities (platform, user_id, account_id, display_name, language, language_known, created_at)
                 VALUES ('{}', '{}', {account}, '{}', 'fr', 1, NOW(6))",
                person.platform().code(),
                user.id(),
                user.name(),
            ))
            .await;
        Person { identity, ..person }
    }

    async fn run(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::query(sql)
            .execute(&self.database)
            .await
            .expect("a change")
            .last_insert_id()
    }

    /// Everybody writes to the bot once: only then does it know where to find them.
    async fn greet(&self) {
        for person in self.everybody() {
            person.says("Bonjour").await;
        }
        for person in self.everybody() {
            assert!(
                person.sees("Bonjour ", SETTLE).await.is_some(),
                "no greeting:\n{}",
                self.logs()
            );
        }
        let met = async || {
            self.tables
                .number("SELECT COUNT(*) FROM identities WHERE private_chat IS NULL")
                .await
                == 0
        };
        assert!(until(SETTLE, met).await, "not everybody was met:\n{}", self.logs());
        assert!(
            self.settled(SETTLE).await,
            "the greetings take too long:\n{}",
            self.logs()
        );
    }

    fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.technicians.iter().map(|one| &one.private).chain(&self.learners)
    }

    /// Starts a replica and waits until it is open and hears both platforms.
    pub async fn start(&self, number: usize) {
        let others = self.replicas.iter().filter(|one| one.process().runs()).count();
        // Discord takes a moment to see that a process is gone.
        let gone = until(SETTLE, async || self.discord.sessions() <= others).await;
        assert!(gone, "a session outlives its process");
        self.discord.forget_lost_sessions();
        self.replicas[number].spawn();
        self.replicas[number].open().await;
        let heard = until(SETTLE, async || self.discord.sessions() > others).await;
        assert!(heard, "a replica does not listen to Discord:\n{}", self.logs());
    }

    /// SIGKILL.
    pub fn kill(&self, number: usize) {
        self.replicas[number].process().kill();
    }

    /// Waits until everything that came in is answered, and everything that was to be told is told.
    pub async fn settled(&self, within: Duration) -> bool {
        until(within, async || self.backlog().await == 0).await
    }

    /// How much is on its way.
    pub async fn backlog(&self) -> i64 {
        let waiting = i64::try_from(self.telegram.waiting()).expect("a count");
        waiting
            + self
                .tables
                .number("SELECT (SELECT COUNT(*) FROM inbox WHERE answered_at IS NULL) + (SELECT COUNT(*) FROM outbox)")
                .await
    }

    /// How much may be in the middle of being told, and would be told twice if that were broken off now.
    pub async fn in_flight(&self) -> i64 {
        let dests = self.tables.number("SELECT COUNT(DISTINCT dest) FROM outbox").await;
        let answers = "SELECT COUNT(*) FROM inbox WHERE handled_at IS NOT NULL AND answered_at IS NULL";
        dests.min(AT_ONCE) + self.tables.number(answers).await
    }

    /// What the bot wrote in the thread of a ticket with this title, as staff read it.
    pub fn thread(&self, title: &str) -> Vec<String> {
        let in_thread = |one: &Technician| match &one.user {
            User::Discord(user) => Some(one.private.at(user.in_thread(title)).read()),
            User::Telegram(_) => None,
        };
        self.technicians
            .iter()
            .find_map(in_thread)
            .expect("a technician on Discord")
    }

    /// What the bot wrote in the team's channel.
    pub fn board(&self) -> Vec<String> {
        let channel = self.technicians.iter().find_map(|one| one.channel.as_ref());
        channel.expect("a technician on Discord").read()
    }

    /// Prints what there is to know where a figure is wrong.
    pub fn explain(&self, figures: &Figures, audit: &Audit) {
        if !figures.all_right() {
            println!("{audit:#?}\n{}", self.logs());
        }
    }

    /// A transaction in which something is done behind the replicas' backs.
    pub async fn transaction(&self) -> Tx {
        self.store.begin().await.expect("a transaction")
    }

    /// The end of every replica's log, for whoever reads of a failure.
    pub fn logs(&self) -> String {
        let logs = self.replicas.iter().map(|replica| {
            let log = replica.log();
            let lines: Vec<&str> = log.lines().collect();
            lines[lines.len().saturating_sub(25)..].join("\n")
        });
        logs.collect::<Vec<_>>().join("\n---\n")
    }
}

/// The address of a database that is reached by its socket.
fn url_of(database: &MySqlConnectOptions) -> String {
    let socket = database.get_socket().expect("a socket").display().to_string();
    let name = database.get_database().expect("a database");
    format!("mysql://root@localhost/{name}?socket={socket}&ssl-mode=disabled&collation=utf8mb4_unicode_ci")
}

/// Odd numbers are on Telegram, even ones on Discord.
fn user(telegram: &Telegram, discord: &Discord, role: &str, number: usize) -> User {
    let name = format!("{role} {number}");
    if number % 2 == 1 {
        User::Telegram(telegram.user(&name, "fr"))
    } else {
        User::Discord(discord.user(&name, "fr"))
    }
}

fn place(discord: &Discord, technicians: &[User]) -> Channel {
    let on_discord = technicians.iter().filter_map(|technician| match technician {
        User::Discord(user) => Some(user),
        User::Telegram(_) => None,
    });
    discord.channel_for("support", &on_discord.collect::<Vec<_>>())
}
