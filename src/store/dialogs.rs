//! What Guichet and a person are in the middle of, as an opaque text: chat knows what it says.

use serde::{Deserialize, Serialize};

use super::{Fault, Tx, View, in_round_numbers};
use crate::domain::ids::IdentityId;
use crate::domain::platform::Spot;

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

/// Whose dialog, and after which change: which of their dialogs is told by where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialogVersion {
    identity: IdentityId,
    version: u32,
}

impl DialogVersion {
    /// The dialog as it was read.
    #[must_use]
    pub fn of(identity: IdentityId, row: &DialogRow) -> Self {
        Self {
            identity,
            version: row.version,
        }
    }
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

/// Writes the state of a dialog that was read as `before`, and which message shows it as far as is known. Tells what it
/// is from then on.
///
/// # Errors
/// [`Fault`]; one that passes when another update of the same person was first.
pub async fn save(
    tx: &mut Tx,
    identity: IdentityId,
    spot: &Spot,
    before: Option<&DialogRow>,
    (state, message_id): (&str, Option<&str>),
) -> Result<DialogVersion, Fault> {
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
        return Ok(DialogVersion { identity, version: 0 });
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
        let version = before.version + 1;
        Ok(DialogVersion { identity, version })
    } else {
        Err(Fault::Overtaken("dialogs"))
    }
}

/// A message that shows a dialog.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The dialog.
    pub dialog: DialogVersion,
    /// Where it is.
    pub spot: Spot,
    /// The platform's id of the message.
    pub message_id: String,
}

/// Writes down which messages show these dialogs. One that went on meanwhile is shown by a newer message.
pub(super) async fn set_messages(tx: &mut Tx, shown: &[&Shown]) -> Result<(), Fault> {
    if shown.is_empty() {
        return Ok(());
    }
    let spots: Vec<_> = shown.iter().map(|shown| (*shown, shown.spot.to_string())).collect();
    // Left to itself, the server reads a small table whole, and waits for whoever holds other rows.
    let mut query = sqlx::QueryBuilder::new("UPDATE dialogs FORCE INDEX (PRIMARY) SET message_id = CASE");
    for (shown, spot) in in_round_numbers(&spots) {
        query.push(" WHEN identity_id = ").push_bind(shown.dialog.identity.0);
        query.push(" AND spot = ").push_bind(spot);
        query.push(" AND version = ").push_bind(shown.dialog.version);
        query.push(" THEN ").push_bind(&shown.message_id);
    }
    query.push(" ELSE message_id END WHERE ");
    let mut which = query.separated(" OR ");
    for (shown, spot) in in_round_numbers(&spots) {
        which
            .push("(identity_id = ")
            .push_bind_unseparated(shown.dialog.identity.0);
        which.push_unseparated(" AND spot = ").push_bind_unseparated(spot);
        which
            .push_unseparated(" AND version = ")
            .push_bind_unseparated(shown.dialog.version)
            .push_unseparated(")");
    }
    query.build().execute(tx.db()).await?;
    Ok(())
}
