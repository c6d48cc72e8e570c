//! Deleting somebody's account: what becomes of their tickets is asked first, then whether that is really meant.

use super::build::button;
use super::press::Press;
use super::reply::{Block, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{AccountDeed, TheirTickets};
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::language::Language;
use crate::service::deletion::{Refused, delete, extent};
use crate::store::Fault;

/// How many tickets are named; of more the rest is counted.
const NAMED: usize = 20;

impl Turn<'_> {
    /// What is to become of somebody's tickets.
    pub(super) async fn ask_what_becomes_of_tickets(&mut self, id: AccountId) -> Result<Reply, Fault> {
        let account = match self.found(id).await? {
            Ok((_, account)) => account,
            Err(reply) => return Ok(reply),
        };
        let language = self.lang();
        let of = |label, tickets, look| {
            button(
                language,
                label,
                Press::AskPerson(AccountDeed::Delete(tickets), id),
                look,
            )
        };
        let mut blocks = vec![Block::Text(
            language.say("delete-how", &[("name", account.name.into())]),
        )];
        blocks.extend(self.address(id).await?);
        let message = Message {
            blocks,
            ..Message::default()
        };
        let message = message
            .row([of("button-erase", TheirTickets::Erase, Look::Danger)])
            .row([of("button-keep-tickets", TheirTickets::Keep, Look::Danger)])
            .row([button(language, "button-leave", Press::Person(id), Look::Plain)]);
        Ok(self.instead(message))
    }

    /// Whether that is really meant: what will be gone, by its numbers.
    pub(super) async fn ask_before_deleting(&mut self, id: AccountId, tickets: TheirTickets) -> Result<Reply, Fault> {
        let (permit, account) = match self.found(id).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let language = self.lang();
        let extent = extent(self.tx, permit, id).await?;
        let sentence = match tickets {
            TheirTickets::Keep => "surely-delete",
            TheirTickets::Erase => "surely-erase",
        };
        let args = [
            ("name", account.name.into()),
            ("count", extent.asked.len().into()),
            ("numbers", numbers(language, &extent.asked).into()),
        ];
        let mut blocks = vec![Block::Text(language.say(sentence, &args))];
        if !extent.in_charge.is_empty() {
            let args = [
                ("count", extent.in_charge.len().into()),
                ("numbers", numbers(language, &extent.in_charge).into()),
            ];
            blocks.push(Block::Text(language.say("surely-handed-back", &args)));
        }
        blocks.push(Block::Text(self.say("surely-for-ever")));
        let surely = Press::DoPerson(AccountDeed::Delete(tickets), id);
        let message = Message {
            blocks,
            ..Message::default()
        };
        Ok(self.instead(message.row([
            button(language, "button-surely", surely, Look::Danger),
            button(language, "button-leave", Press::Person(id), Look::Plain),
        ])))
    }

    /// Does it.
    pub(super) async fn delete_person(&mut self, id: AccountId, tickets: TheirTickets) -> Result<Reply, Fault> {
        let (permit, account) = match self.found(id).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let sentence = match (delete(self.tx, permit, &account, tickets).await?, tickets) {
            (Err(Refused::LastAdmin), _) => return self.person(id, Some(self.say("person-last-admin"))).await,
            (Err(Refused::TooMuch), _) => {
                let number = [("number", id.to_string().into())];
                let sentence = self.lang().say("person-too-much", &number);
                return self.person(id, Some(sentence)).await;
            }
            (Ok(()), TheirTickets::Keep) => "person-deleted-now",
            (Ok(()), TheirTickets::Erase) => "person-erased-now",
        };
        let message = Message::text(self.say(sentence));
        if self.me.account.as_ref().is_some_and(|me| me.id == id) {
            return Ok(self.instead(message));
        }
        let all = button(self.lang(), "button-people", Press::People(0), Look::Plain);
        Ok(self.instead(message.row([all])))
    }
}

/// The numbers of tickets, as far as they are not too many.
fn numbers(language: Language, tickets: &[TicketId]) -> String {
    let named = tickets.iter().take(NAMED);
    let named = named.map(|ticket| language.say("number", &[("number", ticket.to_string().into())]));
    let named = named.collect::<Vec<_>>().join(", ");
    if tickets.len() > NAMED {
        format!("{named}…")
    } else {
        named
    }
}
