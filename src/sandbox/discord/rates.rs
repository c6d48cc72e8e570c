//! Rate limits: 50 requests a second in all, and a bucket per route and channel.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

const GLOBAL: (u32, Duration) = (50, Duration::from_secs(1));

/// The windows that are open.
#[derive(Debug, Default)]
pub(super) struct Rates {
    global: Option<Window>,
    buckets: HashMap<String, Window>,
}

#[derive(Debug)]
struct Window {
    until: Instant,
    used: u32,
}

/// How a bucket stands after a request, as the response's headers tell it.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) bucket: String,
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
    pub(super) refused: bool,
    pub(super) global: bool,
}

/// The bucket of a request: what it is counted with, and how many in what time.
pub(super) struct Bucket {
    pub(super) key: String,
    pub(super) limit: u32,
    pub(super) period: Duration,
    pub(super) global: bool,
}

impl Bucket {
    /// `major` is the channel, guild or webhook token in the path; `renames` a change of a channel's name or topic.
    pub(super) fn of(method: &str, template: &str, major: &str, renames: bool) -> Self {
        let (limit, seconds) = match (method, template) {
            ("PATCH", "/channels/{channel_id}") if renames => (2, 600),
            ("GET" | "POST", "/channels/{channel_id}/messages")
            | ("POST", "/webhooks/{webhook_id}/{webhook_token}")
            | (
                "PATCH",
                "/channels/{channel_id}"
                | "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
                | "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            )
            | ("PATCH" | "DELETE", "/channels/{channel_id}/messages/{message_id}") => (5, 5),
            ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me") => (4, 1),
            _ => (50, 1),
        };
        Self {
            key: format!("{method} {template} {major}{}", if renames { " renamed" } else { "" }),
            limit,
            period: Duration::from_secs(seconds),
            global: !template.starts_with("/interactions/") && !template.starts_with("/webhooks/"),
        }
    }
}

impl Rates {
    pub(super) fn take(&mut self, bucket: &Bucket) -> Standing {
        let now = Instant::now();
        if bucket.global
            && let Err(wait) = take_from(self.global.get_or_insert_with(|| Window::open(now)), GLOBAL, now)
        {
            return Standing {
                bucket: "global".to_owned(),
                limit: GLOBAL.0,
                remaining: 0,
                reset_after: wait,
                refused: true,
                global: true,
            };
        }
        let window = self
            .buckets
            .entry(bucket.key.clone())
            .or_insert_with(|| Window::open(now));
        let taken = take_from(window, (bucket.limit, bucket.period), now);
        Standing {
            bucket: hash(&bucket.key),
            limit: bucket.limit,
            remaining: bucket.limit.saturating_sub(window.used),
            reset_after: window.until.saturating_duration_since(now),
            refused: taken.is_err(),
            global: false,
        }
    }
}

impl Window {
    fn open(now: Instant) -> Self {
        Self { until: now, used: 0 }
    }
}

fn take_from(window: &mut Window, (limit, period): (u32, Duration), now: Instant) -> Result<(), Duration> {
    if window.until <= now {
        *window = Window {
            until: now + period,
            used: 0,
        };
    }
    if window.used >= limit {
        return Err(window.until - now);
    }
    window.used += 1;
    Ok(())
}

/// Discord names its buckets by an opaque hash.
fn hash(key: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
