//! What was done is written down together, and nobody has to wait for what somebody else can't write.

use std::pin::Pin;
use std::task::{Context, Waker};

use guichet::clock::Clock;
use guichet::domain::ids::{IdentityId, TicketId};
use guichet::domain::platform::Platform;
use guichet::store::cards::{Mention, Posted};
use guichet::store::journal::Entry;
use guichet::store::outbox::{self, Notice};
use guichet::store::server::PrivateServer;
use guichet::store::{Fault, Store};
use sqlx::mysql::MySqlPool;
use sqlx::{AssertSqlSafe, MySql, Transaction};
use tempfile::TempDir;

use crate::harness::Tables;

/// A desk's database of its own, with a word in the outbox for each of some people: the first row for the first.
struct Shelf {
    store: Store,
    pool: MySqlPool,
    tables: Tables,
    told: Vec<Entry>,
    _server: PrivateServer,
    _data: TempDir,
}

type Writing = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>;

impl Shelf {
    async fn open(people: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let server = PrivateServer::start(data.path()).await.unwrap();
        let store = Store::open(server.options(), 4, Clock::system()).await.unwrap();
        let notices: Vec<Notice> = (1..).take(people).map(word).collect();
        let mut tx = store.begin().await.unwrap();
        outbox::insert(&mut tx, &notices).await.unwrap();
        tx.commit().await.unwrap();
        store.renew_leases("us", &[], 60).await.unwrap();
        let rows = store.list_heads("us", |_| true, 1, people).await.unwrap();
        let pool = MySqlPool::connect_lazy_with(server.options());
        Self {
            store,
            tables: Tables::new(pool.clone()),
            pool,
            told: rows.iter().map(|row| Entry::Told(row.key())).collect(),
            _server: server,
            _data: data,
        }
    }

    /// Somebody who holds a person's word in the outbox.
    async fn hold(&self, person: u64) -> Transaction<'static, MySql> {
        let mut holding = self.pool.begin().await.unwrap();
        // By a unique key: to look for it would lock others on the way.
        let sql = format!("SELECT id FROM outbox WHERE id = {person} FOR UPDATE");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *holding).await.unwrap();
        holding
    }

    /// Waits until one of us waits for what somebody holds.
    async fn is_stuck(&self) {
        // Not by INNODB_TRX, which shows the same again to whoever asks often.
        let waiting = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DELETE o FROM outbox%'";
        self.tables.until_number(waiting, 1).await;
    }

    /// Has something written, as soon as whoever writes at present has done so.
    fn next(&self, entry: Entry) -> Writing {
        let store = self.store.clone();
        let mut writing: Writing = Box::pin(async move { store.write_down(vec![entry]).await });
        let waits = writing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(waits.is_pending());
        writing
    }

    fn now(&self, entry: Entry) -> tokio::task::JoinHandle<Result<(), Fault>> {
        let store = self.store.clone();
        tokio::spawn(async move { store.write_down(vec![entry]).await })
    }

    async fn commits(&self) -> i64 {
        let commits = "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS
                       WHERE VARIABLE_NAME = 'Com_commit'";
        self.tables.number(commits).await
    }
}

fn word(person: u64) -> Notice {
    Notice::Person {
        identity: IdentityId(person),
        ticket: TicketId(1),
        seq: 1,
        everywhere: false,
        gathered: false,
    }
}

/// A message in a chat whose id is longer than any.
fn impossible() -> Entry {
    Entry::Message(Posted {
        platform: Platform::Discord,
        chat: "1".repeat(100),
        message_id: "2".to_owned(),
        mention: Mention {
            ticket: TicketId(404),
            relays: false,
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_have_to_write_goes_into_one_commit() {
    let shelf = Shelf::open(101).await;
    let holding = shelf.hold(1).await;
    let first = shelf.now(shelf.told[0].clone());
    shelf.is_stuck().await;
    let others: Vec<Writing> = shelf.told[1..].iter().map(|entry| shelf.next(entry.clone())).collect();
    let before = shelf.commits().await;
    holding.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    for other in others {
        other.await.unwrap();
    }
    assert_eq!(shelf.commits().await - before, 2);
    assert_eq!(shelf.tables.number("SELECT COUNT(*) FROM outbox").await, 0);
    shelf.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_cant_write_or_gives_up_is_not_in_the_way_of_others() {
    let shelf = Shelf::open(5).await;
    let told = |person: usize| shelf.told[person - 1].clone();
    let holding = shelf.hold(1).await;
    let first = shelf.now(told(1));
    shelf.is_stuck().await;
    let (wrong, right) = (shelf.next(impossible()), shelf.next(told(2)));
    holding.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    let (wrong, right) = tokio::join!(wrong, right);
    assert!(wrong.is_err());
    right.unwrap();

    let (holding, longer) = (shelf.hold(3).await, shelf.hold(4).await);
    let first = shelf.now(told(3));
    shelf.is_stuck().await;
    let given_up = tokio::spawn(shelf.next(told(4)));
    let other = shelf.next(told(5));
    holding.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    shelf.is_stuck().await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    longer.rollback().await.unwrap();
    other.await.unwrap();
    let left = shelf.tables.texts("SELECT dest FROM outbox").await;
    assert!(left.iter().all(|dest| dest == "person:4"), "{left:?}");
    shelf.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_is_taken_out_beside_what_somebody_holds() {
    let shelf = Shelf::open(70).await;
    let holding = shelf.hold(70).await;
    let mut waiting = &shelf.told[..];
    for at_once in [1, 3, 16, 40] {
        let (told, rest) = waiting.split_at(at_once);
        shelf.store.write_down(told.to_vec()).await.unwrap();
        let left = shelf.tables.number("SELECT COUNT(*) FROM outbox").await;
        assert_eq!(usize::try_from(left).unwrap(), rest.len());
        waiting = rest;
    }
    holding.rollback().await.unwrap();
    shelf.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_write_while_one_waits_for_what_somebody_holds() {
    let shelf = Shelf::open(3).await;
    let holding = shelf.hold(1).await;
    let stuck = shelf.now(shelf.told[0].clone());
    shelf.is_stuck().await;
    shelf.store.write_down(vec![shelf.told[1].clone()]).await.unwrap();
    shelf.is_stuck().await;
    holding.rollback().await.unwrap();
    stuck.await.unwrap().unwrap();
    shelf.store.close().await;
}
