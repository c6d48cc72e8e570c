//! People at work: pairs of a learner and a technician who go through one ticket after the other, from the first word
//! to the end, whatever happens to the desk meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::ledger::{Deed, Ledger};
use super::person::Person;
use super::site::{Site, Technician};

/// How long a person waits for something before they leave the ticket alone.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a technician waits for a sign that the ticket is theirs, before they ask for it again.
const TAKEN: Duration = Duration::from_secs(20);
/// After how long without a sign a person presses again.
const AGAIN: Duration = Duration::from_secs(4);

/// A crowd at work.
pub struct Crowd {
    pub ledger: Arc<Ledger>,
    going_home: Arc<AtomicBool>,
    /// Tickets that went their whole way, and those that somebody gave up waiting for.
    pub done: Arc<AtomicUsize>,
    pub given_up: Arc<AtomicUsize>,
    pairs: JoinSet<()>,
}

impl Crowd {
    /// These learners start to work, each with a technician.
    pub fn start(site: &Site, learners: &[Person], seed: u64) -> Self {
        let mut crowd = Self {
            ledger: Arc::default(),
            going_home: Arc::default(),
            done: Arc::default(),
            given_up: Arc::default(),
            pairs: JoinSet::new(),
        };
        for (number, learner) in learners.iter().enumerate() {
            let pair = Pair::new(site, number, learner, &crowd.ledger);
            let random = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
            let (home, done, given_up) = (
                Arc::clone(&crowd.going_home),
                Arc::clone(&crowd.done),
                Arc::clone(&crowd.given_up),
            );
            crowd.pairs.spawn(async move {
                let mut random = random;
                while !home.load(Ordering::SeqCst) {
                    let count = if pair.one_ticket(&mut random).await.is_some() {
                        &done
                    } else {
                        &given_up
                    };
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        crowd
    }

    /// Nobody begins another ticket; waits until all that were begun are done with.
    pub async fn goes_home(&mut self) {
        self.going_home.store(true, Ordering::SeqCst);
        while let Some(ended) = self.pairs.join_next().await {
            ended.expect("a pair that works");
        }
    }

    pub fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }
}

/// A learner and the technician who has their tickets.
pub struct Pair {
    pub learner: Person,
    pub technician: Technician,
    ledger: Arc<Ledger>,
}

impl Pair {
    /// The pair with that number: every second time they are on the same platform.
    pub fn new(site: &Site, number: usize, learner: &Person, ledger: &Arc<Ledger>) -> Self {
        let technician = &site.technicians[(number + number / 2) % site.technicians.len()];
        Self {
            learner: learner.clone(),
            technician: technician.clone(),
            ledger: Arc::clone(ledger),
        }
    }

    /// One ticket from the first word to the last; `None` when somebody gave up.
    async fn one_ticket(&self, random: &mut StdRng) -> Option<()> {
        let (number, _) = self.opens().await?;
        let staff = &self.technician.private;
        match &self.technician.channel {
            Some(channel) if random.random_bool(0.5) => self.takes_by_button(channel, number).await?,
            _ => drop(self.commands(staff, "take", number, false).await?),
        }
        for _ in 0..random.random_range(0..3) {
            match random.random_range(0..3) {
                0 => self.commands(staff, "reply", number, true).await?,
                1 => self.commands(staff, "note", number, true).await?,
                _ => self.commands(&self.learner, "reply", number, true).await?,
            };
        }
        let report = self.commands(staff, "resolve", number, true).await?;
        self.confirms(number, &report).await
    }

    /// The learner writes, sends the draft, and has the ticket's number and card.
    pub async fn opens(&self) -> Option<(u32, Seen)> {
        let words = self.ledger.words();
        let end = Instant::now() + PATIENCE;
        self.learner.says(&format!("Panne {words}")).await;
        let mut opened = None;
        let mut draft: Option<Seen> = None;
        while opened.is_none() && Instant::now() < end {
            if let Some(seen) = self
                .learner
                .sees(&words, if draft.is_some() { AGAIN } else { PATIENCE })
                .await
            {
                opened = number_of(&seen.text).map(|number| (number, seen.clone()));
                if seen.buttons.iter().any(|label| label == "Envoyer") {
                    draft = Some(seen);
                }
            }
            if let (Some(draft), None) = (&draft, &opened) {
                // Whatever this gets, what becomes of the draft tells whether it was sent.
                let _ = self.learner.presses(draft, "Envoyer").await;
            }
        }
        self.ledger.note(&words, Deed::Opened, opened.is_some());
        opened
    }

    async fn takes_by_button(&self, channel: &Person, number: u32) -> Option<()> {
        // Its card, or a list of new tickets with it.
        let card = channel.sees(&format!("° {number} · "), PATIENCE).await?;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            // Without an answer it failed, and is pressed again.
            match channel.presses(&card, "Prendre").await {
                Ok(_) => {
                    // Who works in another chat next has seen by then that the ticket is theirs.
                    let told = format!("s'occupe de votre demande n° {number} ");
                    if self.learner.sees(&told, TAKEN).await.is_some() {
                        return Some(());
                    }
                    return self
                        .commands(&self.technician.private, "take", number, false)
                        .await
                        .map(drop);
                }
                Err(missed) if missed.expected.starts_with("a button") || missed.expected.starts_with("the button") => {
                    // Taken already, or only named in a list of new tickets.
                    return self
                        .commands(&self.technician.private, "take", number, false)
                        .await
                        .map(drop);
                }
                Err(_) => {}
            }
        }
        None
    }

    /// Uses a command about the ticket, with unique words if it takes any, until it is accepted; gives the words.
    pub async fn commands(&self, who: &Person, command: &str, number: u32, with_words: bool) -> Option<String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let words = self.ledger.words();
            let typed = number.to_string();
            let mut options = vec![("number", typed.as_str())];
            options.extend(with_words.then_some(("text", words.as_str())));
            let answer = who.uses(command, &options).await;
            // On Telegram a command is a message, which Telegram keeps until it is taken.
            let accepted = who.platform() == Platform::Telegram || answer.as_ref().is_ok_and(is_done);
            if with_words {
                self.ledger.note(&words, Deed::Said, accepted);
            }
            if accepted {
                if who.platform() == Platform::Telegram {
                    who.sees(&format!("n° {number}"), AGAIN).await;
                }
                return Some(words);
            }
        }
        None
    }

    /// The learner reads the report and says that all is well.
    async fn confirms(&self, number: u32, report: &str) -> Option<()> {
        let told = self.learner.sees(report, PATIENCE).await?;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let pressed = self.learner.presses(&told, "C'est réglé").await;
            if pressed.is_ok() || self.learner.platform() == Platform::Telegram {
                self.ledger.note_end(number);
                return Some(());
            }
        }
        None
    }
}

/// Whether an answer says that it is done: nothing is said of what only may have worked.
fn is_done(answer: &Answer) -> bool {
    match answer {
        Answer::Quiet => true,
        Answer::Message(seen) => !seen.text.contains("Quelque chose n'a pas marché"),
        Answer::Toast(_) | Answer::Form { .. } => false,
    }
}

/// The number of a ticket's card.
fn number_of(text: &str) -> Option<u32> {
    let rest = text.split_once("N° ")?.1;
    rest.split(' ').next()?.parse().ok()
}
