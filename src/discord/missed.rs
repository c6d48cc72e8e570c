//! What was written while nobody listened: Discord does not tell it again, so it is read from the channels
//! that are known.

use serde_json::{Value, json};
use serenity::all::ChannelId;
use serenity::http::{LightMethod, Request, Route};
use tokio::sync::watch;

use crate::intake::front::RawUpdate;
use crate::outbox::courier::DeliveryError;
use crate::outbox::pacing::Pass;

use super::answer::number;
use super::errors::Failure;
use super::filter::stored;
use super::{Discord, inbound};

/// The most messages that Discord gives at once.
const PAGE: usize = 100;
/// The most pages read of one channel.
const PAGES: usize = 10;

impl Discord {
    /// Counts the sessions on Discord's gateway that began rather than went on: each time it changes, messages
    /// may have been missed.
    #[must_use]
    pub fn sessions(&self) -> watch::Receiver<u64> {
        self.0.sessions.subscribe()
    }

    /// The messages that people wrote in a private chat or a thread after the message `after`, oldest first, at
    /// most a thousand.
    ///
    /// # Errors
    /// When Discord can't be reached, or the channel is gone.
    pub async fn missed(&self, channel: &str, after: &str) -> Result<Vec<RawUpdate>, DeliveryError> {
        self.read_missed(channel, after).await.map_err(Failure::into_delivery)
    }

    async fn read_missed(&self, channel: &str, after: &str) -> Result<Vec<RawUpdate>, Failure> {
        let channel_id = ChannelId::new(number(channel)?);
        let mut after = number(after)?;
        let about: Value = self.api().get(Route::Channel { channel_id }).await?;
        let mut missed = Vec::new();
        for _ in 0..PAGES {
            let params = vec![("limit", PAGE.to_string()), ("after", after.to_string())];
            let request = Request::new(Route::ChannelMessages { channel_id }, LightMethod::Get).params(Some(params));
            let page = self.api().execute(request, Pass::reply()).await?;
            let page = page.as_array().map(Vec::as_slice).unwrap_or_default();
            let id = |message: &Value| message["id"].as_str().and_then(|id| id.parse::<u64>().ok());
            missed.extend(page.iter().filter_map(|message| {
                let update = self.keep_missed(message, &about["guild_id"]);
                Some((id(message)?, update?))
            }));
            match page.iter().filter_map(id).max() {
                Some(newest) if page.len() == PAGE => after = newest,
                _ => break,
            }
        }
        missed.sort_by_key(|(id, _)| *id);
        Ok(missed.into_iter().map(|(_, update)| update).collect())
    }

    /// The message as the gateway would have told it, which also says in which server it stands.
    fn keep_missed(&self, message: &Value, guild: &Value) -> Option<RawUpdate> {
        let mut message = message.clone();
        message["guild_id"] = json!(guild);
        let raw = stored("MESSAGE_CREATE", &message);
        inbound::read(&raw, self.api().proxy.as_ref()).ok()??;
        Some(RawUpdate {
            update_id: message["id"].as_str()?.to_owned(),
            lane: message["channel_id"].as_str()?.to_owned(),
            raw,
        })
    }
}
