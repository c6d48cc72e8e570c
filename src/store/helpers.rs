//! Who helps whoever is in charge of a ticket.

use super::{Fault, Tx, View, tickets};
use crate::domain::account::Named;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::ticket::{State, Ticket};

/// Lists them, in the order of their accounts.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View, ticket: TicketId) -> Result<Vec<(AccountId, Named)>, Fault> {
    let rows = sqlx::query!(
        "SELECT h.account_id, a.name FROM ticket_helpers h JOIN accounts a ON a.id = h.account_id
         WHERE h.ticket_id = ? ORDER BY h.account_id",
        ticket.0
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows
        .map(|row| (AccountId(row.account_id), Named::read(Some(row.name))))
        .collect())
}

/// Adds somebody.
///
/// # Errors
/// [`Fault`].
pub async fn insert(tx: &mut Tx, ticket: TicketId, helper: AccountId) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO ticket_helpers (ticket_id, account_id) VALUES (?, ?)",
        ticket.0,
        helper.0
    )
    .execute(tx.db())
    .await?;
    tickets::mark_more(tx, ticket).await
}

/// Removes somebody.
///
/// # Errors
/// [`Fault`].
pub async fn remove(tx: &mut Tx, ticket: TicketId, helper: AccountId) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM ticket_helpers WHERE ticket_id = ? AND account_id = ?",
        ticket.0,
        helper.0
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Removes somebody from wherever they help.
///
/// # Errors
/// [`Fault`].
pub async fn remove_everywhere(tx: &mut Tx, helper: AccountId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM ticket_helpers WHERE account_id = ?", helper.0)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Keeps those who still help with a ticket that comes to stand there, and gives them: nobody helps with what nobody is
/// in charge of, or what is over, and whoever is in charge is no helper.
pub(super) async fn keep(tx: &mut Tx, ticket: &Ticket, to: State) -> Result<Vec<AccountId>, Fault> {
    let is_over = matches!(to, State::Waiting | State::Closed(_));
    let stays = |helper: &AccountId| !is_over && to.technician() != Some(*helper);
    let (kept, gone): (Vec<_>, Vec<_>) = ticket.helpers.iter().copied().partition(stays);
    for helper in gone {
        remove(tx, ticket.id, helper).await?;
    }
    Ok(kept)
}
