//! Colleagues called to help with a ticket, and needed no more.

use super::build::{ticket_args, who};
use super::reply::Reply;
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::ticket::Ticket;
use crate::service::{self, helping};
use crate::store::{Fault, accounts};

impl Turn<'_> {
    /// Has them help, and says so.
    pub(super) async fn call(&mut self, id: TicketId, helper: AccountId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let called = helping::call(self.tx, &actor, id, helper).await;
        self.helped(&actor, id, called, ("done-called", helper)).await
    }

    /// Has them help no more, and says so.
    pub(super) async fn let_go(&mut self, id: TicketId, helper: AccountId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let let_go = helping::let_go(self.tx, &actor, id, helper).await;
        self.helped(&actor, id, let_go, ("done-let-go", helper)).await
    }

    async fn helped(
        &mut self,
        actor: &Actor,
        id: TicketId,
        done: Result<Ticket, service::Error>,
        (sentence, helper): (&str, AccountId),
    ) -> Result<Reply, Fault> {
        match done {
            Ok(after) => {
                let name = who(self.lang(), &accounts::find_name(self.tx, helper).await?);
                let [number, title] = ticket_args(&after);
                let sentence = self.lang().say(sentence, &[number, title, ("name", name.into())]);
                self.changed(actor, &after, sentence).await
            }
            Err(service::Error::Refused(refusal)) => self.refuse(refusal, &id.to_string()).await,
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }
}
