//! A flood of sign-ins on the pages: what it changes for those who write in the chats, beside what as many requests for
//! the stylesheet change. These only cost what it takes to ask and to answer, on cores that browsers, people, the
//! simulated platforms and the database share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use guichet::domain::password::Password;
use guichet::domain::platform::Platform;
use guichet::service::hasher::Hasher;
use secrecy::ExposeSecret as _;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Bench;
use super::people::{Room, come, open_all};
use crate::chaos::figures::{Figures, Times};
use crate::harness::Browser;

const SCENE: &str = "sign-ins";
const A_SECOND: u32 = 200;
/// The shares of what the desk can do at which people write, many times what a desk has to do, and half of all; and by how
/// much waits may grow there.
const SHARES: [(f64, f64); 2] = [(0.1, 1.25), (0.5, 1.5)];
/// How often all take turns, each time another first: the machine's speed changes by the minute. What counts is the middle
/// one of the rounds' ratios.
const ROUNDS: u32 = 10;
/// From how many places people sign in.
const BROWSERS: u32 = 64;
const PASSWORD: &str = "un mot de passe de banc";

pub async fn play(bench: &Bench) -> Figures {
    let room = Room::open(bench.pick(4, 64)).await;
    let accounts = let_sign_in(&room).await;
    let mut browsers = Vec::new();
    for number in 0..bench.pick(8, BROWSERS) {
        let mut browser = Browser::new(&room.site.web);
        browser.headers.push(("X-Forwarded-For", format!("192.0.2.{number}")));
        browser.get("/sign-in").await.shows(200, "Se connecter");
        browsers.push(Arc::new(browser));
    }
    let people = room.on(&[Platform::Telegram, Platform::Discord]);
    let since = Instant::now();
    let opened = open_all(&room, &people, bench.lasts / 2).await;
    let limit = f64::from(u32::try_from(opened).expect("a count")) / since.elapsed().as_secs_f64();
    let mut figures = Figures::default();
    for (share, at_most) in SHARES {
        let rounds = take_turns(&room, bench, limit * share, (&browsers, &accounts)).await;
        tell(&mut figures, bench, (share, at_most), rounds);
    }
    figures
}

/// What people ask for beside what is written.
const BESIDE: [Option<Asked>; 3] = [None, Some(Asked::Stylesheet), Some(Asked::SignIn)];

/// What came of a round: when nobody asked for a page, when they asked for the stylesheet, and when they signed in.
type Round = [(Times, Flood); 3];

async fn take_turns(
    room: &Room,
    bench: &Bench,
    a_second: f64,
    (browsers, accounts): (&[Arc<Browser>], &[String]),
) -> (Vec<Round>, usize) {
    let rounds = bench.pick(1, ROUNDS);
    let lasts = bench.lasts / rounds;
    let (mut all, mut missed) = (Vec::new(), 0);
    for number in 0..rounds as usize {
        let mut round = Round::default();
        for turn in 0..BESIDE.len() {
            let turn = (number + turn) % BESIDE.len();
            let (came, flood) = match BESIDE[turn] {
                None => (come(room, a_second, lasts).await, Flood::default()),
                Some(asked) => {
                    let flood = ask(browsers, accounts, asked, lasts);
                    tokio::join!(come(room, a_second, lasts), flood)
                }
            };
            missed += came.missed;
            round[turn] = (Times::of(came.answers), flood);
        }
        all.push(round);
    }
    (all, missed)
}

fn tell(figures: &mut Figures, bench: &Bench, (share, at_most): (f64, f64), (rounds, missed): (Vec<Round>, usize)) {
    let name = |what: &str| format!("{what}, at {:.0} %", share * 100.0);
    figures.must(SCENE, &name("never answered"), missed, 0, missed == 0);
    let mut flood = Flood::default();
    for [_, _, (_, sign_ins)] in &rounds {
        flood.extend(sign_ins);
    }
    let shown = format!(
        "{}, {} let in, {} asked to come again",
        flood.tried, flood.signed_in, flood.crowded
    );
    let all = flood.signed_in + flood.crowded == flood.tried;
    figures.must(SCENE, &name("sign-ins, 200 a second"), shown, "all are answered", all);
    let of = |turn: usize, time: fn(&Times) -> Duration| {
        middle(rounds.iter().map(|round| time(&round[turn].0).as_secs_f64()))
    };
    let shown: Vec<String> = (0..BESIDE.len())
        .map(|turn| [of(turn, |times| times.median), of(turn, |times| times.p99)])
        .map(|times| {
            times
                .map(|seconds| format!("{:.1?}", Duration::from_secs_f64(seconds)))
                .join(", ")
        })
        .collect();
    let what = name("answers: p50, p99 without; with the stylesheet; with sign-ins");
    figures.tell(SCENE, &what, shown.join("; "));
    let ratio = |turn: usize, time: fn(&Times) -> Duration| {
        let of = |round: &Round, turn: usize| time(&round[turn].0).as_secs_f64().max(f64::MIN_POSITIVE);
        middle(rounds.iter().map(|round| of(round, turn) / of(round, 0)))
    };
    for (turn, flood) in [(1, "the stylesheet"), (2, "sign-ins")] {
        let (median, p99) = (ratio(turn, |times| times.median), ratio(turn, |times| times.p99));
        let what = name(&format!("answers with {flood} to without: p50, p99"));
        let shown = format!("{median:.2}, {p99:.2}");
        if turn == 2 {
            let wanted = format!("≤ {at_most}");
            bench.judge(figures, (SCENE, &what), shown, &wanted, median.max(p99) <= at_most);
        } else {
            figures.tell(SCENE, &what, shown);
        }
    }
}

/// The middle one of these.
fn middle(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Gives every learner an address and a password; their addresses.
async fn let_sign_in(room: &Room) -> Vec<String> {
    let hasher = Hasher::new();
    let password = Password::typed(PASSWORD.to_owned()).expect("a password");
    let hash = hasher.enter().expect("a place").hash(&password).await.expect("a hash");
    let sql = format!(
        "UPDATE accounts SET email = CONCAT('lea', id, '@exemple.org'), password = '{}' WHERE role = 'learner'",
        hash.expose_secret()
    );
    room.site.tables.change(&sql).await;
    room.site
        .tables
        .texts("SELECT email FROM accounts WHERE role = 'learner'")
        .await
}

/// What came of a flood of sign-ins.
#[derive(Default)]
struct Flood {
    tried: u32,
    signed_in: u32,
    crowded: u32,
}

impl Flood {
    fn extend(&mut self, more: &Self) {
        self.tried += more.tried;
        self.signed_in += more.signed_in;
        self.crowded += more.crowded;
    }
}

/// What people ask for.
#[derive(Clone, Copy)]
enum Asked {
    Stylesheet,
    SignIn,
}

/// People ask for it at that rate, whether or not those before them are answered.
async fn ask(browsers: &[Arc<Browser>], accounts: &[String], asked: Asked, lasts: Duration) -> Flood {
    let (signed_in, crowded) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (begun, mut tasks, mut tried) = (Instant::now(), JoinSet::new(), 0_u32);
    while begun.elapsed() < lasts {
        tokio::time::sleep_until(begun + Duration::from_secs(1) / A_SECOND * tried).await;
        let browser = Arc::clone(&browsers[tried as usize % browsers.len()]);
        let email = accounts[tried as usize % accounts.len()].clone();
        let (signed_in, crowded) = (Arc::clone(&signed_in), Arc::clone(&crowded));
        tried += 1;
        tasks.spawn(async move {
            let fields = [("email", email.as_str()), ("password", PASSWORD)];
            let status = match asked {
                Asked::Stylesheet => browser.get("/style.css").await.status,
                Asked::SignIn => browser.post("/sign-in", &fields).await.status,
            };
            match (asked, status) {
                (Asked::Stylesheet, 200) => 0,
                (Asked::SignIn, 303) => signed_in.fetch_add(1, Ordering::Relaxed),
                (Asked::SignIn, 503) => crowded.fetch_add(1, Ordering::Relaxed),
                (_, other) => panic!("a page was answered by {other}"),
            }
        });
    }
    tasks.join_all().await;
    Flood {
        tried,
        signed_in: signed_in.load(Ordering::Relaxed),
        crowded: crowded.load(Ordering::Relaxed),
    }
}
