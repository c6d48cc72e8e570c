//! What somebody wrote on a ticket and changes, or takes back.

use super::grammar::Call;
use super::intent::{Edited, Inbound, Intent};
use super::refusals::text_error;
use super::reply::{Block, Message, Reply};
use super::replying::body_of;
use super::turn::Turn;
use crate::domain::platform::Spot;
use crate::domain::text::{Body, clean};
use crate::domain::transition::Refusal;
use crate::service;
use crate::service::rewording::{self, Reworded};
use crate::service::work::{Deed, Original};
use crate::store::copies::{self, MessageAt};
use crate::store::people::{self, Identity};
use crate::store::{Fault, View, retractions};

/// Who wrote the comment that is changed, or taken back: who deleted a message, Discord does not say. Nothing where the
/// message became no comment, or its author may not say so any more.
pub(super) async fn author(view: &mut View, inbound: &Inbound, message_id: &str) -> Result<Option<Identity>, Fault> {
    let Some(source) = copies::find_source(view, at(inbound, message_id)).await? else {
        return Ok(None);
    };
    let author = people::find_identity_by_id(view, source.identity).await?;
    let is_by = |author: &Identity| match inbound.intent {
        // The number of a message on Telegram may have been another's: see [`openings::insert`].
        Intent::Edited(_) => author.user_id == inbound.who.user_id,
        _ => true,
    };
    Ok(author.filter(|author| author.account.is_some() && !author.is_disabled && is_by(author)))
}

fn at<'a>(inbound: &'a Inbound, message_id: &'a str) -> MessageAt<'a> {
    MessageAt {
        platform: inbound.platform,
        chat: &inbound.place.spot.chat,
        message_id,
    }
}

impl Inbound {
    /// The message that is changed by it, or gone.
    pub(super) fn changed_message(&self) -> Option<&str> {
        match &self.intent {
            Intent::Edited(Edited { message_id, .. }) | Intent::Erased(message_id) => Some(message_id),
            _ => None,
        }
    }
}

impl<'a> Turn<'a> {
    /// A message of theirs in the place where they are.
    pub(super) fn message_at<'t>(&self, message_id: &'t str) -> MessageAt<'t>
    where
        'a: 't,
    {
        at(self.inbound, message_id)
    }

    /// The message in which these words were written, if it says just that.
    pub(super) fn original<'t>(&self, deed: &Deed, thread: Option<&'t Spot>) -> Option<Original<'t>>
    where
        'a: 't,
    {
        let Intent::Message(written) = &self.inbound.intent else {
            return None;
        };
        let body = body_of(&clean(&written.text)).ok().flatten();
        let is_all = body.as_ref().map_or("", Body::as_str) == deed.body();
        is_all.then_some(Original {
            message: at(self.inbound, &written.message_id),
            thread,
            edited_at: written.edited_at,
        })
    }

    /// They changed a message of theirs.
    pub(super) async fn edited(&mut self, edited: &Edited) -> Result<Reply, Fault> {
        if let Some(answer) = self.first_words_edited(edited).await? {
            return Ok(answer);
        }
        let Some(actor) = self.actor() else {
            return Ok(Reply::Quiet);
        };
        let message = self.message_at(&edited.message_id);
        let body = body_of(&clean(&edited.text));
        let words = body.as_ref().map(|body| body.as_ref().map_or("", Body::as_str));
        match rewording::reword(self.tx, &actor, (message, edited.at), words.ok()).await {
            Ok(Reworded::Heard) => Ok(Reply::Quiet),
            Ok(Reworded::Kept(ticket)) => {
                let why = match body {
                    Ok(_) => self.say("words-none"),
                    Err(error) => text_error(self.lang(), "body", error),
                };
                let args = [("number", ticket.to_string().into())];
                let mut message = Message::text(why);
                message.blocks.push(Block::Text(self.lang().say("words-kept", &args)));
                Ok(self.tell(message.about(ticket)))
            }
            Err(service::Error::Refused(refusal)) => self.stays(refusal, &edited.message_id).await,
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// They deleted a message of theirs.
    pub(super) async fn erased(&mut self, message_id: &str) -> Result<Reply, Fault> {
        let source = copies::find_source(self.tx, at(self.inbound, message_id)).await?;
        let (Some(source), Some(actor)) = (source, self.actor()) else {
            return Ok(Reply::Quiet);
        };
        match rewording::retract(self.tx, &actor, source.comment).await {
            Ok(_) => Ok(Reply::Quiet),
            Err(service::Error::Refused(refusal)) => self.stays(refusal, message_id).await,
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// `/retract`, in reply to what is to be taken back.
    pub(super) async fn retract(&mut self, call: &Call) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let Some(message_id) = &call.reply_to else {
            return Ok(self.word(self.say("retract-how")));
        };
        let Some(source) = copies::find_source(self.tx, at(self.inbound, message_id)).await? else {
            return Ok(self.word(self.say("retract-how")));
        };
        match rewording::retract(self.tx, &actor, source.comment).await {
            Ok(Some(after)) => {
                let args = super::build::ticket_args(&after);
                Ok(self.word(self.lang().say("retracted", &args)))
            }
            Ok(None) => Ok(self.word(self.say("retract-how"))),
            Err(service::Error::Refused(refusal)) => self.stays(refusal, message_id).await,
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// Why what they wrote stays as it is for everybody else.
    async fn stays(&mut self, refusal: Refusal, message_id: &str) -> Result<Reply, Fault> {
        let source = copies::find_source(self.tx, at(self.inbound, message_id)).await?;
        let comment = match source {
            Some(source) => retractions::find(self.tx, source.comment).await?,
            None => None,
        };
        let Some(comment) = comment else {
            return Ok(Reply::Quiet);
        };
        if refusal == Refusal::Closed {
            let args = [("number", comment.ticket.to_string().into())];
            let message = Message::text(self.lang().say("words-stay", &args));
            return Ok(self.tell(message.about(comment.ticket)));
        }
        self.refuse(refusal, &comment.ticket.to_string()).await
    }
}
