//! The message out of which a draft, and then a ticket, was made, as long as nothing else stands in it: whoever edits
//! it changes the draft, or the ticket while it waits.

use super::build::{deed, ticket_args};
use super::dialog::HEADLINE;
use super::intent::{Edited, Inbound, Intent};
use super::reply::{Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::edit::Edit;
use crate::domain::ids::TicketId;
use crate::domain::text::{Description, Title, clean, headline};
use crate::domain::transition::Refusal;
use crate::service::{self, edit};
use crate::store::dialogs::DialogRow;
use crate::store::openings::{self, Change};
use crate::store::people::{self, Identity};
use crate::store::{Fault, View};

/// Who changed a message in private, and what they are in the middle of there.
pub(super) async fn writer(view: &mut View, inbound: &Inbound) -> Result<Option<(Identity, Option<DialogRow>)>, Fault> {
    if !matches!(inbound.intent, Intent::Edited(_)) || !inbound.place.is_private() {
        return Ok(None);
    }
    people::find_identity(view, inbound.platform, &inbound.who.user_id, &inbound.place.spot).await
}

impl Turn<'_> {
    /// Notes that these words, just added to the draft, are all that stands in it, and in which message.
    pub(super) fn note_first_words(&mut self, text: &str) {
        let Intent::Message(written) = &self.inbound.intent else {
            return;
        };
        let (is_private, id) = (self.is_private(), written.message_id.clone());
        if let Some(draft) = &mut self.dialog.draft
            && is_private
            && draft.text == text
            && clean(&written.text) == text
        {
            draft.written = Some(id);
        }
    }

    /// They changed the message out of which their draft was made, or their ticket. Nothing where it is none.
    pub(super) async fn first_words_edited(&mut self, edited: &Edited) -> Result<Option<Reply>, Fault> {
        let text = clean(&edited.text);
        if let Some(draft) = &mut self.dialog.draft
            && draft.written.as_ref() == Some(&edited.message_id)
        {
            if text.is_empty() || draft.text == text {
                return Ok(Some(Reply::Quiet));
            }
            let before = std::mem::take(&mut draft.text);
            if !draft.has_room(&text, &[]) {
                draft.text = before;
                return Ok(Some(self.draft_full()));
            }
            draft.text = text;
            return Ok(Some(match self.me.account {
                Some(_) => self.show_draft().await?,
                // They are being asked who they are.
                None => Reply::Quiet,
            }));
        }
        let Some(actor) = self.actor() else { return Ok(None) };
        let message = self.message_at(&edited.message_id);
        let change = Change {
            text: &text,
            at: edited.at,
        };
        let Some(ticket) = openings::find(self.tx, message, change).await? else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(Some(Reply::Quiet));
        }
        let reply = self.describe_anew(&actor, ticket, &text).await?;
        openings::set_edited(self.tx, message, change).await?;
        Ok(Some(reply))
    }

    /// Has a ticket say what the message says now out of which it was made; its title too, where that was taken from it.
    async fn describe_anew(&mut self, actor: &Actor, id: TicketId, text: &str) -> Result<Reply, Fault> {
        let ticket = match self.permitted(actor, id, Action::Describe).await? {
            Ok(ticket) => ticket,
            Err(Refusal::NotFound) => return Ok(Reply::Quiet),
            Err(_) => return self.opening_stays(actor, id).await,
        };
        // A message is shorter than a description may be.
        let (Ok(title), Ok(description)) = (Title::parse(&headline(text, HEADLINE)), Description::parse(text)) else {
            return Ok(Reply::Quiet);
        };
        let has_own_title = ticket.title != headline(&ticket.description, HEADLINE);
        let edits = [
            Some(Edit::Description(description)),
            Some(Edit::Title(title)).filter(|_| !has_own_title),
        ];
        for change in edits.into_iter().flatten() {
            match edit::edit(self.tx, actor, id, &change).await {
                Ok(_) => {}
                Err(service::Error::Refused(_)) => return self.opening_stays(actor, id).await,
                Err(service::Error::Fault(fault)) => return Err(fault),
            }
        }
        Ok(Reply::Quiet)
    }

    /// Tells that it is too late for that.
    async fn opening_stays(&mut self, actor: &Actor, id: TicketId) -> Result<Reply, Fault> {
        let Ok(ticket) = self.permitted(actor, id, Action::View).await? else {
            return Ok(Reply::Quiet);
        };
        let message = Message::text(self.lang().say("opening-stays", &ticket_args(&ticket))).about(id);
        let can_add = ticket.permit(Action::Comment, actor).is_ok();
        let add = can_add.then(|| deed(self.lang(), "button-add", Action::Comment, id));
        Ok(self.tell(message.row(add)))
    }
}
