//! The `guichet` program.

use std::process::ExitCode;

/// Takes a tenth less of the program's time for a ticket than the system's own; `.cargo/config.toml` has its settings.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    guichet::cli::run().await
}
