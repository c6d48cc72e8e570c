//! `guichet sandbox`: the simulated platforms in a process of their own, for a desk in another.

use std::process::ExitCode;

use super::Failure;
use crate::clock::Clock;
use crate::sandbox::Transcript;
use crate::sandbox::discord::Discord;
use crate::sandbox::telegram::Telegram;

pub(super) async fn sandbox() -> Result<ExitCode, Failure> {
    let failed = |error| Failure::Told(format!("The simulated platforms can't start: {error}"));
    let telegram = Telegram::start(Clock::system(), Transcript::default())
        .await
        .map_err(failed)?;
    let discord = Discord::start(Clock::system(), Transcript::default())
        .await
        .map_err(failed)?;
    println!("GUICHET_TELEGRAM__TOKEN={}", telegram.token());
    println!("GUICHET_TELEGRAM__API_URL={}", telegram.url());
    println!("GUICHET_DISCORD__TOKEN={}", discord.token());
    println!("GUICHET_DISCORD__API_URL={}", discord.url());
    eprintln!(
        "The simulated platforms run until Ctrl-C. Put these lines into a file, and in another terminal: \
         set -a; . ./that-file; set +a; guichet serve"
    );
    tokio::signal::ctrl_c().await.map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}
