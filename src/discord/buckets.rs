//! How often Discord lets a bot ask: <https://discord.com/developers/docs/topics/rate-limits>.
//!
//! Fifty requests a second in all, and a bucket for each route and its major parameter (channel, server, webhook), of which
//! only answers tell how much is left. So one request of a bucket is under way at a time, and when it
//! was the last, the bucket is held until it is full again. Routes whose answers name the same bucket share one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::outbox::pacing::{Budget, Claim, Limits, Pacer, Pacing, Permit, Rate, Urgency};

/// Fifty in any second, and a little longer, for requests that left apart may arrive together; spread so that an answer
/// finds room at any time.
const LIMITS: Limits = Limits {
    rate: Rate {
        burst: 8.0,
        per_second: 48.2,
    },
    reserve: 4.0,
    window: Some((50.0, Duration::from_millis(1010))),
};

/// What goes out to one channel within half a minute: its headers announce five in five seconds.
const BEARABLE: usize = 30;

/// What a request is counted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Method and path, without what differs from one channel or message to another.
    route: String,
    major: String,
    /// Interactions and their webhooks don't count overall.
    overall: bool,
}

impl Place {
    /// Of a request; none of an interaction's first answer, which nothing limits.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let (_, path) = path.split_once("/api/v10/").unwrap_or(("", path));
        let mut segments: Vec<&str> = path.split('/').collect();
        let (major, overall) = match segments[..] {
            ["interactions", ..] => return None,
            ["webhooks", id, token, ..] => (format!("{id} {token}"), false),
            ["channels" | "guilds", id, ..] => (id.to_owned(), true),
            _ => (String::new(), true),
        };
        if let (Some(token), false) = (segments.get_mut(2), overall) {
            *token = "{}";
        }
        if let Some(reactions) = segments.iter().position(|segment| *segment == "reactions") {
            segments.truncate(reactions + 1);
        }
        let is_id = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        let parts = segments
            .iter()
            .map(|segment| if is_id(segment) { "{}" } else { segment });
        let route = format!("{method} {}", parts.collect::<Vec<_>>().join("/"));
        Some(Self { route, major, overall })
    }
}

/// What an answer says of the limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The name of the bucket.
    pub(super) bucket: Option<String>,
    /// Nothing is left of it for so long.
    pub(super) empty: Option<Duration>,
    /// It is the overall limit that was met.
    pub(super) global: bool,
}

impl Standing {
    /// From the headers of any answer.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let is_empty = header("x-ratelimit-remaining") == Some("0");
        let after = header("x-ratelimit-reset-after").and_then(|after| after.parse().ok());
        let after = after.and_then(|after| Duration::try_from_secs_f64(after).ok());
        Self {
            bucket: header("x-ratelimit-bucket").map(ToOwned::to_owned),
            empty: after.filter(|_| is_empty),
            global: header("x-ratelimit-global") == Some("true") || header("x-ratelimit-scope") == Some("global"),
        }
    }
}

/// The limits of one bot.
#[derive(Debug)]
pub(super) struct Buckets {
    pacer: Pacer,
    /// The bucket of each route, once an answer has named it.
    names: Mutex<HashMap<String, String>>,
}

impl Buckets {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self {
            pacer: Pacer::new(pacing, LIMITS),
            names: Mutex::default(),
        }
    }

    /// Waits for the turn of a request; says how long to wait elsewhere when that is long.
    pub(super) async fn turn(&self, place: Option<&Place>, urgency: Urgency) -> Result<Permit<'_>, Duration> {
        loop {
            let budget = place.map(|place| self.budget(place));
            let claim = Claim {
                overall: u32::from(place.is_some_and(|place| place.overall)),
                own: budget.clone().map(|budget| (budget, 1)),
            };
            let permit = self.pacer.turn(&claim, urgency).await?;
            // Meanwhile an answer may have told that the bucket is another.
            let now = place.map(|place| self.budget(place).key);
            if now == budget.map(|budget| budget.key) {
                return Ok(permit);
            }
        }
    }

    /// Takes note of an answer. `refused` is the wait that it asks for; `place` is where it was counted.
    pub(super) fn learn(&self, place: &Place, standing: &Standing, refused: Option<Duration>) {
        let wait = refused.or(standing.empty);
        match wait {
            Some(wait) if standing.global && refused.is_some() => self.pacer.hold_all(wait),
            // Under the name that it had so far, too.
            Some(wait) => self.pacer.hold(&self.budget(place), wait),
            None => {}
        }
        let Some(name) = &standing.bucket else { return };
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !names.contains_key(&place.route);
        names.entry(place.route.clone()).or_insert_with(|| name.clone());
        drop(names);
        if let (Some(wait), true, false) = (wait, is_new, standing.global) {
            self.pacer.hold(&self.budget(place), wait);
        }
    }

    pub(super) fn share(&self, replicas: u32) {
        self.pacer.share(replicas);
    }

    /// How many messages may wait for one place before they are too many; nothing without limits.
    pub(super) fn bearable(&self) -> Option<usize> {
        self.pacer.is_limited().then_some(BEARABLE)
    }

    fn budget(&self, place: &Place) -> Budget {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.get(&place.route).unwrap_or(&place.route);
        Budget {
            key: format!("{name} {}", place.major),
            rate: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(method: &Method, path: &str) -> Place {
        Place::of(method, path).unwrap()
    }

    #[test]
    fn a_request_is_counted_by_route_and_major_parameter() {
        let post = place(&Method::POST, "/api/v10/channels/12/messages");
        assert_eq!(
            (post.route.as_str(), post.major.as_str()),
            ("POST channels/{}/messages", "12")
        );
        let edit = place(&Method::PATCH, "/base/api/v10/channels/12/messages/34");
        assert_eq!(edit.route, "PATCH channels/{}/messages/{}");
        let react = place(
            &Method::PUT,
            "/api/v10/channels/12/messages/34/reactions/%F0%9F%91%80/@me",
        );
        assert_eq!(react.route, "PUT channels/{}/messages/{}/reactions");
        let follow = place(&Method::POST, "/api/v10/webhooks/5/token-6");
        assert_eq!((follow.route.as_str(), follow.overall), ("POST webhooks/{}/{}", false));
        assert_eq!(Place::of(&Method::POST, "/api/v10/interactions/1/token/callback"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn routes_that_name_the_same_bucket_are_held_together_in_one_channel() {
        let buckets = Buckets::new(Pacing::platforms());
        let [post, edit] = [Method::POST, Method::PATCH].map(|method| place(&method, "/api/v10/channels/1/messages"));
        let other = place(&Method::PATCH, "/api/v10/channels/2/messages");
        let named = |empty| Standing {
            bucket: Some("abc".to_owned()),
            empty,
            global: false,
        };
        buckets.learn(&edit, &named(None), None);
        buckets.learn(&post, &named(Some(Duration::from_mins(1))), None);
        for held in [&post, &edit] {
            assert!(buckets.turn(Some(held), Urgency::Reply).await.is_err(), "{held:?}");
        }
        assert!(buckets.turn(Some(&other), Urgency::Reply).await.is_ok());
        let global = Standing {
            global: true,
            ..named(None)
        };
        buckets.learn(&other, &global, Some(Duration::from_mins(1)));
        assert!(buckets.turn(Some(&other), Urgency::Reply).await.is_err());
        assert!(buckets.turn(None, Urgency::Reply).await.is_ok());
    }

    #[test]
    fn headers_tell_how_a_bucket_stands() {
        let mut headers = HeaderMap::new();
        assert_eq!(Standing::read(&headers), Standing::default());
        for (name, value) in [
            ("x-ratelimit-bucket", "abc"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset-after", "1.250"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let standing = Standing::read(&headers);
        assert_eq!(standing.empty, Some(Duration::from_millis(1250)));
        assert_eq!((standing.bucket.as_deref(), standing.global), (Some("abc"), false));
    }
}
