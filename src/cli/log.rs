//! The log: what is written, and what never is.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::config::{Log, LogFormat};

/// Starts logging to standard error.
pub(super) fn start(log: &Log) {
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // One filter before all: with a filter of its own, a layer misses the event that follows when a library asks
    // whether it would be heard (as sqlx does at every query) and then says nothing.
    let registry = tracing_subscriber::registry().with(targets(log.level));
    let started = match log.format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    };
    // What a panic says may hold what people write; where it happened does not.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a panic");
    }));
    if started.is_err() {
        eprintln!("guichet: something else logs already");
    }
}

/// Only our own words and the database driver's: the platforms' libraries log what people write, and tokens.
#[must_use]
pub fn targets(level: LevelFilter) -> Targets {
    Targets::new()
        .with_target("guichet", level)
        .with_target("sqlx::pool", tracing::Level::WARN)
}
