//! The README's table of commands and the commands there are: neither has one that the other doesn't.

use std::collections::BTreeSet;

use guichet::chat::grammar::Command;

use super::source::root;

/// The names in a table, English and French, two pairs a row.
fn named(readme: &str) -> Vec<(&str, &str)> {
    let rows = readme
        .lines()
        .skip_while(|line| !line.starts_with("| English | French |"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let mut named = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        for pair in cells[1..].chunks(3) {
            if let [english, french, ..] = *pair
                && !english.is_empty()
            {
                named.push((english.trim_end_matches("` (Telegram)"), french));
            }
        }
    }
    named
}

#[test]
fn the_readme_names_every_command_in_both_languages_and_no_other() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("a readme");
    let told: BTreeSet<_> = named(&text)
        .into_iter()
        .map(|(english, french)| (english.to_owned(), french.to_owned()))
        .collect();
    let known = Command::ALL.into_iter().filter(|command| *command != Command::Start);
    let known: BTreeSet<_> = known
        .map(|command| (format!("/{}", command.code()), format!("/{}", command.french())))
        .collect();
    let missing: Vec<_> = known.difference(&told).collect();
    assert!(missing.is_empty(), "not in the README: {missing:?}");
    let unknown: Vec<_> = told.difference(&known).collect();
    assert!(unknown.is_empty(), "not a command: {unknown:?}");
}
