//! The message out of which a draft, and then a ticket, was made, as long as nothing else stands in it: whoever edits
//! it changes the draft, or the ticket while it waits.

use super::build::{deed, ticket_args};
use super::dialog::Origin;
use super::intent::{Edited, Inbound, Intent};
use super::reply::{Message, Reply};
use super::turn::Turn;
use crate::domain::action::Action;
use crate::domain::text::clean;
use crate::domain::ticket::Ticket;
use crate::service::opening::{Followed, follow};
use crate::store::dialogs::DialogRow;
use crate::store::people::{self, Identity};
use crate::store::{Fault, View};

/// Who changed a message in private, and what they are in the middle of there.
pub(super) async fn writer(view: &mut View, inbound: &Inbound) -> Result<Option<(Identity, Option<DialogRow>)>, Fault> {
    if !matches!(inbound.intent, Intent::Edited(_)) || !inbound.place.is_private() {
        return Ok(None);
    }
    let found = people::find_identity(view, inbound.platform, &inbound.who.user_id, &inbound.place.spot).await?;
    Ok(found.filter(|(writer, _)| !writer.is_disabled))
}

impl Turn<'_> {
    /// Notes in which message these words were written, which were just added to the draft and are all that stands in it.
    pub(super) fn note_first_words(&mut self, text: &str) {
        let Intent::Message(written) = &self.inbound.intent else {
            return;
        };
        let is_private = self.is_private();
        if let Some(draft) = &mut self.dialog.draft
            && is_private
            && draft.text == text
            && clean(&written.text) == text
        {
            draft.origin = Some(Origin {
                message_id: written.message_id.clone(),
                edited_at: written.edited_at,
            });
        }
    }

    /// They changed the message out of which their draft was made, or their ticket. Nothing where it is none.
    pub(super) async fn first_words_edited(&mut self, edited: &Edited) -> Result<Option<Reply>, Fault> {
        let text = clean(&edited.text);
        if let Some(draft) = &mut self.dialog.draft
            && let Some(origin) = &mut draft.origin
            && origin.message_id == edited.message_id
        {
            let is_older = origin.edited_at.is_some_and(|known| known > edited.at);
            if is_older || text.is_empty() || draft.text == text {
                return Ok(Some(Reply::Quiet));
            }
            origin.edited_at = Some(edited.at);
            draft.text = text;
            draft.guessed = None;
            // Whatever is being asked goes on; its end shows the draft.
            let is_asked = self.dialog.asking.is_some() || self.dialog.filling.is_some();
            return Ok(Some(if is_asked || self.me.account.is_none() {
                Reply::Quiet
            } else {
                self.show_draft().await?
            }));
        }
        let Some(actor) = self.actor() else { return Ok(None) };
        let message = self.message_at(&edited.message_id);
        let followed = follow(self.tx, &actor, (message, edited.at), &text).await?;
        Ok(match followed {
            None => None,
            Some(Followed::Done) => Some(Reply::Quiet),
            Some(Followed::Stays(ticket)) => Some(match ticket.permit(Action::Comment, &actor) {
                Ok(_) => self.opening_stays(&ticket),
                Err(refusal) => self.refuse(refusal, &ticket.id.to_string()).await?,
            }),
        })
    }

    /// That it is too late for that, and why.
    fn opening_stays(&self, ticket: &Ticket) -> Reply {
        let [number, title] = ticket_args(ticket);
        let args = [number, title, ("status", ticket.state.status().code().into())];
        let add = deed(self.lang(), "button-add", Action::Comment, ticket.id);
        let message = Message::text(self.lang().say("opening-stays", &args)).about(ticket.id);
        self.tell(message.row([add]))
    }
}
