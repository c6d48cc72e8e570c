//! `/delivery`: what could not be delivered, for admins.

use super::build::{button, fact};
use super::press::Press;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use super::undelivered::why;
use crate::domain::ids::OutboxId;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::service::delivery;
use crate::store::Fault;
use crate::store::dead_letters::DeadLetter;

/// How many are shown.
const SHOWN: u32 = 10;
/// How many buttons stand in a row.
const ROW: usize = 5;

impl Turn<'_> {
    /// `/delivery`.
    pub(super) async fn delivery(&mut self) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let (letters, count) = delivery::list(self.tx, permit, SHOWN).await?;
        Ok(self.tell(list(self.lang(), &letters, count)))
    }

    /// Sends one letter again, or all, and shows what is left.
    pub(super) async fn resend(&mut self, letter: Option<OutboxId>) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let sent = delivery::resend(self.tx, permit, letter).await?;
        let (letters, count) = delivery::list(self.tx, permit, SHOWN).await?;
        let language = self.lang();
        let mut message = list(language, &letters, count);
        let done = language.say("delivery-resent", &[("count", sent.into())]);
        message.blocks.insert(0, Block::Text(done));
        Ok(self.instead(message))
    }
}

/// A line and a button each.
fn list(language: Language, letters: &[DeadLetter], count: i64) -> Message {
    let mut blocks = vec![Block::Title(
        language.say("delivery-heading", &[("count", count.into())]),
    )];
    blocks.extend(
        letters
            .iter()
            .enumerate()
            .map(|(at, letter)| line(language, at + 1, letter)),
    );
    let numbered = letters.iter().enumerate().map(|(at, letter)| Button {
        label: language.say("button-resend", &[("count", (at + 1).into())]),
        action: Press::Resend(letter.id).to_string(),
        look: Look::Plain,
    });
    let numbered: Vec<Button> = numbered.collect();
    let mut buttons: Vec<Vec<Button>> = numbered.chunks(ROW).map(<[Button]>::to_vec).collect();
    if letters.len() > 1 {
        buttons.push(vec![button(
            language,
            "button-resend-all",
            Press::ResendAll,
            Look::Main,
        )]);
    }
    Message {
        blocks,
        buttons,
        ..Message::default()
    }
}

fn line(language: Language, number: usize, letter: &DeadLetter) -> Block {
    let mut facts = Vec::new();
    match &letter.ticket {
        Some((ticket, title)) => {
            let ticket = language.say("number", &[("number", ticket.to_string().into())]);
            facts.push(fact(format!("{number}. {ticket}")));
            facts.push(fact(headline(title, 40)));
        }
        None => facts.push(fact(format!("{number}."))),
    }
    if let Some((name, platform)) = &letter.to {
        facts.push(fact(format!("{name} ({})", platform.name())));
    }
    facts.push(fact(why(language, letter.reason)));
    facts.push(super::reply::Fact::Moment(letter.at));
    Block::Facts(facts)
}
