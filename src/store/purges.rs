//! Tickets that are purged, and the files that are left of them and of deleted people's drafts.

use super::leases::shard_of;
use super::outbox::{self, Notice};
use super::places::StaffPlace;
use super::{Fault, Store, Tx, own_cards};
use crate::domain::ids::{IdentityId, TicketId};

/// Removes a ticket with its comments, attachments and history, and what could not be told of it. What speaks of it on
/// the platforms stays known.
///
/// # Errors
/// [`Fault`].
pub async fn remove(tx: &mut Tx, ticket: TicketId) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO discarded_files (sha256) SELECT DISTINCT sha256 FROM attachments WHERE ticket_id = ?
         ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256)",
        ticket.0
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("DELETE FROM dead_letters WHERE ticket_id = ?", ticket.0)
        .execute(tx.db())
        .await?;
    sqlx::query!("DELETE FROM copies WHERE ticket_id = ?", ticket.0)
        .execute(tx.db())
        .await?;
    own_cards::forget_ticket(tx, ticket).await?;
    sqlx::query!("DELETE FROM tickets WHERE id = ?", ticket.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Has a file removed after a while, unless something refers to it then.
///
/// # Errors
/// [`Fault`].
pub async fn discard(tx: &mut Tx, sha256: &str) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO discarded_files (sha256) VALUES (?) ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256)",
        sha256
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Discards the files in somebody's drafts and half-written answers. Which they are is found in the texts, of which the
/// store knows no more than how it writes a file.
///
/// # Errors
/// [`Fault`].
pub async fn discard_of_dialogs(tx: &mut Tx, identity: IdentityId) -> Result<(), Fault> {
    let states = sqlx::query_scalar!("SELECT state FROM dialogs WHERE identity_id = ?", identity.0);
    for state in states.fetch_all(tx.db()).await? {
        for rest in state.split("\"sha256\":\"").skip(1) {
            let hash: String = rest.chars().take_while(char::is_ascii_hexdigit).take(64).collect();
            discard(tx, &hash).await?;
        }
    }
    Ok(())
}

/// Drops what waits to be told in the destination of this notice, which is in that place.
///
/// # Errors
/// [`Fault`].
pub async fn drop_waiting(tx: &mut Tx, like: &Notice, place: &StaffPlace) -> Result<(), Fault> {
    let shard = shard_of(&place.spot.chat);
    outbox::drop_waiting(tx, shard, &like.dest()).await.map(drop)
}

impl Store {
    /// Lists discarded files, at most `limit`: which, and whether something refers to their content after all.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn list_discarded_files(&self, limit: u32) -> Result<Vec<(String, bool)>, Fault> {
        let rows = sqlx::query!(
            "SELECT f.sha256, EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = f.sha256)
                    OR EXISTS (SELECT 1 FROM dialogs d WHERE d.state LIKE CONCAT('%', f.sha256, '%')) AS `is_used!: bool`
             FROM discarded_files f LIMIT ?",
            limit,
        );
        let rows = rows.fetch_all(&self.pool).await?.into_iter();
        Ok(rows.map(|row| (row.sha256, row.is_used)).collect())
    }

    /// Forgets a discarded file: it is gone, or used again.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn forget_discarded_file(&self, sha256: &str) -> Result<(), Fault> {
        sqlx::query!("DELETE FROM discarded_files WHERE sha256 = ?", sha256)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
