//! The places where staff work.

use chrono::{DateTime, Utc};

use super::cards::Card;
use super::leases::shard_of;
use super::reach::Mark;
use super::{Fault, Tx, View};
use crate::domain::ids::{AccountId, PlaceId};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};

/// How the tickets in a staff place are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// They are not: what is said of one answers its card.
    Plain,
    /// Each has a thread or topic beside its card.
    Threads,
    /// Each has a post in a forum on Discord: the card is its first message, and the post is its thread too.
    Forum,
}

/// A staff place.
#[derive(Clone, Debug)]
pub struct StaffPlace {
    /// Its id.
    pub id: PlaceId,
    /// The platform.
    pub platform: Platform,
    /// Its address.
    pub spot: Spot,
    /// How its tickets are kept apart.
    pub layout: Layout,
    /// The language spoken there.
    pub language: Language,
    /// Its name, where the platform told it.
    pub name: Option<String>,
    /// That it can't be written to.
    pub lost: Option<Mark>,
}

impl StaffPlace {
    /// Whether its tickets have a thread, topic or post each.
    #[must_use]
    pub fn has_threads(&self) -> bool {
        self.layout != Layout::Plain
    }

    /// Why it is known that nothing can be written there. One that lost its threads alone can be written to.
    #[must_use]
    pub fn known_lost(&self, now: DateTime<Utc>) -> Option<Obstacle> {
        let mark = self.lost.filter(|mark| mark.is_believed(now));
        mark.map(|mark| mark.obstacle)
            .filter(|obstacle| *obstacle != Obstacle::NoThreads)
    }

    /// Where a card stands.
    #[must_use]
    pub fn spot_of(&self, card: &Card) -> Spot {
        let thread = card.thread.as_ref().filter(|_| self.layout == Layout::Forum);
        thread.unwrap_or(&self.spot).clone()
    }
}

/// How a place is read.
pub(super) struct PlaceRow {
    pub(super) id: u64,
    pub(super) platform: String,
    pub(super) chat: String,
    pub(super) topics: i8,
    pub(super) language: String,
    pub(super) name: Option<String>,
    pub(super) lost_at: Option<DateTime<Utc>>,
    pub(super) lost_cause: Option<String>,
}

impl TryFrom<PlaceRow> for StaffPlace {
    type Error = Fault;

    fn try_from(row: PlaceRow) -> Result<Self, Fault> {
        let platform: Platform = row.platform.parse()?;
        Ok(Self {
            id: PlaceId(row.id),
            platform,
            spot: Spot::chat(row.chat),
            layout: match (platform, row.topics != 0) {
                (Platform::Discord, true) => Layout::Forum,
                (Platform::Discord, false) | (Platform::Telegram, true) => Layout::Threads,
                (Platform::Telegram, false) => Layout::Plain,
            },
            language: row.language.parse()?,
            name: row.name,
            lost: Mark::read(row.lost_at, row.lost_cause.as_deref())?,
        })
    }
}

/// How a place is bound.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the channel or group.
    pub chat: &'a str,
    /// Its name, where the platform told it.
    pub name: Option<&'a str>,
    /// Whether it is made of topics, or of posts.
    pub topics: bool,
    /// The language spoken there.
    pub language: Language,
    /// Who bound it.
    pub by: Option<AccountId>,
}

/// Binds a place, or changes how it is bound.
///
/// # Errors
/// [`Fault`].
pub async fn bind(tx: &mut Tx, place: Binding<'_>) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO places (platform, chat, name, topics, language, bound_by, bound_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE name = VALUES(name), topics = VALUES(topics), language = VALUES(language),
                                 bound_by = VALUES(bound_by), bound_at = VALUES(bound_at)",
        place.platform.code(),
        place.chat,
        place.name.map(|name| name.chars().take(200).collect::<String>()),
        place.topics,
        place.language.code(),
        place.by.map(|by| by.0),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes down that a place has no topics any more.
///
/// # Errors
/// [`Fault`].
pub async fn drop_topics(tx: &mut Tx, id: PlaceId) -> Result<(), Fault> {
    sqlx::query!("UPDATE places SET topics = FALSE WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    sqlx::query!("UPDATE cards SET thread = NULL WHERE place_id = ?", id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Gives a place the id that its chat has now. Nothing that stood in the old chat can be changed any more, so its cards
/// are forgotten. Where the new id is bound already, that binding stays and this one goes.
///
/// # Errors
/// [`Fault`].
pub async fn move_to(tx: &mut Tx, place: &StaffPlace, chat: &str) -> Result<(), Fault> {
    if find_at(tx, place.platform, chat).await?.is_some() {
        sqlx::query!("DELETE FROM places WHERE id = ?", place.id.0)
            .execute(tx.db())
            .await?;
        return Ok(());
    }
    sqlx::query!("UPDATE places SET chat = ? WHERE id = ?", chat, place.id.0)
        .execute(tx.db())
        .await?;
    // What waits for it goes on in the shard of its new chat, before whatever is yet to come.
    sqlx::query!(
        "UPDATE outbox SET shard = ? WHERE dest LIKE ?",
        shard_of(chat),
        format!("place:{}:%", place.id)
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("DELETE FROM cards WHERE place_id = ?", place.id.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Lists all staff places.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View) -> Result<Vec<StaffPlace>, Fault> {
    let rows = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language, name, lost_at AS `lost_at: DateTime<Utc>`, lost_cause
         FROM places ORDER BY id"
    )
    .fetch_all(view.db())
    .await?;
    rows.into_iter().map(StaffPlace::try_from).collect()
}

/// Finds a staff place by its id.
///
/// # Errors
/// [`Fault`].
pub async fn find(view: &mut View, id: PlaceId) -> Result<Option<StaffPlace>, Fault> {
    let row = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language, name, lost_at AS `lost_at: DateTime<Utc>`, lost_cause
         FROM places WHERE id = ?",
        id.0
    )
    .fetch_optional(view.db())
    .await?;
    row.map(StaffPlace::try_from).transpose()
}

/// Finds the staff place at a chat.
///
/// # Errors
/// [`Fault`].
pub async fn find_at(view: &mut View, platform: Platform, chat: &str) -> Result<Option<StaffPlace>, Fault> {
    let row = sqlx::query_as!(
        PlaceRow,
        "SELECT id, platform, chat, topics, language, name, lost_at AS `lost_at: DateTime<Utc>`, lost_cause
         FROM places WHERE platform = ? AND chat = ?",
        platform.code(),
        chat,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(StaffPlace::try_from).transpose()
}
