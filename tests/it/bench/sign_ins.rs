//! A flood of sign-ins on the pages: what it changes for those who write in the chats, at half load.

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
/// By how much almost everybody's wait may grow.
const AT_MOST: f64 = 1.5;
/// How often both take turns: the machine's speed changes by the minute.
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
    let a_second = f64::from(u32::try_from(opened).expect("a count")) / since.elapsed().as_secs_f64() / 2.0;
    let rounds = bench.pick(1, ROUNDS);
    let lasts = bench.lasts / rounds;
    let (mut without, mut with, mut flood) = (Came::default(), Came::default(), Flood::default());
    for _ in 0..rounds {
        without.extend(come(&room, a_second, lasts).await);
        let (came, signed_in) = tokio::join!(come(&room, a_second, lasts), sign_in(&browsers, &accounts, lasts));
        with.extend(came);
        flood.extend(&signed_in);
    }
    let mut figures = Figures::default();
    tell(&mut figures, bench, [without, with], &flood);
    figures
}

fn tell(figures: &mut Figures, bench: &Bench, [without, with]: [Came; 2], flood: &Flood) {
    let missed = without.missed + with.missed;
    figures.must(SCENE, "never answered", missed, 0, missed == 0);
    let shown = format!(
        "{}, {} let in, {} asked to come again",
        flood.tried, flood.signed_in, flood.crowded
    );
    let all = flood.signed_in + flood.crowded == flood.tried;
    figures.must(SCENE, "sign-ins, 200 a second", shown, "all are answered", all);
    let [without, with] = [without, with].map(|came| (Times::of(came.answers), Times::of(came.cards)));
    for (name, without, with) in [
        ("answers", &without.0, &with.0),
        ("the staff's card", &without.1, &with.1),
    ] {
        let shown = format!(
            "{:.1?}, {:.1?} and {:.1?}, {:.1?}",
            without.median, without.p99, with.median, with.p99
        );
        figures.tell(SCENE, &format!("{name} at 50 %: p50, p99 without and with"), shown);
    }
    let ratio = |with: Duration, without: Duration| with.as_secs_f64() / without.as_secs_f64().max(f64::MIN_POSITIVE);
    let (median, p99) = (ratio(with.0.median, without.0.median), ratio(with.0.p99, without.0.p99));
    figures.tell(SCENE, "answers with sign-ins to without, p50", format!("{median:.2}"));
    let unharmed = p99 <= AT_MOST;
    bench.judge(
        figures,
        (SCENE, "answers with sign-ins to without, p99"),
        format!("{p99:.2}"),
        "≤ 1.5",
        unharmed,
    );
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

/// People sign in at that rate, whether or not those before them are answered.
async fn sign_in(browsers: &[Arc<Browser>], accounts: &[String], lasts: Duration) -> Flood {
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
            match browser.post("/sign-in", &fields).await.status {
                303 => signed_in.fetch_add(1, Ordering::Relaxed),
                503 => crowded.fetch_add(1, Ordering::Relaxed),
                other => panic!("a sign-in was answered by {other}"),
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
