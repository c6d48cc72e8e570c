//! The category, guessed from the words.

use crate::domain::ids::CategoryId;
use crate::domain::ticket::Category;

/// The category with the most of its keywords in the text; the last one, which has none, when no word tells.
#[must_use]
pub fn category(text: &str, categories: &[Category]) -> Option<CategoryId> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let hits = |category: &Category| {
        let mut keywords = category.keywords.split_whitespace();
        keywords
            .by_ref()
            .filter(|keyword| words.iter().any(|word| is_form_of(word, keyword)))
            .count()
    };
    let best = categories
        .iter()
        .map(|category| (hits(category), category.id))
        .rev()
        .max_by_key(|(hits, _)| *hits);
    match best {
        Some((0, _)) | None => categories.last().map(|category| category.id),
        Some((_, id)) => Some(id),
    }
}

/// The keyword itself or its plural.
fn is_form_of(word: &str, keyword: &str) -> bool {
    word.strip_prefix(keyword)
        .is_some_and(|ending| matches!(ending, "" | "s" | "x"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_the_category() {
        let named = |id, keywords: &str| Category {
            id: CategoryId(id),
            code: String::new(),
            name_fr: String::new(),
            name_en: String::new(),
            keywords: keywords.to_owned(),
        };
        let all = [named(1, "chargeur écran"), named(2, "mot passe"), named(9, "")];
        assert_eq!(category("Mes CHARGEURS ne marchent plus", &all), Some(CategoryId(1)));
        assert_eq!(category("J'ai oublié mon mot de passe", &all), Some(CategoryId(2)));
        assert_eq!(category("Bonjour", &all), Some(CategoryId(9)));
    }
}
