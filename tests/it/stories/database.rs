//! The database restarts, hangs, is out of reach, or does not say whether it committed.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use guichet::clock::Clock;
use guichet::domain::platform::Platform;
use guichet::store::Store;
use guichet::store::server::PrivateServer;
use sqlx::{ConnectOptions, Connection};

use crate::harness::{DbProxy, Fate, Learner, Moment, Server, StaffOn, World, new_database, office, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_never_reached_the_database_is_made_once() {
    one_commit_is_lost(Moment::Asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_made_once() {
    one_commit_is_lost(Moment::Answered).await;
}

async fn one_commit_is_lost(moment: Moment) {
    let (world, proxy) = World::open_behind_proxy().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Urgence").await;
    world.quiet().await;
    proxy.cut_next_commit(moment);
    lina.private.presses(&draft, "Envoyer").await;
    let card = "Un technicien va s'en occuper";
    lina.private.sees(card).await;
    staff.moussa.channel.sees("Le wifi tombe").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(world.count("tickets").await, 1);
    // A transaction that came to nothing has used a number up.
    assert_eq!(world.count("history").await, 1);
    assert_eq!(lina.private.times(card), 1, "{}", lina.private.history());
    assert_eq!(staff.moussa.channel.times("Le wifi tombe"), 1);
    assert_eq!(staff.awa.private.times("Le wifi tombe"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_answered_once_although_the_database_is_killed_again_and_again() {
    let data = tempfile::tempdir().unwrap();
    let server = PrivateServer::start(data.path()).await.unwrap();
    let world = World::open_on(vec![server.options()], &server.options()).await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let omar = Learner::known(&world, "Omar Sy", Platform::Discord).await;
    world.quiet().await;
    for round in 1..=4 {
        let problem = format!("Panne {round}");
        kill(data.path());
        lina.private.says(&problem).await;
        omar.private.says(&problem).await;
        let drafts = [lina.private.sees("Urgence").await, omar.private.sees("Urgence").await];
        lina.private.presses(&drafts[0], "Envoyer").await;
        kill(data.path());
        omar.private.presses(&drafts[1], "Envoyer").await;
        for who in [&lina, &omar] {
            who.private.sees(&format!("· {problem}")).await;
        }
    }
    is_back(&server).await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(world.count("tickets").await, 8);
    for round in 1..=4 {
        let card = format!("· Panne {round}");
        assert_eq!(lina.private.times(&card), 1, "{}", lina.private.history());
        assert_eq!(omar.private.times(&card), 1, "{}", omar.private.history());
        assert_eq!(
            staff.moussa.channel.times(&card),
            2,
            "{}",
            staff.moussa.channel.history()
        );
    }
    drop(world);
    server.stop().await;
}

/// Kills the server's process as a crash would.
fn kill(data: &Path) {
    let process = std::fs::read_to_string(data.join("database/server.pid")).unwrap();
    // It may be dead already.
    let _ = Command::new("kill").args(["-9", process.trim()]).output().unwrap();
}

async fn is_back(server: &PrivateServer) {
    let back = async {
        loop {
            if let Ok(connection) = server.options().connect().await {
                let _ = connection.close().await;
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), back)
        .await
        .expect("the server is back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_fails_is_ridden_out() {
    let (world, proxy) = World::open_behind_proxy().await;
    let _staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let omar = Learner::known(&world, "Omar Sy", Platform::Discord).await;
    for round in 1..=3 {
        proxy.refuse(true);
        proxy.cut_all();
        lina.private.says(&format!("Panne {round}")).await;
        omar.private.says(&format!("Panne {round}")).await;
        proxy.delay(Duration::from_millis(2));
        proxy.refuse(false);
        for who in [&lina, &omar] {
            let draft = who.private.sees("Urgence").await;
            who.private.presses(&draft, "Envoyer").await;
            who.private.sees(&format!("· Panne {round}")).await;
        }
    }
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(world.count("tickets").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_uses_a_command_while_the_database_is_away_is_asked_to_wait_and_answered() {
    let (world, proxy) = World::open_behind_proxy().await;
    let omar = Learner::known(&world, "Omar Sy", Platform::Discord).await;
    omar.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    let acknowledged = || {
        let requests = world.discord.requests().into_iter();
        requests.filter(|one| one.path.contains("/interactions/")).count()
    };
    let before = acknowledged();
    proxy.refuse(true);
    proxy.cut_all();
    let comes_back = async {
        let is_acknowledged = async {
            while acknowledged() == before {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(10), is_acknowledged);
        in_time.await.expect("an acknowledgement");
        proxy.refuse(false);
    };
    // Without an acknowledgement, Discord says after three seconds that it failed.
    let (answer, ()) = tokio::join!(omar.private.uses("tickets", &[]), comes_back);
    let answer = words(&answer);
    assert!(answer.contains("Le wifi tombe"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_holds_nobody_for_ever() {
    let database = new_database().await;
    let proxy = DbProxy::start(Server::of(&database)).await;
    let store = Store::open(proxy.options(&database), 4, Clock::system()).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    proxy.freeze();
    // Some wait for an answer, some are no longer waited for.
    for _ in 0..20 {
        let abandoned = tokio::time::timeout(Duration::from_millis(5), store.begin()).await;
        assert!(abandoned.is_err(), "nothing passes");
    }
    let fault = guichet::store::places::list(&mut tx).await.unwrap_err();
    assert!(fault.is_outage(), "{fault}");
    drop(tx);
    let fault = store.begin().await.unwrap_err();
    assert!(fault.is_outage(), "{fault}");
    proxy.thaw();
    // None of the four is lost, and none is left inside a transaction.
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(store.begin().await.unwrap());
    }
    for tx in open {
        tx.commit().await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_is_enough_to_open_and_to_work() {
    let store = Store::open(new_database().await, 1, Clock::system()).await.unwrap();
    for _ in 0..3 {
        store.begin().await.unwrap().commit().await.unwrap();
    }
    store.close().await;
}

/// A question given up half-way must leave nobody with its answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_test_is_given_up_is_not_lent_again() {
    let database = new_database().await;
    let proxy = DbProxy::start(Server::of(&database)).await;
    let store = Store::open(proxy.options(&database), 1, Clock::system()).await.unwrap();
    store.begin().await.unwrap().commit().await.unwrap();
    // After a second of rest it has to show that it is good.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    proxy.freeze();
    let asked = tokio::time::timeout(std::time::Duration::from_millis(300), store.look()).await;
    assert!(asked.is_err(), "a frozen server answers");
    proxy.thaw();
    for number in 0..3 {
        let account = format!("Compte {number}");
        let mut tx = store.begin().await.unwrap();
        let name = guichet::domain::text::PersonName::parse(&account).unwrap();
        let email = guichet::domain::text::Email::parse(&format!("c{number}@example.org")).unwrap();
        let role = guichet::domain::account::Role::Learner;
        let id = guichet::service::accounts::create(&mut tx, &name, &email, role)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut view = store.look().await.unwrap();
        let found = guichet::store::accounts::find_name(&mut view, id).await.unwrap();
        assert_eq!(found.as_deref(), Some(account.as_str()));
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_is_used_when_the_first_fails() {
    let database = new_database().await;
    let (first, second) = (
        DbProxy::start(Server::of(&database)).await,
        DbProxy::start(Server::of(&database)).await,
    );
    let servers = vec![first.options(&database), second.options(&database)];
    let store = Store::open_first_of(servers, 4, Clock::system()).await.unwrap();
    let by = |proxy: &DbProxy| {
        let seen = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counted = std::sync::Arc::clone(&seen);
        proxy.on_commit(move |_| {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Fate::Passes
        });
        move || seen.load(std::sync::atomic::Ordering::SeqCst)
    };
    let (by_first, by_second) = (by(&first), by(&second));
    store.begin().await.unwrap().commit().await.unwrap();
    assert_eq!((by_first(), by_second()), (2, 0));
    // Whoever comes before the cut was noticed is done again, as everything is.
    let commits = async || store.transact(&(), |_, ()| Box::pin(async { Ok(()) })).await.unwrap();
    first.refuse(true);
    first.cut_all();
    commits().await;
    assert_eq!((by_first(), by_second()), (2, 2));
    // It is not gone back to: it may have missed something.
    first.refuse(false);
    commits().await;
    assert_eq!((by_first(), by_second()), (2, 4));
    second.refuse(true);
    second.cut_all();
    commits().await;
    assert_eq!((by_first(), by_second()), (4, 4));
    store.close().await;
}
