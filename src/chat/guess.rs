//! The category, guessed from the words.

use crate::domain::category::Category;
use crate::domain::ids::CategoryId;
use crate::domain::words::words_of;

/// The category of which the text has the most keywords; when no word tells, the first one that has none, or else the
/// first.
#[must_use]
pub fn category(text: &str, offered: &[Category]) -> Option<CategoryId> {
    let words = words_of(text);
    let hits = |category: &Category| words_of(&category.keywords).intersection(&words).count();
    let best = offered.iter().rev().max_by_key(|category| hits(category));
    let told = best.filter(|category| hits(category) > 0);
    let other = offered.iter().find(|category| category.keywords.is_empty());
    told.or(other).or(offered.first()).map(|category| category.id)
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
            is_retired: false,
            version: 1,
        };
        let all = [
            named(1, "chargeur écran"),
            named(2, "mot passe"),
            named(4, ""),
            named(9, "badge"),
        ];
        assert_eq!(category("Mes CHARGEURS ne marchent plus", &all), Some(CategoryId(1)));
        assert_eq!(category("Mon ecran est noir", &all), Some(CategoryId(1)));
        assert_eq!(category("J'ai oublié mon mot de passe", &all), Some(CategoryId(2)));
        assert_eq!(category("Bonjour", &all), Some(CategoryId(4)));
        assert_eq!(category("Bonjour", &all[..2]), Some(CategoryId(1)));
        assert_eq!(category("Bonjour", &[]), None);
    }
}
