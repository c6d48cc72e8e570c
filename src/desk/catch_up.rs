//! What was written to the bot on Discord while nobody listened.
//!
//! Discord tells an event once. So whenever a session on its gateway begins anew, the private chats and the
//! threads of open tickets are read for messages that are newer than the newest update in the inbox, less some
//! minutes; the inbox knows those it has already. A first message ever from somebody, written while the desk
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

/// How far before the newest update the reading starts: events may overtake each other around a lost connection.
const OVERLAP_MS: u64 = 10 * 60 * 1_000;
/// Where the milliseconds begin in a Discord id (<https://discord.com/developers/docs/reference#snowflakes>).
const SNOWFLAKE_MS: u32 = 22;

/// Reads what was missed whenever a session begins, until `stop`.
pub(super) async fn catch_up(discord: &Discord, store: &Store, intake: &Arc<Intake>, stop: &CancellationToken) {
    let mut sessions = discord.sessions();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = sessions.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            read = read_missed(discord, store, intake) => {
                if let Err(fault) = read {
                    tracing::warn!(cause = %fault, "messages missed on Discord could not be looked for");
                }
            }
        }
    }
}

async fn read_missed(discord: &Discord, store: &Store, intake: &Arc<Intake>) -> Result<(), Fault> {
    let newest = store.newest_update(Platform::Discord).await?;
    let Some(newest) = newest.and_then(|id| id.parse::<u64>().ok()) else {
        return Ok(());
    };
    let after = newest.saturating_sub(OVERLAP_MS << SNOWFLAKE_MS).to_string();
    for chat in store.list_conversations(Platform::Discord).await? {
        match read_chat(discord, &chat, &after).await {
            Ok(missed) => intake.receive(missed).await?,
            Err(error) => tracing::info!(cause = %error, "a chat on Discord can't be read for missed messages"),
        }
    }
    Ok(())
}

async fn read_chat(discord: &Discord, chat: &str, after: &str) -> Result<Vec<RawUpdate>, DeliveryError> {
    loop {
        match discord.missed(chat, after).await {
            Err(DeliveryError::RetryAfter(wait)) => tokio::time::sleep(wait.max(Duration::from_millis(50))).await,
            read => return read,
        }
    }
}
