//! What is over and counts no more is deleted.

use super::{codes, confirmation, linking, tries};
use crate::store::leftovers::Kept;
use crate::store::{Fault, Store};

/// How many of each go at once: short statements.
const AT_ONCE: u32 = 1_000;

/// Deletes codes, links, sessions, letters and tries that are over, some at once. Whether there may be more.
///
/// # Errors
/// [`Fault`].
pub async fn delete(store: &Store) -> Result<bool, Fault> {
    let kept = Kept {
        letters: confirmation::COUNTED_FOR,
        code_attempts: codes::TRIES_WITHIN,
        sign_in_attempts: tries::WITHIN,
        link_codes: linking::TOLD_FOR,
    };
    Ok(store.delete_leftovers(kept, AT_ONCE).await? >= u64::from(AT_ONCE))
}
