//! The `guichet` program.

use std::process::ExitCode;

/// Takes a tenth less of the program's time for a ticket than the system's own; `.cargo/config.toml` has its settings.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // One thread for two cores: the database wants as much, and threads that wake one another cost a tenth more for a
    // ticket where there are no cores left for them.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.div_ceil(2))
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(guichet::cli::run()),
        Err(error) => {
            eprintln!("guichet: {error}");
            ExitCode::FAILURE
        }
    }
}
