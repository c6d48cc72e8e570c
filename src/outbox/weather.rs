//! How a platform, or the mail server, is at present: whether it answers at all.
//!
//! When nothing gets through to it, tries are made one at a time, at growing intervals, until one does; what waits
//! stays in the outbox as it is. So an outage costs next to nothing, however long the queue, and everything leaves
//! soon after its end.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::courier::DeliveryError;
use super::errands::Failure;
use crate::domain::platform::Carrier;

/// Failures at so many destinations without a success between them are a storm: one that always fails is none.
const STORM: usize = 8;
/// The first rest between two tries in a storm.
const REST: Duration = Duration::from_millis(250);
/// The longest rest.
const LONGEST: Duration = Duration::from_secs(8);

/// The weather for every carrier.
#[derive(Default)]
pub(super) struct Weather(Mutex<HashMap<Carrier, Sky>>);

/// In what weather a delivery goes on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// As ever.
    Calm,
    /// As the one try in a storm.
    Probe,
}

#[derive(Default)]
struct Sky {
    /// The destinations that failed since the last success.
    failing: HashSet<String>,
    storm: Option<Storm>,
}

struct Storm {
    /// How many tries were in vain.
    probes: u32,
    /// When the next may be made.
    next: Instant,
}

/// What a delivery says about its platform.
enum Sign {
    Answers,
    Down,
    Neither,
}

impl Weather {
    /// Whether something may be sent to the platform now, and as what. In a storm, that is the one try until its
    /// outcome is known.
    pub(super) fn allows(&self, carrier: Option<Carrier>) -> Option<Departure> {
        let mut skies = self.skies();
        let Some(storm) = carrier.and_then(|carrier| skies.get_mut(&carrier)?.storm.as_mut()) else {
            return Some(Departure::Calm);
        };
        let now = Instant::now();
        if storm.next > now {
            return None;
        }
        // Should its outcome never be known, another is made.
        storm.next = now + LONGEST * 4;
        Some(Departure::Probe)
    }

    /// Whether the platform is in no storm.
    pub(super) fn is_calm(&self, carrier: Option<Carrier>) -> bool {
        let skies = self.skies();
        let sky = carrier.and_then(|carrier| skies.get(&carrier));
        sky.is_none_or(|sky| sky.storm.is_none())
    }

    /// Takes note of how a delivery ended; says whether that is to be written down. In a storm it is for the one try
    /// alone, so that another row has its turn next; for what was on its way when the storm began, it would be as much
    /// as is sent in calm weather.
    pub(super) fn note(
        &self,
        carrier: Option<Carrier>,
        dest: &str,
        departure: Departure,
        failure: Option<&Failure>,
    ) -> bool {
        let Some(carrier) = carrier else { return true };
        let mut skies = self.skies();
        let sky = skies.entry(carrier).or_default();
        match Sign::of(failure) {
            Sign::Down => sky.darken(carrier, dest, departure),
            Sign::Answers => {
                if std::mem::take(sky).storm.is_some() {
                    tracing::info!("{} answers again", carrier.name());
                }
                true
            }
            Sign::Neither => {
                if let (Some(storm), Departure::Probe) = (&mut sky.storm, departure) {
                    storm.next = Instant::now();
                }
                true
            }
        }
    }

    fn skies(&self) -> MutexGuard<'_, HashMap<Carrier, Sky>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sky {
    /// A delivery did not get through; says whether that is to be written down.
    fn darken(&mut self, carrier: Carrier, dest: &str, departure: Departure) -> bool {
        if let Some(storm) = &mut self.storm {
            if departure == Departure::Probe {
                storm.lasts();
            }
            return departure == Departure::Probe;
        }
        self.failing.insert(dest.to_owned());
        if self.failing.len() < STORM {
            return true;
        }
        tracing::warn!("nothing gets through to {}", carrier.name());
        self.storm = Some(Storm {
            probes: 0,
            next: soon(REST),
        });
        false
    }
}

impl Storm {
    fn lasts(&mut self) {
        self.probes = self.probes.saturating_add(1);
        self.next = soon((REST * (1 << self.probes.min(8))).min(LONGEST));
    }
}

impl Sign {
    fn of(failure: Option<&Failure>) -> Self {
        match failure {
            Some(Failure::Delivery(DeliveryError::Transient(_))) => Self::Down,
            // It is mostly our own limits that ask to wait, without a word from the platform.
            Some(
                Failure::Fault(_)
                | Failure::Lease
                | Failure::Panic
                | Failure::KnownLost(_)
                | Failure::KnownUnreachable(_)
                | Failure::Delivery(DeliveryError::NotOurs | DeliveryError::RetryAfter(_)),
            ) => Self::Neither,
            Some(Failure::Delivery(_) | Failure::Lost(_)) | None => Self::Answers,
        }
    }
}

/// After so long, or a little sooner: replicas don't all come back at once.
fn soon(rest: Duration) -> Instant {
    Instant::now() + rest.mul_f64(rand::random_range(0.5..1.0))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Departure, LONGEST, STORM, Weather};
    use crate::domain::obstacle::Obstacle;
    use crate::domain::platform::{Carrier, Platform};
    use crate::outbox::courier::DeliveryError;
    use crate::outbox::errands::Failure;

    const TELEGRAM: Option<Carrier> = Some(Carrier::Chat(Platform::Telegram));
    const DISCORD: Option<Carrier> = Some(Carrier::Chat(Platform::Discord));

    fn transient() -> Failure {
        Failure::Delivery(DeliveryError::Transient("lost".to_owned()))
    }

    /// How a delivery to a destination ended that left in calm weather.
    fn ends(weather: &Weather, dest: usize, failure: Option<&Failure>) -> bool {
        weather.note(TELEGRAM, &dest.to_string(), Departure::Calm, failure)
    }

    fn storm() -> Weather {
        let weather = Weather::default();
        for dest in 1..=STORM {
            ends(&weather, dest, Some(&transient()));
        }
        assert!(!weather.is_calm(TELEGRAM));
        weather
    }

    /// As if the rest were over: what the next try leaves as.
    fn probe(weather: &Weather) -> Option<Departure> {
        for sky in weather.skies().values_mut() {
            sky.storm.as_mut().unwrap().next = Instant::now();
        }
        weather.allows(TELEGRAM)
    }

    /// How long it is until the next try.
    fn rest(weather: &Weather) -> Duration {
        let next = weather.skies()[&Carrier::Chat(Platform::Telegram)]
            .storm
            .as_ref()
            .unwrap()
            .next;
        next.saturating_duration_since(Instant::now())
    }

    #[test]
    fn a_storm_allows_one_try_at_a_time_and_ends_with_a_success() {
        let weather = Weather::default();
        for dest in 1..STORM {
            assert!(ends(&weather, dest, Some(&transient())));
            assert_eq!(weather.allows(TELEGRAM), Some(Departure::Calm));
        }
        assert!(!ends(&weather, STORM, Some(&transient())));
        assert_eq!(weather.allows(TELEGRAM), None);
        assert_eq!(weather.allows(DISCORD), Some(Departure::Calm));
        assert_eq!(probe(&weather), Some(Departure::Probe));
        assert_eq!(weather.allows(TELEGRAM), None);
        assert!(weather.note(TELEGRAM, "1", Departure::Probe, None));
        assert_eq!(weather.allows(TELEGRAM), Some(Departure::Calm));
    }

    #[test]
    fn to_ask_for_the_weather_uses_up_no_try() {
        let weather = storm();
        assert!(!weather.is_calm(TELEGRAM) && weather.is_calm(DISCORD));
        assert_eq!(probe(&weather), Some(Departure::Probe));
    }

    #[test]
    fn in_a_storm_only_the_one_try_is_written_down() {
        let weather = storm();
        assert!(!ends(&weather, STORM + 1, Some(&transient())));
        assert_eq!(probe(&weather), Some(Departure::Probe));
        assert!(!ends(&weather, STORM + 2, Some(&transient())));
        assert!(weather.note(TELEGRAM, "1", Departure::Probe, Some(&transient())));
        assert!(rest(&weather) <= LONGEST && weather.allows(TELEGRAM).is_none());
    }

    #[test]
    fn what_says_nothing_about_the_platform_neither_ends_a_storm_nor_delays_the_next_try() {
        for neither in [
            Failure::KnownLost(Obstacle::Deleted),
            Failure::Lease,
            Failure::Panic,
            Failure::Delivery(DeliveryError::RetryAfter(Duration::from_secs(1))),
        ] {
            let weather = storm();
            assert_eq!(probe(&weather), Some(Departure::Probe));
            assert!(weather.note(TELEGRAM, "1", Departure::Probe, Some(&neither)));
            assert!(!weather.is_calm(TELEGRAM));
            assert_eq!(weather.allows(TELEGRAM), Some(Departure::Probe));
        }
    }

    #[test]
    fn one_bad_destination_is_no_storm() {
        let weather = Weather::default();
        for _ in 0..STORM * 2 {
            assert!(ends(&weather, 1, Some(&transient())));
        }
        assert!(weather.is_calm(TELEGRAM));
    }
}
