//! Deliveries from the outbox.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::IgnoredAny;
use teloxide::payloads::{CloseForumTopic, CreateForumTopic, DeleteForumTopic, DeleteMessage, ReopenForumTopic};

use super::Telegram;
use super::failure::Failure;
use super::pace::Charge;
use super::send::{Target, chat_id, message_id, topic_id};
use super::text::{ELLIPSIS, clean_line, cut};
use crate::chat::reply::Message;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::text::is_visible;
use crate::outbox::courier::{Address, Courier, Delivery, DeliveryError, Errand, Gone, Sent};
use crate::outbox::pacing::Pass;

/// The longest name of a topic.
const TOPIC_NAME_UNITS: usize = 128;

impl Courier for Telegram {
    fn platform(&self) -> Platform {
        Platform::Telegram
    }

    fn deliver<'a>(
        &'a self,
        delivery: &'a Delivery,
        pass: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>> {
        Box::pin(async move {
            match &delivery.errand {
                Errand::Post { to, message, reply_to } => self
                    .deliver_post(&delivery.nonce, to, message, reply_to.as_deref(), pass)
                    .await
                    .map(Some),
                Errand::Edit {
                    spot,
                    message_id,
                    message,
                } => self.edit(spot, message_id, message, pass).await.map(Some),
                Errand::OpenPost { .. } => Err(DeliveryError::Refused("Telegram has no forum posts".to_owned())),
                Errand::OpenThread { spot, name, .. } => self.open_topic(spot, name, pass).await.map(Some),
                Errand::CloseThread { spot } => self.close_topic(spot, pass).await.map(|()| None),
                Errand::ReopenThread { spot } => self.reopen_topic(spot, pass).await.map(|()| None),
                Errand::DeleteThread { spot } => self.delete_topic(spot, pass).await.map(|()| None),
                Errand::React {
                    spot,
                    message_id,
                    receipt,
                } => self.put_receipt(spot, message_id, *receipt, pass).await.map(|()| None),
                Errand::Delete { spot, message_id } => self.delete(spot, message_id, pass).await.map(|()| None),
            }
        })
    }

    fn share(&self, replicas: u32) {
        self.client().pace().share(replicas);
    }

    fn bearable(&self) -> Option<usize> {
        self.client().pace().bearable()
    }
}

impl Telegram {
    async fn deliver_post(
        &self,
        nonce: &str,
        to: &Address,
        message: &Message,
        reply_to: Option<&str>,
        pass: Pass<'_>,
    ) -> Result<Sent, DeliveryError> {
        match to {
            Address::Spot(spot) => self.post_once(nonce, spot, message, reply_to, pass).await,
            Address::Person { user_id, chat } => {
                // A private chat has the id of its person.
                let spot = Spot::chat(chat.as_ref().unwrap_or(user_id));
                self.post_once(nonce, &spot, message, reply_to, pass)
                    .await
                    .map_err(of_a_person)
            }
        }
    }

    /// Puts message and files. When the files have to be tried again later, the message is not put twice.
    async fn post_once(
        &self,
        nonce: &str,
        spot: &Spot,
        message: &Message,
        reply_to: Option<&str>,
        pass: Pass<'_>,
    ) -> Result<Sent, DeliveryError> {
        let target = Target::new(spot, reply_to, message.rings, pass)?;
        let mut half = if let Some(half) = self.0.half_sent.find(nonce) {
            half
        } else {
            let (sent, with_it) = self.post_main(&target, message).await?;
            Half {
                sent,
                with_it,
                albums: 0,
            }
        };
        let files = message.files.get(half.with_it..).unwrap_or_default();
        if !files.is_empty() {
            self.0.half_sent.keep(nonce, half.clone());
        }
        match self.post_files(&target, &half.sent, files, half.albums).await {
            Ok(sent) => half.sent.files.extend(sent),
            Err(stop) => {
                half.albums = stop.done;
                half.sent.files.extend(stop.sent);
                self.0.half_sent.keep(nonce, half);
                return Err(stop.error);
            }
        }
        self.0.half_sent.forget(nonce);
        self.retire(&half.sent, message, pass).await;
        Ok(half.sent)
    }

    async fn open_topic(&self, spot: &Spot, name: &str, pass: Pass<'_>) -> Result<Sent, DeliveryError> {
        #[derive(Deserialize)]
        struct Topic {
            message_thread_id: i64,
        }
        let name = cut(&clean_line(name), TOPIC_NAME_UNITS);
        let name = if is_visible(&name) { name } else { ELLIPSIS.to_owned() };
        let chat = chat_id(spot)?;
        let payload = CreateForumTopic::new(chat, name);
        let topic: Topic = self.client().write(&payload, Charge::topic(chat), pass).await?;
        let id = topic.message_thread_id.to_string();
        Ok(Sent {
            spot: Spot {
                chat: spot.chat.clone(),
                topic: Some(id.clone()),
            },
            message_id: id,
            files: Vec::new(),
        })
    }

    async fn close_topic(&self, spot: &Spot, pass: Pass<'_>) -> Result<(), DeliveryError> {
        let Some(topic) = topic_id(spot)? else {
            return Err(DeliveryError::Refused("not a topic that can be closed".to_owned()));
        };
        let chat = chat_id(spot)?;
        let payload = CloseForumTopic::new(chat, topic);
        let closed = self
            .client()
            .write::<_, IgnoredAny>(&payload, Charge::topic(chat), pass);
        unless_so_already(closed.await)
    }

    async fn reopen_topic(&self, spot: &Spot, pass: Pass<'_>) -> Result<(), DeliveryError> {
        let Some(topic) = topic_id(spot)? else {
            return Err(DeliveryError::Refused("not a topic that can be opened".to_owned()));
        };
        let chat = chat_id(spot)?;
        let payload = ReopenForumTopic::new(chat, topic);
        let opened = self
            .client()
            .write::<_, IgnoredAny>(&payload, Charge::topic(chat), pass);
        unless_so_already(opened.await)
    }
}

/// A topic that is closed, or open, as it was to be.
fn unless_so_already(outcome: Result<IgnoredAny, Failure>) -> Result<(), DeliveryError> {
    match outcome {
        Err(failure) if !failure.says("topic_not_modified") => Err(failure.into()),
        _ => Ok(()),
    }
}

impl Telegram {
    async fn delete_topic(&self, spot: &Spot, pass: Pass<'_>) -> Result<(), DeliveryError> {
        let Some(topic) = topic_id(spot)? else {
            return Err(DeliveryError::Refused("not a topic that can be deleted".to_owned()));
        };
        let chat = chat_id(spot)?;
        let payload = DeleteForumTopic::new(chat, topic);
        let deleted = self
            .client()
            .write::<_, IgnoredAny>(&payload, Charge::topic(chat), pass);
        deleted.await.map(drop).map_err(Into::into)
    }

    async fn delete(&self, spot: &Spot, id: &str, pass: Pass<'_>) -> Result<(), DeliveryError> {
        let chat = chat_id(spot)?;
        let payload = DeleteMessage::new(chat, message_id(id)?);
        let deleted = self
            .client()
            .write::<_, IgnoredAny>(&payload, Charge::topic(chat), pass);
        deleted.await.map(drop).map_err(Into::into)
    }
}

/// Of a private chat that is not there, it is the person who can't be reached.
pub(super) fn of_a_person(error: DeliveryError) -> DeliveryError {
    match error {
        DeliveryError::PlaceGone(gone) => {
            let obstacle = match gone.obstacle {
                Obstacle::Deleted => Obstacle::NotStarted,
                other => other,
            };
            DeliveryError::Unreachable(Gone { obstacle, ..gone })
        }
        other => other,
    }
}

/// Messages that are there, but not yet all of their files. Only in memory: after a restart the message comes
/// again, which is what "at least once" allows.
#[derive(Debug, Default)]
pub(super) struct HalfSent(Mutex<HashMap<String, Half>>);

#[derive(Clone, Debug)]
struct Half {
    sent: Sent,
    /// Files that went with the message itself.
    with_it: usize,
    /// Albums that are there.
    albums: usize,
}

/// Deliveries that are given up are never asked for again.
const MOST_HALVES: usize = 1000;

impl HalfSent {
    fn find(&self, nonce: &str) -> Option<Half> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(nonce)
            .cloned()
    }

    fn keep(&self, nonce: &str, half: Half) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.len() >= MOST_HALVES {
            halves.clear();
        }
        halves.insert(nonce.to_owned(), half);
    }

    fn forget(&self, nonce: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(nonce);
    }
}
