//! What goes on in a new ticket: words for one that takes none any more.

use super::refusals;
use super::reply::Reply;
use super::turn::Turn;
use crate::domain::account::Role;
use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::transition::Refusal;
use crate::store::Fault;

impl Turn<'_> {
    /// Somebody wrote, in private, on a ticket that is not there any more: what they wrote becomes a new one.
    pub(super) async fn keep_for_new(
        &mut self,
        (refusal, id): (Refusal, TicketId),
        text: &str,
        files: &[StoredFile],
    ) -> Result<Reply, Fault> {
        let is_learner = self.actor().is_some_and(|actor| actor.role == Role::Learner);
        if refusal != Refusal::NotFound || !is_learner {
            return self.refuse(refusal, &id.to_string()).await;
        }
        let draft = self.dialog.draft.get_or_insert_default();
        if !draft.has_room(text, files) {
            return Ok(self.draft_full());
        }
        draft.add(text, files);
        let told = refusals::tell(self.tx, self.lang(), refusal, &id.to_string()).await?;
        let lead = format!("{} {}", told.sentence, self.say("kept-for-new"));
        Ok(match self.draft_message(Some(lead)).await? {
            Some(message) => Reply::Message(message),
            None => self.no_draft(),
        })
    }
}
