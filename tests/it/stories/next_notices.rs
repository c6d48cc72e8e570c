//! What may be sent next, beside whatever else waits.

use guichet::clock::Clock;
use guichet::domain::ids::{IdentityId, OutboxId, PlaceId, TicketId};
use guichet::domain::platform::Platform;
use guichet::sandbox::telegram::Fault;
use guichet::store::Store;
use guichet::store::outbox::{self, Notice, OutboxRow};
use serde_json::json;
use sqlx::MySqlPool;

use crate::harness::{Learner, StaffOn, Tables, World, new_database, office};

fn word(identity: u64, seq: u32) -> Notice {
    let (identity, ticket) = (IdentityId(identity), TicketId(1));
    Notice::Person {
        identity,
        ticket,
        seq,
        everywhere: false,
        gathered: false,
    }
}

async fn insert(store: &Store, notices: &[Notice]) {
    let mut tx = store.begin().await.unwrap();
    outbox::insert(&mut tx, notices).await.unwrap();
    tx.commit().await.unwrap();
}

fn dests(rows: &[OutboxRow]) -> Vec<&str> {
    rows.iter().map(|row| row.dest.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_row_of_every_destination_is_found_beside_thousands_of_others() {
    let database = new_database().await;
    let store = Store::open(database.clone(), 4, Clock::system()).await.unwrap();
    let tables = Tables::new(MySqlPool::connect_lazy_with(database));
    store.renew_leases("us", &[], 60).await.unwrap();
    let stalled: Vec<Notice> = (1..=2_500).map(|seq| word(1, seq)).collect();
    insert(&store, &stalled).await;
    tables
        .change("UPDATE outbox SET due_at = NOW(6) + INTERVAL 1 DAY ORDER BY id LIMIT 1")
        .await;
    let newest = store.find_newest_notice().await.unwrap().unwrap();
    for seq in 1..=2 {
        insert(&store, &[word(4, seq), word(2, seq), word(3, seq)]).await;
    }

    let heads = store.list_heads("us", |_| true, 8, 100).await.unwrap();
    assert_eq!(dests(&heads), ["person:4", "person:2", "person:3"]);
    let first = heads.iter().map(|row| row.notice().unwrap());
    assert_eq!(first.collect::<Vec<_>>(), [word(4, 1), word(2, 1), word(3, 1)]);
    assert_eq!(
        dests(&store.list_heads("us", |_| true, 8, 2).await.unwrap()),
        ["person:4", "person:2"]
    );
    assert!(store.list_heads("others", |_| true, 8, 100).await.unwrap().is_empty());

    let fresh = store.list_fresh(newest, 100).await.unwrap();
    let new = (1..=6).rev().zip(["person:3", "person:2", "person:4"].iter().cycle());
    let new: Vec<_> = new
        .map(|(number, dest)| ((0, (*dest).to_owned()), OutboxId(newest.0 + number)))
        .collect();
    assert_eq!(fresh.rows, new);
    assert!(fresh.is_all);
    // With very much that is new, what is newest.
    let fresh = store.list_fresh(newest, 1).await.unwrap();
    assert_eq!(fresh.rows, new[..1]);
    assert!(!fresh.is_all);
    // The first two of each are sent next, or wait behind those.
    let rows: Vec<_> = (1..=6).map(|number| OutboxId(newest.0 + number)).collect();
    let firsts = store.list_firsts("us", &rows).await.unwrap();
    assert_eq!(dests(&firsts.heads), ["person:4", "person:2", "person:3"]);
    assert!(firsts.heads.iter().all(|row| row.is_followed));
    assert_eq!(firsts.behind.len(), 3);
    let firsts = store.list_firsts("us", &[newest]).await.unwrap();
    assert!(firsts.heads.is_empty());
    assert_eq!(firsts.behind, [(0, "person:1".to_owned())]);
    let firsts = store.list_firsts("others", &rows).await.unwrap();
    assert!(firsts.heads.is_empty() && firsts.behind.is_empty());
    // What waits behind a row that is put off waits with it.
    let some = ["person:1", "person:3", "person:9"].map(|dest| (0, dest.to_owned()));
    let heads = store.list_heads_of("us", &some).await.unwrap();
    assert_eq!(dests(&heads), ["person:3"]);
    assert!(heads[0].is_followed);
    assert_eq!(heads[0].notice().unwrap(), word(3, 1));
    assert!(store.list_heads_of("others", &some).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_crowded_place_some_are_found_with_their_number() {
    let store = Store::open(new_database().await, 4, Clock::system()).await.unwrap();
    store.renew_leases("us", &[], 60).await.unwrap();
    let card = |number| Notice::Card {
        place: PlaceId(1),
        ticket: TicketId(number),
    };
    insert(&store, &(1..=12).map(card).collect::<Vec<_>>()).await;
    let heads = store.list_heads("us", |_| true, 8, 100).await.unwrap();
    assert_eq!(heads.len(), 8);
    assert!(heads.iter().all(|row| row.crowd == 12 && row.reader() == "place:1"));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_t_be_written_down_is_not_told_again_and_again() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let omar = Learner::known(&world, "Omar Fall", Platform::Discord).await;
    lina.opens("Le wifi tombe", 1).await;
    omar.opens("Plus de son", 2).await;
    world.quiet().await;
    // Telegram refuses what it is given, and the dead letters have no room.
    let body = json!({"ok": false, "error_code": 400, "description": "Bad Request: message text is wrong"});
    let fault = Fault::Answer { status: 400, body };
    world.telegram.faults().all("SendMessage", fault);
    world
        .tables
        .change("ALTER TABLE dead_letters RENAME TO no_dead_letters")
        .await;
    let sent = || {
        let requests = world.telegram.requests().into_iter();
        requests.filter(|one| one.method == "sendMessage").count()
    };
    let before = sent();
    let moussa = &staff.moussa.private;
    moussa.uses("reply", &[("number", "1"), ("text", "Tout va bien")]).await;
    world.until("the words are refused", || sent() >= before + 2).await;
    for word in ["Premier mot", "Deuxième mot", "Troisième mot", "Quatrième mot"] {
        moussa.uses("reply", &[("number", "2"), ("text", word)]).await;
        omar.private.sees(word).await;
    }
    // Once, and once more without markup.
    assert_eq!(sent(), before + 2);
    world
        .tables
        .change("ALTER TABLE no_dead_letters RENAME TO dead_letters")
        .await;
}
