//! Make a place the staff's.

use super::Error;
use crate::domain::account::{Actor, Role};
use crate::domain::language::Language;
use crate::domain::platform::Platform;
use crate::domain::transition::Refusal;
use crate::store::{Tx, places};

/// A place to bind.
#[derive(Clone, Copy, Debug)]
pub struct NewPlace<'a> {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the channel or group.
    pub chat: &'a str,
    /// Whether it has topics.
    pub topics: bool,
    /// The language spoken there.
    pub language: Language,
}

/// Binds a place: from now on every ticket has its card there. Only admins may.
///
/// # Errors
/// [`Refusal::AdminOnly`], or a fault of the database.
pub async fn bind_place(tx: &mut Tx, by: &Actor, place: NewPlace<'_>) -> Result<(), Error> {
    if by.role != Role::Admin {
        return Err(Refusal::AdminOnly.into());
    }
    places::bind(
        tx,
        place.platform,
        place.chat,
        place.topics,
        place.language,
        Some(by.account),
    )
    .await?;
    Ok(())
}
