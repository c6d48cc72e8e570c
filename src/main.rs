//! The `guichet` program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    guichet::cli::run().await
}
