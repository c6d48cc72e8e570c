//! The category, guessed from the words: from the keywords of each, or from what earlier tickets with such words had.

use std::collections::{BTreeSet, HashMap};

use crate::domain::category::Category;
use crate::domain::ids::CategoryId;
use crate::domain::words::words_of;
use crate::store::search::{self, CategoryCount};
use crate::store::{Fault, View};

/// How many of the words are looked for in earlier tickets: the longest.
const WORDS: usize = 4;
/// In how many of the newest tickets with a word.
const AMONG: u32 = 12;
/// How many people have to have used a word in tickets of a category for it to tell that category: of what one wrote alone,
/// nobody else learns anything.
const FEWEST: i64 = 3;

/// The category of which the text has the most keywords; where no keyword tells, the one that earlier tickets with such
/// words had; or else the first one that has no keywords, or the first.
///
/// # Errors
/// [`Fault`].
pub async fn category(view: &mut View, text: &str, offered: &[Category]) -> Result<Option<CategoryId>, Fault> {
    let words = words_of(text);
    if let Some(told) = told_by_keywords(&words, offered) {
        return Ok(Some(told));
    }
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(WORDS);
    let told = told_by_past(&search::count_categories(view, &words, AMONG).await?, offered);
    let other = offered.iter().find(|category| category.keywords.is_empty());
    let other = other.or(offered.first()).map(|category| category.id);
    Ok(told.or(other))
}

fn told_by_keywords(words: &BTreeSet<String>, offered: &[Category]) -> Option<CategoryId> {
    let hits = |category: &Category| words_of(&category.keywords).intersection(words).count();
    let best = offered.iter().rev().max_by_key(|category| hits(category));
    best.filter(|category| hits(category) > 0).map(|category| category.id)
}

/// The category that the most words tell. A word tells one when several people used it in tickets of it, who are two thirds
/// of all who used it.
fn told_by_past(counts: &[CategoryCount], offered: &[Category]) -> Option<CategoryId> {
    let mut in_all: HashMap<&str, i64> = HashMap::new();
    for found in counts {
        *in_all.entry(&found.word).or_default() += found.people;
    }
    let tells = |found: &&CategoryCount| {
        let all = in_all.get(found.word.as_str()).copied().unwrap_or_default();
        found.people >= FEWEST && found.people * 3 >= all * 2
    };
    let telling = |id: CategoryId| counts.iter().filter(tells).filter(|found| found.category == id).count();
    let best = offered.iter().rev().max_by_key(|category| telling(category.id));
    best.map(|category| category.id).filter(|id| telling(*id) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: u64, keywords: &str) -> Category {
        Category {
            id: CategoryId(id),
            code: String::new(),
            name_fr: String::new(),
            name_en: String::new(),
            keywords: keywords.to_owned(),
            is_retired: false,
            version: 1,
        }
    }

    #[test]
    fn keywords_tell_the_category() {
        let all = [
            named(1, "chargeur écran"),
            named(2, "mot passe"),
            named(4, ""),
            named(9, "badge"),
        ];
        let told = |text: &str| told_by_keywords(&words_of(text), &all).map(|id| id.0);
        assert_eq!(told("Mes CHARGEURS ne marchent plus"), Some(1));
        assert_eq!(told("Mon ecran est noir"), Some(1));
        assert_eq!(told("J'ai oublié mon mot de passe"), Some(2));
        assert_eq!(told("Bonjour"), None);
        assert_eq!(told(""), None);
    }

    fn told(counts: &[(&str, u64, i64)]) -> Option<u64> {
        let counts = counts.iter().map(|(word, category, people)| CategoryCount {
            word: (*word).to_owned(),
            category: CategoryId(*category),
            people: *people,
        });
        told_by_past(&counts.collect::<Vec<_>>(), &[1, 2, 3].map(|id| named(id, ""))).map(|id| id.0)
    }

    #[test]
    fn a_word_tells_a_category_in_whose_tickets_people_mostly_use_it() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("badge", 2, 3)]), Some(2));
        assert_eq!(told(&[("badge", 2, 2)]), None);
        assert_eq!(told(&[("march", 1, 5), ("march", 2, 3)]), None);
        assert_eq!(told(&[("march", 1, 6), ("march", 2, 3)]), Some(1));
        assert_eq!(told(&[("badge", 2, 3), ("porte", 3, 9), ("lecteu", 3, 4)]), Some(3));
        // One that is offered no more.
        assert_eq!(told(&[("badge", 7, 30)]), None);
        assert_eq!(told(&[("badge", 7, 3), ("porte", 2, 3)]), Some(2));
    }
}
