//! Answers: to a message, as a message or a reaction; to an interaction, in `interaction.rs`.

use serde_json::{Value, json};
use serenity::all::{ChannelId, MessageId};
use serenity::http::{LightMethod, Request, Route};

use crate::chat::intent::Inbound;
use crate::chat::reply::{Message, Reply};
use crate::domain::platform::Spot;
use crate::domain::receipt::Receipt;
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::Pass;

use super::Discord;
use super::errors::Failure;
use super::payload::{Outgoing, words};
use super::raw::{Id, Message as Written, Update};

impl Discord {
    /// Shows the answer to an update.
    pub(super) async fn show(
        &self,
        inbound: &Inbound,
        raw: &str,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, DeliveryError> {
        let update = Update::parse(raw).map_err(|error| DeliveryError::Refused(error.to_string()))?;
        let sent = match &update {
            Update::Message(message) => self.answer_message(inbound, message, reply, pass).await,
            Update::Edited(message) | Update::Deleted(message) => {
                self.answer_change(inbound, message, reply, pass).await
            }
            Update::Interaction(interaction) => self.answer_interaction(inbound, interaction, reply, pass).await,
            Update::Reacted(_) | Update::Other => Ok(None),
        };
        let sent = sent.map_err(Failure::into_delivery)?;
        self.retire(inbound, reply, sent.as_ref(), pass).await;
        Ok(sent)
    }

    async fn answer_message(
        &self,
        inbound: &Inbound,
        written: &Written,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let private = inbound.place.is_private();
        let sent = match reply {
            Reply::Quiet => return Ok(None),
            Reply::Receipt(receipt) => {
                self.react(written, *receipt, pass).await;
                return Ok(None);
            }
            Reply::Message(message) | Reply::Update(message) => {
                self.answer_in_place(written, message, private, pass).await
            }
            Reply::Toast(text) => self.answer_in_place(written, &words(text), private, pass).await,
            Reply::Aside(message) if private => self.answer_in_place(written, message, private, pass).await,
            Reply::Aside(message) => self.answer_in_private(inbound, &written.id, message, pass).await,
            // Chat asks first whether a form can be opened.
            Reply::Form(_) => Err(Failure::Refused {
                code: 0,
                message: "a form can't answer a message".to_owned(),
            }),
        };
        sent.map(Some)
    }

    /// Tells somebody what did not come of a change, in private. Whose message is gone may be unknown.
    async fn answer_change(
        &self,
        inbound: &Inbound,
        changed: &Written,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let Some(message) = reply.message() else {
            return Ok(None);
        };
        let chat = match inbound.place.is_private() {
            true => changed.channel_id.clone(),
            false if inbound.who.user_id.is_empty() => return Ok(None),
            false => self.open_chat(&inbound.who.user_id, pass).await?,
        };
        // Of several edits each has its answer; a nonce has 25 characters.
        let stamp = changed
            .edited_timestamp
            .map_or(0, |at| at.timestamp_millis().rem_euclid(1 << 28));
        let out = Outgoing::of(message, self.files(), pass).await;
        let nonce = format!("{:x}.{stamp:x}", changed.id.number());
        self.post(&chat, out, &nonce, None, pass).await.map(Some)
    }

    async fn answer_in_place(
        &self,
        written: &Written,
        message: &Message,
        private: bool,
        pass: Pass<'_>,
    ) -> Result<Sent, Failure> {
        let out = Outgoing::of(message, self.files(), pass).await;
        let reply_to = (!private).then_some(&written.id);
        self.post(&written.channel_id, out, &nonce(&written.id), reply_to, pass)
            .await
    }

    /// Sends an answer to the person's private chat.
    pub(super) async fn answer_in_private(
        &self,
        inbound: &Inbound,
        update: &Id,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Sent, Failure> {
        let chat = self.open_chat(&inbound.who.user_id, pass).await?;
        let out = Outgoing::of(message, self.files(), pass).await;
        self.post(&chat, out, &nonce(update), None, pass).await
    }

    /// A receipt that can't be given is not missed.
    async fn react(&self, written: &Written, receipt: Receipt, pass: Pass<'_>) {
        let put = self
            .put_receipt(&written.channel_id.0, &written.id.0, receipt, pass)
            .await;
        if let Err(error) = put {
            tracing::debug!(error = %error.into_delivery(), "no receipt");
        }
    }

    /// Puts a receipt on a message, beside those that are there.
    pub(super) async fn put_receipt(
        &self,
        channel: &str,
        message: &str,
        receipt: Receipt,
        pass: Pass<'_>,
    ) -> Result<(), Failure> {
        let route = Route::ChannelMessageReactionMe {
            channel_id: ChannelId::new(number(channel)?),
            message_id: MessageId::new(number(message)?),
            reaction: match receipt {
                Receipt::Sent => "📨",
                Receipt::Delivered => "👀",
                Receipt::Noted => "📝",
                Receipt::Read => "👌",
                Receipt::Done => "✅",
            },
        };
        let request = Request::new(route, LightMethod::Put);
        self.api().execute(request, pass).await.map(drop)
    }

    /// Takes the buttons of outdated messages away. That they stay is no reason to answer again.
    async fn retire(&self, inbound: &Inbound, reply: &Reply, sent: Option<&Sent>, pass: Pass<'_>) {
        let (Reply::Message(message) | Reply::Aside(message) | Reply::Update(message)) = reply else {
            return;
        };
        let is_another = |id: &&String| sent.is_none_or(|sent| sent.message_id != **id);
        for outdated in message.outdated().filter(is_another) {
            let bare = json!({"components": [], "allowed_mentions": {"parse": []}});
            let retired = self.patch_message(&inbound.place.spot.chat, outdated, &bare, pass);
            if let Err(error) = retired.await {
                tracing::debug!(error = %error.into_delivery(), "buttons stay");
            }
        }
    }

    /// Posts a message, which Discord posts only once with this nonce.
    pub(super) async fn post(
        &self,
        channel: &Id,
        mut out: Outgoing,
        nonce: &str,
        reply_to: Option<&Id>,
        pass: Pass<'_>,
    ) -> Result<Sent, Failure> {
        out.body["nonce"] = json!(nonce);
        out.body["enforce_nonce"] = json!(true);
        if let Some(answered) = reply_to {
            out.body["message_reference"] = json!({"message_id": answered.0, "fail_if_not_exists": false});
        }
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(channel.number()),
        };
        let request = super::api::request(LightMethod::Post, route, &out.body);
        let answer = self.api().upload(request, &out.files, pass).await?;
        sent(&answer).ok_or_else(|| Failure::Broken("Discord's answer can't be read".to_owned()))
    }

    /// Edits a message of ours.
    pub(super) async fn patch_message(
        &self,
        channel: &str,
        message: &str,
        body: &Value,
        pass: Pass<'_>,
    ) -> Result<Value, Failure> {
        let (channel, message) = (number(channel)?, number(message)?);
        let route = Route::ChannelMessage {
            channel_id: ChannelId::new(channel),
            message_id: MessageId::new(message),
        };
        self.api().call(LightMethod::Patch, route, body, pass).await
    }

    /// The private chat of a person, opened if need be.
    pub(super) async fn open_chat(&self, user: &str, pass: Pass<'_>) -> Result<Id, Failure> {
        let body = json!({"recipient_id": number(user)?.to_string()});
        let answer = self
            .api()
            .call(LightMethod::Post, Route::UserMeDmChannels, &body, pass)
            .await?;
        id(&answer["id"]).ok_or_else(|| Failure::Broken("Discord's answer can't be read".to_owned()))
    }
}

/// The number of an id that the core keeps as text.
pub(super) fn number(text: &str) -> Result<u64, Failure> {
    let number = text.parse().ok().filter(|&number| number > 0);
    number.ok_or_else(|| Failure::Refused {
        code: 0,
        message: "an address that is not Discord's".to_owned(),
    })
}

/// Where a message now stands, from the message itself.
pub(super) fn sent(message: &Value) -> Option<Sent> {
    Some(Sent {
        spot: Spot::chat(id(&message["channel_id"])?.0),
        message_id: id(&message["id"])?.0,
        files: Vec::new(),
    })
}

fn id(value: &Value) -> Option<Id> {
    serde_json::from_value(value.clone()).ok()
}

/// An answer given again after a crash is the same message; the letter keeps it apart from the outbox's rows.
fn nonce(update: &Id) -> String {
    format!("a{}", update.0)
}
