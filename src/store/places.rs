//! The places where staff work.

use super::{Fault, Tx};
use crate::domain::ids::{AccountId, PlaceId};
use crate::domain::language::Language;
use crate::domain::platform::{Platform, Spot};

/// A staff place.
#[derive(Clone, Debug)]
pub struct StaffPlace {
    /// Its id.
    pub id: PlaceId,
    /// The platform.
    pub platform: Platform,
    /// Its address.
    pub spot: Spot,
    /// Its tickets get a thread or topic each (on Discord always).
    pub threads: bool,
    /// The language spoken there.
    pub language: Language,
}

struct PlaceRow {
    id: u64,
    platform: String,
    chat: String,
    topics: i8,
    language: String,
}

impl TryFrom<PlaceRow> for StaffPlace {
    type Error = Fault;

    fn try_from(row: PlaceRow) -> Result<Self, Fault> {
        let platform: Platform = row.platform.parse()?;
        Ok(Self {
            id: PlaceId(row.id),
            platform,
            spot: Spot::chat(row.chat),
            threads: platform == Platform::Discord || row.topics != 0,
            language: row.language.parse()?,
        })
    }
}

/// Binds a place, or changes how it is bound.
///
/// # Errors
/// [`Fault`].
pub async fn bind(
    tx: &mut Tx,
    platform: Platform,
    chat: &str,
    topics: bool,
    language: Language,
    by: Option<AccountId>,
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO places (platform, chat, topics, language, bound_by, bound_at) VALUES (?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE topics = VALUES(topics), language = VALUES(language),
                                 bound_by = VALUES(bound_by), bound_at = VALUES(bound_at)",
        platform.code(),
        chat,
        topics,
        language.code(),
        by.map(|by| by.0),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lists all staff places.
///
/// # Errors
/// [`Fault`].
pub async fn list(tx: &mut Tx) -> Result<Vec<StaffPlace>, Fault> {
    let rows = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language FROM places ORDER BY id"
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(StaffPlace::try_from).collect()
}

/// Finds a staff place by its id.
///
/// # Errors
/// [`Fault`].
pub async fn find(tx: &mut Tx, id: PlaceId) -> Result<Option<StaffPlace>, Fault> {
    let row = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language FROM places WHERE id = ?",
        id.0
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(StaffPlace::try_from).transpose()
}

/// Finds the staff place at a chat.
///
/// # Errors
/// [`Fault`].
pub async fn find_at(tx: &mut Tx, platform: Platform, chat: &str) -> Result<Option<StaffPlace>, Fault> {
    let row = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language FROM places WHERE platform = ? AND chat = ?",
        platform.code(),
        chat,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(StaffPlace::try_from).transpose()
}
