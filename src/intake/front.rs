//! What intake asks of an adapter.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::AsyncRead;

use crate::chat::intent::{Inbound, IncomingFile};
use crate::chat::reply::Reply;
use crate::domain::platform::Platform;
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::Pass;
pub use crate::store::inbox::RawUpdate;

/// How long it may take to learn whether another replica has answered an update, while a platform waits for a sign of
/// life.
pub const ASKING: Duration = Duration::from_millis(300);

/// A platform's side of the conversation: reads its raw updates, fetches its files, shows answers.
pub trait Front: Send + Sync + 'static {
    /// Which platform.
    fn platform(&self) -> Platform;

    /// Hears of an update as soon as it has come, perhaps more than once: for a platform that wants a sign of life
    /// soon. `elsewhere` is there for one that another replica should handle, and tells, within [`ASKING`], whether it
    /// has been answered.
    fn arrived(&self, _raw: &str, _elsewhere: Option<BoxFuture<'static, bool>>) {}

    /// Translates a raw update as it was stored; `None` when there is nothing in it for us.
    ///
    /// # Errors
    /// When it is not an update of this platform at all; it is then set aside.
    fn read(&self, raw: &str) -> Result<Option<Inbound>, UnreadableUpdate>;

    /// How the ids of updates begin that change a message, where they may come before it.
    fn changes_of(&self, _message_id: &str) -> Option<String> {
        None
    }

    /// Opens a file that came with a message, to be streamed.
    fn fetch<'a>(&'a self, file: &'a IncomingFile) -> BoxFuture<'a, Result<Download, FetchError>>;

    /// Shows the answer to an update; gives what was sent, so that replies to it are recognised. `raw` is the
    /// update as stored.
    fn answer<'a>(
        &'a self,
        inbound: &'a Inbound,
        raw: &'a str,
        reply: &'a Reply,
        pass: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>>;
}

/// A file's content, as it arrives.
pub type Download = Box<dyn AsyncRead + Send + Unpin>;

/// A raw update that can't be translated, with the cause (never its content).
#[derive(Debug, thiserror::Error)]
#[error("not an update of this platform: {0}")]
pub struct UnreadableUpdate(pub String);

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Larger than the platform hands to bots.
    #[error("larger than the platform hands over")]
    TooLarge,
    /// Any other failure; the text carries no address and no token.
    #[error("the platform did not hand it over: {0}")]
    Failed(String),
}
