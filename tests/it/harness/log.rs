//! What the desks of all stories log, as much as it can be: nothing that people typed is in it, and nothing that lets
//! anybody in.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use guichet::cli::log::targets;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

static LOG: Mutex<String> = Mutex::new(String::new());

/// Listens from now on, whatever is logged.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let layer = tracing_subscriber::fmt::layer().with_writer(|| Writer).with_ansi(false);
        // The simulated platforms are not the program.
        let targets = targets(LevelFilter::TRACE).with_target("guichet::sandbox", LevelFilter::OFF);
        tracing_subscriber::registry()
            .with(targets)
            .with(layer)
            .try_init()
            .expect("nobody else listens");
    });
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Fails when one of these texts, an address of the stories or something like a one-time code was logged.
pub fn tells_nothing_of(typed: &[String]) {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(!log.is_empty(), "nothing was logged at all");
    let said = typed.iter().map(String::as_str).chain(["@exemple.org", "@example.org"]);
    let said = said.filter_map(|text| log.find(text));
    let codes = log.match_indices('-').map(|(at, _)| at).filter(|at| is_code(&log, *at));
    let found = said.chain(codes).next();
    if let Some(at) = found {
        let (before, after) = log.split_at(at);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let rest = after.split('\n').next().unwrap_or_default();
        panic!("this was logged: {line}{rest}");
    }
}

/// Whether four characters of a code stand before this dash and four after it, and nothing like them around.
fn is_code(log: &str, dash: usize) -> bool {
    let log = log.as_bytes();
    let is_of_code = |at: usize| {
        log.get(at)
            .is_some_and(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
    };
    let is_of_word = |at: usize| log.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'-');
    let Some(start) = dash.checked_sub(4) else {
        return false;
    };
    (start..dash).chain(dash + 1..=dash + 4).all(is_of_code)
        && !is_of_word(dash + 5)
        && !start.checked_sub(1).is_some_and(is_of_word)
}

#[test]
fn a_code_is_found_where_it_stands() {
    for (line, is_there) in [
        ("link 7KQ2-M9XD\n", true),
        ("code=\"0000-0000\"", true),
        ("2026-11-22T08:00", false),
        ("a 1234-567890", false),
        ("x-7KQ2-M9XD", false),
        ("7KQ2-M9", false),
    ] {
        let found = line.match_indices('-').any(|(at, _)| is_code(line, at));
        assert_eq!(found, is_there, "{line}");
    }
}
