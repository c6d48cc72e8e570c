//! What of a draft is chosen, or guessed: its urgency, its category.

use super::build::{button, pages};
use super::cards;
use super::dialog::Draft;
use super::guess;
use super::press::{CategoryPress, Press};
use super::reply::{Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::category::Category;
use crate::domain::ids::CategoryId;
use crate::domain::language::Language;
use crate::domain::text::{beginning, clean, folded};
use crate::domain::ticket::Urgency;
use crate::store::{Fault, categories};

/// How many categories a page offers: with the row that leads on, five rows, which is what Discord takes.
const PAGE: u32 = 8;
/// How many of them stand in a row.
const ABREAST: usize = 2;
/// How much of what was typed is said again.
const WORDS: usize = 40;

impl Turn<'_> {
    /// The urgencies, as buttons on the draft.
    pub(super) fn pick_urgency(&mut self) -> Reply {
        if self.dialog.draft.is_none() {
            return self.no_draft();
        }
        let language = self.lang();
        let choice = |urgency| Button {
            label: cards::urgency(language, urgency),
            action: Press::SetUrgency(urgency).to_string(),
            look: Look::Plain,
        };
        let back = button(language, "button-back", Press::ShowDraft, Look::Plain);
        let message = Message {
            shows_dialog: true,
            ..Message::text(self.say("draft-which-urgency"))
        };
        Reply::Update(message.row(Urgency::ALL.map(choice)).row([back]))
    }

    pub(super) async fn set_urgency(&mut self, urgency: Urgency) -> Result<Reply, Fault> {
        if let Some(draft) = &mut self.dialog.draft {
            draft.urgency = urgency;
        }
        self.update_draft().await
    }

    /// The categories from this one on, as buttons on the draft.
    pub(super) async fn pick_category(&mut self, from: u32) -> Result<Reply, Fault> {
        if self.dialog.draft.is_none() {
            return Ok(self.no_draft());
        }
        let language = self.lang();
        let message = Message {
            shows_dialog: true,
            ..Message::text(self.say("draft-which-category"))
        };
        let offered = categories::list_offered(self.tx).await?;
        let page = |from| Press::Categories(CategoryPress::Choose(from));
        let (message, leads) = choices(language, message, (&offered, from), Press::SetCategory, page);
        let back = button(language, "button-back", Press::ShowDraft, Look::Plain);
        Ok(Reply::Update(message.row(leads.into_iter().chain([back]))))
    }

    pub(super) async fn set_category(&mut self, category: CategoryId) -> Result<Reply, Fault> {
        let offered = categories::list_offered(self.tx).await?;
        let is_offered = offered.iter().any(|known| known.id == category);
        if let Some(draft) = self.dialog.draft.as_mut().filter(|_| is_offered) {
            draft.category = Some(category);
        }
        self.update_draft().await
    }

    /// The category of a draft: the one chosen, or what its words tell.
    pub(super) async fn category_of(&mut self, draft: &Draft) -> Result<Option<Category>, Fault> {
        let offered = categories::list_offered(self.tx).await?;
        // The one chosen may be retired since.
        let is_offered = |id: &CategoryId| offered.iter().any(|category| category.id == *id);
        let chosen = draft.category.filter(is_offered);
        // The one that was shown is the one that is meant.
        let guessed = draft.guessed.filter(is_offered);
        let id = match chosen.or(guessed) {
            Some(known) => Some(known),
            None => guess::category(self.tx, &format!("{} {}", draft.title(), draft.text), &offered).await?,
        };
        if chosen.is_none()
            && let Some(shown) = self.dialog.draft.as_mut().filter(|shown| *shown == draft)
        {
            shown.guessed = id;
        }
        Ok(offered.into_iter().find(|category| Some(category.id) == id))
    }

    /// That there is no such category.
    pub(super) fn unknown_category(&self, typed: &str) -> String {
        let words = beginning(&clean(typed), WORDS).to_owned();
        self.lang().say("change-unknown-category", &[("words", words.into())])
    }
}

/// A message with a page of categories as buttons, and the buttons that lead to other pages.
pub(super) fn choices(
    language: Language,
    message: Message,
    (offered, from): (&[Category], u32),
    choose: impl Fn(CategoryId) -> Press,
    page: impl Fn(u32) -> Press,
) -> (Message, Vec<Button>) {
    let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let from = if index(from) < offered.len() { from } else { 0 };
    let shown = offered
        .iter()
        .skip(index(from))
        .take(index(PAGE))
        .map(|category| Button {
            label: category.name(language).to_owned(),
            action: choose(category.id).to_string(),
            look: Look::Plain,
        });
    let shown: Vec<Button> = shown.collect();
    let message = shown
        .chunks(ABREAST)
        .map(<[Button]>::to_vec)
        .fold(message, Message::row);
    let is_more = index(from) + index(PAGE) < offered.len();
    (message, pages(language, (from, PAGE, is_more), page))
}

/// A category as people type it: its name in their language, or else in the other, or its code.
pub(super) fn read_category(language: Language, typed: &str, offered: Vec<Category>) -> Option<Category> {
    let typed = folded(typed);
    let theirs = |category: &Category| folded(category.name(language)) == typed;
    let others = |category: &Category| {
        let named = Language::ALL.map(|language| folded(category.name(language)));
        named.contains(&typed)
    };
    let code = |category: &Category| folded(&category.code) == typed;
    let at = offered.iter().position(theirs);
    let at = at.or_else(|| offered.iter().position(others));
    let at = at.or_else(|| offered.iter().position(code))?;
    offered.into_iter().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_read_as_people_type_them() {
        let named = |id, code: &str, french: &str, english: &str| Category {
            id: CategoryId(id),
            code: code.to_owned(),
            name_fr: french.to_owned(),
            name_en: english.to_owned(),
            keywords: String::new(),
            is_retired: false,
            version: 1,
        };
        // One was renamed, another has its old name.
        let all = [
            named(1, "network", "Internet", "Web"),
            named(2, "category-5", "Réseau", "Network"),
            named(3, "other", "Network", "Other"),
        ];
        for (language, typed, found) in [
            (Language::Fr, "reseau", Some(2)),
            (Language::Fr, " RÉSEAU", Some(2)),
            (Language::En, "Network", Some(2)),
            (Language::Fr, "Network", Some(3)),
            (Language::Fr, "web", Some(1)),
            (Language::Fr, "category-5", Some(2)),
            (Language::Fr, "rés", None),
            (Language::Fr, "", None),
        ] {
            let read = read_category(language, typed, all.to_vec());
            assert_eq!(read.map(|category| category.id.0), found, "{typed}");
        }
    }
}
