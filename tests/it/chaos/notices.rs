//! Thousands of notices that wait: how fast they go, and whom they hold up.

use std::slice::from_ref;
use std::time::Duration;

use guichet::domain::ids::{IdentityId, TicketId};
use guichet::domain::platform::Platform;
use guichet::store::outbox::{self, Notice};
use tokio::time::Instant;

use super::Chaos;
use super::crowd::Pair;
use super::figures::{Figures, Times};
use super::person::Person;
use super::site::{Cast, Site};
use super::until;
use crate::harness::new_database;

/// How many messages a second a bot may send: Telegram in all, and Discord.
const PERMITTED: [(Platform, f64); 2] = [(Platform::Telegram, 30.0), (Platform::Discord, 50.0)];
/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long all notices may take.
const ALL: Duration = Duration::from_mins(15);
/// Rows in one transaction.
const ROWS: usize = 500;

/// A site with a ticket, of which everybody can be told something: (ticket, line of its history).
async fn open(learners: usize) -> (Site, TicketId, u32) {
    let cast = Cast {
        replicas: 1,
        learners,
        technicians: 2,
    };
    let site = Site::open(&new_database().await, cast).await;
    let ledger = std::sync::Arc::default();
    let pair = Pair::new(&site, 1, &site.learners[1], &ledger);
    let (number, _) = pair.opens().await.expect("a ticket");
    pair.commands(&pair.technician.private, "reply", number, true)
        .await
        .expect("a reply");
    assert!(
        site.settled(PATIENCE).await,
        "the ticket does not settle:\n{}",
        site.logs()
    );
    // Of a ticket its requester is told, in whichever chat.
    let learners: Vec<String> = site
        .learners
        .iter()
        .map(|learner| learner.identity.to_string())
        .collect();
    let chats = format!(
        "UPDATE identities SET account_id = (SELECT requester_id FROM tickets) WHERE id IN ({})",
        learners.join(", ")
    );
    site.tables.change(&chats).await;
    (site, TicketId(u64::from(number)), 2)
}

/// Puts notices for these people into the outbox, one after the other in turn.
async fn insert(site: &Site, people: &[Person], (ticket, seq): (TicketId, u32), count: usize) {
    let notices: Vec<Notice> = (0..count)
        .map(|number| Notice::Person {
            identity: IdentityId(people[number % people.len()].identity),
            ticket,
            seq,
            everywhere: false,
            gathered: false,
        })
        .collect();
    for some in notices.chunks(ROWS) {
        let mut tx = site.transaction().await;
        outbox::insert(&mut tx, some).await.expect("notices");
        tx.commit().await.expect("a commit");
    }
}

/// The requests that told somebody something since `from`, and how many of them were refused as too many.
fn told(site: &Site, platform: Platform, from: usize) -> (usize, usize) {
    let statuses: Vec<u16> = match platform {
        Platform::Telegram => {
            let requests = site.telegram.requests().split_off(from);
            let sent = requests.into_iter().filter(|one| one.method == "sendMessage");
            sent.map(|one| one.status).collect()
        }
        Platform::Discord => {
            let requests = site.discord.requests().split_off(from);
            let sent = requests
                .into_iter()
                .filter(|one| one.method == "POST" && one.path.ends_with("/messages"));
            sent.map(|one| one.status).collect()
        }
    };
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    (count(200), count(429))
}

fn requests(site: &Site, platform: Platform) -> usize {
    match platform {
        Platform::Telegram => site.telegram.requests().len(),
        Platform::Discord => site.discord.requests().len(),
    }
}

fn limits(site: &Site, on: bool) {
    site.telegram.faults().limits(on);
    site.discord.faults().limits(on);
}

/// All notices at the rate that the platforms permit, hardly ever refused.
pub async fn pace(chaos: &Chaos) -> Figures {
    const SCENE: &str = "pace";
    let (site, ticket, seq) = open(chaos.pick(60, 400)).await;
    let count = chaos.count(150, 10_000);
    limits(&site, true);
    let mut figures = Figures::default();
    for (platform, permitted) in PERMITTED {
        let people: Vec<Person> = on(&site, platform).cloned().collect();
        let from = requests(&site, platform);
        let since = Instant::now();
        insert(&site, &people, (ticket, seq), count / 2).await;
        let arrived = until(ALL, async || {
            site.tables.number("SELECT COUNT(*) FROM outbox").await == 0
        })
        .await;
        let took = since.elapsed().as_secs_f64();
        let (sent, refused) = told(&site, platform, from);
        let name = platform.name();
        figures.must(SCENE, &format!("all told on {name}"), arrived, true, arrived);
        figures.must(SCENE, &format!("told on {name}"), sent, count / 2, sent == count / 2);
        let rate = f64::from(u32::try_from(sent).expect("a count")) / took;
        let shown = format!("{rate:.1}/s of {permitted}/s");
        let few = refused * 1_000 < sent;
        if chaos.whole {
            figures.must(
                SCENE,
                &format!("rate on {name}"),
                shown,
                "≥ 95 %",
                rate >= 0.95 * permitted,
            );
            figures.must(SCENE, &format!("answered 429 on {name}"), refused, "< 1 in 1,000", few);
        } else {
            figures.tell(SCENE, &format!("rate on {name}"), shown);
            figures.tell(SCENE, &format!("answered 429 on {name}"), refused);
        }
    }
    explain(&site, &figures);
    figures
}

/// Somebody writes while thousands of notices wait.
pub async fn reply(chaos: &Chaos) -> Figures {
    const SCENE: &str = "reply";
    let (site, ticket, seq) = open(chaos.pick(40, 400)).await;
    let (askers, others) = site.learners.split_at(20);
    let times = chaos.count(20, 600);
    limits(&site, true);
    let idle = ask(askers, times, chaos.whole).await;
    insert(&site, others, (ticket, seq), chaos.count(150, 10_000)).await;
    let busy = ask(askers, times, chaos.whole).await;
    let waiting = site.tables.number("SELECT COUNT(*) FROM outbox").await;
    let mut figures = Figures::default();
    let unanswered = idle.iter().chain(&busy).filter(|(_, wait)| wait.is_none()).count();
    figures.must(SCENE, "never answered", unanswered, 0, unanswered == 0);
    figures.tell(SCENE, "notices that waited to the end", waiting);
    for (platform, _) in PERMITTED {
        let here = |waits: &[(Platform, Option<Duration>)]| {
            let waits = waits.iter().filter(|(on, _)| *on == platform);
            Times::of(waits.filter_map(|(_, wait)| *wait).collect())
        };
        let of = (SCENE, platform.name());
        compare(&mut figures, of, &here(&idle), &here(&busy), 2.0, chaos.whole);
    }
    explain(&site, &figures);
    figures
}

/// One destination has thousands of rows that can't be told now; others must not notice.
pub async fn stalled(chaos: &Chaos) -> Figures {
    const SCENE: &str = "stalled";
    let (site, ticket, seq) = open(chaos.pick(12, 48)).await;
    let mut people: Vec<Person> = on(&site, Platform::Discord).cloned().collect();
    let stalled = people.remove(0);
    let (rows, rounds) = (chaos.count(300, 30_000), chaos.pick(1, 4));
    let mut staff = site.technicians.iter();
    let staff = staff.find(|one| one.private.platform() == Platform::Discord);
    let staff = &staff.expect("a technician").private;
    let mut tickets = Vec::new();
    for (number, learner) in people.iter().enumerate() {
        let pair = Pair::new(&site, number, learner, &std::sync::Arc::default());
        tickets.push((learner, pair.opens().await.expect("a ticket").0));
    }
    let (mut free, mut held) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        free.extend(replies(staff, &tickets, chaos.count(10, 250), chaos.whole).await);
        stall(&site, &stalled, (ticket, seq)).await;
        insert(&site, from_ref(&stalled), (ticket, seq), rows - 1).await;
        held.extend(replies(staff, &tickets, chaos.count(10, 250), chaos.whole).await);
        let gone = format!("DELETE FROM outbox WHERE dest = 'person:{}'", stalled.identity);
        site.tables.change(&gone).await;
    }
    let mut figures = Figures::default();
    figures.tell(SCENE, "rows of the stalled destination", rows);
    let never = free.iter().chain(&held).filter(|one| one.is_none()).count();
    figures.must(SCENE, "never told", never, 0, never == 0);
    let (free, held) = (
        Times::of(free.into_iter().flatten().collect()),
        Times::of(held.into_iter().flatten().collect()),
    );
    let of = (SCENE, Platform::Discord.name());
    compare(&mut figures, of, &free, &held, 1.1, chaos.whole);
    explain(&site, &figures);
    figures
}

/// The first notice that waits for somebody is for tomorrow.
async fn stall(site: &Site, person: &Person, about: (TicketId, u32)) {
    let later = format!(
        "UPDATE outbox SET due_at = NOW(6) + INTERVAL 1 DAY WHERE dest = 'person:{}'",
        person.identity
    );
    let waits = format!(
        "SELECT COUNT(*) FROM outbox WHERE dest = 'person:{}' AND due_at > NOW(6) + INTERVAL 1 HOUR",
        person.identity
    );
    // It may be told before it is put off.
    while site.tables.number(&waits).await == 0 {
        insert(site, from_ref(person), about, 1).await;
        site.tables.change(&later).await;
    }
}

fn on(site: &Site, platform: Platform) -> impl Iterator<Item = &Person> {
    site.learners.iter().filter(move |one| one.platform() == platform)
}

/// How long each of these greetings waits for its answer: one person after the other, no one twice in a second.
async fn ask(askers: &[Person], times: usize, slowly: bool) -> Vec<(Platform, Option<Duration>)> {
    let mut waits = Vec::new();
    for number in 0..times {
        let asker = &askers[number % askers.len()];
        let since = Instant::now();
        asker.says("Bonjour").await;
        let wait = asker.sees("Bonjour ", PATIENCE).await.map(|_| since.elapsed());
        waits.push((asker.platform(), wait));
        breathe(slowly).await;
    }
    waits
}

/// Keeps what is measured well below what the platforms permit.
async fn breathe(slowly: bool) {
    if slowly {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// How long each of these words takes from the technician to one after the other of those who asked.
async fn replies(technician: &Person, tickets: &[(&Person, u32)], times: usize, slowly: bool) -> Vec<Option<Duration>> {
    let mut waits = Vec::new();
    for (number, (reader, ticket)) in tickets.iter().cycle().take(times).enumerate() {
        let (typed, words) = (ticket.to_string(), format!("Réponse {number}."));
        let since = Instant::now();
        let used = technician.uses("reply", &[("number", &typed), ("text", &words)]).await;
        used.expect("an answer");
        waits.push(reader.sees(&words, PATIENCE).await.map(|_| since.elapsed()));
        breathe(slowly).await;
    }
    waits
}

fn compare(
    figures: &mut Figures,
    (scene, platform): (&'static str, &str),
    free: &Times,
    held: &Times,
    most: f64,
    whole: bool,
) {
    let ratio = held.p99.as_secs_f64() / free.p99.as_secs_f64().max(1e-6);
    let medians = format!("{:.1?} and {:.1?}", free.median, held.median);
    figures.tell(scene, &format!("median on {platform}, without and with"), medians);
    let p99 = format!("{:.1?} and {:.1?}: {ratio:.2}", free.p99, held.p99);
    let what = format!("p99 on {platform}, without and with");
    if whole {
        figures.must(scene, &what, p99, format!("≤ {most}"), ratio <= most);
    } else {
        figures.tell(scene, &what, p99);
    }
}

fn explain(site: &Site, figures: &Figures) {
    if !figures.all_right() {
        println!("{}", site.logs());
    }
}
