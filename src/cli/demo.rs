//! `guichet demo`: a morning at the desk, with simulated people on simulated platforms. Everything else is real:
//! the adapters, the service, a private database.
//!
//! `story` is what happens, step by step; `print` shows what each person wrote and saw.

mod print;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::TimeZone;
use chrono_tz::Europe::Paris;
use url::Url;

use super::Failure;
use crate::chat::HouseRules;
use crate::clock::Clock;
use crate::desk::{Desk, Setup};
use crate::domain::account::Registration;
use crate::domain::language::Language;
use crate::outbox::pacing::Pacing;
use crate::replica::Identity;
use crate::sandbox::Transcript;
use crate::sandbox::discord::Discord;
use crate::sandbox::telegram::Telegram;
use crate::service::codes::CodeKey;
use crate::store::Store;
use crate::store::files::FileStore;
use crate::store::server::PrivateServer;

/// Plays the morning and says how much of it was seen.
pub(super) async fn demo() -> Result<ExitCode, Failure> {
    let directory = Temporary::make()?;
    println!(
        "A morning at the desk: Discord and Telegram are simulated, everything else is real. People speak French."
    );
    println!("▸ what somebody does   ◂ what they see   [a button]   It takes a few seconds to play.\n");
    let server = PrivateServer::start(&directory.0).await?;
    let clock = Clock::set_to(nine_o_clock());
    let store = Store::open(server.options(), 8, clock.clone()).await?;
    let outcome = play(&directory.0, &store, clock).await;
    store.close().await;
    server.stop().await;
    let all_seen = outcome?;
    Ok(if all_seen { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play(directory: &Path, store: &Store, clock: Clock) -> Result<bool, Failure> {
    let failed = |error| Failure::File(directory.to_owned(), error);
    let files = FileStore::open(&directory.join("files")).map_err(failed)?;
    let key: [u8; 32] = rand::random();
    let transcript = Transcript::default();
    let telegram = Telegram::start(clock.clone(), transcript.clone())
        .await
        .map_err(failed)?;
    let discord = Discord::start(clock.clone(), transcript.clone())
        .await
        .map_err(failed)?;
    let discord_url: Url = discord
        .url()
        .parse()
        .map_err(|error| Failure::Told(format!("the simulated Discord: {error}")))?;
    let setup = Setup {
        store: store.clone(),
        files,
        key: CodeKey::new(key),
        identity: Identity::new(),
        clock: clock.clone(),
        timezone: Paris,
        rules: HouseRules {
            language: Language::Fr,
            registration: Registration::Open,
            timezone: Paris,
            most: None,
        },
        telegram: Some((telegram.token().to_owned().into(), telegram.url())),
        discord: Some((discord.token().to_owned().into(), discord_url)),
        mail: None,
        pacing: Pacing::platforms(),
        web: None,
        public_url: None,
        telegram_webhook: None,
    };
    let desk = Desk::open(setup).await?;
    let stage = story::Stage::set(&telegram, discord, clock, store.clone(), CodeKey::new(key));
    let steps = story::play(stage).await;
    desk.close().await;
    print::people(&transcript.lines());
    Ok(print::steps(&steps))
}

/// A Monday in September.
fn nine_o_clock() -> chrono::DateTime<chrono::Utc> {
    let nine = Paris.with_ymd_and_hms(2026, 9, 14, 9, 0, 0).single();
    nine.map(|nine| nine.to_utc()).unwrap_or_default()
}

/// A directory of our own, gone afterwards.
struct Temporary(PathBuf);

impl Temporary {
    fn make() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("guichet-demo-{:016x}", rand::random::<u64>()));
        fs::create_dir(&path).map_err(|error| Failure::File(path.clone(), error))?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} is left behind: {error}", self.0.display());
        }
    }
}
