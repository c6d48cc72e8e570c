//! Tickets that whoever asked withdraws, and those that an admin deletes, restores or purges, with the list of what is deleted.

use super::build::{button, deed, fact, ticket_args, who};
use super::press::Press;
use super::reply::{Block, Button, Fact, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::service;
use crate::service::purge::purge_deleted;
use crate::service::work::Deed;
use crate::store::Fault;
use crate::store::lists::{self, DeletedLine, Part};

/// How many tickets a page shows: with two rows of their buttons, and one that leads on.
const PAGE: u32 = 10;
/// How many of their buttons stand in a row.
const ABREAST: usize = 5;
/// How much of a title a line shows.
const TITLE: usize = 60;

impl Turn<'_> {
    /// Whether one's own is really to be withdrawn.
    pub(super) async fn ask_before_withdrawing(&mut self, actor: &Actor, id: TicketId) -> Result<Reply, Fault> {
        let ticket = match self.seen(actor, id, Action::Withdraw).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let message = Message::text(language.say("withdraw-sure", &ticket_args(&ticket)))
            .about(id)
            .row([
                button(language, "button-withdraw-yes", Press::WithdrawSurely(id), Look::Danger),
                deed(language, "button-withdraw-no", Action::View, id),
            ]);
        Ok(self.tell(message))
    }

    /// It is to be withdrawn.
    pub(super) async fn withdraw_surely(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        Ok(match self.work(&actor, id, &Deed::Withdraw, None).await? {
            Ok(_) => match self.details(&actor, id).await? {
                Ok(details) => self.instead(details),
                Err(refused) => refused,
            },
            Err(refused) => refused,
        })
    }

    /// Whether it is really to be deleted, or purged.
    pub(super) async fn ask_before_removing(
        &mut self,
        actor: &Actor,
        action: Action,
        id: TicketId,
    ) -> Result<Reply, Fault> {
        let ticket = match self.seen(actor, id, action).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let (sentence, yes, press) = if action == Action::Purge {
            ("purge-sure", "button-purge-yes", Press::PurgeSurely(id))
        } else {
            ("delete-sure", "button-delete-yes", Press::DeleteSurely(id))
        };
        let message = Message::text(language.say(sentence, &ticket_args(&ticket)))
            .about(id)
            .row([
                button(language, yes, press, Look::Danger),
                deed(language, "button-withdraw-no", Action::View, id),
            ]);
        Ok(self.tell(message))
    }

    /// It is to be deleted.
    pub(super) async fn delete_surely(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let after = match self.work(&actor, id, &Deed::Delete, None).await? {
            Ok((after, _)) => after,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let message = Message::text(language.say("done-deleted", &ticket_args(&after)))
            .about(id)
            .row([
                deed(language, "button-restore", Action::Restore, id),
                deleted(language, "button-deleted", 0),
            ]);
        Ok(self.instead(message))
    }

    /// Back to where it stood.
    pub(super) async fn restore(&mut self, actor: &Actor, id: TicketId) -> Result<Reply, Fault> {
        match self.work(actor, id, &Deed::Restore, None).await? {
            Ok((after, _)) => {
                let sentence = self.lang().say("done-restored", &ticket_args(&after));
                self.changed(actor, &after, sentence).await
            }
            Err(refused) => Ok(refused),
        }
    }

    /// It is to be gone for ever.
    pub(super) async fn purge_surely(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        match purge_deleted(self.tx, &actor, id).await {
            Ok(()) => {
                let sentence = self.lang().say("done-purged", &[("number", id.to_string().into())]);
                let others = deleted(self.lang(), "button-deleted", 0);
                Ok(self.instead(Message::text(sentence).row([others])))
            }
            Err(service::Error::Refused(refusal)) => self.refuse(refusal, &id.to_string()).await,
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// `/deleted`: those from this one on.
    pub(super) async fn list_deleted(&mut self, mut from: u32) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let part = |offset| Part {
            offset,
            limit: PAGE + 1,
        };
        let mut found = lists::list_deleted(self.tx, permit, part(from)).await?;
        if found.is_empty() && from > 0 {
            from = 0;
            found = lists::list_deleted(self.tx, permit, part(from)).await?;
        }
        let is_more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let language = self.lang();
        let heading = if found.is_empty() {
            "deleted-none"
        } else {
            "deleted-heading"
        };
        let mut blocks = vec![Block::Title(self.say(heading))];
        blocks.extend(found.iter().map(|line| in_a_line(language, line)));
        let message = Message {
            blocks,
            buttons: numbered(language, &found),
            ..Message::default()
        };
        let before = (from > 0).then(|| deleted(language, "button-before", from.saturating_sub(PAGE)));
        let after = is_more.then(|| deleted(language, "button-after", from.saturating_add(PAGE)));
        Ok(self.instead_or_tell(message.row(before.into_iter().chain(after))))
    }
}

/// The button that lists what is deleted, from this one on.
fn deleted(language: Language, label: &str, from: u32) -> Button {
    button(language, label, Press::Deleted(from), Look::Plain)
}

fn in_a_line(language: Language, line: &DeletedLine) -> Block {
    let number = language.say("number", &[("number", line.id.to_string().into())]);
    let by = language.say("deleted-by", &[("name", who(language, &line.by).into())]);
    Block::Facts(vec![
        fact(format!("🗑️ {number}")),
        fact(headline(&line.title, TITLE)),
        fact(who(language, &line.requester)),
        fact(by),
        Fact::Moment(line.at),
    ])
}

/// A button for each line, which shows its ticket.
fn numbered(language: Language, lines: &[DeletedLine]) -> Vec<Vec<Button>> {
    let numbered = lines.iter().map(|line| Button {
        label: language.say("number", &[("number", line.id.to_string().into())]),
        action: Press::Do(Action::View, line.id).to_string(),
        look: Look::Plain,
    });
    numbered
        .collect::<Vec<_>>()
        .chunks(ABREAST)
        .map(<[Button]>::to_vec)
        .collect()
}
