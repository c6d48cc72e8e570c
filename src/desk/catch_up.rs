//! What was written to the bot on Discord while nobody listened.
//!
//! Discord tells an event once. So whenever a session on its gateway begins anew, the private chats and the
//! threads of open tickets are read for messages newer than what was stored when the session before began, less
//! some minutes, and of the last two days at most; the inbox knows those it has already. A first message ever from somebody, written while the desk
//! was closed, can't be found: bots can't list their private chats.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::discord::Discord;
use crate::domain::platform::Platform;
use crate::intake::Intake;
use crate::intake::front::RawUpdate;
use crate::outbox::courier::DeliveryError;
use crate::store::{Fault, Store};

/// How far back the reading starts: events may overtake each other around a lost connection.
const OVERLAP_MS: u64 = 10 * 60 * 1_000;
/// How far back it never starts. The inbox forgets an update three days after its answer (`KEEP` in `intake`): what is
/// read from longer ago than that may have been handled, and would be again. This has to stay well below it.
const FARTHEST: TimeDelta = TimeDelta::days(2);
/// Where the milliseconds begin in a Discord id (<https://discord.com/developers/docs/reference#snowflakes>).
const SNOWFLAKE_MS: u32 = 22;
/// The moment from which a Discord id counts, in Unix milliseconds: the beginning of 2015.
const EPOCH_MS: u64 = 1_420_070_400_000;
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
    clock: &Clock,
    mut since: u64,
    stop: &CancellationToken,
) {
    let mut sessions = discord.sessions();
    while let Some(Ok(())) = stop.run_until_cancelled(sessions.changed()).await {
        let read = async {
            loop {
                let after = start(since, clock.now());
                match read_missed(discord, store, intake, after).await {
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

/// The id after which messages are read.
fn start(since: u64, now: DateTime<Utc>) -> u64 {
    let farthest = u64::try_from((now - FARTHEST).timestamp_millis()).unwrap_or_default();
    let farthest = farthest.saturating_sub(EPOCH_MS) << SNOWFLAKE_MS;
    since.saturating_sub(OVERLAP_MS << SNOWFLAKE_MS).max(farthest).max(1)
}

/// Reads every conversation once; gives where the next session has to start.
async fn read_missed(discord: &Discord, store: &Store, intake: &Arc<Intake>, after: u64) -> Result<u64, String> {
    let fault = |fault: Fault| fault.to_string();
    let newest = newest(store).await.map_err(fault)?;
    let after = after.to_string();
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::start;

    #[test]
    fn reading_starts_before_the_newest_and_never_long_ago() {
        // The example of Discord's documentation.
        let (id, written) = (175_928_847_299_117_063, "2016-04-30T11:18:25.796Z");
        let written: DateTime<chrono::Utc> = written.parse().unwrap();
        let minutes = |count| chrono::TimeDelta::minutes(count);
        assert_eq!(start(id, written), id - (600_000 << 22));
        assert!(start(id, written + chrono::TimeDelta::days(4)) > id);
        let days = written + chrono::TimeDelta::days(2);
        assert!(start(0, days - minutes(1)) < id && id < start(0, days + minutes(1)));
        assert_eq!(start(0, DateTime::UNIX_EPOCH), 1);
    }
}
