//! What people did, by the unique words in it, to be compared with what became of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They opened a ticket with the words in its title.
    Opened,
    /// They said the words about a ticket: a comment, a note or a report.
    Said,
}

/// One deed. When the platform accepted it, its effect has to be there once; what failed before the person's eyes
/// may have had its effect all the same, but not twice.
#[derive(Clone, Debug)]
pub struct Entry {
    pub words: String,
    pub deed: Deed,
    pub accepted: bool,
}

/// All deeds of a crowd.
#[derive(Default)]
pub struct Ledger {
    last: AtomicU32,
    entries: Mutex<Vec<Entry>>,
    /// The tickets whose end was accepted.
    ended: Mutex<Vec<u32>>,
}

impl Ledger {
    /// Unique words.
    pub fn words(&self) -> String {
        format!("mot{:07}x", self.last.fetch_add(1, Ordering::SeqCst))
    }

    pub fn note(&self, words: &str, deed: Deed, accepted: bool) {
        let words = words.to_owned();
        self.entries
            .lock()
            .expect("the ledger")
            .push(Entry { words, deed, accepted });
    }

    pub fn note_end(&self, ticket: u32) {
        self.ended.lock().expect("the ledger").push(ticket);
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().expect("the ledger").clone()
    }

    pub fn ended(&self) -> Vec<u32> {
        self.ended.lock().expect("the ledger").clone()
    }
}

/// The unique words in a text, in their order.
pub fn words_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| {
        let digits = word.strip_prefix("mot").and_then(|rest| rest.strip_suffix('x'));
        digits.is_some_and(|digits| digits.len() == 7 && digits.chars().all(|digit| digit.is_ascii_digit()))
    })
}
