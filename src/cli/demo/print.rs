//! What each person wrote and saw, on the terminal.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stdout};

use chrono_tz::Europe::Paris;

use super::story::{Outcome, Step};
use crate::sandbox::{Line, Via, What};

/// Bold, dim and colours, on a terminal only.
struct Ink(bool);

impl Ink {
    fn on(&self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Prints the transcript, person by person, in the order in which they came in.
pub(super) fn people(lines: &[Line]) {
    let ink = Ink(stdout().is_terminal());
    let mut told = BTreeSet::new();
    for line in lines {
        if told.insert(line.person.as_str()) {
            let theirs = lines.iter().filter(|other| other.person == line.person);
            person(&ink, line, theirs);
        }
    }
}

fn person<'a>(ink: &Ink, first: &Line, lines: impl Iterator<Item = &'a Line>) {
    let via = match first.via {
        Via::Discord => "Discord",
        Via::Telegram => "Telegram",
    };
    println!("{}", ink.on("1;36", &format!("━━ {} · {via} ━━", first.person)));
    let mut place = "";
    for line in lines {
        if line.place != place {
            place = &line.place;
            println!("{}", ink.on("2", &format!("  in {place}")));
        }
        println!(
            "  {}  {}",
            ink.on("2", &line.at.with_timezone(&Paris).format("%H:%M").to_string()),
            told(ink, line)
        );
    }
    println!();
}

fn told(ink: &Ink, line: &Line) -> String {
    match &line.what {
        What::Wrote { text, files } => format!("{} {}{}", ink.on("32", "▸"), indented(text), with_files(files)),
        What::Pressed(label) => format!("{} presses {}", ink.on("32", "▸"), ink.on("1", &format!("[{label}]"))),
        What::Used(command) => format!("{} {}", ink.on("32", "▸"), ink.on("1", command)),
        What::Filled { title, fields } => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(label, typed)| format!("{label}: {}", indented(typed)))
                .collect();
            format!(
                "{} fills “{title}”\n           {}",
                ink.on("32", "▸"),
                fields.join("\n           ")
            )
        }
        What::Form { title, fields } => format!("{} form “{title}”: {}", ink.on("33", "◂"), fields.join(", ")),
        What::Reaction(emoji) => format!("{} {emoji}", ink.on("33", "◂")),
        What::Saw {
            text,
            buttons,
            files,
            edited,
            only_them,
        } => {
            let mut marks = String::new();
            if *edited {
                marks.push_str(&ink.on("2", "(changed) "));
            }
            if *only_them {
                marks.push_str(&ink.on("2", "(only to them) "));
            }
            let buttons: Vec<_> = buttons.iter().map(|label| format!("[{label}]")).collect();
            let buttons = if buttons.is_empty() {
                String::new()
            } else {
                format!("\n           {}", ink.on("1", &buttons.join(" ")))
            };
            format!(
                "{} {marks}{}{}{buttons}",
                ink.on("33", "◂"),
                indented(text),
                with_files(files)
            )
        }
    }
}

fn indented(text: &str) -> String {
    text.trim().replace('\n', "\n           ")
}

fn with_files(files: &[String]) -> String {
    if files.is_empty() {
        String::new()
    } else {
        format!("  📎 {}", files.join(", "))
    }
}

/// Prints the steps, and whether all were seen.
pub(super) fn steps(steps: &[Step]) -> bool {
    let ink = Ink(stdout().is_terminal());
    for (number, step) in steps.iter().enumerate() {
        let mark = match step.outcome {
            Outcome::Seen => ink.on("32", "✓"),
            Outcome::Missed(_) => ink.on("31", "✗"),
            Outcome::NotPlayed => "·".to_owned(),
        };
        println!("{mark} {}. {}", number + 1, step.title);
        if let Outcome::Missed(why) = &step.outcome {
            println!("    {}", why.trim().replace('\n', "\n    "));
        }
    }
    let seen = steps
        .iter()
        .filter(|step| matches!(step.outcome, Outcome::Seen))
        .count();
    println!("\ndemo: {seen} of {} steps seen", steps.len());
    seen == steps.len()
}
