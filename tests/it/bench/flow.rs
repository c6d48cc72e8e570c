//! From messages to tickets, the whole way: how many a second, at what cost, beside bare rows; how long people wait at
//! a share of that; and how much memory it takes.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use guichet::domain::platform::Platform;
use tokio::time::Instant;

use super::Bench;
use super::cost::{mean, mean_time, processor_time};
use super::limit::{self, Bare, Commits};
use super::people::{Room, come, open_all};
use crate::chaos::figures::{Figures, Times};
use crate::chaos::person::Person;

const SCENE: &str = "flow";
/// What Guichet may take of the memory, its database apart, in KiB.
const MEMORY: u64 = 40 * 1024;
/// Within what time almost everybody is answered at half load.
const AT_HALF_LOAD: Duration = Duration::from_millis(50);
/// How much of what bare rows do is enough.
const OF_BARE_ROWS: f64 = 0.5;

/// How often Guichet's work and bare rows take turns.
const ROUNDS: u32 = 4;

/// What one stretch of work came to.
struct Work {
    a_second: f64,
    /// Processor time for each ticket: Guichet's, the database's, and that of the simulated platforms and people.
    desk: Duration,
    database: Duration,
    people: Duration,
    /// What the database was asked for a ticket, and how much of it were commits.
    statements: f64,
    commits: f64,
    /// Which share of the tickets got a card of their own, and a ping of their own rather than a line among others.
    cards: f64,
    pings: f64,
}

impl Work {
    /// What stretches of the same length came to.
    fn mean(all: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| mean(all.iter().map(of));
        let time = |of: fn(&Self) -> Duration| mean_time(all.iter().map(of));
        Self {
            a_second: mean(|work| work.a_second),
            desk: time(|work| work.desk),
            database: time(|work| work.database),
            people: time(|work| work.people),
            statements: mean(|work| work.statements),
            commits: mean(|work| work.commits),
            cards: mean(|work| work.cards),
            pings: mean(|work| work.pings),
        }
    }
}

pub async fn play(bench: &Bench) -> Figures {
    let room = Room::open(bench.pick(4, 64)).await;
    let mut figures = Figures::default();
    figures.tell(SCENE, "memory idle", mebibytes(room.site.replicas[0].memory()));
    let both = [Platform::Telegram, Platform::Discord];
    open_all(&room, &room.on(&both), bench.lasts / 4).await;
    for (name, platforms) in [("Telegram", &both[..1]), ("Discord", &both[1..])] {
        tell(&mut figures, name, &work(&room, &room.on(platforms), bench.lasts).await);
    }
    let mixed = beside_bare_rows(&room, bench, &mut figures).await;
    for share in [0.1, 0.5, 0.9] {
        latency(&mut figures, bench, &room, mixed.a_second * share, share).await;
    }
    let most = room.site.replicas[0].most_memory();
    let enough = most.is_none_or(|most| most <= MEMORY);
    bench.judge(
        &mut figures,
        (SCENE, "memory at most"),
        mebibytes(most),
        "≤ 40 MiB",
        enough,
    );
    let binary = fs::metadata(env!("CARGO_BIN_EXE_guichet")).expect("the program").len();
    figures.tell(
        SCENE,
        "program, with the simulated platforms",
        mebibytes(Some(binary / 1024)),
    );
    figures
}

/// Work on both platforms and bare rows by turns: the machine's speed changes by the minute.
async fn beside_bare_rows(room: &Room, bench: &Bench, figures: &mut Figures) -> Work {
    let rounds = bench.pick(1, ROUNDS);
    let lasts = bench.lasts / rounds;
    let both = room.on(&[Platform::Telegram, Platform::Discord]);
    let numbers = Arc::default();
    let (mut mixed, mut promised, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let done = work(room, &both, lasts).await;
        promised.push(limit::play(room, &numbers, lasts, (Commits::AsPromised, done.pings)).await);
        twice.push(limit::play(room, &numbers, lasts, (Commits::Twice, done.pings)).await);
        mixed.push(done);
    }
    let mixed = Work::mean(&mixed);
    tell(figures, "both", &mixed);
    for (name, commits, bare) in [
        ("as promised", Commits::AsPromised, &promised),
        ("twice", Commits::Twice, &twice),
    ] {
        compare(figures, bench, &mixed, &Bare::mean(bare), (name, commits));
    }
    mixed
}

fn compare(figures: &mut Figures, bench: &Bench, mixed: &Work, bare: &Bare, (name, commits): (&str, Commits)) {
    let Bare {
        a_second,
        database,
        writer,
    } = bare;
    let shown = format!("{a_second:.0}/s, database {database:.2?}, writer {writer:.2?} each");
    figures.tell(SCENE, &format!("bare rows of a ticket, committed {name}"), shown);
    let all = mixed.a_second / bare.a_second;
    let figure = format!("tickets on both for one of bare rows committed {name}, people beside");
    figures.tell(SCENE, &figure, format!("{all:.2}"));
    let alone = (*database + *writer).as_secs_f64() / (mixed.desk + mixed.database).as_secs_f64();
    let figure = format!("the same by processor time, so without people, committed {name}");
    if commits == Commits::AsPromised {
        let enough = alone >= OF_BARE_ROWS;
        bench.judge(figures, (SCENE, &figure), format!("{alone:.2}"), "≥ 0.5", enough);
    } else {
        figures.tell(SCENE, &figure, format!("{alone:.2}"));
    }
}

fn mebibytes(kibibytes: Option<u64>) -> String {
    kibibytes.map_or("unknown".to_owned(), |size| {
        format!("{:.1} MiB", f64::from(u32::try_from(size).unwrap_or(u32::MAX)) / 1024.0)
    })
}

fn tell(figures: &mut Figures, name: &str, work: &Work) {
    let Work {
        a_second,
        desk,
        database,
        people,
        statements,
        commits,
        cards,
        pings,
    } = work;
    figures.tell(SCENE, &format!("tickets on {name}"), format!("{a_second:.0}/s"));
    let cost = format!("Guichet {desk:.2?}, database {database:.2?}, people and platforms {people:.2?}");
    figures.tell(SCENE, &format!("processor time for a ticket on {name}"), cost);
    let asked = format!("{statements:.0}, with {commits:.1} commits");
    figures.tell(SCENE, &format!("statements for a ticket on {name}"), asked);
    let figure = format!("of tickets on {name}, with a card, with a ping of their own");
    figures.tell(SCENE, &figure, format!("{cards:.2}, {pings:.2}"));
}

async fn work(room: &Room, people: &[Person], lasts: Duration) -> Work {
    let processes = [
        room.site.replicas[0].process().id(),
        room.engine.process(),
        std::process::id(),
    ];
    let before = processes.map(processor_time);
    let asked = [room.asked("Questions").await, room.asked("Com_commit").await];
    let told = room.told().await;
    let since = Instant::now();
    let opened = open_all(room, people, lasts).await;
    let took = since.elapsed();
    let opened = u32::try_from(opened.max(1)).expect("a count");
    let after = processes.map(processor_time);
    let statements = (room.asked("Questions").await - asked[0]) / f64::from(opened);
    let commits = (room.asked("Com_commit").await - asked[1]) / f64::from(opened);
    let [cards, pings] = room.told().await;
    let share = |now: u32, before: u32| f64::from(now - before) / f64::from(opened);
    let cost = |number: usize| after[number].saturating_sub(before[number]) / opened;
    Work {
        a_second: f64::from(opened) / took.as_secs_f64(),
        desk: cost(0),
        database: cost(1),
        people: cost(2),
        statements,
        commits,
        cards: share(cards, told[0]),
        pings: share(pings, told[1]),
    }
}

async fn latency(figures: &mut Figures, bench: &Bench, room: &Room, a_second: f64, share: f64) {
    let came = come(room, a_second, bench.lasts).await;
    let load = format!("at {:.0} %", share * 100.0);
    figures.must(
        SCENE,
        &format!("never answered {load}"),
        came.missed,
        0,
        came.missed == 0,
    );
    let (answers, cards) = (Times::of(came.answers), Times::of(came.cards));
    let shown = |times: &Times| format!("{:.1?}, {:.1?}, {:.1?}", times.median, times.p99, times.p999);
    let what = format!("answers {load}: p50, p99, p99.9");
    if (share - 0.5).abs() < f64::EPSILON {
        let soon = answers.p99 < AT_HALF_LOAD;
        bench.judge(figures, (SCENE, &what), shown(&answers), "p99 < 50 ms", soon);
    } else {
        figures.tell(SCENE, &what, shown(&answers));
    }
    figures.tell(
        SCENE,
        &format!("from the press to the staff's card {load}"),
        shown(&cards),
    );
}
