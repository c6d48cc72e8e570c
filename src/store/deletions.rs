//! Accounts that are deleted: what goes with one, and the row that stays where something refers to it.

use chrono::{DateTime, TimeDelta, Utc};

use super::leases::shard_of;
use super::outbox::{self, Notice};
use super::{Fault, Store, Tx, View, copies, purges};
use crate::domain::account::Actor;
use crate::domain::ids::{AccountId, IdentityId, LetterId, PlaceId, TicketId};
use crate::domain::language::Language;
use crate::domain::platform::Platform;
use crate::domain::text::Email;

/// A chat of somebody who is being deleted.
#[derive(Clone, Debug)]
pub struct LostChat {
    /// Its identity.
    pub identity: IdentityId,
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the person.
    pub user_id: String,
    /// The private chat with them, once known.
    pub private_chat: Option<String>,
    /// The language spoken there.
    pub language: Language,
    /// It is linked to the account; others were before, and are nobody's since.
    pub is_linked: bool,
}

/// Finds the chats of an account, those included that it had before and that are nobody's since, and locks them: whatever
/// is being done from one of them is waited for.
///
/// # Errors
/// [`Fault`].
pub async fn lock_chats(tx: &mut Tx, account: AccountId) -> Result<Vec<LostChat>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT id AS `id!: u64` FROM identities WHERE account_id = ?
         UNION SELECT identity_id FROM account_history WHERE account_id = ? AND identity_id IS NOT NULL
         ORDER BY `id!: u64`",
        account.0,
        account.0,
    );
    let mut chats = Vec::new();
    for id in ids.fetch_all(tx.db()).await? {
        // Each by its key: a search would wait for whoever holds other rows.
        let row = sqlx::query!(
            "SELECT platform, user_id, private_chat, language, account_id FROM identities WHERE id = ? FOR UPDATE",
            id
        );
        let row = row.fetch_optional(tx.db()).await?;
        let of_nobody_else = |of: Option<u64>| of.is_none_or(|of| of == account.0);
        if let Some(row) = row.filter(|row| of_nobody_else(row.account_id)) {
            chats.push(LostChat {
                identity: IdentityId(id),
                platform: row.platform.parse()?,
                user_id: row.user_id,
                private_chat: row.private_chat,
                language: row.language.parse()?,
                is_linked: row.account_id.is_some(),
            });
        }
    }
    Ok(chats)
}

impl LostChat {
    /// What it is told last.
    #[must_use]
    pub fn farewell(&self) -> Notice {
        Notice::Farewell {
            identity: self.identity,
            platform: self.platform,
            user_id: self.user_id.clone(),
            chat: self.private_chat.clone(),
            language: self.language,
        }
    }
}

/// Drops what waits to be told in a chat, or is gathered for it.
///
/// # Errors
/// [`Fault`].
pub async fn drop_waiting(tx: &mut Tx, chat: &LostChat) -> Result<(), Fault> {
    let shard = shard_of(&chat.user_id);
    outbox::drop_waiting(tx, shard, &Notice::digest_of(chat.identity)).await?;
    outbox::drop_waiting(tx, shard, &Notice::file_for(chat.identity)).await?;
    outbox::drop_waiting(tx, shard, &chat.farewell().dest()).await.map(drop)
}

/// Lists the tickets that somebody asked for, open or not.
///
/// # Errors
/// [`Fault`].
pub async fn list_asked(view: &mut View, account: AccountId) -> Result<Vec<TicketId>, Fault> {
    let numbers = sqlx::query_scalar!("SELECT id FROM tickets WHERE requester_id = ? ORDER BY id", account.0);
    Ok(numbers.fetch_all(view.db()).await?.into_iter().map(TicketId).collect())
}

/// Lists the tickets that somebody is in charge of and has not resolved.
///
/// # Errors
/// [`Fault`].
pub async fn list_in_charge(view: &mut View, account: AccountId) -> Result<Vec<TicketId>, Fault> {
    let numbers = sqlx::query_scalar!(
        "SELECT id FROM tickets WHERE technician_id = ? AND status IN ('in_progress', 'awaiting_info') ORDER BY id",
        account.0
    );
    Ok(numbers.fetch_all(view.db()).await?.into_iter().map(TicketId).collect())
}

/// Lists the cards that name somebody: who asked, who resolved what is not closed, who helps.
///
/// # Errors
/// [`Fault`].
pub async fn list_cards(view: &mut View, account: AccountId) -> Result<Vec<(PlaceId, TicketId)>, Fault> {
    let cards = sqlx::query!(
        "SELECT c.place_id, c.ticket_id FROM cards c JOIN tickets t ON t.id = c.ticket_id
         WHERE t.requester_id = ? OR (t.technician_id = ? AND t.is_open = TRUE)
         UNION SELECT c.place_id, c.ticket_id FROM cards c JOIN history o ON o.ticket_id = c.ticket_id
         WHERE o.actor_id = ? AND o.seq = 1
         UNION SELECT c.place_id, c.ticket_id FROM cards c JOIN ticket_helpers h ON h.ticket_id = c.ticket_id
         WHERE h.account_id = ?",
        account.0,
        account.0,
        account.0,
        account.0,
    );
    let cards = cards.fetch_all(view.db()).await?.into_iter();
    let cards = cards.map(|row| (PlaceId(row.place_id), TicketId(row.ticket_id)));
    Ok(cards.collect())
}

/// The chat from which somebody did the latest of what they did to a ticket.
///
/// # Errors
/// [`Fault`].
pub async fn find_chat_of_deed(
    view: &mut View,
    account: AccountId,
    ticket: TicketId,
) -> Result<Option<IdentityId>, Fault> {
    let chat = sqlx::query_scalar!(
        "SELECT identity_id FROM history WHERE actor_id = ? AND ticket_id = ? ORDER BY seq DESC LIMIT 1",
        account.0,
        ticket.0,
    );
    Ok(chat.fetch_optional(view.db()).await?.map(IdentityId))
}

/// Removes a chat, with its dialogs, letters and tries at codes, and what waits or could not be told there. Tickets keep
/// the platform from which they came. Whoever does something from it at this moment finds that it is not there.
///
/// # Errors
/// [`Fault`].
pub async fn remove_chat(tx: &mut Tx, chat: &LostChat) -> Result<(), Fault> {
    let (id, platform) = (chat.identity.0, chat.platform.code());
    purges::discard_of_dialogs(tx, chat.identity).await?;
    sqlx::query!("DELETE FROM dead_letters WHERE identity_id = ?", id)
        .execute(tx.db())
        .await?;
    // What was set aside is kept for the operator; of all else that was answered nothing is kept for long.
    let set_aside = sqlx::query_scalar!(
        // Without a lock: a search that changes what it finds would wait for whoever holds other rows.
        "SELECT id FROM inbox WHERE platform = ? AND cause IS NOT NULL AND answered_at IS NOT NULL AND raw LIKE ?",
        platform,
        format!("%{}%", chat.user_id),
    );
    for row in set_aside.fetch_all(tx.db()).await? {
        sqlx::query!("UPDATE inbox SET raw = '', answer = NULL, lane = '' WHERE id = ?", row)
            .execute(tx.db())
            .await?;
    }
    let used = sqlx::query_scalar!("SELECT COUNT(*) FROM tickets WHERE identity_id = ?", id);
    if used.fetch_one(tx.db()).await? > 0 {
        let now = tx.now();
        // One for each platform, that of all who are deleted.
        let nobody = sqlx::query!(
            "INSERT INTO identities (platform, user_id, display_name, language, language_known, created_at)
             VALUES (?, '', '', 'fr', FALSE, ?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)",
            platform,
            now,
        );
        let nobody = nobody.execute(tx.db()).await?.last_insert_id();
        sqlx::query!("UPDATE tickets SET identity_id = ? WHERE identity_id = ?", nobody, id)
            .execute(tx.db())
            .await?;
    }
    sqlx::query!("DELETE FROM identities WHERE id = ?", id)
        .execute(tx.db())
        .await?;
    if let Some(spot) = &chat.private_chat {
        forget_messages(tx, chat.platform, spot).await?;
    }
    copies::forget_sources(tx, chat.identity).await
}

/// Forgets which messages in a private chat speak of tickets, unless somebody new writes there by now.
///
/// # Errors
/// [`Fault`].
pub async fn forget_messages(tx: &mut Tx, platform: Platform, chat: &str) -> Result<(), Fault> {
    let found = sqlx::query_scalar!(
        // By itself: as a part of the deletion it would lock their rows.
        "SELECT EXISTS (SELECT 1 FROM identities WHERE platform = ? AND private_chat = ?)",
        platform.code(),
        chat,
    );
    if found.fetch_one(tx.db()).await? != 0 {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM messages WHERE platform = ? AND chat = ?",
        platform.code(),
        chat
    )
    .execute(tx.db())
    .await?;
    copies::forget_chat(tx, platform, chat).await
}

/// Removes all by which somebody could come back, and what their address stands in.
///
/// # Errors
/// [`Fault`].
pub async fn remove_keys(tx: &mut Tx, account: AccountId, email: Option<&Email>) -> Result<(), Fault> {
    let address = email.map(Email::as_str);
    sqlx::query!("DELETE FROM sessions WHERE account_id = ?", account.0)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "DELETE FROM password_links WHERE account_id = ? OR issued_by = ?",
        account.0,
        account.0
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "DELETE FROM link_codes WHERE account_id = ? OR issued_by = ?",
        account.0,
        account.0
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "DELETE FROM invitations WHERE account_id = ? OR invited_by = ? OR email = ?",
        account.0,
        account.0,
        address,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("DELETE FROM letters WHERE address = ?", address)
        .execute(tx.db())
        .await?;
    if let Some(email) = email {
        let mailbox = Notice::letter(LetterId(0), email).dest();
        sqlx::query!("DELETE FROM dead_letters WHERE dest = ?", mailbox)
            .execute(tx.db())
            .await?;
    }
    Ok(())
}

/// Leaves nothing of an account but its number, for what refers to it. Whether it was there.
///
/// # Errors
/// [`Fault`].
pub async fn empty(tx: &mut Tx, account: AccountId) -> Result<bool, Fault> {
    let now = tx.now();
    // Disabled as well: whoever may do nothing any more is asked for in many places.
    let done = sqlx::query!(
        "UPDATE accounts SET name = '', email = NULL, stated_email = '', role = 'learner', password = NULL,
                             chat_id = NULL, told_pace = 'each', disabled_at = ?,
                             deleted_at = ?
         WHERE id = ? AND deleted_at IS NULL",
        now,
        now,
        account.0,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes an account that nothing refers to.
///
/// # Errors
/// [`Fault`].
pub async fn remove_unused(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM accounts WHERE id = ?
           AND NOT EXISTS (SELECT 1 FROM tickets WHERE requester_id = ?)
           AND NOT EXISTS (SELECT 1 FROM tickets WHERE technician_id = ?)
           AND NOT EXISTS (SELECT 1 FROM comments WHERE author_id = ?)
           AND NOT EXISTS (SELECT 1 FROM history WHERE actor_id = ?)",
        account.0,
        account.0,
        account.0,
        account.0,
        account.0,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Has whoever would delete or unlink a chat wait until this is over, and whoever holds its account.
///
/// # Errors
/// [`Fault::Overtaken`] when it is not that of this account any more.
pub async fn hold_chat(tx: &mut Tx, chat: IdentityId, account: AccountId) -> Result<(), Fault> {
    let found = sqlx::query_scalar!(
        // The account first, as everywhere.
        "SELECT i.id FROM accounts a STRAIGHT_JOIN identities i ON i.account_id = a.id
         WHERE a.id = ? AND i.id = ? LOCK IN SHARE MODE",
        account.0,
        chat.0,
    );
    match found.fetch_optional(tx.db()).await? {
        Some(_) => Ok(()),
        None => Err(Fault::Overtaken("identities")),
    }
}

/// The same for whoever is about to do something, who still may what their role permits.
///
/// # Errors
/// [`Fault::Overtaken`] when the chat is not theirs, or their role another, or the account disabled.
pub async fn hold_actor(tx: &mut Tx, by: &Actor) -> Result<(), Fault> {
    let found = sqlx::query_scalar!(
        // They may have waited for whoever took their rights away.
        "SELECT i.id FROM accounts a STRAIGHT_JOIN identities i ON i.account_id = a.id
         WHERE a.id = ? AND i.id = ? AND a.role = ? AND a.disabled_at IS NULL LOCK IN SHARE MODE",
        by.account.0,
        by.identity.0,
        by.role.code(),
    );
    match found.fetch_optional(tx.db()).await? {
        Some(_) => Ok(()),
        None => Err(Fault::Overtaken("accounts")),
    }
}

/// For how long the inbox is looked through after an account was deleted: nothing is kept in it for longer.
const LOOKED_THROUGH: TimeDelta = TimeDelta::days(4);

impl Store {
    /// Leaves nothing of what was said in a platform's updates that came before the latest account was deleted and are
    /// answered, of those behind the row `after` at most `limit`: somebody's words also stand in what others pressed and
    /// were answered. What was set aside stays. Gives the last, if there may be more.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn forget_answered(&self, platform: Platform, after: u64, limit: u32) -> Result<Option<u64>, Fault> {
        let latest = sqlx::query_scalar!(
            r#"SELECT MAX(happened_at) AS "at: DateTime<Utc>" FROM account_history WHERE event IN ('deleted', 'erased')"#
        );
        let latest = latest.fetch_one(&self.pool).await?;
        let Some(latest) = latest.filter(|at| self.clock.now() - *at < LOOKED_THROUGH) else {
            return Ok(None);
        };
        let found = sqlx::query_scalar!(
            "SELECT id FROM inbox
             WHERE platform = ? AND id > ? AND answered_at IS NOT NULL AND received_at <= ? AND lane <> '' AND cause IS NULL
             ORDER BY id LIMIT ?",
            platform.code(),
            after,
            latest,
            limit,
        );
        let found = found.fetch_all(&self.pool).await?;
        let Some(last) = found.last().copied() else {
            return Ok(None);
        };
        let forgotten = sqlx::query!(
            "UPDATE inbox SET raw = '', answer = NULL, lane = ''
             WHERE platform = ? AND id > ? AND id <= ? AND answered_at IS NOT NULL AND received_at <= ? AND cause IS NULL",
            platform.code(),
            after,
            last,
            latest,
        );
        forgotten.execute(&self.pool).await?;
        Ok((found.len() == limit as usize).then_some(last))
    }
}
