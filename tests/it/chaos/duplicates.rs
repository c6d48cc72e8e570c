//! Every update comes several times, to replicas that are killed meanwhile: it has one effect.

use std::sync::Arc;
use std::time::Duration;

use guichet::domain::platform::Platform;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::Instant;

use super::Chaos;
use super::audit::Audit;
use super::balancer::Balancer;
use super::crowd::Pair;
use super::figures::Figures;
use super::ledger::{Deed, Ledger};
use super::person::Person;
use super::site::{Cast, SETTLE, Site};
use crate::harness::new_database;

const SCENE: &str = "duplicates";
pub async fn play(chaos: &Chaos) -> Figures {
    let (updates, kills) = (chaos.count(120, 10_000), chaos.count(3, 200));
    let cast = Cast {
        replicas: 3,
        learners: chaos.pick(24, 200),
        technicians: 2,
    };
    let balancer = Balancer::start(cast.replicas, chaos.seed).await;
    let site = Site::open_behind(&balancer, &new_database().await, cast).await;
    let mut random = StdRng::seed_from_u64(chaos.seed);
    let ledger = Arc::<Ledger>::default();
    let tickets = open_tickets(&site, &ledger).await;
    let since = Instant::now();
    let before = balancer.passed_on();
    for number in 0..updates {
        let (learner, ticket) = &tickets[number % tickets.len()];
        let words = ledger.words();
        let text = format!("{words} et rien d'autre");
        ledger.note(&words, Deed::Said, true);
        learner
            .uses("reply", &[("number", &ticket.to_string()), ("text", &text)])
            .await
            .expect("a message that Telegram keeps");
        if number * kills / updates != (number + 1) * kills / updates {
            // Some of what was sent is stored, some not, some is answered.
            tokio::time::sleep(Duration::from_millis(random.random_range(0..200))).await;
            let victim = random.random_range(0..cast.replicas);
            site.kill(victim);
            site.start(victim).await;
        }
    }
    let settled = site.settled(SETTLE * 4).await;
    let audit = Audit::of(&site, &ledger).await;
    let mut figures = Figures::default();
    figures.tell(SCENE, "updates", updates);
    figures.tell(SCENE, "deliveries, up to five at once", balancer.passed_on() - before);
    figures.tell(SCENE, "replicas, SIGKILLs", format!("{}, {kills}", cast.replicas));
    let wanted = updates + tickets.len();
    let right = audit.effects == wanted;
    figures.must(
        SCENE,
        "effects, with the tickets they are about",
        audit.effects,
        wanted,
        right,
    );
    figures.must(SCENE, "everything has arrived", settled, true, settled);
    for (what, found) in [
        ("lost", &audit.lost),
        ("doubled", &audit.doubled),
        ("broken", &audit.broken),
    ] {
        figures.must(SCENE, what, found.len(), 0, found.is_empty());
    }
    figures.must(
        SCENE,
        "told out of order",
        audit.inversions.len(),
        0,
        audit.inversions.is_empty(),
    );
    figures.tell(SCENE, "time", format!("{:.0?}", since.elapsed()));
    site.explain(&figures, &audit);
    figures
}

/// A ticket of each learner on Telegram.
async fn open_tickets(site: &Site, ledger: &Arc<Ledger>) -> Vec<(Person, u32)> {
    let mut tickets = Vec::new();
    for (number, learner) in site.learners.iter().enumerate() {
        if learner.platform() == Platform::Telegram {
            let pair = Pair::new(site, number, learner, ledger);
            tickets.push((learner.clone(), pair.opens().await.expect("a ticket").0));
        }
    }
    tickets
}
