//! Putting a message in a chat, and changing one that is there. Shared by answers and deliveries.

use serde::Deserialize;
use serde::de::IgnoredAny;
use teloxide::payloads::{EditMessageCaption, EditMessageReplyMarkup, EditMessageText, SendMessage};
use teloxide::types::{ChatId, LinkPreviewOptions, MessageId, ReplyParameters, ThreadId};

use super::Telegram;
use super::keyboard::keyboard;
use super::pace::Charge;
use super::render::{CAPTION_LIMIT, LocalTime, Rendered, Style, TEXT_LIMIT, render};
use crate::chat::reply::Message;
use crate::domain::platform::Spot;
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::Pass;

/// Telegram calls the topic that every group with topics has by this number, and refuses the number.
const GENERAL: &str = "1";

/// Where and how a message is put.
#[derive(Clone)]
pub(super) struct Target<'a> {
    spot: Spot,
    pub(super) chat: ChatId,
    pub(super) topic: Option<ThreadId>,
    pub(super) reply: Option<ReplyParameters>,
    pub(super) silent: bool,
    pub(super) pass: Pass<'a>,
}

impl<'a> Target<'a> {
    /// In a place, as an answer to `reply_to` where that still exists. A private chat always rings.
    pub(super) fn new(spot: &Spot, reply_to: Option<&str>, rings: bool, pass: Pass<'a>) -> Result<Self, DeliveryError> {
        let chat = chat_id(spot)?;
        Ok(Self {
            spot: spot.clone(),
            chat,
            topic: topic_id(spot)?,
            reply: reply_to.map(message_id).transpose()?.map(answer_to),
            // Groups have negative ids.
            silent: chat.0 < 0 && !rings,
            pass,
        })
    }

    /// In the same place, as an answer to the message just sent.
    pub(super) fn below(&self, sent: &Sent) -> Result<Self, DeliveryError> {
        let reply = Some(answer_to(message_id(&sent.message_id)?));
        Ok(Self {
            reply,
            silent: true,
            ..self.clone()
        })
    }

    pub(super) fn sent(&self, posted: &Posted) -> Sent {
        Sent {
            spot: self.spot.clone(),
            message_id: posted.message_id.to_string(),
            files: Vec::new(),
        }
    }
}

/// Of a message that Telegram took, what is needed later.
#[derive(Deserialize)]
pub(super) struct Posted {
    message_id: i64,
}

/// The chat of a spot.
pub(super) fn chat_id(spot: &Spot) -> Result<ChatId, DeliveryError> {
    spot.chat
        .parse()
        .map(ChatId)
        .map_err(|_| DeliveryError::Refused("not the id of a Telegram chat".to_owned()))
}

/// The topic of a spot; none for the general one.
pub(super) fn topic_id(spot: &Spot) -> Result<Option<ThreadId>, DeliveryError> {
    let topic = spot.topic.as_deref().filter(|topic| *topic != GENERAL);
    topic.map(|topic| message_id(topic).map(ThreadId)).transpose()
}

/// A message's id.
pub(super) fn message_id(id: &str) -> Result<MessageId, DeliveryError> {
    id.parse()
        .map(MessageId)
        .map_err(|_| DeliveryError::Refused("not the id of a Telegram message".to_owned()))
}

fn answer_to(message: MessageId) -> ReplyParameters {
    ReplyParameters::new(message).allow_sending_without_reply()
}

impl Telegram {
    /// The text of a message.
    pub(super) fn render(&self, message: &Message, limit: usize, pass: Pass<'_>) -> Rendered {
        let time = LocalTime {
            now: self.0.clock.now(),
            timezone: self.0.timezone,
        };
        let style = if pass.plain { Style::Plain } else { Style::Html };
        render(&message.blocks, time, limit, style)
    }

    /// Puts the message itself; also gives the number of its files that went with it.
    pub(super) async fn post_main(
        &self,
        target: &Target<'_>,
        message: &Message,
    ) -> Result<(Sent, usize), DeliveryError> {
        if let [file] = &message.files[..]
            && file.is_picture()
            && let Some(sent) = self.post_with_caption(target, message, file).await?
        {
            return Ok((sent, 1));
        }
        let rendered = self.render(message, TEXT_LIMIT, target.pass);
        let mut payload = SendMessage::new(target.chat, rendered.text);
        payload.message_thread_id = target.topic;
        payload.parse_mode = rendered.parse_mode;
        payload.link_preview_options = Some(no_preview());
        payload.disable_notification = Some(target.silent);
        payload.reply_parameters.clone_from(&target.reply);
        payload.reply_markup = keyboard(&message.buttons).map(Into::into);
        let charge = Charge::message(target.chat, 1);
        let posted: Posted = self.client().write(&payload, charge, target.pass).await?;
        Ok((target.sent(&posted), 0))
    }

    /// Puts a message and its files. Once the message is there, a file that fails is only logged.
    pub(super) async fn post(&self, target: &Target<'_>, message: &Message) -> Result<Sent, DeliveryError> {
        let (sent, with_it) = self.post_main(target, message).await?;
        if let Err(stop) = self.post_files(target, &sent, &message.files[with_it..], 0).await {
            tracing::warn!(error = %stop.error, "files of an answer were not sent");
        }
        self.retire(&sent, message, target.pass).await;
        Ok(sent)
    }

    /// Makes a message of ours say something else. That it says so already is fine.
    pub(super) async fn edit(
        &self,
        spot: &Spot,
        id: &str,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Sent, DeliveryError> {
        let (chat, message_id) = (chat_id(spot)?, message_id(id)?);
        let markup = keyboard(&message.buttons);
        let charge = Charge::edit(chat);
        let rendered = self.render(message, TEXT_LIMIT, pass);
        let mut payload = EditMessageText::new(chat, message_id, rendered.text);
        payload.parse_mode = rendered.parse_mode;
        payload.link_preview_options = Some(no_preview());
        payload.reply_markup.clone_from(&markup);
        let mut outcome = self.client().write::<_, IgnoredAny>(&payload, charge, pass).await;
        if outcome
            .as_ref()
            .is_err_and(|failure| failure.says("no text in the message to edit"))
        {
            // The message is a picture with a caption.
            let mut payload = EditMessageCaption::new(chat, message_id);
            let rendered = self.render(message, CAPTION_LIMIT, pass);
            payload.caption = Some(rendered.text);
            payload.parse_mode = rendered.parse_mode;
            payload.reply_markup = markup;
            outcome = self.client().write(&payload, charge, pass).await;
        }
        match outcome {
            Err(failure) if !failure.says("message is not modified") => return Err(failure.into()),
            _ => {}
        }
        let sent = Sent {
            spot: spot.clone(),
            message_id: id.to_owned(),
            files: Vec::new(),
        };
        self.retire(&sent, message, pass).await;
        Ok(sent)
    }

    /// Takes the buttons away from the messages that this one replaces. Not tried again: old buttons do no harm.
    pub(super) async fn retire(&self, sent: &Sent, message: &Message, pass: Pass<'_>) {
        for old in message.outdated().filter(|old| **old != sent.message_id) {
            let (Ok(chat), Ok(old)) = (chat_id(&sent.spot), message_id(old)) else {
                return;
            };
            let payload = EditMessageReplyMarkup::new(chat, old);
            let retired = self.client().write::<_, IgnoredAny>(&payload, Charge::edit(chat), pass);
            if let Err(failure) = retired.await {
                tracing::debug!(error = %failure, "old buttons stay");
            }
        }
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::domain::platform::Spot;
    use crate::outbox::courier::DeliveryError;
    use crate::outbox::pacing::Pass;

    fn target(spot: &str, reply_to: Option<&str>, rings: bool) -> Result<Target<'static>, DeliveryError> {
        let spot: Spot = spot.parse().unwrap();
        Target::new(&spot, reply_to, rings, Pass::reply())
    }

    #[test]
    fn only_shared_places_are_silent_and_only_until_it_rings() {
        let silent = |chat: &str, rings| target(chat, None, rings).unwrap().silent;
        assert_eq!(
            (silent("-100", false), silent("-100", true), silent("7", false)),
            (true, false, false)
        );
    }

    #[test]
    fn the_general_topic_is_never_named() {
        assert!(target("-100/1", None, false).unwrap().topic.is_none());
        assert!(target("-100/2", None, false).unwrap().topic.is_some());
    }

    #[test]
    fn an_id_of_another_platform_is_refused() {
        assert!(target("moi", None, false).is_err());
        assert!(target("7", Some("99999999999999999999"), false).is_err());
    }
}
