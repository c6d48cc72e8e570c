//! People who open tickets, and how long they wait.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet::domain::platform::Platform;
use guichet::sandbox::Seen;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::chaos::engine::Engine;
use crate::chaos::ledger::{Ledger, words_in};
use crate::chaos::person::Person;
use crate::chaos::site::{Cast, SETTLE, Site};

/// How long somebody waits for anything.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A desk to be measured, and its database.
pub struct Room {
    pub site: Site,
    pub engine: Engine,
    pub ledger: Arc<Ledger>,
}

impl Room {
    /// A desk with so many learners on either platform, two technicians, and an admin who is pinged.
    pub async fn open(learners: usize) -> Self {
        let engine = Engine::start().await;
        let cast = Cast {
            replicas: 1,
            learners: learners * 2,
            technicians: 3,
        };
        let site = Site::open_to_measure(&engine.options(), cast).await;
        let admin = site.technicians[1].private.identity;
        let sql = format!(
            "UPDATE accounts SET role = 'admin' WHERE id = (SELECT account_id FROM identities WHERE id = {admin})"
        );
        site.tables.change(&sql).await;
        Self {
            site,
            engine,
            ledger: Arc::default(),
        }
    }

    /// The learners on these platforms.
    pub fn on(&self, platforms: &[Platform]) -> Vec<Person> {
        let learners = self.site.learners.iter();
        learners
            .filter(|one| platforms.contains(&one.platform()))
            .cloned()
            .collect()
    }

    /// How often the database server was asked something of that kind, as its status says.
    pub async fn asked(&self, what: &str) -> f64 {
        let sql = format!(
            "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '{what}'"
        );
        let asked = self.site.tables.number(&sql).await;
        f64::from(u32::try_from(asked).expect("a count"))
    }

    /// How many tickets have a card, and of how many the admin was told by themselves.
    pub async fn told(&self) -> [u32; 2] {
        let admin = self.site.technicians[1].private.identity;
        let pings = format!(
            "SELECT COUNT(*) FROM messages m JOIN identities i ON i.platform = m.platform AND i.private_chat = m.chat
             WHERE i.id = {admin}"
        );
        let cards = self.site.tables.number("SELECT COUNT(*) FROM cards").await;
        [cards, self.site.tables.number(&pings).await].map(|told| u32::try_from(told).expect("a count"))
    }

    /// Waits until all is answered and told.
    pub async fn settles(&self) {
        assert!(self.site.settled(SETTLE).await, "too much waits:\n{}", self.site.logs());
    }
}

/// How long somebody waited for each answer on the way to a ticket.
#[derive(Clone, Copy)]
pub struct Opened {
    /// From the message to the draft.
    pub draft: Duration,
    /// From the press on it to the ticket.
    pub ticket: Duration,
}

/// One ticket from the message to its number; `began` is when the person wanted to write. `None` when they gave up.
pub async fn open(person: &Person, words: &str, began: Instant) -> Option<Opened> {
    person.says(&format!("Panne {words}")).await;
    let draft = person.sees(words, PATIENCE).await?;
    let drafted = began.elapsed();
    let pressed = Instant::now();
    // What it gets on Telegram is a toast; the ticket is what counts.
    let _ = person.presses(&draft, "Envoyer").await;
    let mut seen: Option<Seen> = None;
    while seen.is_none_or(|seen| !seen.text.contains("N° ")) {
        seen = Some(person.sees(words, PATIENCE).await?);
    }
    Some(Opened {
        draft: drafted,
        ticket: pressed.elapsed(),
    })
}

/// These people open one ticket after the other for some time, each once the staff have seen the card of the one before;
/// how many, once all of it is told.
pub async fn open_all(room: &Room, people: &[Person], lasts: Duration) -> usize {
    let (sightings, _watching) = Sightings::watch(room);
    let over = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    for person in people {
        let (over, ledger, person) = (Arc::clone(&over), Arc::clone(&room.ledger), person.clone());
        let sightings = sightings.clone();
        tasks.spawn(async move {
            let mut opened = 0;
            while !over.load(Ordering::Relaxed) {
                let words = ledger.words();
                let done = open(&person, &words, Instant::now()).await;
                opened += usize::from(done.is_some() && sightings.wait_for(&words).await);
            }
            opened
        });
    }
    tokio::time::sleep(lasts).await;
    over.store(true, Ordering::Relaxed);
    let opened = tasks.join_all().await.into_iter().sum();
    room.settles().await;
    opened
}

/// How long people waited who came one after the other.
#[derive(Default)]
pub struct Came {
    /// For each answer.
    pub answers: Vec<Duration>,
    /// For the staff's card, from the press on.
    pub cards: Vec<Duration>,
    /// How many gave up.
    pub missed: usize,
}

/// People on both platforms come at that rate, whether or not those before them are answered.
pub async fn come(room: &Room, a_second: f64, lasts: Duration) -> Came {
    let (sightings, _watching) = Sightings::watch(room);
    let people = room.on(&[Platform::Telegram, Platform::Discord]);
    let (idle, mut free) = tokio::sync::mpsc::unbounded_channel();
    for person in people {
        idle.send(person).expect("a queue");
    }
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    let mut number = 0;
    while begun.elapsed() < lasts || number < 4 {
        let at = begun + Duration::from_secs_f64(f64::from(number) / a_second);
        number += 1;
        tokio::time::sleep_until(at).await;
        let (words, idle) = (room.ledger.words(), idle.clone());
        // Whoever finds everybody busy waits, and that counts.
        let person = free.recv().await.expect("somebody");
        tasks.spawn(async move {
            let opened = open(&person, &words, at).await;
            drop(idle.send(person));
            (words, opened, at)
        });
    }
    let opened = tasks.join_all().await;
    room.settles().await;
    let mut came = Came::default();
    for (words, opened, at) in opened {
        let Some(opened) = opened else {
            came.missed += 1;
            continue;
        };
        came.answers.extend([opened.draft, opened.ticket]);
        let card = sightings.of(&words);
        came.cards
            .extend(card.map(|seen| (seen - at).saturating_sub(opened.draft)));
    }
    came
}

/// When the staff saw which words in their channel.
#[derive(Clone, Default)]
pub struct Sightings(Arc<Mutex<HashMap<String, Instant>>>, Arc<Notify>);

impl Sightings {
    /// Somebody watches the channel until this is dropped.
    pub fn watch(room: &Room) -> (Self, JoinSet<()>) {
        let sightings = Self::default();
        let channel = room.site.technicians.iter().find_map(|one| one.channel.clone());
        let (channel, Self(all, news)) = (channel.expect("a technician on Discord"), sightings.clone());
        let mut watching = JoinSet::new();
        watching.spawn(async move {
            while let Some(seen) = channel.sees("mot", PATIENCE).await {
                let now = Instant::now();
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                for words in words_in(&seen.text) {
                    all.entry(words.to_owned()).or_insert(now);
                }
                news.notify_waiters();
            }
        });
        (sightings, watching)
    }

    /// Whether these words are seen before anybody's patience is over.
    async fn wait_for(&self, words: &str) -> bool {
        let seen = async {
            let mut news = pin!(self.1.notified());
            while self.of(words).is_none() {
                news.as_mut().await;
                news.set(self.1.notified());
            }
        };
        timeout(PATIENCE, seen).await.is_ok()
    }

    pub fn of(&self, words: &str) -> Option<Instant> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(words)
            .copied()
    }
}
