//! The use cases. Each checks the right, or takes the permit of somebody who has it, changes the rows and records what
//! happened, in the transaction it is given; it is that of the update that asked for it, so the effect, the dialog and
//! the answer become true together.
//!
//! Nothing here knows a platform or a sentence. To add a deed on tickets, see [`work`]; any other use case gets
//! a file of its own.

pub mod accounts;
mod audience;
pub mod categories;
pub mod codes;
pub mod confirmation;
pub mod deletion;
pub mod delivery;
mod devices;
pub mod edit;
pub mod follow;
pub mod handing;
pub mod hasher;
pub mod helping;
pub mod invitations;
pub mod leftovers;
pub mod linking;
pub mod open;
pub mod opening;
pub mod passwords;
pub mod people;
pub mod purge;
pub mod questions;
pub mod rating;
pub mod reach;
mod record;
pub mod recovery;
pub mod relating;
pub mod rewording;
pub mod roles;
pub mod sessions;
pub mod setup;
pub mod telling;
pub mod tokens;
pub mod transcript;
pub mod tries;
pub mod view;
pub mod work;

use crate::domain::transition::Refusal;
use crate::store::Fault;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The person may not, or the ticket is not in the state for it. A sentence tells them.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
