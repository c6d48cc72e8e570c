//! What is of no use any more with its time: tries, codes, links, sessions and letters. Each is deleted by its age, in
//! the order of the index on it, a statement for itself: no row that is still of use is locked.

use chrono::TimeDelta;

use super::{Fault, Store};

/// For how long after they came some are kept: as long as they count.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Letters.
    pub letters: TimeDelta,
    /// Tries at codes.
    pub code_attempts: TimeDelta,
    /// Tries at passwords.
    pub sign_in_attempts: TimeDelta,
    /// Codes that are over.
    pub link_codes: TimeDelta,
}

impl Store {
    /// Deletes what is over, at most `limit` of each; says how many there were of the most frequent.
    ///
    /// # Errors
    /// [`Fault`]; some may be gone.
    pub async fn delete_leftovers(&self, kept: Kept, limit: u32) -> Result<u64, Fault> {
        let now = self.clock.now();
        let letters = sqlx::query!(
            "DELETE FROM letters WHERE created_at < ? ORDER BY created_at LIMIT ?",
            now - kept.letters,
            limit
        );
        let code_attempts = sqlx::query!(
            "DELETE FROM code_attempts WHERE tried_at < ? ORDER BY tried_at LIMIT ?",
            now - kept.code_attempts,
            limit
        );
        let sign_in_attempts = sqlx::query!(
            "DELETE FROM sign_in_attempts WHERE tried_at < ? ORDER BY tried_at LIMIT ?",
            now - kept.sign_in_attempts,
            limit
        );
        let password_links = sqlx::query!(
            "DELETE FROM password_links WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
            now,
            limit
        );
        let sessions = sqlx::query!(
            "DELETE FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
            now,
            limit
        );
        let link_codes = sqlx::query!(
            "DELETE FROM link_codes WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
            now - kept.link_codes,
            limit
        );
        let invitations = sqlx::query!(
            "DELETE FROM invitations WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
            now,
            limit
        );
        let mut most = 0;
        for deletion in [
            letters,
            code_attempts,
            sign_in_attempts,
            password_links,
            sessions,
            link_codes,
            invitations,
        ] {
            most = most.max(deletion.execute(&self.pool).await?.rows_affected());
        }
        Ok(most)
    }
}
