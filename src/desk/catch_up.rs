//! What was written to the bot on Discord while nobody listened.
//!
//! Discord tells an event once. So whenever a session on its gateway begins anew, the private chats and the
//! threads of open tickets are read for messages newer than what was stored when the session before began, less
//! some minutes; the inbox knows those it has already. A first message ever from somebody, written while the desk
//! was closed, can't be found: bots can't list their private chats.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::discord::Discord;
use crate::domain::platform::Platform;
use crate::intake::Intake;
use crate::intake::front::RawUpdate;
use crate::outbox::courier::DeliveryError;
use crate::store::{Fault, Store};

/// How far back the reading starts: events may overtake each other around a lost connection.
const OVERLAP_MS: u64 = 10 * 60 * 1_000;
/// Where the milliseconds begin in a Discord id (<https://discord.com/developers/docs/reference#snowflakes>).
const SNOWFLAKE_MS: u32 = 22;
/// How long to rest before what could not be read is tried again.
const REST: Duration = Duration::from_secs(5);

/// The id from which on messages may have been missed: that of the newest update stored so far.
///
/// # Errors
/// [`Fault`].
pub(super) async fn newest(store: &Store) -> Result<u64, Fault> {
    let newest = store.newest_update(Platform::Discord).await?;
    Ok(newest.and_then(|id| id.parse().ok()).unwrap_or_default())
}

/// Reads what was missed whenever a session begins, until `stop`. `since` is [`newest`] from before listening
/// began.
pub(super) async fn catch_up(
    discord: &Discord,
    store: &Store,
    intake: &Arc<Intake>,
    mut since: u64,
    stop: &CancellationToken,
) {
    let mut sessions = discord.sessions();
    while let Some(Ok(())) = stop.run_until_cancelled(sessions.changed()).await {
        let read = async {
            loop {
                match read_missed(discord, store, intake, since).await {
                    Ok(newest) => return newest,
                    Err(cause) => tracing::info!(cause, "messages missed on Discord are looked for again"),
                }
                tokio::time::sleep(REST).await;
            }
        };
        if let Some(newest) = stop.run_until_cancelled(read).await {
            since = newest;
        }
    }
}

/// Reads every conversation once; gives where the next session has to start.
async fn read_missed(discord: &Discord, store: &Store, intake: &Arc<Intake>, since: u64) -> Result<u64, String> {
    let fault = |fault: Fault| fault.to_string();
    let newest = newest(store).await.map_err(fault)?;
    let after = since.saturating_sub(OVERLAP_MS << SNOWFLAKE_MS).max(1).to_string();
    for chat in store.list_conversations(Platform::Discord).await.map_err(fault)? {
        match read_chat(discord, &chat, &after).await {
            Ok(missed) => intake.receive(missed).await.map_err(fault)?,
            Err(DeliveryError::Transient(cause)) => return Err(cause),
            Err(gone) => tracing::info!(cause = %gone, "a chat on Discord can't be read any more"),
        }
    }
    Ok(newest)
}

async fn read_chat(discord: &Discord, chat: &str, after: &str) -> Result<Vec<RawUpdate>, DeliveryError> {
    loop {
        match discord.missed(chat, after).await {
            Err(DeliveryError::RetryAfter(wait)) => tokio::time::sleep(wait.max(Duration::from_millis(50))).await,
            read => return read,
        }
    }
}
