//! Small pieces that messages are made of.

use fluent_bundle::FluentValue;

use super::press::Press;
use super::reply::{Block, Button, Fact, Look, Message};
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::domain::ticket::Ticket;

/// How many characters of a title stand within a sentence.
const SHORT: usize = 40;

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
        Action::Take | Action::Resolve | Action::Confirm => Look::Main,
        Action::Withdraw => Look::Danger,
        _ => Look::Plain,
    };
    button(language, label, Press::Do(action, ticket), look)
}

/// The button that lists one's tickets.
#[must_use]
pub fn mine(language: Language) -> Button {
    button(language, "button-mine", Press::Mine, Look::Plain)
}

/// The arguments of a sentence about a ticket: its number and short title.
#[must_use]
pub fn ticket_args(ticket: &Ticket) -> [(&'static str, FluentValue<'static>); 2] {
    [
        ("number", ticket.id.to_string().into()),
        ("title", headline(&ticket.title, SHORT).into()),
    ]
}

/// A fact in words.
#[must_use]
pub fn fact(text: impl Into<String>) -> Fact {
    Fact::Text(text.into())
}
