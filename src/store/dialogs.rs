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
    /// How often it was saved.
    pub version: u32,
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

/// Writes the state of a dialog that was read as `before`, and which message shows it as far as is known.
///
/// # Errors
/// [`Fault`]; one that passes when another update of the same person was first.
pub async fn save(
    tx: &mut Tx,
    identity: IdentityId,
    spot: &Spot,
    before: Option<&DialogRow>,
    (state, message_id): (&str, Option<&str>),
) -> Result<(), Fault> {
    let now = tx.now();
    let Some(before) = before else {
        sqlx::query!(
            "INSERT INTO dialogs (identity_id, spot, state, message_id, changed_at) VALUES (?, ?, ?, ?, ?)",
            identity.0,
            spot.to_string(),
            state,
            message_id,
            now,
        )
        .execute(tx.db())
        .await?;
        return Ok(());
    };
    let saved = sqlx::query!(
        "UPDATE dialogs SET state = ?, message_id = ?, changed_at = ?, version = version + 1
         WHERE identity_id = ? AND spot = ? AND version = ?",
        state,
        message_id,
        now,
        identity.0,
        spot.to_string(),
        before.version,
    )
    .execute(tx.db())
    .await?;
    if saved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::Overtaken("dialogs"))
    }
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
