//! Answers to updates.

use futures_util::future::BoxFuture;
use serde::de::IgnoredAny;
use teloxide::payloads::{AnswerCallbackQuery, SetMessageReaction};
use teloxide::types::{CallbackQueryId, ReactionType};

use super::Telegram;
use super::courier::of_a_person;
use super::inbound::{Cause, parse, translate};
use super::send::{Target, chat_id, message_id};
use super::text::{clean, cut};
use crate::chat::intent::{Inbound, IncomingFile, Intent};
use crate::chat::reply::{Block, Message, Reply};
use crate::domain::platform::{Platform, Spot};
use crate::domain::receipt::Receipt;
use crate::intake::front::{Download, FetchError, Front, UnreadableUpdate};
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::Pass;

/// The longest toast.
const TOAST_UNITS: usize = 200;

impl Front for Telegram {
    fn platform(&self) -> Platform {
        Platform::Telegram
    }

    fn read(&self, raw: &str) -> Result<Option<Inbound>, UnreadableUpdate> {
        Ok(translate(parse(raw)?, self.username()))
    }

    fn fetch<'a>(&'a self, file: &'a IncomingFile) -> BoxFuture<'a, Result<Download, FetchError>> {
        Box::pin(self.open(file))
    }

    fn answer<'a>(
        &'a self,
        inbound: &'a Inbound,
        raw: &'a str,
        reply: &'a Reply,
        pass: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>> {
        Box::pin(async move {
            let update = parse(raw).map_err(|error| DeliveryError::Refused(error.to_string()))?;
            self.answer_cause(inbound, &Cause::from(update), reply, pass).await
        })
    }
}

impl Telegram {
    /// Shows the answer; a pressed button is released exactly once, whatever the answer and whatever becomes of it.
    async fn answer_cause(
        &self,
        inbound: &Inbound,
        cause: &Cause,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, DeliveryError> {
        match (&cause.query, reply) {
            (Some(query), Reply::Toast(text)) => self.toast(query, text).await.map(|()| None),
            (query, Reply::Aside(message)) if !inbound.place.is_private() => {
                self.show_aside(inbound, cause, query.as_deref(), message, pass).await
            }
            (Some(query), _) => {
                let (released, shown) = tokio::join!(self.toast(query, ""), self.show(inbound, cause, reply, pass));
                note(released);
                shown
            }
            (None, _) => self.show(inbound, cause, reply, pass).await,
        }
    }

    async fn show(
        &self,
        inbound: &Inbound,
        cause: &Cause,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, DeliveryError> {
        match reply {
            Reply::Quiet => Ok(None),
            Reply::Message(message) | Reply::Aside(message) => {
                self.post_here(inbound, cause, message, pass).await.map(Some)
            }
            Reply::Update(message) => self.show_update(inbound, cause, message, pass).await.map(Some),
            Reply::Toast(text) => self.post_here(inbound, cause, &words(text), pass).await.map(Some),
            Reply::Receipt(receipt) => {
                self.react(inbound, cause, *receipt, pass).await;
                Ok(None)
            }
            Reply::Form(_) => Err(DeliveryError::Refused("Telegram has no forms".to_owned())),
        }
    }

    /// Puts a message where the update came from; among several people, as an answer to what it answers.
    async fn post_here(
        &self,
        inbound: &Inbound,
        cause: &Cause,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Sent, DeliveryError> {
        let reply_to = cause.message_id.as_deref().filter(|_| !inbound.place.is_private());
        let target = Target::new(&inbound.place.spot, reply_to, message.rings, pass)?;
        self.post(&target, message).await
    }

    async fn show_update(
        &self,
        inbound: &Inbound,
        cause: &Cause,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Sent, DeliveryError> {
        let Intent::Press { message_id, .. } = &inbound.intent else {
            return self.post_here(inbound, cause, message, pass).await;
        };
        match self.edit(&inbound.place.spot, message_id, message, pass).await {
            Err(DeliveryError::MessageGone(_)) => self.post_here(inbound, cause, message, pass).await,
            outcome => outcome,
        }
    }

    /// Tells one person of several something, in their private chat. Who has never written there is told how, by
    /// a toast where that is possible: it is nobody else's business.
    async fn show_aside(
        &self,
        inbound: &Inbound,
        cause: &Cause,
        query: Option<&str>,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, DeliveryError> {
        let target = Target::new(&Spot::chat(&inbound.who.user_id), None, true, pass)?;
        let outcome = self.post(&target, message).await.map_err(of_a_person);
        if let Err(DeliveryError::Unreachable(_)) = outcome {
            // An address can be tapped; a mention is broken up like everybody's.
            let bot = self.username().map(|name| format!("t.me/{name}")).unwrap_or_default();
            let language = inbound.who.language.unwrap_or_default();
            let hint = language.say("write-to-me-first", &[("bot", bot.into())]);
            return match query {
                Some(query) => self.toast(query, &hint).await.map(|()| None),
                None => self.post_here(inbound, cause, &words(&hint), pass).await.map(|_| None),
            };
        }
        if let Some(query) = query {
            note(self.toast(query, "").await);
        }
        outcome.map(Some)
    }

    /// Releases a button, with a word or without.
    async fn toast(&self, query: &str, text: &str) -> Result<(), DeliveryError> {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(query.to_owned()));
        if !text.is_empty() {
            payload.text = Some(cut(&clean(text), TOAST_UNITS));
        }
        match self.client().call::<_, IgnoredAny>(&payload).await {
            // Nobody waits for it any more.
            Err(failure) if failure.says("query is too old") || failure.says("query id is invalid") => Ok(()),
            outcome => Ok(outcome.map(|_| ())?),
        }
    }

    /// Puts a receipt on what somebody wrote. Groups may forbid reactions, so a refusal is no failure.
    async fn react(&self, inbound: &Inbound, cause: &Cause, receipt: Receipt, pass: Pass<'_>) {
        if let Some(id) = &cause.message_id {
            note(self.put_receipt(&inbound.place.spot, id, receipt, pass).await);
        }
    }

    /// Puts a receipt on a message, in place of the one that was there: a bot has one reaction.
    pub(super) async fn put_receipt(
        &self,
        spot: &Spot,
        id: &str,
        receipt: Receipt,
        pass: Pass<'_>,
    ) -> Result<(), DeliveryError> {
        if !(pass.may_send)() {
            return Err(DeliveryError::NotOurs);
        }
        // An envelope and a tick are not among those that Telegram allows.
        let emoji = match receipt {
            Receipt::Sent => "🕊",
            Receipt::Delivered => "👀",
            Receipt::Noted => "✍",
            Receipt::Read => "👌",
            Receipt::Done => "👍",
        };
        let mut payload = SetMessageReaction::new(chat_id(spot)?, message_id(id)?);
        payload.reaction = Some(vec![ReactionType::Emoji {
            emoji: emoji.to_owned(),
        }]);
        self.client().call::<_, IgnoredAny>(&payload).await?;
        Ok(())
    }
}

/// A courtesy that failed: not worth trying again.
fn note<T, E: std::fmt::Display>(outcome: Result<T, E>) {
    if let Err(error) = outcome {
        tracing::debug!(%error, "a courtesy failed");
    }
}

fn words(text: &str) -> Message {
    Message {
        blocks: vec![Block::Text(text.to_owned())],
        ..Message::default()
    }
}
