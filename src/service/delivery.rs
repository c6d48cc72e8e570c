//! What could not be delivered: look at it, and send it again.

use super::Error;
use crate::domain::account::{Actor, Role};
use crate::domain::ids::OutboxId;
use crate::domain::transition::Refusal;
use crate::store::dead_letters::{self, DeadLetter};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, reach};

/// Lists what could not be delivered, the newest first, at most `limit`; and how much there is. Only admins may.
///
/// # Errors
/// [`Refusal::AdminOnly`], or a fault of the database.
pub async fn list(tx: &mut Tx, by: &Actor, limit: u32) -> Result<(Vec<DeadLetter>, i64), Error> {
    check(by)?;
    Ok((dead_letters::list(tx, limit).await?, dead_letters::count(tx).await?))
}

/// Has one letter, or all, sent again, behind what waits; how many there were. Only admins may.
///
/// # Errors
/// [`Refusal::AdminOnly`], or a fault of the database.
pub async fn resend(tx: &mut Tx, by: &Actor, id: Option<OutboxId>) -> Result<usize, Error> {
    check(by)?;
    Ok(resend_as_operator(tx, id).await?)
}

/// The same, for whoever runs the program.
///
/// # Errors
/// [`Fault`].
pub async fn resend_as_operator(tx: &mut Tx, id: Option<OutboxId>) -> Result<usize, Fault> {
    let notices = dead_letters::take(tx, id).await?;
    for notice in &notices {
        // Somebody thinks that there is a way again: it is tried.
        match notice {
            Notice::Person { identity, .. }
            | Notice::PersonInstead { identity, .. }
            | Notice::PlaceLost { identity, .. } => reach::doubt_person(tx, *identity).await?,
            Notice::Card { place, .. } | Notice::Thread { place, .. } | Notice::Unreached { place, .. } => {
                reach::doubt_place(tx, *place).await?;
            }
        }
    }
    outbox::insert(tx, &notices).await?;
    Ok(notices.len())
}

fn check(by: &Actor) -> Result<(), Refusal> {
    if by.role == Role::Admin {
        Ok(())
    } else {
        Err(Refusal::AdminOnly)
    }
}
