//! Who may do what, among the processes that share the database: leases on shards and on duties.
//!
//! All by the database's clock, the only one that the replicas share. `GET_LOCK` would not do: Galera grants it on
//! every node.

use super::{Fault, Store};

/// How many shards there are; a row of `shard_leases` for each.
pub const SHARDS: u16 = 64;
/// How long after it was last seen a replica counts as one, in seconds.
const PRESENT: u32 = 10;

/// The shard of a conversation: of an inbox lane, or of the chat that a notice goes to. As the database's
/// `CRC32(key) % 64`.
#[must_use]
pub fn shard_of(key: &str) -> u16 {
    let shard = crc32fast::hash(key.as_bytes()) % u32::from(SHARDS);
    u16::try_from(shard).unwrap_or_default()
}

/// How a replica stands after it renewed its leases.
#[derive(Debug, PartialEq, Eq)]
pub struct Standing {
    /// The shards whose leases went on without a break.
    pub kept: Vec<u16>,
    /// The shards that were free and are now the replica's.
    pub gained: Vec<u16>,
    /// How many replicas there are.
    pub replicas: u32,
}

impl Store {
    /// Says that `owner` is here, gives back the shards in `surplus`, renews the leases that are `owner`'s for
    /// `seconds`, and takes free ones up to a fair share.
    ///
    /// # Errors
    /// [`Fault`]; then what `owner` holds is unknown, and nothing is held beyond what was held before.
    pub async fn renew_leases(&self, owner: &str, surplus: &[u16], seconds: u32) -> Result<Standing, Fault> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "INSERT INTO replicas (id, seen_at) VALUES (?, NOW(3)) ON DUPLICATE KEY UPDATE seen_at = NOW(3)",
            owner
        )
        .execute(tx.db())
        .await?;
        let replicas = sqlx::query_scalar!(
            "SELECT COUNT(*) FROM replicas WHERE seen_at > NOW(3) - INTERVAL ? SECOND",
            PRESENT
        )
        .fetch_one(tx.db())
        .await?;
        let replicas = u32::try_from(replicas).unwrap_or(1).max(1);
        for shard in surplus {
            sqlx::query!(
                "UPDATE shard_leases SET owner = '', until = '2000-01-01' WHERE shard = ? AND owner = ?",
                shard,
                owner
            )
            .execute(tx.db())
            .await?;
        }
        sqlx::query!(
            "UPDATE shard_leases SET until = NOW(3) + INTERVAL ? SECOND WHERE owner = ?",
            seconds,
            owner
        )
        .execute(tx.db())
        .await?;
        let held = sqlx::query_scalar!("SELECT shard FROM shard_leases WHERE owner = ?", owner);
        let kept = held.fetch_all(tx.db()).await?;
        let share = u32::from(SHARDS).div_ceil(replicas);
        let wanted = share.saturating_sub(u32::try_from(kept.len()).unwrap_or(share));
        let mut gained = Vec::new();
        if wanted > 0 {
            // `until < NOW(3)` keeps a lease that is somebody's from being taken.
            sqlx::query!(
                "UPDATE shard_leases SET owner = ?, until = NOW(3) + INTERVAL ? SECOND
                 WHERE until < NOW(3) AND owner <> ? ORDER BY shard LIMIT ?",
                owner,
                seconds,
                owner,
                wanted,
            )
            .execute(tx.db())
            .await?;
            let held = sqlx::query_scalar!("SELECT shard FROM shard_leases WHERE owner = ?", owner);
            gained = held.fetch_all(tx.db()).await?;
            gained.retain(|shard| !kept.contains(shard));
        }
        // A lease is held only once this has succeeded.
        tx.commit().await?;
        Ok(Standing { kept, gained, replicas })
    }

    /// Gives back everything that is `owner`'s: others may take it at once.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn leave(&self, owner: &str) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "UPDATE shard_leases SET owner = '', until = '2000-01-01' WHERE owner = ?",
            owner
        )
        .execute(tx.db())
        .await?;
        sqlx::query!("DELETE FROM replicas WHERE id = ?", owner)
            .execute(tx.db())
            .await?;
        tx.commit().await
    }

    /// Takes everything from everybody, which only the sole user of the database may do.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn expel_replicas(&self) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        sqlx::query!("UPDATE shard_leases SET owner = '', until = '2000-01-01'")
            .execute(tx.db())
            .await?;
        sqlx::query!("UPDATE duties SET owner = '', until = '2000-01-01'")
            .execute(tx.db())
            .await?;
        sqlx::query!("DELETE FROM replicas").execute(tx.db()).await?;
        tx.commit().await
    }

    /// Takes a duty for `seconds`, or goes on with it; says whether it is `owner`'s now.
    ///
    /// # Errors
    /// [`Fault`]; then it is not.
    pub async fn take_duty(&self, name: &str, owner: &str, seconds: u32) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        // A renewal may change nothing of the row, and counts as a match all the same.
        let taken = sqlx::query!(
            "UPDATE duties SET owner = ?, until = NOW(3) + INTERVAL ? SECOND
             WHERE name = ? AND (until < NOW(3) OR owner = ?)",
            owner,
            seconds,
            name,
            owner,
        )
        .execute(tx.db())
        .await?;
        tx.commit().await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Lays a duty down: another may take it at once.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn leave_duty(&self, name: &str, owner: &str) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE duties SET owner = '', until = '2000-01-01' WHERE name = ? AND owner = ?",
            name,
            owner
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::shard_of;

    #[test]
    fn a_shard_is_what_the_database_computes() {
        // SELECT CRC32('700100001') % 64, CRC32('-100') % 64, CRC32('') % 64
        assert_eq!((shard_of("700100001"), shard_of("-100"), shard_of("")), (44, 7, 0));
    }
}
