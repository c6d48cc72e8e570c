//! What becomes of a notice that was not told: tried again later, moved to another chat, or kept as a dead letter, and
//! then whoever has to know is told.

use chrono::TimeDelta;

use super::courier::DeliveryError;
use super::errands::Failure;
use crate::domain::obstacle::Obstacle;
use crate::metrics::{self, Retried};
use crate::service::reach::{self, Missed, Undelivered};
use crate::store::outbox::{self, Notice, OutboxRow};
use crate::store::{Fault, Store, Tx, history, places};

/// How often a notice is tried in whose way is a fault of ours, some minutes in all: others wait behind it.
const TRIES: u16 = 10;
/// The longest wait before another try: soon after an outage everything arrives.
const LONGEST: TimeDelta = TimeDelta::seconds(30);

/// What to do about a notice that was not told.
enum Outcome {
    /// Try again after a while. `fault` when it was a fault of ours, of which there can't be many.
    Later { wait: TimeDelta, fault: bool },
    /// The chat has this id now.
    Moved(String),
    /// There is no use in trying again for now.
    Undelivered(Obstacle),
}

/// Puts the row off, or gives the notice another way, or keeps it as a dead letter.
///
/// # Errors
/// [`Fault`]; then the row is as it was, and due.
pub(super) async fn settle(store: &Store, row: &OutboxRow, failure: Failure) -> Result<(), Fault> {
    let cause = failure.to_string();
    match outcome(&failure, row.attempts, row.faults) {
        Outcome::Later { wait, fault } => {
            let wait_ms = wait.num_milliseconds();
            tracing::warn!(outbox.id = row.id.0, cause, wait_ms, "a notice is put off");
            metrics::retried(Retried::Notice);
            store.put_off(row, wait, &cause, fault).await
        }
        Outcome::Moved(to) => move_place(store, row, &to, &cause).await,
        Outcome::Undelivered(obstacle) => give_up(store, row, &failure, obstacle, &cause).await,
    }
}

/// `attempts` and `faults` are those before this one.
fn outcome(failure: &Failure, attempts: u16, faults: u16) -> Outcome {
    let wait = backoff(attempts);
    let later = Outcome::Later { wait, fault: false };
    match failure {
        Failure::Delivery(DeliveryError::RetryAfter(wait)) => Outcome::Later {
            wait: TimeDelta::from_std(*wait).unwrap_or(LONGEST),
            fault: false,
        },
        Failure::Delivery(DeliveryError::Transient(_) | DeliveryError::NotOurs) | Failure::Lease => later,
        Failure::Delivery(DeliveryError::Moved(to)) => Outcome::Moved(to.clone()),
        Failure::Delivery(DeliveryError::Unreachable(gone) | DeliveryError::PlaceGone(gone)) | Failure::Lost(gone) => {
            Outcome::Undelivered(gone.obstacle)
        }
        Failure::KnownUnreachable(obstacle) | Failure::KnownLost(obstacle) => Outcome::Undelivered(*obstacle),
        Failure::Delivery(DeliveryError::MessageGone(_) | DeliveryError::Refused(_)) => {
            Outcome::Undelivered(Obstacle::Refused)
        }
        Failure::Fault(Fault::Unreadable(_)) => Outcome::Undelivered(Obstacle::OurFault),
        Failure::Fault(fault) if fault.is_passing() || fault.is_outage() => later,
        Failure::Fault(_) | Failure::Panic if faults + 1 < TRIES => Outcome::Later { wait, fault: true },
        Failure::Fault(_) | Failure::Panic => Outcome::Undelivered(Obstacle::OurFault),
    }
}

/// Gives the notice another way or keeps it, marks whom it was for, and tells who has to know.
async fn give_up(
    store: &Store,
    row: &OutboxRow,
    failure: &Failure,
    obstacle: Obstacle,
    cause: &str,
) -> Result<(), Fault> {
    let reason = obstacle.code();
    tracing::error!(
        outbox.id = row.id.0,
        dest = row.dest,
        cause,
        reason,
        "a notice can't be delivered"
    );
    let known = matches!(failure, Failure::KnownUnreachable(_) | Failure::KnownLost(_));
    let of_person = matches!(
        failure,
        Failure::Delivery(DeliveryError::Unreachable(_)) | Failure::KnownUnreachable(_)
    );
    let of_place = matches!(failure, Failure::Lost(_) | Failure::KnownLost(_));
    let undelivered = Undelivered {
        row,
        obstacle,
        cause,
        known,
    };
    store
        .transact(&undelivered, move |tx, undelivered| {
            let undelivered = *undelivered;
            Box::pin(async move {
                match undelivered.row.notice() {
                    Ok(Notice::Letter { letter, .. }) => reach::letter_missed(tx, undelivered, letter).await,
                    // Nothing is kept of who was deleted.
                    Ok(Notice::Farewell { .. }) => outbox::acknowledge(tx, undelivered.row).await.map(drop),
                    Ok(notice) if of_person => person_missed(tx, undelivered, &notice).await,
                    Ok(notice) if of_place => match notice.place() {
                        Some(place) => reach::place_missed(tx, undelivered, place).await,
                        None => reach::keep(tx, undelivered).await,
                    },
                    _ => reach::keep(tx, undelivered).await,
                }
            })
        })
        .await
}

async fn person_missed(tx: &mut Tx, undelivered: Undelivered<'_>, notice: &Notice) -> Result<(), Fault> {
    match *notice {
        Notice::Person {
            identity,
            gathered: true,
            ..
        }
        | Notice::PersonInstead {
            identity,
            gathered: true,
            ..
        } => reach::digest_missed(tx, undelivered, identity).await,
        Notice::Person {
            identity,
            ticket,
            seq,
            everywhere,
            ..
        } => {
            let missed = Missed {
                identity,
                ticket,
                seq,
                everywhere,
            };
            reach::person_missed(tx, undelivered, missed).await
        }
        Notice::PersonInstead {
            identity, ticket, seq, ..
        } => {
            let missed = Missed {
                identity,
                ticket,
                seq,
                everywhere: false,
            };
            reach::person_missed(tx, undelivered, missed).await
        }
        Notice::NewTicket {
            identity,
            ticket,
            everywhere,
        } => {
            let missed = Missed {
                identity,
                ticket,
                seq: history::OPENED,
                everywhere,
            };
            reach::person_missed(tx, undelivered, missed).await
        }
        Notice::PlaceLost { identity, place } => reach::admin_missed(tx, undelivered, identity, place).await,
        Notice::Unread { identity, .. }
        | Notice::Linked { identity, .. }
        | Notice::Unlinked { identity, .. }
        | Notice::OtherUnlinked { identity, .. }
        | Notice::LinkAnswered { identity, .. }
        | Notice::LinkLapsed { identity }
        | Notice::Role { identity }
        | Notice::PasswordChanged { identity }
        | Notice::Transcript { identity, .. }
        | Notice::LetterRefused { identity, .. } => reach::chat_missed(tx, undelivered, identity).await,
        Notice::Card { .. }
        | Notice::OwnCard { .. }
        | Notice::Marked { .. }
        | Notice::Thread { .. }
        | Notice::Unreached { .. }
        | Notice::Purged { .. }
        | Notice::Farewell { .. }
        | Notice::Letter { .. } => reach::keep(tx, undelivered).await,
    }
}

/// Writes down where the place of the notice is now, and has it tried there.
async fn move_place(store: &Store, row: &OutboxRow, to: &str, cause: &str) -> Result<(), Fault> {
    tracing::info!(outbox.id = row.id.0, dest = row.dest, "a place has another id now");
    store
        .transact(&(row, to), |tx, (row, to)| {
            Box::pin(async move {
                let Some(place) = row.notice()?.place() else {
                    return Ok(());
                };
                match places::find(tx, place).await? {
                    Some(place) if place.spot.chat != *to => {
                        reach::place_moved(tx, place.platform, &place.spot.chat, to).await
                    }
                    _ => Ok(()),
                }
            })
        })
        .await?;
    store.put_off(row, backoff(row.attempts), cause, false).await
}

/// Twice as long after every try, from a quarter of a second, with jitter so that what failed together does not
/// come back together.
fn backoff(attempts: u16) -> TimeDelta {
    let doubled = TimeDelta::milliseconds(250 << attempts.min(12));
    let capped = doubled.min(LONGEST).num_milliseconds();
    TimeDelta::milliseconds(rand::random_range(capped / 2..=capped))
}

#[cfg(test)]
mod tests {
    use super::{Failure, Outcome, TRIES, backoff, outcome};

    #[test]
    fn ten_faults_of_ours_are_enough() {
        assert!(matches!(
            outcome(&Failure::Panic, 8, TRIES - 2),
            Outcome::Later { fault: true, .. }
        ));
        assert!(matches!(
            outcome(&Failure::Panic, 9, TRIES - 1),
            Outcome::Undelivered(_)
        ));
    }

    #[test]
    fn waits_grow_to_half_a_minute() {
        for (attempts, longest) in [(0, 250), (1, 500), (5, 8_000), (7, 30_000), (u16::MAX, 30_000)] {
            let wait = backoff(attempts).num_milliseconds();
            assert!((longest / 2..=longest).contains(&wait), "{attempts}: {wait}");
        }
    }
}
