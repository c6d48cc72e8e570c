//! How a platform is at present: whether it answers at all.
//!
//! When nothing gets through to it, tries are made one at a time, at growing intervals, until one does; what waits
//! stays in the outbox as it is. So an outage costs next to nothing, however long the queue, and everything leaves
//! soon after its end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::courier::DeliveryError;
use super::errands::Failure;
use crate::domain::platform::Platform;

/// So many failures without a success between them are a storm.
const STORM: u32 = 8;
/// The first rest between two tries in a storm.
const REST: Duration = Duration::from_millis(250);
/// The longest rest.
const LONGEST: Duration = Duration::from_secs(8);

/// The weather on every platform.
#[derive(Default)]
pub(super) struct Weather(Mutex<HashMap<Platform, Sky>>);

#[derive(Default)]
struct Sky {
    failures: u32,
    /// In a storm: when the next try may be made.
    next: Option<Instant>,
}

impl Weather {
    /// Whether something may be sent to the platform now. In a storm, that is the one try until its outcome is known.
    pub(super) fn allows(&self, platform: Option<Platform>) -> bool {
        let mut skies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(next) = platform.and_then(|platform| skies.get_mut(&platform)?.next.as_mut()) else {
            return true;
        };
        let now = Instant::now();
        let allows = *next <= now;
        if allows {
            // Should its outcome never be known, another is made.
            *next = now + LONGEST * 4;
        }
        allows
    }

    /// Takes note of how a delivery ended; says whether the weather is calm.
    pub(super) fn note(&self, platform: Option<Platform>, failure: Option<&Failure>) -> bool {
        let Some(platform) = platform else { return true };
        let mut skies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match failure {
            Some(Failure::Delivery(DeliveryError::Transient(_))) => {
                let sky = skies.entry(platform).or_default();
                sky.failures = sky.failures.saturating_add(1);
                let Some(beyond) = sky.failures.checked_sub(STORM) else {
                    return true;
                };
                if beyond == 0 {
                    tracing::warn!("nothing gets through to {}", platform.name());
                }
                let rest = (REST * (1 << beyond.min(8))).min(LONGEST);
                sky.next = Some(Instant::now() + rest.mul_f64(rand::random_range(0.5..1.0)));
                false
            }
            // What has nothing to do with the platform says nothing about it.
            Some(
                Failure::Fault(_)
                | Failure::Lease
                | Failure::Panic
                | Failure::KnownLost(_)
                | Failure::KnownUnreachable(_)
                | Failure::Delivery(DeliveryError::NotOurs),
            ) => true,
            Some(Failure::Delivery(_) | Failure::Lost(_)) | None => {
                if skies.remove(&platform).is_some_and(|sky| sky.next.is_some()) {
                    tracing::info!("{} answers again", platform.name());
                }
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{STORM, Weather};
    use crate::domain::platform::Platform;
    use crate::outbox::courier::DeliveryError;
    use crate::outbox::errands::Failure;

    #[test]
    fn a_storm_allows_one_try_at_a_time_and_ends_with_a_success() {
        let weather = Weather::default();
        let telegram = Some(Platform::Telegram);
        let lost = Failure::Delivery(DeliveryError::Transient("lost".to_owned()));
        for _ in 1..STORM {
            assert!(weather.note(telegram, Some(&lost)) && weather.allows(telegram));
        }
        assert!(!weather.note(telegram, Some(&lost)));
        assert!(!weather.allows(telegram) && weather.allows(Some(Platform::Discord)));
        assert!(weather.note(telegram, None) && weather.allows(telegram));
    }
}
