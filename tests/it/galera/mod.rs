//! A desk on a Galera cluster that loses nodes while people write.

mod cluster;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guichet::domain::platform::Platform;
use guichet::sandbox::{Seat as _, Seen};

use self::cluster::Cluster;
use crate::harness::{Learner, StaffOn, World, office};

/// How many people write at once.
const PEOPLE: usize = 4;
/// How long each of them rests between two tickets.
const REST: Duration = Duration::from_millis(200);
/// How long anybody may have to wait.
const LONGEST: Duration = Duration::from_mins(4);

/// What befalls the cluster.
#[derive(Clone, Copy, Debug)]
enum Scene {
    Killed,
    Frozen,
    CutOff,
    AllRolled,
    AllKilled,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and a MariaDB with Galera: run by make chaos"]
async fn nothing_acknowledged_is_lost_whatever_befalls_the_nodes() {
    let mut cluster = Cluster::start().await;
    let world = World::open_on(cluster.all(), &cluster.options(2)).await;
    let _staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Learner::known(&world, &format!("Élève {number}"), Platform::Telegram).await);
    }
    println!(
        "{:<12} {:>8} {:>8} {:>12} {:>12}",
        "scene", "shown", "kept", "longest gap", "back after"
    );
    let mut shown = 0;
    for scene in [
        Scene::Killed,
        Scene::Frozen,
        Scene::CutOff,
        Scene::AllRolled,
        Scene::AllKilled,
    ] {
        let (seen, over) = (
            Arc::new(Mutex::new(vec![Instant::now()])),
            Arc::new(AtomicBool::new(false)),
        );
        let writing: Vec<_> = people
            .iter()
            .map(|person| {
                tokio::spawn(write(
                    person.private.telegram().clone(),
                    scene,
                    Arc::clone(&seen),
                    Arc::clone(&over),
                ))
            })
            .collect();
        // Only once tickets come in.
        while seen.lock().unwrap().len() < 1 + PEOPLE {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let back = befall(&mut cluster, scene).await;
        over.store(true, Ordering::SeqCst);
        for person in writing {
            person.await.expect("everybody is answered");
        }
        shown += seen.lock().unwrap().len() - 1;
        world.quiet().await;
        let kept = world.count("tickets").await;
        let seen = seen.lock().unwrap().clone();
        println!(
            "{:<12} {shown:>8} {kept:>8} {:>9} ms {:>12}",
            format!("{scene:?}"),
            longest_gap(&seen).as_millis(),
            after(&seen, back),
        );
        assert_eq!(usize::try_from(kept), Ok(shown), "{scene:?}");
        world.tables.all_went_well().await;
    }
    let times = people
        .iter()
        .map(|person| person.private.times("Un technicien va s'en occuper"));
    assert_eq!(times.sum::<usize>(), shown, "every card is there once");
}

/// Does it, and puts all right again; gives when the database could be used again, where it could not for a while.
async fn befall(cluster: &mut Cluster, scene: Scene) -> Option<Instant> {
    match scene {
        Scene::Killed => {
            cluster.kill(0);
            cluster.goes_on_without(0).await;
            cluster.join(0).await;
            None
        }
        Scene::Frozen => {
            // The desk uses the second since the first was killed.
            cluster.freeze(1);
            cluster.goes_on_without(1).await;
            tokio::time::sleep(Duration::from_secs(15)).await;
            cluster.thaw(1).await;
            None
        }
        Scene::CutOff => {
            cluster.isolate(0, true).await;
            cluster.goes_on_without(0).await;
            tokio::time::sleep(Duration::from_secs(5)).await;
            cluster.isolate(0, false).await;
            None
        }
        Scene::AllRolled => {
            for node in 0..3 {
                cluster.stop(node).await;
                cluster.goes_on_without(node).await;
                cluster.join(node).await;
            }
            None
        }
        Scene::AllKilled => {
            for node in 0..3 {
                cluster.kill(node);
            }
            Some(cluster.recover().await)
        }
    }
}

/// Opens tickets one after the other, each once the one before was shown, until it is over.
async fn write(
    seat: guichet::sandbox::telegram::TelegramSeat,
    scene: Scene,
    seen: Arc<Mutex<Vec<Instant>>>,
    over: Arc<AtomicBool>,
) {
    let mut number = 0;
    while !over.load(Ordering::SeqCst) {
        number += 1;
        let problem = format!("{scene:?} {number}.");
        seat.says(&problem).await;
        let draft = sees(&seat, "Urgence").await;
        // Nobody may answer the press in the time that Telegram allows: the ticket is what counts.
        drop(seat.presses(&draft, "Envoyer").await);
        sees(&seat, &format!("· {problem}")).await;
        seen.lock().unwrap().push(Instant::now());
        tokio::time::sleep(REST).await;
    }
}

async fn sees(seat: &guichet::sandbox::telegram::TelegramSeat, text: &str) -> Seen {
    let until = Instant::now() + LONGEST;
    loop {
        match seat.sees(text).await {
            Ok(seen) => return seen,
            Err(missed) => assert!(Instant::now() < until, "{missed}"),
        }
    }
}

fn longest_gap(seen: &[Instant]) -> Duration {
    let gaps = seen.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.max().unwrap_or_default()
}

/// How long after that moment the next ticket was shown.
fn after(seen: &[Instant], moment: Option<Instant>) -> String {
    let next = moment.and_then(|moment| seen.iter().find(|at| **at > moment).map(|at| *at - moment));
    next.map_or_else(|| "-".to_owned(), |wait| format!("{} ms", wait.as_millis()))
}
