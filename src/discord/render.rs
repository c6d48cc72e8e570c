//! How a message of ours looks on Discord: its text in Markdown, its buttons, its form.
//!
//! Every word is escaped here; nothing else in the adapter writes Markdown.

use std::collections::HashSet;

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateInputText, CreateInteractionResponse, CreateModal, InputTextStyle,
};

use crate::chat::reply::{Block, Button, Fact, Form, Look, Message};
use crate::domain::text::beginning;

use super::text::{clean, clean_line, cut, escape, length};

/// The most that a message's text may hold.
const CONTENT: usize = 2000;
/// The most of one fact.
const FACT: usize = 200;
const ROWS: usize = 5;
const BUTTONS_A_ROW: usize = 5;

/// The text of a message, never longer than Discord takes; `last` is a line that always stands. Plain, it is without
/// markup.
pub(super) fn content(message: &Message, last: &str, plain: bool) -> String {
    let mut parts: Vec<Part> = message.blocks.iter().map(|block| Part::of(block, plain)).collect();
    parts.retain(|part| !part.text.is_empty());
    if !last.is_empty() {
        parts.push(Part {
            kind: Kind::Fixed,
            text: escape(&cut(&clean(last), CONTENT / 4)),
        });
    }
    loop {
        let drawn: Vec<String> = parts.iter().map(Part::draw).collect();
        let text = drawn.join("\n");
        let Some(excess) = length(&text).checked_sub(CONTENT).filter(|&excess| excess > 0) else {
            return text;
        };
        let longest = parts
            .iter_mut()
            .zip(&drawn)
            .filter(|(part, _)| part.can_shrink())
            .max_by_key(|(_, drawn)| length(drawn));
        match longest {
            Some((part, drawn)) => part.shrink(length(drawn).saturating_sub(excess)),
            // Only a great many short blocks come here.
            None => drop(parts.remove(parts.len().saturating_sub(2))),
        }
    }
}

/// A block on its way into the text: cut before it is escaped, so that no escape or fence is left half open.
struct Part {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    Text,
    Quote,
    Verbatim,
    /// Markdown already, and never cut.
    Fixed,
}

impl Part {
    fn of(block: &Block, plain: bool) -> Self {
        let (kind, text) = match block {
            Block::Title(title) => (Kind::Title, clean_line(title)),
            Block::Text(text) => (Kind::Text, clean(text).trim_end().to_owned()),
            Block::Quote(words) => (Kind::Quote, clean(words).trim_end().to_owned()),
            Block::Verbatim(text) => (Kind::Verbatim, clean(text).trim_end().to_owned()),
            Block::Once { shown, lost } => (Kind::Verbatim, clean(shown.or(lost)).trim_end().to_owned()),
            // In a fence it could not be followed.
            Block::OnceLink { shown, lost } => (Kind::Text, clean(shown.or(lost)).trim_end().to_owned()),
            Block::Facts(facts) => (
                Kind::Fixed,
                facts.iter().map(|it| fact(it, plain)).collect::<Vec<_>>().join(" · "),
            ),
        };
        let kind = if plain && kind != Kind::Fixed { Kind::Text } else { kind };
        Self { kind, text }
    }

    fn draw(&self) -> String {
        match self.kind {
            Kind::Fixed => self.text.clone(),
            Kind::Title => format!("**{}**", escape(&self.text)),
            Kind::Text => escape(&self.text),
            Kind::Quote => format!("> {}", escape(&self.text).replace('\n', "\n> ")),
            Kind::Verbatim => format!("```\n{}\n```", without_fences(&self.text)),
        }
    }

    fn can_shrink(&self) -> bool {
        self.kind != Kind::Fixed && self.text != "…"
    }

    /// Cuts the text until it draws no longer than `budget`, or only `…` is left.
    fn shrink(&mut self, budget: usize) {
        let whole = std::mem::take(&mut self.text);
        let (mut fits, mut too_long) = (0, length(&whole));
        while too_long - fits > 1 {
            let middle = fits.midpoint(too_long);
            self.text = cut(&whole, middle);
            if length(&self.draw()) <= budget {
                fits = middle;
            } else {
                too_long = middle;
            }
        }
        self.text = if fits == 0 { "…".to_owned() } else { cut(&whole, fits) };
    }
}

fn fact(fact: &Fact, plain: bool) -> String {
    match fact {
        Fact::Text(text) => escape(&cut(&clean_line(text), FACT)),
        Fact::Moment(at) if plain => at.format("%Y-%m-%d %H:%M UTC").to_string(),
        Fact::Moment(at) => format!("<t:{}:R>", at.timestamp()),
    }
}

/// Three backticks would close the fence: a space of no width parts them.
fn without_fences(text: &str) -> String {
    text.replace("``", "`\u{200b}`\u{200b}")
}

/// The rows of buttons, never more than Discord takes.
pub(super) fn rows(buttons: &[Vec<Button>]) -> Vec<CreateActionRow> {
    // Discord refuses a message in which two buttons do the same.
    let mut seen = HashSet::new();
    buttons
        .iter()
        .map(|row| {
            row.iter()
                .filter(|button| (1..=100).contains(&length(&button.action)) && seen.insert(button.action.as_str()))
                .map(draw_button)
                .collect::<Vec<_>>()
        })
        .flat_map(|row| {
            row.chunks(BUTTONS_A_ROW)
                .map(<[CreateButton]>::to_vec)
                .collect::<Vec<_>>()
        })
        .take(ROWS)
        .map(CreateActionRow::Buttons)
        .collect()
}

fn draw_button(button: &Button) -> CreateButton {
    CreateButton::new(button.action.clone())
        .label(label(&button.label, 80))
        .style(match button.look {
            Look::Main => ButtonStyle::Primary,
            Look::Plain => ButtonStyle::Secondary,
            Look::Danger => ButtonStyle::Danger,
        })
}

/// A line that Discord refuses when it is empty.
fn label(text: &str, most: usize) -> String {
    let label = cut(&clean_line(text), most);
    if label.is_empty() { "…".to_owned() } else { label }
}

/// A form as a modal. Text inputs only: of other components in a modal serenity drops what was answered.
pub(super) fn modal(form: &Form) -> CreateInteractionResponse {
    let rows = form.fields.iter().take(ROWS).map(|field| {
        let style = if field.long {
            InputTextStyle::Paragraph
        } else {
            InputTextStyle::Short
        };
        let most = field.max_chars.clamp(1, 4000);
        let mut input = CreateInputText::new(style, label(&field.label, 45), field.id.clone())
            .required(field.required)
            .max_length(most);
        // In characters, as Discord counts them, and without a mark: what stands in the field is sent off again.
        let value = clean(&field.value);
        let value = beginning(&value, usize::from(most));
        if !value.is_empty() {
            input = input.value(value);
        }
        CreateActionRow::InputText(input)
    });
    let modal = CreateModal::new(form.action.clone(), label(&form.title, 45));
    CreateInteractionResponse::Modal(modal.components(rows.collect()))
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
