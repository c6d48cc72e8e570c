//! `guichet delivery`: what could not be delivered, from the command line.

use std::process::ExitCode;

use clap::Subcommand;

use super::Failure;
use super::desk_at::DeskAt;
use crate::config::Config;
use crate::domain::ids::OutboxId;
use crate::domain::permission::Permit;
use crate::service::delivery;
use crate::store::dead_letters::{self, DeadLetter};
use crate::store::{Fault, Store};

/// How many are listed.
const LISTED: u32 = 1_000;

#[derive(Subcommand)]
pub(super) enum Command {
    /// List what could not be delivered, the newest first.
    List,
    /// Send it again, behind what waits.
    Retry {
        /// The number in the list.
        #[arg(required_unless_present = "all")]
        id: Option<u64>,
        /// All of it.
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

pub(super) async fn delivery(config: &Config, command: Command) -> Result<ExitCode, Failure> {
    let at = DeskAt::visit(config).await?;
    let done = match command {
        Command::List => list(&at.store).await,
        Command::Retry { id, .. } => retry(&at.store, id.map(OutboxId)).await,
    };
    at.close().await;
    let (text, code) = done?;
    println!("{text}");
    Ok(code)
}

async fn list(store: &Store) -> Result<(String, ExitCode), Fault> {
    let mut tx = store.begin().await?;
    let letters = dead_letters::list(&mut tx, LISTED).await?;
    tx.rollback().await;
    if letters.is_empty() {
        return Ok(("Everything was delivered.".to_owned(), ExitCode::SUCCESS));
    }
    let lines: Vec<String> = letters.iter().map(line).collect();
    Ok((lines.join("\n"), ExitCode::SUCCESS))
}

/// Number, time, ticket, reader, reason and cause.
fn line(letter: &DeadLetter) -> String {
    let ticket = letter
        .ticket
        .as_ref()
        .map_or("-".to_owned(), |(id, _)| format!("no. {id}"));
    let to = match &letter.to {
        Some((name, platform)) => format!("{name} ({})", platform.name()),
        None => "nobody known".to_owned(),
    };
    format!(
        "{:>8}  {}  {ticket:<8}  {to}  {}  {}",
        letter.id.0,
        letter.at.format("%Y-%m-%d %H:%M"),
        letter.reason.code(),
        letter.cause
    )
}

async fn retry(store: &Store, id: Option<OutboxId>) -> Result<(String, ExitCode), Fault> {
    let mut tx = store.begin().await?;
    let most = usize::try_from(dead_letters::count(&mut tx).await?).unwrap_or_default();
    tx.rollback().await;
    let mut sent = 0;
    loop {
        let mut tx = store.begin().await?;
        let more = delivery::resend(&mut tx, Permit::of_the_operator(), id).await?;
        tx.commit().await?;
        sent += more;
        // What can't be delivered again meanwhile is not sent round and round.
        if more == 0 || sent >= most {
            break;
        }
    }
    Ok(match (sent, id) {
        (0, Some(id)) => {
            let text =
                format!("Nothing with the number {id} can be sent again. `guichet delivery list` shows what can.");
            (text, ExitCode::FAILURE)
        }
        (sent, _) => (format!("{sent} sent again."), ExitCode::SUCCESS),
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::line;
    use crate::domain::ids::{OutboxId, TicketId};
    use crate::domain::obstacle::Obstacle;
    use crate::domain::platform::Platform;
    use crate::store::dead_letters::DeadLetter;

    #[test]
    fn a_line_tells_whom_and_why() {
        let letter = DeadLetter {
            id: OutboxId(12),
            ticket: Some((TicketId(3), "Le wifi tombe".to_owned())),
            to: Some(("Lina Ndiaye".to_owned(), Platform::Telegram)),
            reason: Obstacle::Blocked,
            cause: "the person can't be reached".to_owned(),
            at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(
            line(&letter),
            "      12  1970-01-01 00:00  no. 3     Lina Ndiaye (Telegram)  blocked  the person can't be reached"
        );
    }
}
