//! People named by what somebody typed: a part of a name, or all of it, with other words behind it or without.

use crate::domain::text::folded;

/// Those whom the first words typed name, and how many words that is. Where other words may follow, only the first of a
/// name may be a part of it: « a » behind a name is no « Aw ». Whoever is named in full is meant.
pub(super) fn called<'a, T>(all: &'a [T], name: fn(&T) -> &str, typed: &str, is_all_name: bool) -> (Vec<&'a T>, usize) {
    let bare = |word: &str| folded(word.trim_end_matches([',', ':']));
    let typed: Vec<String> = typed.split_whitespace().map(bare).collect();
    let mut found = (Vec::new(), 0);
    for count in 1..=typed.len() {
        let is_named = |one: &&T| {
            let mut words = typed[..count].iter().enumerate();
            words.all(|(at, word)| has(name(one), word, at > 0 && !is_all_name))
        };
        let named: Vec<&T> = all.iter().filter(is_named).collect();
        if named.is_empty() {
            break;
        }
        found = (named, count);
    }
    let (mut named, count) = found;
    if is_all_name && count < typed.len() {
        return (Vec::new(), 0);
    }
    let whole = typed[..count].join(" ");
    if named.iter().any(|one| folded(name(one)) == whole) {
        named.retain(|one| folded(name(one)) == whole);
    }
    (named, count)
}

/// Whether a name has a word that is this one, or begins with it.
fn has(name: &str, word: &str, is_whole: bool) -> bool {
    let name = folded(name);
    let mut words = name.split(' ').chain(name.split([' ', '-']));
    !word.is_empty() && words.any(|of| if is_whole { of == word } else { of.starts_with(word) })
}

/// What stands behind so many words.
pub(super) fn after(typed: &str, words: usize) -> String {
    let behind = (0..words).fold(typed, |rest, _| {
        let rest = rest.trim_start();
        rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest)
    });
    behind.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_the_words_behind_them() {
        let names = ["Fatou Ba", "Fatou Bakary", "Moussa Sarr", "Élise Aw", "Jean-Marc Ly"];
        let called = |typed, is_all_name| called(&names, |name| name, typed, is_all_name);
        for (typed, expected, words) in [
            ("moussa il manque l'écran", &["Moussa Sarr"][..], "il manque l'écran"),
            ("MOU\nligne 1\nligne 2", &["Moussa Sarr"], "ligne 1\nligne 2"),
            ("fatou ba il manque", &["Fatou Ba"], "il manque"),
            ("fatou b il manque", &["Fatou Ba", "Fatou Bakary"], "b il manque"),
            ("fatou", &["Fatou Ba", "Fatou Bakary"], ""),
            ("elise a besoin de toi", &["Élise Aw"], "a besoin de toi"),
            ("fatou ba, il manque", &["Fatou Ba"], "il manque"),
            ("marc", &["Jean-Marc Ly"], ""),
            ("ly", &["Jean-Marc Ly"], ""),
            ("omar il manque", &[], ""),
            ("\u{200B} moussa", &[], ""),
        ] {
            let (found, said) = called(typed, false);
            let found: Vec<_> = found.into_iter().copied().collect();
            assert_eq!(found, expected, "{typed}");
            if said > 0 {
                assert_eq!(after(typed, said), words, "{typed}");
            }
        }
        for (typed, expected) in [
            ("fatou bak", 1),
            ("sarr moussa", 1),
            ("fatou", 2),
            ("moussa demain", 0),
            ("", 0),
        ] {
            assert_eq!(called(typed, true).0.len(), expected, "{typed}");
        }
    }
}
