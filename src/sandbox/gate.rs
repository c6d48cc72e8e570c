//! A point where a request of the bot is held, until the test that waits there lets it go on.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds one request; clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<Stage>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Held,
    /// Whoever asked has gone away while the request was held.
    Left,
    Open,
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Stage::Waiting)))
    }
}

impl PartialEq for Gate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Gate {
    /// Waits until a request is held here.
    pub async fn reached(&self) {
        self.passed_by(|stage| stage != Stage::Waiting).await;
    }

    /// Waits until whoever made the request that is held has gone away.
    pub async fn left(&self) {
        self.passed_by(|stage| stage == Stage::Left).await;
    }

    /// Lets the request go on, and all that come later.
    pub fn open(&self) {
        self.0.send_replace(Stage::Open);
    }

    /// Holds the request that comes first; those after it pass.
    pub(super) async fn pass(&self) {
        let first = self.0.send_if_modified(|stage| {
            let first = *stage == Stage::Waiting;
            if first {
                *stage = Stage::Held;
            }
            first
        });
        if first {
            let _leaves = Leaves(self);
            self.passed_by(|stage| stage == Stage::Open).await;
        }
    }

    async fn passed_by(&self, mut there: impl FnMut(Stage) -> bool) {
        // The sender is `self`, so it can't be gone.
        let _ = self.0.subscribe().wait_for(|stage| there(*stage)).await;
    }
}

/// Tells, when it is dropped with the request still held, that nobody waits for the answer any more.
struct Leaves<'a>(&'a Gate);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.0.send_if_modified(|stage| {
            let held = *stage == Stage::Held;
            if held {
                *stage = Stage::Left;
            }
            held
        });
    }
}
