//! `/notify`: how soon, and in which of their chats, somebody is told what concerns them.

use super::build::button;
use super::press::{NotifyPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::ids::AccountId;
use crate::domain::language::Language;
use crate::domain::pace::Pace;
use crate::service::telling::choose_pace;
use crate::store::{Fault, people, told};

impl Turn<'_> {
    /// `/notify`, and its buttons.
    pub(super) async fn notify(&mut self, press: NotifyPress) -> Result<Reply, Fault> {
        let Some(account) = self.me.account.as_ref().map(|account| account.id) else {
            return Ok(self.who_are_you());
        };
        let mut blocks = Vec::new();
        match press {
            NotifyPress::Show => blocks.push(Block::Title(self.say("notify-heading"))),
            NotifyPress::Pace(pace) => {
                let waiting = choose_pace(self.tx, account, pace).await?;
                let done = [("waiting", waiting.into())];
                blocks.push(Block::Text(match pace {
                    Pace::Each => self.lang().say("notify-done-each", &done),
                    Pace::Hourly => self.say("notify-done"),
                    Pace::Never => self.lang().say("notify-done-never", &done),
                }));
            }
            NotifyPress::Everywhere(everywhere) => {
                told::choose(self.tx, account, everywhere).await?;
                blocks.push(Block::Text(self.say("notify-done")));
            }
        }
        let language = self.lang();
        let chosen = told::find_pace(self.tx, account).await?;
        blocks.push(how_soon(language, chosen));
        let others = Pace::ALL.into_iter().filter(|pace| *pace != chosen).map(|pace| {
            let label = format!("button-pace-{}", pace.code());
            button(language, &label, Press::Notify(NotifyPress::Pace(pace)), Look::Plain)
        });
        let others: Vec<_> = others.collect();
        let mut row = Vec::new();
        if let Some((sentence, other)) = self
            .where_told(account, |all| Press::Notify(NotifyPress::Everywhere(all)))
            .await?
        {
            blocks.push(sentence);
            row.push(other);
        }
        let message = Message {
            blocks,
            ..Message::default()
        };
        Ok(self.instead_or_tell(message.row(others).row(row)))
    }

    /// Where somebody with several chats is told what concerns them, and the button to change that.
    pub(super) async fn where_told(
        &mut self,
        account: AccountId,
        press: impl Fn(bool) -> Press,
    ) -> Result<Option<(Block, Button)>, Fault> {
        if people::list_of(self.tx, account).await?.len() < 2 {
            return Ok(None);
        }
        let everywhere = told::is_everywhere(self.tx, account).await?;
        let (sentence, label) = if everywhere {
            ("me-told-everywhere", "button-told-where-used")
        } else {
            ("me-told-where-used", "button-told-everywhere")
        };
        let other = button(self.lang(), label, press(!everywhere), Look::Plain);
        Ok(Some((Block::Text(self.say(sentence)), other)))
    }
}

/// How soon somebody is told what concerns them.
pub(super) fn how_soon(language: Language, pace: Pace) -> Block {
    Block::Text(language.say(&format!("pace-{}", pace.code()), &[]))
}
