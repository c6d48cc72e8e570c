//! `guichet serve`: the desk, open until it is told to close.

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

use super::Failure;
use super::desk_at::{DeskAt, identity, key};
use crate::clock::Clock;
use crate::config::{Config, Purpose};
use crate::desk::{Desk, Setup};
use crate::outbox::pacing::Pacing;
use crate::store::files::FileStore;
use crate::store::places::{self, Binding};
use crate::store::{Fault, Store};

pub(super) async fn serve(config: Config) -> Result<ExitCode, Failure> {
    if config.telegram.token.is_none() && config.discord.token.is_none() {
        return Err(Failure::Told(
            "There is no bot to serve: set telegram.token or discord.token (README.md, \"Real bots\"), or try \
             `guichet demo`, which needs neither."
                .to_owned(),
        ));
    }
    let key = key(&config)?;
    let directory = config.data.join("files");
    let files = FileStore::open(&directory).map_err(|error| Failure::File(directory, error))?;
    let at = DeskAt::open(&config).await?;
    bind_places(&at.store, &config).await?;
    let setup = Setup {
        store: at.store.clone(),
        files,
        key,
        identity: identity(&config)?,
        clock: Clock::system(),
        timezone: config.desk.timezone,
        language: config.desk.language,
        telegram: config.telegram.token.map(|token| (token, config.telegram.api_url)),
        discord: config.discord.token.map(|token| (token, config.discord.api_url)),
        pacing: Pacing::platforms(),
    };
    let served = until_stopped(setup).await;
    at.close().await;
    served
}

async fn until_stopped(setup: Setup) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::Told(format!("Signals can't be listened to: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut hang_up = signal(SignalKind::hangup()).map_err(failed)?;
    let mut desk = Desk::open(setup).await?;
    tracing::info!("the desk is open");
    let failure = tokio::select! {
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
        _ = hang_up.recv() => None,
        failure = desk.failed() => Some(failure),
    };
    tracing::info!("closing the desk");
    tokio::select! {
        () = desk.close() => tracing::info!("the desk is closed"),
        // Asked twice, it does not wait for what is on the way.
        _ = terminate.recv() => tracing::warn!("the desk is left as it is"),
        _ = interrupt.recv() => tracing::warn!("the desk is left as it is"),
    }
    failure.map_or(Ok(ExitCode::SUCCESS), |failure| Err(failure.into()))
}

/// Binds the places that the settings name.
async fn bind_places(store: &Store, config: &Config) -> Result<(), Fault> {
    let mut tx = store.begin().await?;
    for place in &config.places {
        match place.purpose {
            Purpose::Staff => {
                let chat = place.id.to_string();
                let known = places::find_at(&mut tx, place.platform, &chat).await?;
                if known.is_none() {
                    let binding = Binding {
                        platform: place.platform,
                        chat: &chat,
                        name: None,
                        topics: false,
                        language: config.desk.language,
                        by: None,
                    };
                    places::bind(&mut tx, binding).await?;
                }
            }
        }
    }
    tx.commit().await
}
