//! Two replicas: one is killed, stopped, frozen, and both are replaced one after the other.

use std::time::Duration;

use tokio::time::Instant;

use super::audit::Audit;
use super::crowd::Crowd;
use super::figures::{Figures, Times};
use super::kills::report;
use super::person::Person;
use super::site::{Cast, SETTLE, Site};
use super::{Chaos, until};
use crate::harness::new_database;

const SCENE: &str = "replicas";
/// In what time another asks Telegram for updates when the one that did was killed, and when it left.
const AFTER_A_KILL: Duration = Duration::from_secs(5);
const AFTER_A_STOP: Duration = Duration::from_secs(1);
/// Who is there while nothing is killed.
const IN_PEACE: Cast = Cast {
    replicas: 2,
    learners: 12,
    technicians: 6,
};
const PATIENCE: Duration = Duration::from_mins(2);
/// Who fetches Telegram's updates at present.
const POLLER: &str = "SELECT owner FROM duties WHERE name = 'telegram-polling'";
/// How many conversations and destinations a replica has, at most.
const MOST_SHARDS: &str = "SELECT COALESCE(MAX(held), 0) FROM
    (SELECT COUNT(*) AS held FROM shard_leases WHERE until > NOW(3) GROUP BY owner) AS replicas";

pub async fn play(chaos: &Chaos) -> Figures {
    let cast = Cast {
        replicas: 2,
        learners: chaos.pick(6, 12),
        technicians: chaos.pick(2, 6),
    };
    let site = Site::open(&new_database().await, cast).await;
    let (asker, workers) = (&site.learners[1], &site.learners[2..]);
    let mut figures = Figures::default();
    let mut crowd = Crowd::start(&site, workers, chaos.seed);
    let (mut killed, mut stopped, mut in_flight) = (Vec::new(), Vec::new(), 0);
    for _ in 0..chaos.count(1, 20) {
        let poller = find_poller(&site).await;
        site.kill(poller);
        let since = Instant::now();
        in_flight += site.in_flight().await;
        killed.push(taken_up(&site, poller, asker, since).await);
        site.start(poller).await;
        shared(&site).await;
    }
    for _ in 0..chaos.count(1, 20) {
        let poller = find_poller(&site).await;
        let well = site.replicas[poller].stop().await;
        figures.must(SCENE, "ended well when told to", well, true, well);
        stopped.push(taken_up(&site, poller, asker, Instant::now()).await);
        site.start(poller).await;
        shared(&site).await;
    }
    crowd.goes_home().await;
    all_arrived(&mut figures, SCENE, &site, &crowd, in_flight).await;
    times(
        &mut figures,
        chaos,
        "polled by the other after a kill",
        killed,
        AFTER_A_KILL,
    );
    times(
        &mut figures,
        chaos,
        "polled by the other after a stop",
        stopped,
        AFTER_A_STOP,
    );
    if chaos.whole {
        figures.extend(rolled(chaos).await);
        figures.extend(frozen(chaos).await);
    }
    figures
}

/// Both are replaced one after the other, as an upgrade does: no failure, so nothing at all is told twice.
async fn rolled(chaos: &Chaos) -> Figures {
    const SCENE: &str = "replicas, rolled";
    let site = Site::open(&new_database().await, IN_PEACE).await;
    let mut figures = Figures::default();
    let mut crowd = Crowd::start(&site, &site.learners, chaos.seed);
    for turn in 0..chaos.count(2, 20) {
        let well = site.replicas[turn % 2].stop().await;
        site.start(turn % 2).await;
        shared(&site).await;
        figures.must(SCENE, "ended well when told to", well, true, well);
    }
    crowd.goes_home().await;
    all_arrived(&mut figures, SCENE, &site, &crowd, 0).await;
    figures
}

/// One after the other is frozen, until the other has taken over all it did, and thawed.
async fn frozen(chaos: &Chaos) -> Figures {
    const SCENE: &str = "replicas, frozen";
    let site = Site::open(&new_database().await, IN_PEACE).await;
    let mut figures = Figures::default();
    let mut crowd = Crowd::start(&site, &site.learners, chaos.seed);
    let mut in_flight = 0;
    for turn in 0..chaos.count(2, 20) {
        let frozen = &site.replicas[turn % 2];
        let done = crowd.done();
        frozen.freeze();
        in_flight += site.in_flight().await;
        let over = async || site.tables.number(MOST_SHARDS).await == 64 && crowd.done() > done + 4;
        until(PATIENCE, over).await;
        frozen.thaw();
        shared(&site).await;
    }
    crowd.goes_home().await;
    all_arrived(&mut figures, SCENE, &site, &crowd, in_flight).await;
    figures
}

/// Waits until nothing is on its way, and tells what became of it all.
async fn all_arrived(figures: &mut Figures, scene: &'static str, site: &Site, crowd: &Crowd, in_flight: i64) {
    let settled = site.settled(SETTLE).await;
    let audit = Audit::of(site, &crowd.ledger).await;
    figures.must(scene, "everything has arrived", settled, true, settled);
    report(figures, scene, &audit, in_flight);
    site.explain(figures, &audit);
}

fn times(figures: &mut Figures, chaos: &Chaos, what: &str, waits: Vec<Option<Duration>>, wanted: Duration) {
    let never = waits.iter().filter(|wait| wait.is_none()).count();
    figures.must(SCENE, "never taken over", never, 0, never == 0);
    let times = Times::of(waits.into_iter().flatten().collect());
    let shown = format!("{:.1?}, at most {:.1?}", times.median, times.most);
    if chaos.whole {
        figures.must(SCENE, what, shown, format!("≤ {wanted:?}"), times.most <= wanted);
    } else {
        figures.tell(SCENE, what, shown);
    }
}

/// Which replica fetches Telegram's updates.
async fn find_poller(site: &Site) -> usize {
    let mut poller = None;
    until(PATIENCE, async || {
        let owner = site.tables.texts(POLLER).await.remove(0);
        poller = site
            .replicas
            .iter()
            .position(|one| !owner.is_empty() && one.is_called(&owner));
        poller.is_some()
    })
    .await;
    poller.expect("a replica that polls")
}

/// How long it takes until another than `gone` polls. Then somebody writes, and has to be answered.
async fn taken_up(site: &Site, gone: usize, asker: &Person, since: Instant) -> Option<Duration> {
    let other = |owner: &str| site.replicas[1 - gone].is_called(owner);
    let taken = until(PATIENCE, async || other(&site.tables.texts(POLLER).await[0])).await;
    let after = since.elapsed();
    asker.says("Bonjour").await;
    let answered = asker.sees("Bonjour ", PATIENCE).await.is_some();
    (taken && answered).then_some(after)
}

/// Waits until both replicas have their share.
async fn shared(site: &Site) {
    let shared = until(PATIENCE, async || site.tables.number(MOST_SHARDS).await <= 32).await;
    assert!(shared, "the replicas do not share:\n{}", site.logs());
}
