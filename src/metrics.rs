//! What is counted and measured, for Prometheus: every name, what it means, and the one function that changes it.
//!
//! The `/metrics` page itself is `web`'s. To add a metric: its name, its line in [`ALL`], a function that
//! changes it, and a panel in `config/grafana-dashboard.json`; a test compares the two. Labels hold codes of ours
//! only, never an id of a person or what they write.

use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use chrono::TimeDelta;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::domain::platform::{Carrier, Platform};

const UPDATES: &str = "guichet_updates_total";
const UPDATE_SECONDS: &str = "guichet_update_seconds";
const INBOX_DEPTH: &str = "guichet_inbox_depth";
const INBOX_OLDEST: &str = "guichet_inbox_oldest_seconds";
const SET_ASIDE: &str = "guichet_set_aside_total";
const OUTBOX_DEPTH: &str = "guichet_outbox_depth";
const OUTBOX_OLDEST: &str = "guichet_outbox_oldest_seconds";
const DELIVERIES: &str = "guichet_deliveries_total";
const BURIED: &str = "guichet_buried_total";
const DEAD_LETTERS: &str = "guichet_dead_letters";
const RATE_LIMITED: &str = "guichet_rate_limited_total";
const RETRIES: &str = "guichet_retries_total";
const TRANSACTIONS_RETRIED: &str = "guichet_transactions_retried_total";
const DATABASE_UP: &str = "guichet_database_up";
const DATABASE_CONNECTIONS: &str = "guichet_database_connections";
const SHARDS_HELD: &str = "guichet_shards_held";
const REPLICAS: &str = "guichet_replicas";
const DUTY_HELD: &str = "guichet_duty_held";
const BUILD_INFO: &str = "guichet_build_info";

/// What kind of number a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How often something took how long.
    Histogram,
}

use Kind::{Counter, Gauge, Histogram};

/// Every metric: its name, its kind, what it says.
pub const ALL: [(&str, Kind, &str); 19] = [
    (UPDATES, Counter, "Updates stored, by platform."),
    (
        UPDATE_SECONDS,
        Histogram,
        "Seconds from storing an update to its answer.",
    ),
    (INBOX_DEPTH, Gauge, "Updates stored and not answered yet, by platform."),
    (
        INBOX_OLDEST,
        Gauge,
        "Age in seconds of the oldest of these; 0 when there is none.",
    ),
    (
        SET_ASIDE,
        Counter,
        "Updates set aside since they can't be handled, by platform.",
    ),
    (OUTBOX_DEPTH, Gauge, "Notices still to be told, by platform (or mail)."),
    (
        OUTBOX_OLDEST,
        Gauge,
        "Age in seconds of the oldest of these; 0 when there is none.",
    ),
    (
        DELIVERIES,
        Counter,
        "Requests that carry notices, by platform (or mail) and outcome.",
    ),
    (BURIED, Counter, "Notices moved to the dead letters."),
    (DEAD_LETTERS, Gauge, "Notices in the dead letters."),
    (
        RATE_LIMITED,
        Counter,
        "Requests that a platform answered with 429, by platform.",
    ),
    (
        RETRIES,
        Counter,
        "What was tried again: an update, an answer, a notice.",
    ),
    (
        TRANSACTIONS_RETRIED,
        Counter,
        "Transactions run again since another was in the way.",
    ),
    (
        DATABASE_UP,
        Gauge,
        "1 when the database answered this page's questions, otherwise 0.",
    ),
    (
        DATABASE_CONNECTIONS,
        Gauge,
        "Connections to the database, by state: used, idle, and the most allowed.",
    ),
    (
        SHARDS_HELD,
        Gauge,
        "Shards of the inbox and outbox that this process works on.",
    ),
    (
        REPLICAS,
        Gauge,
        "Processes that serve this database, as this one sees it.",
    ),
    (DUTY_HELD, Gauge, "1 when this process has the duty, otherwise 0."),
    (BUILD_INFO, Gauge, "1, with the version as a label."),
];

/// Seconds. People notice from about one; Discord gives up after three.
const BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0, 3600.0,
];

/// What became of a request that carries a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The platform took it.
    Sent,
    /// The platform asks to wait.
    Waiting,
    /// It may work later.
    Failed,
    /// The person can't be reached.
    Unreachable,
    /// The place or the message is gone.
    Gone,
    /// The platform does not take what we sent.
    Refused,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Sent,
        Self::Waiting,
        Self::Failed,
        Self::Unreachable,
        Self::Gone,
        Self::Refused,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }
}

/// What is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// Handling an update.
    Update,
    /// Showing the answer to one.
    Answer,
    /// Telling a notice.
    Notice,
}

impl Retried {
    const ALL: [Self; 3] = [Self::Update, Self::Answer, Self::Notice];

    fn label(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Answer => "answer",
            Self::Notice => "notice",
        }
    }
}

/// What waits in a queue, on one platform or for the mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How much.
    pub depth: u64,
    /// For how long the oldest has.
    pub oldest: Duration,
}

/// The one recorder of this process, from the first call on: what is counted before is not. Whoever never asks for
/// it pays nothing for counting.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let matcher = Matcher::Full(UPDATE_SECONDS.to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(matcher, &BUCKETS);
        let recorder = builder.unwrap_or_default().build_recorder();
        let handle = recorder.handle();
        if ::metrics::set_global_recorder(recorder).is_err() {
            tracing::error!("something else counts already: /metrics stays empty");
        }
        describe();
        begin_at_zero();
        handle
    })
}

fn describe() {
    for (name, kind, help) in ALL {
        match kind {
            Counter => describe_counter!(name, help),
            Gauge => describe_gauge!(name, help),
            Histogram => describe_histogram!(name, help),
        }
    }
}

/// A counter that is not there before its first event hides that event from `rate()`.
fn begin_at_zero() {
    for platform in Platform::ALL {
        for name in [UPDATES, SET_ASIDE, RATE_LIMITED] {
            counter!(name, "platform" => platform.code()).absolute(0);
        }
    }
    for (carrier, outcome) in Carrier::ALL
        .iter()
        .flat_map(|carrier| Outcome::ALL.map(|outcome| (carrier, outcome)))
    {
        counter!(DELIVERIES, "platform" => carrier.code(), "outcome" => outcome.label()).absolute(0);
    }
    for what in Retried::ALL {
        counter!(RETRIES, "what" => what.label()).absolute(0);
    }
    counter!(BURIED).absolute(0);
    counter!(TRANSACTIONS_RETRIED).absolute(0);
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1);
}

/// An update was stored.
pub fn update_stored(platform: Platform) {
    counter!(UPDATES, "platform" => platform.code()).increment(1);
}

/// An update is done with, so long after it was stored.
pub fn update_answered(platform: Platform, after: TimeDelta) {
    let after = after.to_std().unwrap_or_default();
    histogram!(UPDATE_SECONDS, "platform" => platform.code()).record(after);
}

/// An update was set aside.
pub fn update_set_aside(platform: Platform) {
    counter!(SET_ASIDE, "platform" => platform.code()).increment(1);
}

/// A request that carries a notice came to its end.
pub fn delivery(carrier: Carrier, outcome: Outcome) {
    counter!(DELIVERIES, "platform" => carrier.code(), "outcome" => outcome.label()).increment(1);
}

/// A notice went to the dead letters.
pub fn buried() {
    counter!(BURIED).increment(1);
}

/// A platform answered 429.
pub fn rate_limited(platform: Platform) {
    counter!(RATE_LIMITED, "platform" => platform.code()).increment(1);
}

/// Something is going to be tried again.
pub fn retried(what: Retried) {
    counter!(RETRIES, "what" => what.label()).increment(1);
}

/// A transaction is run again.
pub fn transaction_retried() {
    counter!(TRANSACTIONS_RETRIED).increment(1);
}

/// What waits in the inbox.
pub fn inbox(carrier: Carrier, waiting: Waiting) {
    set_waiting(INBOX_DEPTH, INBOX_OLDEST, carrier, waiting);
}

/// What waits in the outbox.
pub fn outbox(carrier: Carrier, waiting: Waiting) {
    set_waiting(OUTBOX_DEPTH, OUTBOX_OLDEST, carrier, waiting);
}

fn set_waiting(depth: &'static str, oldest: &'static str, carrier: Carrier, waiting: Waiting) {
    gauge!(depth, "platform" => carrier.code()).set(number(waiting.depth));
    gauge!(oldest, "platform" => carrier.code()).set(waiting.oldest.as_secs_f64());
}

/// How many dead letters there are.
pub fn dead_letters(count: u64) {
    gauge!(DEAD_LETTERS).set(number(count));
}

/// Whether the database answers.
pub fn database_up(up: bool) {
    gauge!(DATABASE_UP).set(f64::from(u8::from(up)));
}

/// The connections to the database.
pub fn database_connections(used: u32, idle: u32, max: u32) {
    for (state, count) in [("used", used), ("idle", idle), ("max", max)] {
        gauge!(DATABASE_CONNECTIONS, "state" => state).set(count);
    }
}

/// How many shards this process works on.
pub fn shards_held(count: usize) {
    gauge!(SHARDS_HELD).set(number(count as u64));
}

/// How many processes serve the database.
pub fn replicas(count: usize) {
    gauge!(REPLICAS).set(number(count as u64));
}

/// Whether this process has a duty that only one may have, such as polling Telegram.
pub fn duty_held(duty: &'static str, held: bool) {
    gauge!(DUTY_HELD, "duty" => duty).set(f64::from(u8::from(held)));
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{ALL, Counter, Outcome, delivery, recorder, update_answered};
    use crate::domain::platform::{Carrier, Platform};
    use chrono::TimeDelta;

    #[test]
    fn names_follow_the_conventions() {
        for (name, kind, help) in ALL {
            assert!(name.starts_with("guichet_") && help.ends_with('.'), "{name}");
            assert_eq!(name.ends_with("_total"), kind == Counter, "{name}");
        }
    }

    #[test]
    fn the_page_says_what_was_counted_and_what_it_means() {
        let handle = recorder();
        delivery(Carrier::Chat(Platform::Discord), Outcome::Refused);
        update_answered(Platform::Telegram, TimeDelta::milliseconds(20));
        let page = handle.render();
        let refused = r#"guichet_deliveries_total{platform="discord",outcome="refused"} "#;
        assert!(page.contains(refused), "{page}");
        assert!(
            page.contains(r#"guichet_update_seconds_bucket{platform="telegram",le="0.025"} "#),
            "{page}"
        );
        assert!(
            page.contains("# HELP guichet_updates_total Updates stored, by platform."),
            "{page}"
        );
    }
}
