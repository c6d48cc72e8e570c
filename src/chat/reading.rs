//! Lists of tickets.

use super::cards;
use super::reply::Reply;
use super::turn::Turn;
use crate::store::{Fault, tickets};

/// How many tickets a list shows.
const LISTED: u32 = 10;

impl Turn<'_> {
    /// `/tickets`: one's own; for staff, what is still to be done.
    pub(super) async fn list(&mut self) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let (title, mut lines) = match actor.permit() {
            Ok(permit) => (
                "list-team",
                tickets::list_unresolved(self.tx, permit, LISTED + 1).await?,
            ),
            Err(_) => (
                "list-mine",
                tickets::list_open_of(self.tx, actor.account, LISTED + 1).await?,
            ),
        };
        let more = lines.len() > LISTED as usize;
        lines.truncate(LISTED as usize);
        Ok(self.tell(cards::list(self.lang(), title, &lines, more)))
    }
}
