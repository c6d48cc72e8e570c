//! Words on a ticket that come without a command: in reply to one of its messages, or in its thread.

use super::build::{ticket_args, who};
use super::cards;
use super::intent::Written;
use super::refusals::text_error;
use super::reply::{Block, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::file::StoredFile;
use crate::domain::ids::CommentId;
use crate::domain::language::Language;
use crate::domain::pace::Pace;
use crate::domain::receipt::Receipt;
use crate::domain::text::{Body, TextError};
use crate::domain::ticket::{Status, Ticket};
use crate::service::work::Deed;
use crate::store::cards::{Mention, find_message};
use crate::store::outbox::{self, Notice};
use crate::store::told::{self, Hears};
use crate::store::{Fault, accounts};

impl Turn<'_> {
    /// Words on a ticket, from a reply in private to one of its messages. Staff answering a ping write a note: only
    /// an answer to the requester's own words goes to them.
    pub(super) async fn reply_to_ticket(
        &mut self,
        actor: &Actor,
        mention: Mention,
        text: &str,
        files: Vec<StoredFile>,
    ) -> Result<Reply, Fault> {
        let ticket = match self.permitted(actor, mention.ticket, Action::View).await? {
            Ok(ticket) => ticket,
            Err(refusal) => {
                let kept = self.keep_for_new(actor, mention.ticket, text, &files).await?;
                return match kept {
                    Some(kept) => Ok(kept),
                    None => self.refuse(refusal, &mention.ticket.to_string()).await,
                };
            }
        };
        let body = match body_of(text) {
            Ok(body) => body,
            Err(error) => return Ok(Reply::Message(self.too_long(error))),
        };
        let (deed, receipt) = said(mention.relays || ticket.requester == actor.account, body, files);
        Ok(match self.work(actor, ticket.id, &deed, None).await? {
            Ok((after, comment)) => self.kept(actor, (&after, comment), receipt).await?,
            Err(refused) => {
                let kept = self.keep_for_new(actor, ticket.id, deed.body(), deed.files()).await?;
                kept.unwrap_or(refused)
            }
        })
    }

    /// A message among staff. An answer to the requester's relayed words goes to them; everything else stays
    /// inside, so that a slip never leaks.
    pub(super) async fn shared_message(
        &mut self,
        written: &Written,
        text: String,
        files: Vec<StoredFile>,
    ) -> Result<Reply, Fault> {
        if self.dialog.asking.is_some() && written.reply_to.is_some() && written.reply_to == self.shown {
            return self.answer(text, files).await;
        }
        let Some(actor) = self.actor().filter(|actor| actor.role.is_staff()) else {
            return Ok(Reply::Quiet);
        };
        let spot = self.spot().clone();
        let mention = match &written.reply_to {
            Some(reply_to) => find_message(self.tx, self.inbound.platform, &spot.chat, reply_to).await?,
            None => None,
        };
        let (id, to_requester) = match (mention, self.thread_ticket().await?) {
            (Some(mention), _) => (mention.ticket, mention.relays),
            (None, Some(ticket)) => (ticket, false),
            (None, None) => return Ok(Reply::Quiet),
        };
        let body = match body_of(&text) {
            Ok(body) => body,
            Err(error) => return Ok(Reply::Message(self.too_long(error))),
        };
        let (deed, receipt) = said(to_requester, body, files);
        Ok(match self.work(&actor, id, &deed, Some(&spot)).await? {
            Ok((after, comment)) => self.kept(&actor, (&after, comment), receipt).await?,
            Err(Reply::Aside(message)) => Reply::Message(message),
            Err(refused) => refused,
        })
    }

    /// The sign that it is kept, and on its way; in words, where whoever asked wants to hear of nothing.
    async fn kept(
        &mut self,
        actor: &Actor,
        (after, comment): (&Ticket, Option<CommentId>),
        receipt: Receipt,
    ) -> Result<Reply, Fault> {
        let Some(comment) = comment.filter(|_| receipt == Receipt::Sent) else {
            return Ok(Reply::Receipt(receipt));
        };
        if after.requester != actor.account {
            let hears = told::find_hears(self.tx, after.requester).await?;
            let sentence = match hears {
                Hears::At(Pace::Never) => Some("done-untold"),
                Hears::Nothing => Some("done-commented"),
                Hears::At(_) | Hears::OnceReached => None,
            };
            if let Some(sentence) = sentence {
                let name = who(self.lang(), &accounts::find_name(self.tx, after.requester).await?);
                let number = ("number", after.id.to_string().into());
                let args = [number, ("name", name.into()), ("pace", hears.code().into())];
                return Ok(Reply::Message(Message::text(self.lang().say(sentence, &args))));
            }
        }
        if after.requester == actor.account && !self.is_private() {
            // The team reads it where it was written.
            return Ok(Reply::Receipt(Receipt::Delivered));
        }
        if after.requester == actor.account && after.state.status() == Status::Resolved {
            // Nobody sees to what is resolved.
            return Ok(Reply::Message(added(self.lang(), after)));
        }
        // Not as an answer, which might come after the sign that it is delivered, and take its place.
        let sent = Notice::Marked {
            identity: actor.identity,
            comment,
            receipt,
        };
        outbox::insert(self.tx, &[sent]).await?;
        Ok(Reply::Quiet)
    }

    /// Words that are too many for one comment. They still stand where they were written.
    pub(super) fn too_long(&self, error: TextError) -> Message {
        let blocks = vec![
            Block::Text(text_error(self.lang(), "body", error)),
            Block::Text(self.say("kept-split")),
        ];
        Message {
            blocks,
            ..Message::default()
        }
    }
}

/// Words for the other side, or for staff alone.
fn said(to_other_side: bool, body: Option<Body>, files: Vec<StoredFile>) -> (Deed, Receipt) {
    if to_other_side {
        (Deed::Comment(body, files), Receipt::Sent)
    } else {
        (Deed::Note(body, files), Receipt::Noted)
    }
}

/// That the words of whoever asked are on their ticket, and what they may do now.
pub(super) fn added(language: Language, after: &Ticket) -> Message {
    let [number, title] = ticket_args(after);
    let args = [number, title, ("status", after.state.status().code().into())];
    Message::text(language.say("added", &args))
        .about(after.id)
        .row(cards::requester_buttons(language, after))
}

/// The words of a message that may be only files.
pub(super) fn body_of(text: &str) -> Result<Option<Body>, TextError> {
    match Body::parse(text) {
        Ok(body) => Ok(Some(body)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(error),
    }
}
