//! What a story did and saw, in its order: the text of a snapshot.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use guichet::sandbox::Seen;

/// The longest line that is shown whole.
const MOST: usize = 600;

/// How long a text is, in bytes, that stands nowhere by chance.
const TELLING: usize = 9;

/// A script; clones share it.
#[derive(Clone, Default)]
pub struct Script {
    told: Arc<Mutex<String>>,
    typed: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// Somebody typed that.
    pub fn typed_in(&self, text: &str) {
        // What stands behind a command.
        let words = match text.strip_prefix('/') {
            Some(command) => command.split_once(' ').map_or("", |(_, words)| words),
            None => text,
        };
        let lines = words.lines().map(str::trim).filter(|line| line.len() >= TELLING);
        self.typed.lock().unwrap().extend(lines.map(str::to_owned));
    }

    /// All that was typed and would be known again anywhere.
    pub fn typed(&self) -> Vec<String> {
        self.typed.lock().unwrap().clone()
    }

    /// Somebody did something.
    pub fn did(&self, who: &str, place: &str, what: &str) {
        let mut script = self.told.lock().unwrap();
        writeln!(script, "{who} ({place}) {}", indented(what)).unwrap();
    }

    /// Somebody saw a message.
    pub fn saw(&self, who: &str, place: &str, seen: &Seen) {
        let mut text = without_times(&seen.text);
        if !seen.files.is_empty() {
            write!(text, "\n📎 {}", seen.files.join(", ")).unwrap();
        }
        if !seen.buttons.is_empty() {
            let buttons: Vec<_> = seen.buttons.iter().map(|label| format!("[{label}]")).collect();
            write!(text, "\n{}", buttons.join(" ")).unwrap();
        }
        self.did(who, place, &format!("sees\n{text}"));
    }

    /// Starts anew: what came before is told elsewhere.
    pub fn forget(&self) {
        self.told.lock().unwrap().clear();
    }

    /// Leaves out what came after that text: more of the same.
    pub fn back_to(&self, text: &str) {
        *self.told.lock().unwrap() = if text.is_empty() {
            String::new()
        } else {
            format!("{text}\n")
        };
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.told.lock().unwrap().trim_end().to_owned()
    }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(shortened).collect::<Vec<_>>().join("\n    ")
}

/// Nobody reads a line of thousands of characters; a snapshot tells how long it was.
fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= MOST {
        return line.to_owned();
    }
    let start: String = line.chars().take(40).collect();
    let end: String = line.chars().skip(length - 10).collect();
    format!("{start}[…]{end} ({length} characters)")
}

/// Clock times become HH:MM, and seconds that have passed so many: a story may take longer than a minute.
fn without_times(text: &str) -> String {
    let text = &without_seconds(text);
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < characters.len() {
        let time = characters
            .get(at..at + 5)
            .filter(|five| five[2] == ':' && [0, 1, 3, 4].iter().all(|place| five[*place].is_ascii_digit()));
        if time.is_some() {
            out.push_str("HH:MM");
            at += 5;
        } else {
            out.push(characters[at]);
            at += 1;
        }
    }
    out
}

fn without_seconds(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("il y a ") {
        let count = after.split(' ').next().unwrap_or_default();
        let seconds = after[count.len()..].strip_prefix(" seconde");
        let is_count = count == "une" || count.parse::<u32>().is_ok();
        let Some(seconds) = seconds.filter(|_| is_count) else {
            out.push_str(before);
            out.push_str("il y a ");
            rest = after;
            continue;
        };
        out.push_str(before);
        out.push_str("il y a N secondes");
        rest = seconds.strip_prefix('s').unwrap_or(seconds);
    }
    out + rest
}
