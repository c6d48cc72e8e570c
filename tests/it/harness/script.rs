//! What a story did and saw, in its order: the text of a snapshot.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use guichet::sandbox::Seen;

/// A script; clones share it.
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<String>>);

impl Script {
    /// Somebody did something.
    pub fn did(&self, who: &str, place: &str, what: &str) {
        let mut script = self.0.lock().unwrap();
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

    /// All of it.
    pub fn text(&self) -> String {
        self.0.lock().unwrap().trim_end().to_owned()
    }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n    ")
}

/// Clock times become HH:MM: a story may take longer than a minute.
fn without_times(text: &str) -> String {
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
