//! Updates that Telegram posts, such that none is lost: it hears that one arrived only once that is stored, and
//! sends it again otherwise.
//!
//! The secret that Telegram sends along is made of the bot's token, so that all replicas know it and nobody has to
//! choose one.

use std::fmt::Display;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use hmac::{Hmac, Mac};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use teloxide::payloads::{DeleteWebhook, GetWebhookInfo};
use teloxide::requests::Payload;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Telegram;
use super::failure::Failure;
use super::poll::{KINDS, envelope};
use crate::intake::front::RawUpdate;

/// Where Telegram puts the secret.
const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";
/// How many updates Telegram may post at once. Beside each other, a person's second message may be stored before the
/// first, and a lane goes in the order of storing.
const AT_ONCE: u8 = 1;
/// How often is looked whether the webhook is still set, and how it does.
const LOOK: Duration = Duration::from_mins(1);
/// How long to rest after a failure, at first.
const REST: Duration = Duration::from_secs(1);

#[derive(Serialize)]
struct SetWebhook<'a> {
    url: &'a str,
    secret_token: &'a str,
    max_connections: u8,
    allowed_updates: [&'static str; 5],
}

impl Payload for SetWebhook<'_> {
    type Output = bool;

    const NAME: &'static str = "SetWebhook";
}

/// What Telegram knows of the webhook.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Info {
    pub(super) url: String,
    #[serde(default)]
    pub(super) pending_update_count: u64,
    pub(super) last_error_date: Option<i64>,
    pub(super) last_error_message: Option<String>,
}

impl Telegram {
    /// The page to which Telegram posts updates. `receive` stores them; only then does Telegram hear that they
    /// arrived.
    pub fn webhook<E, F, R>(&self, receive: R) -> Router
    where
        E: Display + Send + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        R: Fn(Vec<RawUpdate>) -> F + Clone + Send + Sync + 'static,
    {
        let secret = self.webhook_secret();
        let take = move |request: Request| {
            let (secret, receive) = (secret.clone(), receive.clone());
            async move { take(&secret, receive, request).await }
        };
        Router::new().route("/telegram/webhook", post(take))
    }

    /// Has updates posted to `url` until `stop`, and sets that right when somebody changes it.
    ///
    /// # Errors
    /// When Telegram does not know the token.
    pub async fn keep_webhook(&self, url: &Url, stop: CancellationToken) -> Result<(), Failure> {
        self.keep_webhook_looking(url, LOOK, stop).await
    }

    pub(super) async fn keep_webhook_looking(
        &self,
        url: &Url,
        look: Duration,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        let (mut keeper, mut longer) = (Keeper::default(), REST.min(look));
        loop {
            let rest = match stop.run_until_cancelled(keeper.look(self, url)).await {
                None => return Ok(()),
                Some(Ok(())) => {
                    longer = REST.min(look);
                    look
                }
                Some(Err(failure)) if failure.is_bad_token() => return Err(failure),
                Some(Err(Failure::RetryAfter(wait))) => wait,
                Some(Err(failure)) => {
                    tracing::warn!(cause = %failure, rest_ms = longer.as_millis(), "the webhook can't be set");
                    let rest = longer;
                    longer = (rest * 2).min(look);
                    rest
                }
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Has updates kept for whoever asks for them.
    pub(super) async fn remove_webhook(&self) {
        // Without `drop_pending_updates`: what waits comes by polling.
        match self.client().call::<_, IgnoredAny>(&DeleteWebhook::new()).await {
            Ok(_) => tracing::info!("the webhook is removed"),
            Err(failure) => tracing::warn!(cause = %failure, "the webhook can't be removed"),
        }
    }

    pub(super) async fn webhook_info(&self) -> Result<Info, Failure> {
        self.client().call(&GetWebhookInfo::new()).await
    }

    pub(super) async fn set_webhook(&self, url: &Url) -> Result<(), Failure> {
        let payload = SetWebhook {
            url: url.as_str(),
            secret_token: &self.webhook_secret(),
            max_connections: AT_ONCE,
            allowed_updates: KINDS,
        };
        self.client().call::<_, IgnoredAny>(&payload).await?;
        Ok(())
    }

    /// The same on every replica, and told to nobody but Telegram: 64 hexadecimal digits.
    pub(super) fn webhook_secret(&self) -> String {
        // HMAC fills a key up with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&Sha256::digest(self.client().token()));
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"guichet telegram webhook");
        format!("{:x}", mac.finalize().into_bytes())
    }
}

async fn take<E, F>(secret: &str, receive: impl Fn(Vec<RawUpdate>) -> F, request: Request) -> StatusCode
where
    E: Display + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
{
    let given = request.headers().get(SECRET_HEADER).map(HeaderValue::as_bytes);
    // Before the body is read: strangers cost as little as can be.
    if !bool::from(given.unwrap_or_default().ct_eq(secret.as_bytes())) {
        tracing::debug!("an update without the secret is refused");
        return StatusCode::UNAUTHORIZED;
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response().status(),
    };
    let Some((_, update)) = std::str::from_utf8(&body).ok().and_then(envelope) else {
        // Refused, it would come for ever.
        tracing::error!(bytes = body.len(), "an update without an id can't be kept");
        return StatusCode::OK;
    };
    // In a task of its own: when Telegram hangs up in the middle, what is begun is done all the same.
    match tokio::spawn(receive(vec![update])).await {
        Ok(Ok(())) => StatusCode::OK,
        Ok(Err(error)) => {
            tracing::warn!(%error, "an update could not be stored; Telegram sends it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What is known of the webhook.
#[derive(Default)]
struct Keeper {
    /// Whether it was set by us: with our secret, and for the kinds that we ask for.
    set: bool,
    /// When the last failure was of which the log knows.
    told: Option<i64>,
}

impl Keeper {
    async fn look(&mut self, telegram: &Telegram, url: &Url) -> Result<(), Failure> {
        let info = if self.set {
            telegram.webhook_info().await?
        } else {
            Info::default()
        };
        if info.url != url.as_str() {
            self.set = false;
            telegram.set_webhook(url).await?;
            self.set = true;
            tracing::info!("Telegram posts updates to the webhook");
        } else if info.last_error_date > self.told {
            let cause: String = info.last_error_message.unwrap_or_default().chars().take(200).collect();
            tracing::warn!(
                cause,
                waiting = info.pending_update_count,
                "Telegram could not post updates"
            );
            self.told = info.last_error_date;
        }
        Ok(())
    }
}
