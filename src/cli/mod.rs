//! The commands of the program, a file each. To add one: a variant of `Command` and its file.

mod admin;
mod check;
mod deletion;
mod delivery;
#[cfg(feature = "sandbox")]
mod demo;
mod desk_at;
pub mod log;
mod mail;
#[cfg(feature = "sandbox")]
mod sandbox;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError};
use crate::outbox::pacing::Pacing;

/// A helpdesk by message: people write on Discord or Telegram, technicians answer from a channel.
#[derive(Parser)]
#[command(name = "guichet", version)]
struct Cli {
    /// A file with settings; config/default.toml says which there are.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open the desk: connect to Discord and Telegram and serve until stopped.
    Serve {
        /// Keep no limits but those of the machine: for simulated platforms, to measure.
        #[cfg(feature = "sandbox")]
        #[arg(long, hide = true)]
        unpaced: bool,
    },
    /// Play a morning at the desk, with simulated Discord and Telegram.
    #[cfg(feature = "sandbox")]
    Demo,
    /// Run the simulated Discord and Telegram alone, and print the settings for a desk to connect to them.
    #[cfg(feature = "sandbox")]
    Sandbox,
    /// Look whether the settings, the database and the bots are right, and say how to mend what is not.
    Check,
    /// Bring the database up to date without opening the desk.
    Migrate,
    /// Manage accounts.
    Admin {
        #[command(subcommand)]
        command: admin::Command,
    },
    /// See what could not be delivered, and send it again.
    Delivery {
        #[command(subcommand)]
        command: delivery::Command,
    },
}

/// Why a command did not succeed, as a sentence for the terminal.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("The settings can't be used: {0}")]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Server(#[from] crate::store::server::ServerError),
    #[error("{}", of_store(.0))]
    Store(#[from] crate::store::Fault),
    #[error("{0}")]
    Desk(#[from] crate::desk::DeskError),
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error("{0}")]
    Told(String),
}

fn of_store(fault: &crate::store::Fault) -> String {
    match fault.remedy() {
        Some(remedy) => format!("database.url can't be used: {remedy} ({fault})."),
        None => format!("The database does not do what is asked: {fault}"),
    }
}

/// Runs the program.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("guichet: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    #[cfg(feature = "sandbox")]
    if matches!(cli.command, Command::Demo) {
        return demo::demo().await;
    }
    #[cfg(feature = "sandbox")]
    if matches!(cli.command, Command::Sandbox) {
        return sandbox::sandbox().await;
    }
    let config = Config::load(cli.config.as_deref())?;
    log::start(&config.log);
    match cli.command {
        #[cfg(feature = "sandbox")]
        Command::Serve { unpaced: true } => serve::serve_unpaced(config).await,
        Command::Serve { .. } => serve::serve(config, Pacing::platforms()).await,
        Command::Check => check::check(&config).await,
        Command::Migrate => {
            desk_at::DeskAt::visit(&config).await?.close().await;
            println!("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin { command } => admin::admin(&config, command).await,
        Command::Delivery { command } => delivery::delivery(&config, command).await,
        #[cfg(feature = "sandbox")]
        Command::Demo | Command::Sandbox => Ok(ExitCode::SUCCESS),
    }
}
