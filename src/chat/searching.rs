//! `/search`: tickets by their words.

use super::build::button;
use super::cards::{list_line, numbered};
use super::form::FormKind;
use super::press::Press;
use super::refusals::text_error;
use super::reply::{Block, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::text::{TextError, beginning, clean, one_line};
use crate::domain::words::words_of;
use crate::store::{Fault, search};

/// How many tickets are shown: with their two rows of buttons, a list that is read at a glance. More words find fewer.
const SHOWN: u32 = 10;
/// How much of what was looked for is said again.
const WORDS: usize = 60;

impl Turn<'_> {
    /// Looks for tickets: one's own; for staff, everybody's.
    pub(super) async fn search(&mut self, typed: &str) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let typed = clean(typed);
        if typed.is_empty() {
            return Ok(self.start_form(FormKind::Search));
        }
        let language = self.lang();
        let words = words_of(&typed);
        let looked_for = ("words", beginning(&one_line(&typed), WORDS).to_owned().into());
        let again = button(language, "button-search", Press::Search, Look::Plain);
        if words.is_empty() {
            let sentence = if typed.contains(char::is_alphanumeric) {
                language.say("search-too-common", &[looked_for])
            } else {
                text_error(language, "words", TextError::NoWords)
            };
            return Ok(self.instead_or_tell(Message::text(sentence).row([again])));
        }
        let mut found = match actor.permit() {
            Ok(permit) => search::find_all(self.tx, permit, &words, SHOWN + 1).await?,
            Err(_) => search::find_of(self.tx, actor.account, &words, SHOWN + 1).await?,
        };
        let is_more = found.lines.len() > SHOWN as usize;
        found.lines.truncate(SHOWN as usize);
        let heading = if found.lines.is_empty() {
            "search-none"
        } else {
            "search-found"
        };
        let mut blocks = vec![Block::Title(language.say(heading, &[looked_for]))];
        blocks.extend(found.lines.iter().map(|line| list_line(language, line)));
        if found.lines.is_empty() {
            blocks.push(Block::Text(self.say("search-otherwise")));
        } else if is_more || found.is_cut {
            blocks.push(Block::Text(self.say("search-more")));
        }
        let message = Message {
            blocks,
            buttons: numbered(language, &found.lines),
            ..Message::default()
        };
        let list = button(language, "button-mine", Press::Mine, Look::Plain);
        Ok(self.instead_or_tell(message.row([again, list])))
    }
}
