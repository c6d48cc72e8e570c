//! What Guichet and a person are in the middle of, as an opaque text: chat knows what it says.

use super::{Fault, Tx, View};
use crate::domain::ids::{IdentityId, InboxId};
use crate::domain::platform::{Platform, Spot};

/// A stored dialog.
#[derive(Clone, Debug)]
pub struct DialogRow {
    /// The state, as chat wrote it.
    pub state: String,
    /// The platform's id of the message that shows it.
    pub message_id: Option<String>,
}

/// The dialog of a person in a place, locked: their updates meet here. Its row is made with `idle`, the state of
/// a dialog in which nothing is going on.
///
/// # Errors
/// [`Fault`]; one that passes when another update of the same person made the row at the same time.
pub async fn lock(tx: &mut Tx, identity: IdentityId, spot: &Spot, idle: &str) -> Result<DialogRow, Fault> {
    let found = sqlx::query_as!(
        DialogRow,
        "SELECT state, message_id FROM dialogs WHERE identity_id = ? AND spot = ? FOR UPDATE",
        identity.0,
        spot.to_string(),
    )
    .fetch_optional(tx.db())
    .await?;
    if let Some(row) = found {
        return Ok(row);
    }
    let changed_at = tx.now();
    sqlx::query!(
        "INSERT INTO dialogs (identity_id, spot, state, changed_at) VALUES (?, ?, ?, ?)",
        identity.0,
        spot.to_string(),
        idle,
        changed_at,
    )
    .execute(tx.db())
    .await?;
    Ok(DialogRow {
        state: idle.to_owned(),
        message_id: None,
    })
}

/// Whether a message shows somebody's dialog in that place.
///
/// # Errors
/// [`Fault`].
pub async fn is_shown_by(view: &mut View, spot: &Spot, message_id: &str) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM dialogs WHERE spot = ? AND message_id = ?",
        spot.to_string(),
        message_id,
    );
    Ok(found.fetch_one(view.db()).await? > 0)
}

/// Writes the state of a dialog, and which message shows it as far as is known.
///
/// # Errors
/// [`Fault`].
pub async fn save(
    tx: &mut Tx,
    identity: IdentityId,
    spot: &Spot,
    state: &str,
    message_id: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE dialogs SET state = ?, message_id = ?, changed_at = ? WHERE identity_id = ? AND spot = ?",
        state,
        message_id,
        now,
        identity.0,
        spot.to_string(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A message, the answer to an update, that shows a dialog.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the person.
    pub user_id: String,
    /// Where they are.
    pub spot: Spot,
    /// The platform's id of the message.
    pub message_id: String,
    /// The update.
    pub update: InboxId,
}

/// Writes down which message shows the dialog.
pub(super) async fn set_message(tx: &mut Tx, shown: &Shown) -> Result<(), Fault> {
    sqlx::query!(
        // A dialog that went on meanwhile is shown by a newer message.
        "UPDATE dialogs SET message_id = ?
         WHERE identity_id = (SELECT id FROM identities WHERE platform = ? AND user_id = ?) AND spot = ?
           AND changed_at <= (SELECT handled_at FROM inbox WHERE id = ?)",
        shown.message_id,
        shown.platform.code(),
        shown.user_id,
        shown.spot.to_string(),
        shown.update.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
