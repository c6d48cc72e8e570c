//! Make a place the staff's.

use super::reach::{revive_place, show_open_tickets};
use crate::domain::language::Language;
use crate::domain::permission::{Permit, Places};
use crate::domain::platform::Platform;
use crate::store::places::{self, Binding};
use crate::store::{Fault, Tx};

/// A place to bind.
#[derive(Clone, Copy, Debug)]
pub struct NewPlace<'a> {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the channel or group.
    pub chat: &'a str,
    /// Its name; empty when the platform did not tell.
    pub name: &'a str,
    /// Whether it is made of topics, or of posts.
    pub topics: bool,
    /// The language spoken there.
    pub language: Language,
}

/// Binds a place: from now on every ticket has its card there, those that are open already too.
///
/// # Errors
/// [`Fault`].
pub async fn bind_place(tx: &mut Tx, permit: Permit<Places>, place: NewPlace<'_>) -> Result<(), Fault> {
    let binding = Binding {
        platform: place.platform,
        chat: place.chat,
        name: Some(place.name).filter(|name| !name.is_empty()),
        topics: place.topics,
        language: place.language,
        by: permit.by(),
    };
    places::bind(tx, binding).await?;
    if let Some(bound) = places::find_at(tx, place.platform, place.chat).await? {
        revive_place(tx, bound.id).await?;
        show_open_tickets(tx, bound.id).await?;
    }
    Ok(())
}
