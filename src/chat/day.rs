//! Somebody's day: what waits for them, and why.

use super::cards::{list_line, numbered};
use super::listing::{Listing, Scope};
use super::lists::lead;
use super::reply::{Block, Message, Reply};
use super::turn::Turn;
use crate::store::Fault;
use crate::store::lists::{self, TicketLine, Waits};

/// How many tickets of each kind it shows at most.
const OF_EACH: usize = 5;
/// How many it shows of all kinds: with names of fifty characters these fill a Discord message, and there is a row for
/// what leads on.
const OF_ALL: usize = 12;

impl Turn<'_> {
    /// `/myday`: what waits for somebody, and why.
    pub(super) async fn day(&mut self) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let limit = u32::try_from(OF_EACH + 1).unwrap_or(u32::MAX);
        let day = lists::list_day(self.tx, actor.permit().ok(), actor.account, limit).await?;
        let language = self.lang();
        let mut blocks = vec![Block::Title(self.say(if day.is_empty() {
            "day-free"
        } else {
            "day-heading"
        }))];
        let mut shown = Vec::new();
        let kinds = Waits::ALL.map(|waits| {
            let lines = day.iter().filter(|line| line.0 == waits).map(|line| &line.1);
            (waits, lines.collect::<Vec<&TicketLine>>())
        });
        let shown_with = |of_each: usize| kinds.iter().map(|(_, lines)| lines.len().min(of_each)).sum::<usize>();
        let of_each = (1..=OF_EACH).rfind(|of_each| shown_with(*of_each) <= OF_ALL);
        let of_each = of_each.unwrap_or(1);
        for (waits, lines) in kinds {
            if lines.is_empty() {
                continue;
            }
            let more = if lines.len() > of_each { "yes" } else { "no" };
            let args = [("count", lines.len().min(of_each).into()), ("more", more.into())];
            blocks.push(Block::Text(language.say(&format!("day-{}", waits.code()), &args)));
            for line in lines.into_iter().take(of_each) {
                blocks.push(list_line(language, line));
                shown.push(line.clone());
            }
        }
        let message = Message {
            blocks,
            buttons: numbered(language, &shown),
            ..Message::default()
        };
        let leads: &[Scope] = if actor.role.is_staff() {
            &[Scope::Queue, Scope::InHand, Scope::Team]
        } else {
            &[Scope::Mine]
        };
        let message = message.row(leads.iter().map(|scope| lead(language, Listing::of(*scope))));
        Ok(self.instead_or_tell(message))
    }
}
