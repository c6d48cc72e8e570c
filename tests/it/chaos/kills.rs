//! Replicas are killed at random and at named points, while people on both platforms work.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use guichet::domain::platform::Platform;
use guichet::sandbox::{Gate, discord, telegram};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::{Instant, timeout};

use super::audit::Audit;
use super::crowd::Crowd;
use super::figures::Figures;
use super::site::{Cast, SETTLE, Site};
use super::{Chaos, until};
use crate::harness::{Fate, Moment, new_database};

/// How long a point is waited for; where it does not come the replica is killed all the same.
const POINT: Duration = Duration::from_secs(5);

/// When a replica is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Random,
    /// While it starts.
    Start,
    /// A request has reached the platform, which has not carried it out.
    BeforeSend,
    /// The platform has carried it out and not answered.
    AfterSend,
    /// The platform has answered; what follows from it is not committed.
    BeforeAck,
    /// A COMMIT has left, and never arrives.
    CommitAsked,
    /// A COMMIT is done, and nobody hears of it.
    CommitDone,
}

const POINTS: [Point; 7] = [
    Point::Random,
    Point::Start,
    Point::BeforeSend,
    Point::AfterSend,
    Point::BeforeAck,
    Point::CommitAsked,
    Point::CommitDone,
];

/// The requests that say something to somebody.
const ON_TELEGRAM: [&str; 2] = ["sendMessage", "editMessageText"];
const ON_DISCORD: [&str; 3] = ["POST /channels", "PATCH /channels", "POST /interactions"];

/// The scene, with so many replicas and kills.
pub async fn play(chaos: &Chaos, replicas: usize, kills: usize) -> Figures {
    let scene = if replicas == 1 { "kills of one" } else { "kills of two" };
    let cast = Cast {
        replicas,
        learners: chaos.pick(6, 12),
        technicians: chaos.pick(2, 6),
    };
    let site = Site::open(&new_database().await, cast).await;
    let mut random = StdRng::seed_from_u64(chaos.seed);
    let mut crowd = Crowd::start(&site, &site.learners, chaos.seed);
    let since = Instant::now();
    let mut killer = Killer::default();
    // Every point has its turn, in an order of its own each time.
    while killer.kills < kills && since.elapsed() < chaos.at_most {
        let point = POINTS[killer.kills % POINTS.len()];
        let victim = random.random_range(0..replicas);
        killer.kill(&site, victim, point, &mut random).await;
    }
    crowd.goes_home().await;
    let settled = site.settled(SETTLE).await;
    let audit = Audit::of(&site, &crowd.ledger).await;
    let mut figures = killer.figures(scene, kills);
    figures.must(scene, "everything has arrived", settled, true, settled);
    report(&mut figures, scene, &audit, killer.in_flight);
    figures.tell(scene, "tickets from the first word to the last", crowd.done());
    figures.tell(scene, "time", format!("{:.0?}", since.elapsed()));
    site.explain(&figures, &audit);
    figures
}

/// What every audit has to show.
pub fn report(figures: &mut Figures, scene: &'static str, audit: &Audit, in_flight: i64) {
    let mut none = |what: &str, found: &[String]| figures.must(scene, what, found.len(), 0, found.is_empty());
    none("accepted and lost", &audit.lost);
    none("done twice", &audit.doubled);
    none("never told", &audit.untold);
    none("told out of order", &audit.inversions);
    none("otherwise broken", &audit.broken);
    figures.tell(scene, "refused, since another was first", audit.refused.len());
    let repeats = audit.repeats.len();
    let bound = usize::try_from(in_flight).expect("a count");
    let discord = audit.repeats.iter().filter(|one| one.0 == Platform::Discord).count();
    let shown = format!("{repeats} ({discord} on Discord)");
    figures.must(
        scene,
        "told twice",
        shown,
        format!("≤ {bound} in flight"),
        repeats <= bound,
    );
    figures.tell(scene, "dead letters, with their cause", audit.dead.len());
    figures.tell(scene, "tickets", audit.tickets);
    figures.tell(scene, "effects", audit.effects);
    figures.tell(scene, "notices read", audit.notices);
}

#[derive(Default)]
struct Killer {
    kills: usize,
    /// How often it was killed there, and how often that was tried.
    points: BTreeMap<Point, (usize, usize)>,
    /// What may have been on its way at the kills, and so be told twice.
    in_flight: i64,
}

impl Killer {
    async fn kill(&mut self, site: &Site, victim: usize, point: Point, random: &mut StdRng) {
        let hit = match point {
            Point::Random => {
                tokio::time::sleep(Duration::from_millis(random.random_range(0..800))).await;
                site.replicas[victim].process().kill()
            }
            Point::Start => {
                self.end(site, victim).await;
                site.replicas[victim].spawn();
                tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
                site.replicas[victim].process().kill()
            }
            Point::BeforeSend => at_request(site, victim, false, random).await,
            Point::AfterSend => at_request(site, victim, true, random).await,
            Point::BeforeAck => before_ack(site, victim, random).await,
            Point::CommitAsked => at_commit(site, victim, Moment::Asked, async {}).await,
            Point::CommitDone => at_commit(site, victim, Moment::Answered, async {}).await,
        };
        let (hits, tries) = self.points.entry(point).or_default();
        (*hits, *tries) = (*hits + usize::from(hit), *tries + 1);
        self.kills += 1;
        self.end(site, victim).await;
        site.start(victim).await;
    }

    /// It is dead; what it may have been at is counted.
    async fn end(&mut self, site: &Site, victim: usize) {
        site.replicas[victim].process().kill();
        self.in_flight += site.in_flight().await;
    }

    fn figures(&self, scene: &'static str, kills: usize) -> Figures {
        let mut figures = Figures::default();
        figures.must(scene, "SIGKILLs", self.kills, kills, self.kills == kills);
        for (point, (hits, tries)) in &self.points {
            figures.tell(scene, &format!("killed at {point:?}"), format!("{hits} of {tries}"));
        }
        figures
    }
}

/// Holds the next request of some kind; the gate tells when it is there.
fn hold(site: &Site, after_effect: bool, random: &mut StdRng) -> Gate {
    let gate = Gate::default();
    if random.random_bool(0.5) {
        let method = ON_TELEGRAM.choose(random).expect("a method");
        let gate = gate.clone();
        let fault = telegram::Fault::Hold { gate, after_effect };
        site.telegram.faults().next(method, fault, 1);
    } else {
        let requests = ON_DISCORD.choose(random).expect("a request");
        let gate = gate.clone();
        let fault = discord::Fault::Hold { gate, after_effect };
        site.discord.faults().next(requests, fault, 1);
    }
    gate
}

fn hold_no_more(site: &Site, gate: &Gate) {
    site.telegram.faults().clear();
    site.discord.faults().clear();
    gate.open();
}

/// Kills while a request is held. With several replicas it may be the request of another, which then goes on.
async fn at_request(site: &Site, victim: usize, after_effect: bool, random: &mut StdRng) -> bool {
    let gate = hold(site, after_effect, random);
    let reached = timeout(POINT, gate.reached()).await.is_ok();
    site.replicas[victim].process().kill();
    let hit = reached && timeout(Duration::from_millis(500), gate.left()).await.is_ok();
    hold_no_more(site, &gate);
    hit
}

/// Kills at the first COMMIT after a request was answered.
async fn before_ack(site: &Site, victim: usize, random: &mut StdRng) -> bool {
    let gate = hold(site, true, random);
    let reached = timeout(POINT, gate.reached()).await.is_ok();
    let killed = at_commit(site, victim, Moment::Asked, async { hold_no_more(site, &gate) }).await;
    reached && killed
}

/// Kills when the replica's next COMMIT, once `then` is done, is at that moment.
async fn at_commit(site: &Site, victim: usize, moment: Moment, then: impl Future<Output = ()>) -> bool {
    let proxy = &site.proxies[victim];
    let (process, waiting) = (site.replicas[victim].process(), AtomicBool::new(true));
    let killed = Arc::new(AtomicBool::new(false));
    let kills = Arc::clone(&killed);
    proxy.on_commit(move |at| {
        if at == moment && waiting.swap(false, Ordering::SeqCst) {
            kills.store(process.kill(), Ordering::SeqCst);
            return Fate::Lost;
        }
        Fate::Passes
    });
    then.await;
    let hit = until(POINT, async || killed.load(Ordering::SeqCst)).await;
    proxy.on_commit(|_| Fate::Passes);
    hit
}
