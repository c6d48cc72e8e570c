//! Discord: from its updates to what a person meant, and from what Guichet says to what Discord shows.
//!
//! Nothing here knows tickets. Reading order: `gateway` and `filter` take updates in, `raw` and `inbound` read
//! them, `missed` reads what nobody heard; `render` and `payload` draw, `answer` and `interaction` answer, `pending`
//! defers what takes long, `courier` delivers; `api` sends every request when `buckets` lets it, and `errors` says what
//! a refusal means. To show a new kind of block, button or form, start in `render`; to understand a new kind of update,
//! in `raw`, `inbound` and `filter`.

mod answer;
mod api;
mod buckets;
mod check;
mod commands;
mod courier;
mod errors;
mod fetch;
mod filter;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gateway;
mod inbound;
mod interaction;
mod missed;
mod payload;
mod pending;
mod raw;
mod render;
#[cfg(all(test, feature = "sandbox"))]
mod sandbox_tests;
mod suggesting;
mod text;
mod waiting;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde::Deserialize;
use serenity::http::Route;
use tokio::sync::watch;
use url::Url;

use crate::chat::intent::{Inbound, IncomingFile};
use crate::chat::reply::Reply;
use crate::domain::platform::Platform;
use crate::intake::front::{Download, FetchError, Front, UnreadableUpdate};
use crate::outbox::courier::{Courier, Delivery, DeliveryError, Sent};
use crate::outbox::pacing::{Pacing, Pass};
use crate::store::files::FileStore;

pub use check::Finding;
pub use gateway::ListenError;

use api::Api;
use errors::Failure;
use pending::{PATIENCE, Pending};
use raw::{Id, Update};

/// The bot on Discord. Clones share everything.
#[derive(Clone, Debug)]
pub struct Discord(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    api: Api,
    files: FileStore,
    pending: Pending,
    me: OnceLock<Identity>,
    sessions: watch::Sender<u64>,
}

/// Who the bot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its user.
    pub user_id: String,
    /// Its name.
    pub name: String,
    /// Its application, which commands and interactions belong to.
    pub application_id: String,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client for Discord: {0}")]
pub struct NoClient(#[source] reqwest::Error);

impl Discord {
    /// The bot with this token, which keeps the limits of `pacing`. `api_url` is `https://discord.com`, or what stands in
    /// its place.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(token: &SecretString, api_url: Url, files: FileStore, pacing: Pacing) -> Result<Self, NoClient> {
        Self::with_patience(PATIENCE, token, api_url, files, pacing)
    }

    /// The same, deferring interactions after that long.
    fn with_patience(
        patience: Duration,
        token: &SecretString,
        api_url: Url,
        files: FileStore,
        pacing: Pacing,
    ) -> Result<Self, NoClient> {
        Ok(Self(Arc::new(Inner {
            api: Api::new(token, api_url, pacing).map_err(NoClient)?,
            files,
            pending: Pending::new(patience),
            me: OnceLock::new(),
            sessions: watch::Sender::new(0),
        })))
    }

    /// Asks Discord, once, who the bot is.
    ///
    /// # Errors
    /// When Discord can't be reached or refuses the token.
    pub async fn identify(&self) -> Result<Identity, DeliveryError> {
        self.identify_now().await.map_err(Failure::into_delivery)
    }

    async fn identify_now(&self) -> Result<Identity, Failure> {
        #[derive(Deserialize)]
        struct User {
            id: Id,
            username: String,
        }
        #[derive(Deserialize)]
        struct Application {
            id: Id,
        }
        if let Some(me) = self.0.me.get() {
            return Ok(me.clone());
        }
        let user: User = self.api().get(Route::UserMe).await?;
        let application: Application = self.api().get(Route::Oauth2ApplicationCurrent).await?;
        let me = Identity {
            user_id: user.id.0,
            name: user.username,
            application_id: application.id.0,
        };
        Ok(self.0.me.get_or_init(|| me).clone())
    }

    async fn application(&self) -> Result<Id, Failure> {
        Ok(Id(self.identify_now().await?.application_id))
    }

    fn api(&self) -> &Api {
        &self.0.api
    }

    fn files(&self) -> &FileStore {
        &self.0.files
    }

    fn pending(&self) -> &Pending {
        &self.0.pending
    }
}

impl Front for Discord {
    fn platform(&self) -> Platform {
        Platform::Discord
    }

    fn arrived(&self, raw: &str, elsewhere: Option<BoxFuture<'static, bool>>) {
        if let Ok(Update::Interaction(interaction)) = Update::parse(raw) {
            self.watch(&interaction, elsewhere);
        }
    }

    fn read(&self, raw: &str) -> Result<Option<Inbound>, UnreadableUpdate> {
        inbound::read(raw, self.api().proxy.as_ref())
    }

    fn changes_of(&self, message_id: &str) -> Option<String> {
        Some(filter::changes_of(message_id))
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
        Box::pin(self.show(inbound, raw, reply, pass))
    }
}

impl Courier for Discord {
    fn platform(&self) -> Platform {
        Platform::Discord
    }

    fn deliver<'a>(
        &'a self,
        delivery: &'a Delivery,
        pass: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>> {
        Box::pin(async move { self.carry(delivery, pass).await.map_err(Failure::into_delivery) })
    }

    fn share(&self, replicas: u32) {
        self.api().share(replicas);
    }

    fn bearable(&self) -> Option<usize> {
        self.api().bearable()
    }
}
