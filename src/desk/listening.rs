//! What each platform's listener does until the desk closes, and what it reports when it can't go on.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::webhook::Webhook;
use super::{DeskError, catch_up};
use crate::clock::Clock;
use crate::discord::Discord;
use crate::intake::Intake;
use crate::replica::Duty;
use crate::store::Store;
use crate::telegram::Telegram;

/// The longest rest before a platform that can't be reached is tried again.
const LONGEST_REST: Duration = Duration::from_secs(30);

pub(super) async fn report(
    name: &'static str,
    failed: mpsc::UnboundedSender<DeskError>,
    listener: impl Future<Output = Result<(), String>>,
) {
    if let Err(problem) = listener.await {
        // Nobody listens any more when the desk is closing.
        let _ = failed.send(DeskError::Platform {
            platform: name,
            problem,
        });
    }
}

pub(super) async fn listen_to_telegram(
    telegram: Telegram,
    polling: Duty,
    intake: Arc<Intake>,
    webhook: Option<Webhook>,
    stop: CancellationToken,
) -> Result<(), String> {
    let mut rest = Duration::from_millis(250);
    loop {
        let ready = async {
            telegram.identify().await?;
            telegram.register_commands().await
        };
        let Some(ready) = stop.run_until_cancelled(ready).await else {
            return Ok(());
        };
        match ready {
            Ok(()) => break,
            Err(failure) if failure.is_bad_token() => return Err(bad_token(&failure)),
            Err(failure) => rest = not_ready("Telegram", &failure, rest, &stop).await,
        }
        if stop.is_cancelled() {
            return Ok(());
        }
    }
    // Only now: before it knows its name, the bot can't tell its own commands in groups from another's.
    intake.start();
    let listened = if let Some(webhook) = webhook {
        webhook.keep(&telegram, stop).await
    } else {
        let polled = polling.perform(&stop, || {
            tracing::info!("listening to Telegram");
            telegram.poll(|updates| intake.receive(updates), stop.clone())
        });
        polled.await.unwrap_or(Ok(()))
    };
    listened.map_err(|failure| bad_token(&failure))
}

/// What to do about a token that is refused.
fn bad_token(failure: &impl Display) -> String {
    format!("{failure}: copy the bot's token again from @BotFather to telegram.token")
}

pub(super) async fn listen_to_discord(
    discord: Discord,
    store: Store,
    intake: Arc<Intake>,
    clock: Clock,
    stop: CancellationToken,
) -> Result<(), String> {
    let mut rest = Duration::from_millis(250);
    let since = loop {
        match catch_up::newest(&store).await {
            Ok(newest) => break newest,
            Err(fault) => rest = not_ready("The inbox", &fault, rest, &stop).await,
        }
        if stop.is_cancelled() {
            return Ok(());
        }
    };
    let register = async {
        let mut rest = Duration::from_millis(250);
        while let Err(failure) = discord.register_commands().await {
            rest = not_ready("Discord", &failure, rest, &stop).await;
            if stop.is_cancelled() {
                break;
            }
        }
    };
    // The gateway finds a bad token out; commands registered before still work while this is tried.
    let listen = discord.listen(
        |updates| intake.announce(updates),
        |updates| intake.receive(updates),
        |typing| intake.suggest(typing),
        stop.clone(),
    );
    let beside = async {
        tracing::info!("listening to Discord");
        tokio::join!(
            register,
            catch_up::catch_up(&discord, &store, &intake, &clock, since, &stop)
        );
        std::future::pending().await
    };
    let listened = tokio::select! {
        listened = listen => listened,
        never = beside => never,
    };
    listened.map_err(|error| error.to_string())
}

/// Says that a platform can't be reached yet and rests; gives the next rest.
async fn not_ready(name: &str, failure: &impl Display, rest: Duration, stop: &CancellationToken) -> Duration {
    tracing::warn!(cause = %failure, rest_ms = rest.as_millis(), "{name} is not ready yet");
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(rest) => {}
    }
    (rest * 2).min(LONGEST_REST)
}
