//! Words that nobody else writes, by which what was written is known again wherever it stands.

use std::collections::BTreeSet;

/// How long a mark is.
const LENGTH: usize = 9;

/// What a mark is: the words of a step, a further field of a form, or the name of a file.
pub const WORDS: char = 'o';
pub const MORE: [char; 3] = ['a', 'e', 'i'];
pub const FILE: char = 'f';

/// The mark of what a player wrote in a step.
pub fn mark(of: char, player: usize, step: u32) -> String {
    assert!(step < 100, "it has two digits");
    format!("m{of}t{player:02}x{step:02}x")
}

/// The marks in a text.
pub fn marks(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| is_mark(word)).map(str::to_owned).collect()
}

fn is_mark(word: &str) -> bool {
    let pattern = "m?t00x00x";
    word.len() == LENGTH
        && word.chars().zip(pattern.chars()).all(|(c, like)| match like {
            '?' => true,
            '0' => c.is_ascii_digit(),
            like => c == like,
        })
}

/// Who wrote it.
pub fn player_of(mark: &str) -> usize {
    mark[3..5].parse().expect("a number")
}

/// The number of the one ticket that a text speaks of; none where it speaks of several.
pub fn speaks_of(text: &str) -> Option<u32> {
    let all = numbers(text);
    all.first().copied().filter(|_| all.len() == 1)
}

/// The numbers of the tickets that a text speaks of.
pub fn numbers(text: &str) -> BTreeSet<u32> {
    let behind = text.split("° ").skip(1);
    behind
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .collect()
}

/// The lines of a history that the bot wrote.
pub fn by_the_bot(history: &str) -> impl Iterator<Item = &str> {
    history.lines().filter(|line| {
        let behind_id = line.split_once(' ').map_or("", |(_, rest)| rest);
        line.starts_with("Guichet:") || line.starts_with("Guichet (only you):") || behind_id.starts_with("the bot:")
    })
}
