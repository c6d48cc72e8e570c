//! `guichet serve`: the desk, open until it is told to close.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::Failure;
use super::desk_at::{DeskAt, identity, key};
use super::mail::mailer;
use crate::chat::HouseRules;
use crate::clock::Clock;
use crate::config::{Config, Place, Purpose};
use crate::desk::{Desk, Setup};
use crate::domain::language::Language;
use crate::outbox::pacing::Pacing;
use crate::store::files::FileStore;
use crate::store::places::{self, Binding};
use crate::store::{Fault, Store, Tx};

/// Serves without keeping the platforms' limits, where they are simulated on this machine.
#[cfg(feature = "sandbox")]
pub(super) async fn serve_unpaced(config: Config) -> Result<ExitCode, Failure> {
    let is_here = |url: &url::Url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(_)) | None => false,
    };
    if !is_here(&config.telegram.api_url) || !is_here(&config.discord.api_url) {
        return Err(Failure::Told(
            "--unpaced is for simulated platforms on this machine: Discord and Telegram ban a bot that ignores their \
             limits."
                .to_owned(),
        ));
    }
    serve(config, Pacing::unlimited()).await
}

pub(super) async fn serve(config: Config, pacing: Pacing) -> Result<ExitCode, Failure> {
    if config.telegram.token.is_none() && config.discord.token.is_none() {
        return Err(Failure::Told(
            "There is no bot to serve: set telegram.token or discord.token (README.md, \"Real bots\"), or try \
             `guichet demo`, which needs neither."
                .to_owned(),
        ));
    }
    let web = match config.web.listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let key = key(&config)?;
    let directory = config.data.join("files");
    let files = FileStore::open(&directory).map_err(|error| Failure::File(directory, error))?;
    let at = DeskAt::open(&config).await?;
    for risk in at.store.list_risks().await? {
        tracing::warn!(risk, "the database may lose what was acknowledged");
    }
    bind_places(&at.store, &config).await?;
    let mail = mailer(&config)?;
    let rules = HouseRules {
        language: config.desk.language,
        registration: config.registration(),
        timezone: config.desk.timezone,
        most: NonZeroU32::new(config.desk.tickets_at_once),
    };
    let setup = Setup {
        store: at.store.clone(),
        files,
        key,
        identity: identity(&config)?,
        clock: Clock::system(),
        web,
        public_url: config.web.public_url.clone(),
        telegram_webhook: config.telegram_webhook(),
        timezone: config.desk.timezone,
        rules,
        telegram: config.telegram.token.map(|token| (token, config.telegram.api_url)),
        mail,
        discord: config.discord.token.map(|token| (token, config.discord.api_url)),
        pacing,
    };
    let served = until_stopped(setup).await;
    at.close().await;
    served
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::Told(format!(
            "web.listen: {address} can't be listened on: {error}. Choose another port, or stop what uses it."
        ))
    })?;
    let address = listener.local_addr().unwrap_or(address);
    tracing::info!(%address, "listening for HTTP");
    Ok(listener)
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
    store
        .insist(config, |tx, config| {
            Box::pin(async move {
                for place in &config.places {
                    match place.purpose {
                        Purpose::Staff => bind(tx, place, config.desk.language).await?,
                    }
                }
                Ok(())
            })
        })
        .await
}

async fn bind(tx: &mut Tx, place: &Place, language: Language) -> Result<(), Fault> {
    let chat = place.id.to_string();
    if places::find_at(tx, place.platform, &chat).await?.is_some() {
        return Ok(());
    }
    let binding = Binding {
        platform: place.platform,
        chat: &chat,
        name: None,
        topics: false,
        language,
        by: None,
    };
    places::bind(tx, binding).await
}
