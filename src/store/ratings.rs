//! What people think of how their tickets were dealt with.

use chrono::{DateTime, Utc};

use super::{Fault, Tx, View};
use crate::domain::ids::TicketId;
use crate::domain::rating::{Rating, Stars};

/// That a ticket was closed after it had been resolved.
#[derive(Clone, Debug)]
pub struct Closing {
    /// When.
    pub at: DateTime<Utc>,
    /// How it was rated since.
    pub rating: Option<Rating>,
}

/// Finds out whether a ticket was closed after it had been resolved, and how it was rated.
///
/// # Errors
/// [`Fault`].
pub async fn find_closing(view: &mut View, ticket: TicketId) -> Result<Option<Closing>, Fault> {
    let row = sqlx::query!(
        r#"SELECT h.happened_at AS "at: DateTime<Utc>", r.stars AS "stars?", r.words AS "words?"
           FROM history h LEFT JOIN ratings r ON r.ticket_id = h.ticket_id
           WHERE h.ticket_id = ? AND h.status_before = 'resolved' AND h.status_after = 'closed'
           ORDER BY h.seq DESC LIMIT 1"#,
        ticket.0,
    )
    .fetch_optional(view.db())
    .await?;
    row.map(|row| {
        Ok(Closing {
            at: row.at,
            rating: row.stars.map(|stars| read(stars, row.words)).transpose()?,
        })
    })
    .transpose()
}

/// A rating as its row has it.
pub(super) fn read(stars: u8, words: Option<String>) -> Result<Rating, Fault> {
    let known = Stars::of(stars).ok_or_else(|| Fault::Unreadable(format!("stars {stars}")))?;
    Ok(Rating { stars: known, words })
}

/// Writes a ticket's rating, in place of the one before.
///
/// # Errors
/// [`Fault`].
pub async fn save(tx: &mut Tx, ticket: TicketId, rating: &Rating) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO ratings (ticket_id, stars, words, rated_at) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE stars = VALUES(stars), words = VALUES(words), rated_at = VALUES(rated_at)",
        ticket.0,
        rating.stars.number(),
        rating.words,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
