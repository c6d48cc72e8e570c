//! Keeps the server running: one that ends without being told to is started again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::{ConnectOptions, Connection};
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::files::Files;
use super::process::Daemon;
use super::program::Program;
use super::{ServerError, options_at};

/// How often the server is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// The longest rest before one that ends again and again is started once more.
const LONGEST_REST: Duration = Duration::from_secs(10);

/// The server's process, until [`Keeper::take`]. Dropped, the server stays as it is, with nobody to look after it.
#[derive(Debug)]
pub(super) struct Keeper {
    slot: Slot,
    _looking: AbortOnDropHandle<()>,
}

/// Empty once the server is to end.
type Slot = Arc<Mutex<Option<Daemon>>>;

impl Keeper {
    /// Looks after a server that answers.
    pub(super) fn new(daemon: Daemon, program: Program, files: Files, socket: &Path) -> Self {
        let slot = Arc::new(Mutex::new(Some(daemon)));
        let starter = Starter {
            slot: Arc::clone(&slot),
            program,
            files,
            socket: socket.to_owned(),
        };
        Self {
            slot,
            _looking: AbortOnDropHandle::new(tokio::spawn(starter.keep())),
        }
    }

    /// The process, which nobody starts again from now on.
    pub(super) fn take(&self) -> Option<Daemon> {
        lock(&self.slot).take()
    }

    /// Ends the process as a crash would.
    #[cfg(test)]
    pub(super) fn kill(&self) -> std::io::Result<()> {
        lock(&self.slot).as_mut().map_or(Ok(()), |daemon| daemon.server.kill())
    }
}

fn lock(slot: &Slot) -> MutexGuard<'_, Option<Daemon>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Starter {
    slot: Slot,
    program: Program,
    files: Files,
    socket: PathBuf,
}

/// What a look at the server showed.
enum Look {
    Runs,
    Ended(ServerError),
    ToEnd,
}

impl Starter {
    async fn keep(self) {
        let mut rest = LOOK;
        loop {
            sleep(LOOK).await;
            match self.look() {
                Look::Runs => {}
                Look::ToEnd => return,
                Look::Ended(cause) => {
                    tracing::error!(%cause, "the private database ended and is started again");
                    if let Err(cause) = self.start() {
                        tracing::error!(%cause, "the private database can't be started");
                    }
                    if self.is_back().await {
                        tracing::info!("the private database answers again");
                        rest = LOOK;
                    } else {
                        sleep(rest).await;
                        rest = (rest * 2).min(LONGEST_REST);
                    }
                }
            }
        }
    }

    fn look(&self) -> Look {
        match lock(&self.slot).as_mut().map(Daemon::check) {
            None => Look::ToEnd,
            Some(Ok(())) => Look::Runs,
            Some(Err(ended)) => Look::Ended(ended),
        }
    }

    /// Under the lock, so that a server that is to end is not started behind the back of whoever ends it.
    fn start(&self) -> Result<(), ServerError> {
        let mut slot = lock(&self.slot);
        if slot.is_some() {
            self.files.sweep()?;
            *slot = Some(Daemon::spawn(
                self.program.serve(&self.files, &self.socket),
                &self.files,
            )?);
        }
        Ok(())
    }

    /// Waits until the server answers, or has ended.
    async fn is_back(&self) -> bool {
        while matches!(self.look(), Look::Runs) {
            if let Ok(Ok(connection)) = timeout(Duration::from_secs(5), options_at(&self.socket).connect()).await {
                if let Some(daemon) = lock(&self.slot).as_mut() {
                    daemon.mark_answered();
                }
                // It answered; how it takes the goodbye does not matter.
                let _ = connection.close().await;
                return true;
            }
            sleep(LOOK).await;
        }
        false
    }
}
