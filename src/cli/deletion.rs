//! `guichet admin delete`: somebody's account, and their tickets or not.

use super::Failure;
use super::admin::{find, last_admin};
use crate::domain::account::TheirTickets;
use crate::domain::ids::TicketId;
use crate::domain::permission::Permit;
use crate::service::deletion::{Refused, delete, extent, prepare};
use crate::service::roles::LastAdmin;
use crate::store::Store;
use crate::store::accounts::{self, Account};

/// Deletes an account, or says without `yes` what would be gone.
pub(super) async fn delete_account(
    store: &Store,
    account: &str,
    tickets: TheirTickets,
    yes: bool,
) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    let extent = extent(&mut tx, Permit::of_the_operator(), found.id).await?;
    tx.rollback().await;
    let asked = match tickets {
        TheirTickets::Erase => "Tickets they asked for, which are erased",
        TheirTickets::Keep => "Tickets they asked for, which stay without them",
    };
    let concerned = format!(
        "{asked}: {}.\nTickets in their charge, which go back to the team: {}.",
        numbers(&extent.asked),
        numbers(&extent.in_charge)
    );
    if !yes {
        return Ok(format!(
            "Nothing is deleted yet. This would be gone for ever: {} ({}).\n{concerned}\nThe same with --yes does it.",
            found.name,
            found.role.code()
        ));
    }
    while store
        .transact(&(found.id, tickets), |tx, (account, tickets)| {
            Box::pin(prepare(tx, Permit::of_the_operator(), *account, *tickets))
        })
        .await?
    {}
    let context = (&found, tickets);
    let deleted = store.transact(&context, |tx, context: &(&Account, TheirTickets)| {
        let (account, tickets) = *context;
        Box::pin(async move {
            // By an earlier run of this, whose end was not heard of; or by somebody else.
            match accounts::find(tx, account.id).await? {
                Some(account) => delete(tx, Permit::of_the_operator(), &account, tickets).await,
                None => Ok(Ok(())),
            }
        })
    });
    deleted.await?.map_err(|refused| match refused {
        Refused::LastAdmin => last_admin(LastAdmin),
        Refused::TooMuch => Failure::Told("More tickets came meanwhile: try again.".to_owned()),
    })?;
    Ok(format!("The account number {} is deleted.\n{concerned}", found.id))
}

fn numbers(tickets: &[TicketId]) -> String {
    if tickets.is_empty() {
        return "none".to_owned();
    }
    let numbers: Vec<String> = tickets.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}
