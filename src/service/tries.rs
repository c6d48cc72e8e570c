//! How often something may be tried: so often within [`WITHIN`], for each of those for whom it counts; the next has to
//! wait until the first of them is that old.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use super::codes::CodeKey;
use crate::store::{Fault, Store, passwords};

/// For how long a try counts.
pub const WITHIN: TimeDelta = TimeDelta::minutes(15);

/// Somebody or something for whom tries count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    /// What stands for them.
    pub subject: [u8; 32],
    /// How often they may try.
    pub most: u32,
}

impl Counter {
    /// For all that one client does of that kind.
    pub(super) fn of_client(key: &CodeKey, kind: &str, client: IpAddr, most: u32) -> Self {
        let subject = key.digest(kind, &neighbourhood(client).to_string());
        Self { subject, most }
    }
}

/// Until when nothing more may be tried, if there were too many tries.
pub(super) async fn find_wait(store: &Store, counters: &[Counter]) -> Result<Option<DateTime<Utc>>, Fault> {
    wait(store, counters, 0).await
}

/// Counts a try, before it is made: many at once get no more. Gives its rows, or until when it has to wait.
pub(super) async fn count(store: &Store, counters: &[Counter]) -> Result<Result<Vec<u64>, DateTime<Utc>>, Fault> {
    let rows = store.transact(&counters, |tx, counters| {
        Box::pin(async move {
            let mut rows = Vec::new();
            for counter in *counters {
                rows.push(passwords::insert_attempt(tx, &counter.subject).await?);
            }
            Ok(rows)
        })
    });
    let rows = rows.await?;
    match wait(store, counters, 1).await? {
        Some(until) => {
            take_back(store, &rows).await?;
            Ok(Err(until))
        }
        None => Ok(Ok(rows)),
    }
}

/// A try that does not count after all.
pub(super) async fn take_back(store: &Store, rows: &[u64]) -> Result<(), Fault> {
    let taken = store.transact(&rows, |tx, rows| {
        Box::pin(async move {
            for row in *rows {
                passwords::delete_attempt(tx, *row).await?;
            }
            Ok(())
        })
    });
    taken.await
}

/// `own` of the tries are the one that asks.
async fn wait(store: &Store, counters: &[Counter], own: u32) -> Result<Option<DateTime<Utc>>, Fault> {
    let mut view = store.look().await?;
    let mut until = None;
    for Counter { subject, most } in counters {
        let enough = most + own;
        let latest = passwords::list_attempts(&mut view, subject, WITHIN, enough).await?;
        let oldest = latest.last().filter(|_| latest.len() == enough as usize);
        until = until.max(oldest.map(|at| *at + WITHIN));
    }
    Ok(until)
}

/// Whose an address is: of version 6, whoever has one has 2^64 of them (RFC 6177).
pub(super) fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::neighbourhood;

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        let of = |address: &str| neighbourhood(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
