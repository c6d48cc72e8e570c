//! The database is killed and started again while people work.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::Instant;

use super::audit::Audit;
use super::crowd::Crowd;
use super::engine::Engine;
use super::figures::{Figures, Times};
use super::kills::report;
use super::person::Person;
use super::site::{Cast, SETTLE, Site};
use super::{Chaos, until};

const SCENE: &str = "database";
/// In what time people have to be answered once the database is back.
const AIM: Duration = Duration::from_secs(3);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

pub async fn play(chaos: &Chaos) -> Figures {
    let kills = chaos.count(2, 50);
    let mut engine = Engine::start().await;
    let cast = Cast {
        replicas: 1,
        learners: chaos.pick(6, 10),
        technicians: chaos.pick(2, 6),
    };
    let site = Site::open(&engine.options(), cast).await;
    let (askers, workers) = site.learners.split_at(2);
    let mut crowd = Crowd::start(&site, workers, chaos.seed);
    let mut random = StdRng::seed_from_u64(chaos.seed);
    let (mut waits, mut in_flight) = (Vec::new(), 0);
    for number in 0..kills {
        let busy = crowd.ledger.entries().len() + random.random_range(1..6);
        until(PATIENCE, async || crowd.ledger.entries().len() >= busy).await;
        engine.kill();
        let asker = &askers[number % 2];
        asker.says("Bonjour").await;
        engine.restart().await;
        waits.push(answered(asker, Instant::now()).await);
        in_flight += site.in_flight().await;
    }
    crowd.goes_home().await;
    let settled = site.settled(SETTLE).await;
    let audit = Audit::of(&site, &crowd.ledger).await;
    let mut figures = Figures::default();
    let alive = site.replicas[0].process().runs();
    figures.tell(SCENE, "SIGKILLs of the database", kills);
    figures.must(SCENE, "Guichet lives on", alive, true, alive);
    figures.must(SCENE, "everything has arrived", settled, true, settled);
    report(&mut figures, SCENE, &audit, in_flight);
    let unanswered = waits.iter().filter(|wait| wait.is_none()).count();
    figures.must(SCENE, "never answered", unanswered, 0, unanswered == 0);
    let times = Times::of(waits.into_iter().flatten().collect());
    let shown = format!("{:.1?}, at most {:.1?}", times.median, times.most);
    figures.tell(SCENE, "tickets from the first word to the last", crowd.done());
    if chaos.whole {
        figures.must(
            SCENE,
            "from the database's return to an answer",
            shown,
            "≤ 3 s",
            times.most <= AIM,
        );
    } else {
        figures.tell(SCENE, "from the database's return to an answer", shown);
    }
    site.explain(&figures, &audit);
    figures
}

async fn answered(asker: &Person, since: Instant) -> Option<Duration> {
    asker.sees("Bonjour ", PATIENCE).await.map(|_| since.elapsed())
}
