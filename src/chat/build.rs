//! Small pieces that messages are made of.

use fluent_bundle::FluentValue;

use super::press::Press;
use super::reply::{Block, Button, Fact, Look, Message};
use crate::domain::account::{Named, Role};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::{beginning, headline};
use crate::domain::ticket::Ticket;

/// How many characters of a title stand within a sentence.
const SHORT: usize = 40;
/// How much of a draft is shown, whole or from its two ends, by [`room`]; all of it is kept. A Discord message takes
/// 2,000.
const SHOWN: usize = 1_500;
/// How much of that are its last words, which tell that the latest message was added.
const ENDING: usize = 300;

impl Message {
    /// A message of one paragraph.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self {
            blocks: vec![Block::Text(text)],
            ..Self::default()
        }
    }

    /// Adds a row of buttons.
    #[must_use]
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let row: Vec<Button> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.buttons.push(row);
        }
        self
    }

    /// Says which ticket it speaks of.
    #[must_use]
    pub fn about(mut self, ticket: TicketId) -> Self {
        self.about = Some(ticket);
        self
    }
}

/// A button with the label of that sentence.
#[must_use]
pub fn button(language: Language, label: &str, press: Press, look: Look) -> Button {
    Button {
        label: language.say(label, &[]),
        action: press.to_string(),
        look,
    }
}

/// The button that does something to a ticket.
#[must_use]
pub fn deed(language: Language, label: &str, action: Action, ticket: TicketId) -> Button {
    let look = match action {
        Action::Take | Action::Resolve | Action::Confirm | Action::Restore => Look::Main,
        Action::Withdraw | Action::Delete | Action::Purge => Look::Danger,
        _ => Look::Plain,
    };
    button(language, label, Press::Do(action, ticket), look)
}

/// The button that lists one's tickets.
#[must_use]
pub fn mine(language: Language) -> Button {
    button(language, "button-mine", Press::Mine, Look::Plain)
}

/// The buttons that lead to the pages before and after the one from there on.
pub(super) fn pages(
    language: Language,
    (from, page, is_more): (u32, u32, bool),
    press: impl Fn(u32) -> Press,
) -> Vec<Button> {
    let to = |label, from| button(language, label, press(from), Look::Plain);
    let before = (from > 0).then(|| to("button-people-before", from.saturating_sub(page)));
    let after = is_more.then(|| to("button-people-after", from.saturating_add(page)));
    before.into_iter().chain(after).collect()
}

/// A button for each of these tickets, which shows it.
#[must_use]
pub fn numbers(language: Language, tickets: impl IntoIterator<Item = TicketId>) -> Vec<Vec<Button>> {
    let numbered = tickets.into_iter().map(|ticket| Button {
        label: language.say("number", &[("number", ticket.to_string().into())]),
        action: Press::Do(Action::View, ticket).to_string(),
        look: Look::Plain,
    });
    numbered.collect::<Vec<_>>().chunks(5).map(<[Button]>::to_vec).collect()
}

/// The arguments of a sentence about a ticket: its number and short title.
#[must_use]
pub fn ticket_args(ticket: &Ticket) -> [(&'static str, FluentValue<'static>); 2] {
    [
        ("number", ticket.id.to_string().into()),
        ("title", headline(&ticket.title, SHORT).into()),
    ]
}

/// The role's name in a sentence.
#[must_use]
pub fn role_name(language: Language, role: Role) -> String {
    language.say(&format!("role-{}", role.code()), &[])
}

/// What somebody is called, who may be deleted.
#[must_use]
pub fn who(language: Language, named: &Named) -> String {
    let name = named.as_deref().map(ToOwned::to_owned);
    name.unwrap_or_else(|| language.say("person-deleted", &[]))
}

/// A fact in words.
#[must_use]
pub fn fact(text: impl Into<String>) -> Fact {
    Fact::Text(text.into())
}

/// A text as a draft shows it.
#[must_use]
pub fn excerpt(text: &str) -> String {
    if text.chars().map(room).sum::<usize>() <= SHOWN {
        return text.to_owned();
    }
    let start = beginning(text, within(text.chars(), SHOWN - ENDING));
    let skipped = text.chars().count() - within(text.chars().rev(), ENDING);
    let end: String = text.chars().skip(skipped).collect();
    // Whole words, where there are words.
    let start = start.rsplit_once(char::is_whitespace).map_or(start, |(whole, _)| whole);
    let end = end
        .split_once(char::is_whitespace)
        .map_or(end.as_str(), |(_, whole)| whole);
    format!("{start}\n[…]\n{end}")
}

/// How many of these characters fit.
fn within(characters: impl Iterator<Item = char>, most: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|c| {
            used += room(*c);
            used <= most
        })
        .count()
}

/// What a text takes at most once it is sent.
#[must_use]
pub fn room_of(text: &str) -> usize {
    text.chars().map(room).sum()
}

/// What a character takes at most once it is sent: an escape stands before a sign, an emoji is two UTF-16 units.
fn room(c: char) -> usize {
    if c.is_ascii_punctuation() { 2 } else { c.len_utf16() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_words_are_shown_however_much_room_the_others_take() {
        for before in [
            "mot ".repeat(1_000),
            "🙂".repeat(1_400),
            "*".repeat(1_400),
            "👩‍👩‍👧‍👦".repeat(200),
        ] {
            let shown = excerpt(&format!("{before}\nla fin"));
            assert!(shown.chars().map(room).sum::<usize>() <= SHOWN + 20, "{shown}");
            assert!(shown.contains("[…]") && shown.ends_with("la fin"), "{shown}");
        }
        assert_eq!(excerpt("Mon écran est noir."), "Mon écran est noir.");
    }
}
