//! The platforms fail for a while, in each of four ways at the same time in four worlds, while people go on writing.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use guichet::sandbox::{Seat as _, discord, telegram};
use serde_json::json;
use tokio::time::Instant;

use super::Chaos;
use super::audit::Audit;
use super::crowd::Pair;
use super::figures::Figures;
use super::kills::report;
use super::ledger::{Deed, Ledger};
use super::person::Person;
use super::site::{Cast, Site};
use crate::harness::{AnySeat, new_database};

const SCENE: &str = "outage";
/// How much more memory a replica may hold afterwards, in KiB.
const MORE_MEMORY: u64 = 96 * 1024;
/// How long all may take to arrive afterwards: a notice is tried again after half a minute at most.
const AFTERWARDS: Duration = Duration::from_mins(12);

/// How every request fails.
#[derive(Clone, Copy, Debug)]
enum World {
    Refuses,
    Hangs,
    Cuts,
    Limits,
}

pub async fn play(chaos: &Chaos) -> Figures {
    let lasts = Duration::from_secs(chaos.count(2, 600) as u64);
    let mut worlds = vec![World::Refuses, World::Cuts, World::Limits];
    // What hangs is given up after ten seconds and more: too long for a test.
    worlds.extend(chaos.whole.then_some(World::Hangs));
    let worlds = worlds.into_iter().map(|world| one(world, lasts, chaos.pick(4, 8)));
    let mut figures = Figures::default();
    figures.tell(SCENE, "lasts", format!("{lasts:?}"));
    for world in join_all(worlds).await {
        figures.extend(world);
    }
    figures
}

async fn one(world: World, lasts: Duration, learners: usize) -> Figures {
    let cast = Cast {
        replicas: 1,
        learners,
        technicians: 2,
    };
    let site = Site::open(&new_database().await, cast).await;
    let ledger = Arc::<Ledger>::default();
    let mut talks = Vec::new();
    for (number, learner) in site.learners.iter().enumerate() {
        let pair = Pair::new(&site, number, learner, &ledger);
        let (ticket, card) = pair.opens().await.expect("a ticket");
        talks.push((pair, ticket, card));
    }
    assert!(
        site.settled(AFTERWARDS).await,
        "the tickets do not settle:\n{}",
        site.logs()
    );
    let before = site.replicas[0].memory();
    fail(&site, world);
    let (since, mut in_flight, mut round) = (Instant::now(), 0, 0);
    while since.elapsed() < lasts {
        for (number, (pair, ticket, card)) in talks.iter().enumerate() {
            // A private chat on Telegram takes one answer a second, and a technician has one.
            let staff = (number == round % talks.len()).then_some(&pair.technician.private);
            for person in std::iter::once(&pair.learner).chain(staff) {
                writes(pair, person, *ticket, card, &ledger).await;
            }
        }
        round += 1;
        in_flight = site.in_flight().await;
        tokio::time::sleep((lasts / 10).min(Duration::from_secs(2))).await;
    }
    let during = site.replicas[0].memory();
    site.telegram.faults().clear();
    site.discord.faults().clear();
    let cleared = Instant::now();
    let settled = site.settled(AFTERWARDS).await;
    let arrived = cleared.elapsed();
    let audit = Audit::of(&site, &ledger).await;
    let name: &'static str = match world {
        World::Refuses => "outage: all 5xx",
        World::Hangs => "outage: all hang",
        World::Cuts => "outage: all cut",
        World::Limits => "outage: all 429",
    };
    let mut figures = Figures::default();
    figures.must(name, "everything has arrived", settled, true, settled);
    figures.tell(name, "all had arrived after", format!("{arrived:.0?}"));
    report(&mut figures, name, &audit, in_flight);
    let after = site.replicas[0].memory();
    if let (Some(before), Some(during), Some(after)) = (before, during, after) {
        let most = during.max(after);
        let shown = format!("{before} before, {during} at the end, {after} afterwards");
        let wanted = format!("≤ {MORE_MEMORY} more");
        figures.must(name, "memory in KiB", shown, wanted, most <= before + MORE_MEMORY);
    }
    site.explain(&figures, &audit);
    figures
}

/// All requests fail from now on.
fn fail(site: &Site, world: World) {
    let (on_telegram, on_discord) = match world {
        World::Refuses => (telegram::Fault::Status(502), discord::Fault::Status(502)),
        World::Hangs => (telegram::Fault::Hang, discord::Fault::Hang),
        World::Cuts => (
            telegram::Fault::Cut { after_effect: false },
            discord::Fault::Cut { after_effect: false },
        ),
        World::Limits => {
            let body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1}});
            let limited = telegram::Fault::Answer { status: 429, body };
            (limited, discord::Fault::RetryAfter(1.0))
        }
    };
    site.telegram.faults().all("*", on_telegram);
    site.discord.faults().all("*", on_discord);
}

/// Somebody says something about the ticket, in the ways for which nobody has to be answered first.
async fn writes(pair: &Pair, person: &Person, ticket: u32, card: &guichet::sandbox::Seen, ledger: &Ledger) {
    let words = ledger.words();
    match &person.seat {
        AnySeat::Telegram(seat) => {
            let typed = ticket.to_string();
            let used = seat.uses("reply", &[("number", &typed), ("text", &words)]).await;
            used.expect("a message that Telegram keeps");
        }
        AnySeat::Discord(seat) if person.identity == pair.learner.identity => {
            seat.replies(card, &words).await;
        }
        // A slash command would fail before their eyes.
        AnySeat::Discord(_) => return,
    }
    ledger.note(&words, Deed::Said, true);
}
