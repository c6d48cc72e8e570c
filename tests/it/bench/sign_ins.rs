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
use super::people::{Came, Room, come, open_all};
use crate::chaos::figures::{Figures, Times};
use crate::harness::Browser;

const SCENE: &str = "sign-ins";
const A_SECOND: u32 = 200;
/// The shares of what the desk can do at which people write, many times what a desk has to do, and half of all; and by how
/// much waits may grow there.
const SHARES: [(f64, f64); 2] = [(0.1, 1.25), (0.5, 1.5)];
/// How often all take turns: the machine's speed changes by the minute.
const ROUNDS: u32 = 4;
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
        let turns = take_turns(&room, bench, limit * share, (&browsers, &accounts)).await;
        tell(&mut figures, bench, (share, at_most), turns);
    }
    figures
}

/// What came of it when nobody asked for a page, when they asked for the stylesheet, and when they signed in.
type Turns = [(Came, Flood); 3];

async fn take_turns(
    room: &Room,
    bench: &Bench,
    a_second: f64,
    (browsers, accounts): (&[Arc<Browser>], &[String]),
) -> Turns {
    let rounds = bench.pick(1, ROUNDS);
    let lasts = bench.lasts / rounds;
    let mut turns = Turns::default();
    for _ in 0..rounds {
        turns[0].0.extend(come(room, a_second, lasts).await);
        for (turn, asked) in turns[1..].iter_mut().zip([Asked::Stylesheet, Asked::SignIn]) {
            let flood = ask(browsers, accounts, asked, lasts);
            let (came, flood) = tokio::join!(come(room, a_second, lasts), flood);
            turn.0.extend(came);
            turn.1.extend(&flood);
        }
    }
    turns
}

fn tell(figures: &mut Figures, bench: &Bench, (share, at_most): (f64, f64), [alone, stylesheet, sign_ins]: Turns) {
    let name = |what: &str| format!("{what}, at {:.0} %", share * 100.0);
    let missed = alone.0.missed + stylesheet.0.missed + sign_ins.0.missed;
    figures.must(SCENE, &name("never answered"), missed, 0, missed == 0);
    let flood = sign_ins.1;
    let shown = format!(
        "{}, {} let in, {} asked to come again",
        flood.tried, flood.signed_in, flood.crowded
    );
    let all = flood.signed_in + flood.crowded == flood.tried;
    figures.must(SCENE, &name("sign-ins, 200 a second"), shown, "all are answered", all);
    let [alone, stylesheet, sign_ins] = [alone.0, stylesheet.0, sign_ins.0].map(|came| Times::of(came.answers));
    let shown = format!(
        "{:.1?}, {:.1?}; {:.1?}, {:.1?}; {:.1?}, {:.1?}",
        alone.median, alone.p99, stylesheet.median, stylesheet.p99, sign_ins.median, sign_ins.p99
    );
    let what = name("answers: p50, p99 without; with the stylesheet; with sign-ins");
    figures.tell(SCENE, &what, shown);
    let ratio = |with: Duration, without: Duration| with.as_secs_f64() / without.as_secs_f64().max(f64::MIN_POSITIVE);
    for (flood, times) in [("the stylesheet", stylesheet), ("sign-ins", sign_ins)] {
        let (median, p99) = (ratio(times.median, alone.median), ratio(times.p99, alone.p99));
        let what = name(&format!("answers with {flood} to without: p50, p99"));
        let shown = format!("{median:.2}, {p99:.2}");
        if flood == "sign-ins" {
            let wanted = format!("≤ {at_most}");
            bench.judge(figures, (SCENE, &what), shown, &wanted, median.max(p99) <= at_most);
        } else {
            figures.tell(SCENE, &what, shown);
        }
    }
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
