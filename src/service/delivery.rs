//! What could not be delivered: look at it, and send it again.

use std::collections::BTreeSet;

use crate::domain::ids::OutboxId;
use crate::domain::permission::{Deliveries, Permit};
use crate::store::dead_letters::{self, DeadLetter};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, reach};

/// Lists what could not be delivered, the newest first, at most `limit`; and how much there is.
///
/// # Errors
/// [`Fault`].
pub async fn list(tx: &mut Tx, _permit: Permit<Deliveries>, limit: u32) -> Result<(Vec<DeadLetter>, i64), Fault> {
    Ok((dead_letters::list(tx, limit).await?, dead_letters::count(tx).await?))
}

/// Has one letter, or the oldest, some hundreds at most, sent again, behind what waits; how many there were.
///
/// # Errors
/// [`Fault`].
pub async fn resend(tx: &mut Tx, _permit: Permit<Deliveries>, id: Option<OutboxId>) -> Result<usize, Fault> {
    let notices = dead_letters::take(tx, id).await?;
    let (mut people, mut places) = (BTreeSet::new(), BTreeSet::new());
    for notice in &notices {
        match notice {
            Notice::Person { identity, .. }
            | Notice::OwnCard { identity, .. }
            | Notice::Marked { identity, .. }
            | Notice::NewTicket { identity, .. }
            | Notice::PersonInstead { identity, .. }
            | Notice::PlaceLost { identity, .. }
            | Notice::Unread { identity, .. }
            | Notice::Linked { identity, .. }
            | Notice::Unlinked { identity, .. }
            | Notice::OtherUnlinked { identity, .. }
            | Notice::LinkAnswered { identity, .. }
            | Notice::LinkLapsed { identity }
            | Notice::Role { identity }
            | Notice::PasswordChanged { identity }
            | Notice::Transcript { identity, .. }
            | Notice::LetterRefused { identity, .. } => people.insert(*identity),
            Notice::Letter { .. } | Notice::Farewell { .. } => false,
            Notice::Card { place, .. }
            | Notice::Thread { place, .. }
            | Notice::Unreached { place, .. }
            | Notice::Purged { place, .. } => places.insert(*place),
        };
    }
    // Somebody thinks that there is a way again: it is tried.
    for identity in people {
        reach::doubt_person(tx, identity).await?;
    }
    for place in places {
        reach::doubt_place(tx, place).await?;
    }
    outbox::insert(tx, &notices).await?;
    Ok(notices.len())
}
