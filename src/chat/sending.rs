//! `/transcript`: a whole ticket as a file, sent in private to whoever asks for it.

use super::build::ticket_args;
use super::grammar::Call;
use super::reply::{Message, Reply};
use super::turn::Turn;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::store::Fault;
use crate::store::outbox::{self, Notice};

impl Turn<'_> {
    /// `/transcript 12`.
    pub(super) async fn transcript_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        if self.actor().is_none() {
            return Ok(self.who_are_you());
        }
        match self.which(call).await? {
            Ok(id) => self.transcript(id).await,
            Err(reply) => Ok(reply),
        }
    }

    /// Has it sent to them, and says so.
    pub(super) async fn transcript(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let ticket = match self.seen(&actor, id, Action::View).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let notice = Notice::Transcript {
            identity: actor.identity,
            ticket: id,
        };
        outbox::insert(self.tx, &[notice]).await?;
        let sentence = if self.is_private() {
            "transcript-coming"
        } else {
            "transcript-coming-privately"
        };
        let sentence = self.lang().say(sentence, &ticket_args(&ticket));
        // Not a toast: where we can't write to them in private, the answer says what to do.
        Ok(self.tell(Message::text(sentence).about(id)))
    }
}
