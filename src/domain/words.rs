//! The words by which a text is found: without regard to case, accents and most endings.
//!
//! A word is known by its beginning, so that *imprimante*, *imprimantes* and *imprimer* are one. Of a language without
//! spaces between words only whole phrases are found.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How many characters tell a word.
const BEGINNING: usize = 6;
/// How many tell one with a digit in it: the numbers of devices and errors differ at their ends.
const NUMBER: usize = 24;
/// By how many different words a text is found.
const MOST: usize = 500;
/// Words that stand in every text: the commonest of French and English, as they are kept.
const EVERYWHERE: [&str; 66] = [
    "ai", "and", "are", "au", "aux", "avec", "but", "can", "ce", "ces", "cet", "dan", "de", "des", "du", "elle", "en",
    "est", "et", "for", "from", "have", "il", "in", "is", "it", "je", "la", "le", "les", "leur", "ma", "mai", "me",
    "mes", "mon", "my", "ne", "not", "nou", "of", "on", "or", "ou", "our", "par", "pa", "pas", "plu", "plus", "pour",
    "que", "qui", "sa", "se", "ses", "sont", "sur", "the", "this", "to", "un", "une", "vou", "with", "you",
];

/// The words by which a text is found, as they are compared.
#[must_use]
pub fn words_of(text: &str) -> BTreeSet<String> {
    let plain: String = text.to_lowercase().nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let plain = plain.replace('œ', "oe").replace('æ', "ae").replace('ß', "ss");
    let mut words = BTreeSet::new();
    for word in plain.split(|c: char| !c.is_alphanumeric()).filter_map(known_by) {
        if words.len() < MOST || words.contains(&word) {
            words.insert(word);
        }
    }
    words
}

fn known_by(word: &str) -> Option<String> {
    if word.contains(char::is_numeric) {
        return Some(word.chars().take(NUMBER).collect());
    }
    if word.chars().nth(1).is_none() || EVERYWHERE.contains(&word) {
        return None;
    }
    let singular = word.strip_suffix(['s', 'x']);
    let singular = singular
        .filter(|singular| singular.chars().nth(2).is_some())
        .unwrap_or(word);
    let beginning: String = singular.chars().take(BEGINNING).collect();
    (!EVERYWHERE.contains(&beginning.as_str())).then_some(beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        words_of(text).into_iter().collect()
    }

    #[test]
    fn forms_of_a_word_are_one() {
        for (one, other) in [
            ("Imprimante", "imprimantes"),
            ("RÉSEAU", "reseaux"),
            ("l'écran", "Ecrans"),
            ("œuvre", "OEUVRES"),
            ("Straße", "STRASSE"),
            ("connexion", "Connexions !"),
            ("\u{FB01}chier", "fichiers"),
        ] {
            assert_eq!(words(one), words(other), "{one}");
            assert_eq!(words(one).len(), 1, "{one}");
        }
    }

    #[test]
    fn numbers_are_whole_and_what_stands_everywhere_is_no_word() {
        assert_eq!(
            words("Mon ThinkPad T480 : erreur 0x8007045D, et plus de son dans la salle B12 !"),
            ["0x8007045d", "b12", "erreur", "salle", "son", "t480", "thinkp"]
        );
        assert_eq!(words("Je ne l'ai pas, ce n'est plus là ? 👩‍💻 @ *"), [""; 0]);
        assert_eq!(words("مشكلة في الطابعة"), ["الطابع", "في", "مشكلة"]);
    }

    #[test]
    fn a_long_text_has_no_more_words_than_others_can_bear() {
        let text = (0..5_000)
            .map(|number| format!("mot{number}"))
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(words_of(&text).len(), MOST);
        let text = format!("{} dernier", "encore la salle 3 ".repeat(1_000));
        assert_eq!(words(&text), ["3", "dernie", "encore", "salle"]);
    }
}
