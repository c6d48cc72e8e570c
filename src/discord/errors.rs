//! What a request to Discord may come to, and what that means for a delivery.
//!
//! Codes: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>. To give a code a
//! meaning of its own, add it to one of the tables, or to [`Failure::into_delivery`]. No text here carries an address,
//! a token or anything that we sent.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::domain::obstacle::Obstacle;
use crate::outbox::courier::{DeliveryError, Gone};
use crate::outbox::pacing::wait_asked_for;

/// What is waited when Discord asks to wait without saying how long.
const WAIT: Duration = Duration::from_secs(5);
/// What is waited after opening private chats too fast (40003): Discord gives no delay.
const WAIT_TO_OPEN: Duration = Duration::from_mins(1);

/// The codes that mean that a person can't be written to.
const PERSON_GONE: [(u64, Obstacle); 4] = [
    (50007, Obstacle::Closed),
    (50278, Obstacle::NoServer),
    (10013, Obstacle::AccountGone),
    (50033, Obstacle::AccountGone),
];
/// The codes that mean that a channel or a thread can't be written to: unknown, out of sight, without permission, a
/// thread that is archived and stays so, and a forum that requires tags.
const PLACE_GONE: [(u64, Obstacle); 7] = [
    (40067, Obstacle::NeedsTag),
    (10003, Obstacle::Deleted),
    (10004, Obstacle::Removed),
    (50001, Obstacle::NoAccess),
    (50013, Obstacle::NotAllowed),
    (50083, Obstacle::NotAllowed),
    (160_005, Obstacle::NotAllowed),
];

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// 429, or as much by our own count.
    Wait(Duration),
    /// The right to send ended while the request waited for its turn.
    NotOurs,
    /// It may work later.
    Broken(String),
    /// 401: the bot's token is not, or no longer, good.
    BadToken,
    /// Discord refuses.
    Refused {
        /// Discord's code.
        code: u64,
        /// Discord's words.
        message: String,
    },
}

impl Failure {
    /// From what reqwest reports, without the address.
    pub(super) fn from_transport(error: &reqwest::Error) -> Self {
        let what = if error.is_timeout() {
            "Discord did not answer in time"
        } else if error.is_connect() {
            "Discord can't be reached"
        } else {
            "the connection to Discord broke"
        };
        Self::Broken(what.to_owned())
    }

    /// From an answer that is not a success.
    pub(super) fn from_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let code = body["code"].as_u64().unwrap_or_default();
        if status == StatusCode::TOO_MANY_REQUESTS || code == 30046 {
            return Self::Wait(retry_after(&body, headers));
        }
        if status.is_server_error() {
            return Self::Broken(format!("Discord answered {}", status.as_u16()));
        }
        if status == StatusCode::UNAUTHORIZED && code == 0 {
            return Self::BadToken;
        }
        let said = body["message"].as_str().unwrap_or("without a word");
        let mut message: String = said.chars().take(200).collect();
        let mut faults = Vec::new();
        list_faults(&body["errors"], "", &mut faults);
        if !faults.is_empty() {
            message = format!("{message} ({})", faults.join(", "));
        }
        if code == 0 {
            message = format!("{message} (status {})", status.as_u16());
        }
        Self::Refused { code, message }
    }

    /// Whether Discord refused with this code.
    pub(super) fn is(&self, wanted: u64) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == wanted)
    }

    /// How long Discord wants nothing more of this kind.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Wait(delay) => Some(*delay),
            Self::Refused { code: 40003, .. } => Some(WAIT_TO_OPEN),
            _ => None,
        }
    }

    /// Whether an interaction can no longer be answered: three seconds or fifteen minutes are over.
    pub(super) fn is_too_late(&self) -> bool {
        self.is(10062) || self.is(10015) || self.is(50027)
    }

    /// What it means for a delivery.
    pub(super) fn into_delivery(self) -> DeliveryError {
        let (code, message) = match self {
            Self::Wait(delay) => return DeliveryError::RetryAfter(delay),
            Self::NotOurs => return DeliveryError::NotOurs,
            Self::Broken(what) => return DeliveryError::Transient(what),
            // What waits is kept until somebody sets a good token.
            Self::BadToken => return DeliveryError::Transient("Discord refuses the bot's token".to_owned()),
            Self::Refused { code, message } => (code, message),
        };
        let told = format!("{code} {message}");
        if let Some((_, obstacle)) = PERSON_GONE.iter().find(|(known, _)| *known == code) {
            return DeliveryError::Unreachable(Gone::new(*obstacle, told));
        }
        if let Some((_, obstacle)) = PLACE_GONE.iter().find(|(known, _)| *known == code) {
            return DeliveryError::PlaceGone(Gone::new(*obstacle, told));
        }
        match code {
            40003 => DeliveryError::RetryAfter(WAIT_TO_OPEN),
            // As many active threads as a server may have: some end by themselves.
            160_006 => DeliveryError::Transient(told),
            10008 => DeliveryError::MessageGone(told),
            _ => DeliveryError::Refused(told),
        }
    }
}

fn retry_after(body: &Value, headers: &HeaderMap) -> Duration {
    let header = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    body["retry_after"]
        .as_f64()
        .or_else(|| header("retry-after"))
        .or_else(|| header("x-ratelimit-reset-after"))
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .map_or(WAIT, wait_asked_for)
}

/// Lists the faults of an invalid form body as `path: CODE`: neither holds what we sent.
fn list_faults(errors: &Value, path: &str, faults: &mut Vec<String>) {
    let Some(fields) = errors.as_object() else { return };
    for (name, inner) in fields {
        if faults.len() >= 5 {
            return;
        }
        if name == "_errors" {
            let codes = inner.as_array().into_iter().flatten();
            faults.extend(codes.filter_map(|fault| Some(format!("{path}: {}", fault["code"].as_str()?))));
        } else if path.is_empty() {
            list_faults(inner, name, faults);
        } else {
            list_faults(inner, &format!("{path}.{name}"), faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::pacing::{LONGEST_WAIT, SHORTEST_WAIT};

    fn answered(status: u16, body: &str) -> DeliveryError {
        let status = StatusCode::from_u16(status).unwrap();
        Failure::from_answer(status, &HeaderMap::new(), body.as_bytes()).into_delivery()
    }

    #[test]
    fn a_wait_is_as_long_as_discord_asks() {
        let asked = answered(429, r#"{"message":"limited","retry_after":1.5,"global":false}"#);
        assert_eq!(asked, DeliveryError::RetryAfter(Duration::from_millis(1500)));
        assert_eq!(answered(429, "<html>"), DeliveryError::RetryAfter(WAIT));
        assert_eq!(answered(429, r#"{"retry_after":-1}"#), DeliveryError::RetryAfter(WAIT));
        let centuries = answered(429, r#"{"retry_after":1e12}"#);
        assert_eq!(centuries, DeliveryError::RetryAfter(LONGEST_WAIT));
        let asked = answered(429, r#"{"retry_after":0.3}"#);
        assert_eq!(asked, DeliveryError::RetryAfter(Duration::from_millis(300)));
        for none in ["0", "0.001"] {
            let asked = answered(429, &format!(r#"{{"retry_after":{none}}}"#));
            assert_eq!(asked, DeliveryError::RetryAfter(SHORTEST_WAIT), "{none}");
        }
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().unwrap());
        let banned = Failure::from_answer(StatusCode::TOO_MANY_REQUESTS, &headers, b"error code: 1015");
        assert_eq!(banned, Failure::Wait(Duration::from_secs(7)));
    }

    #[test]
    fn codes_have_their_meaning() {
        let refused = |code: u64| answered(403, &format!(r#"{{"code":{code},"message":"no"}}"#));
        for code in [50007, 50278, 10013] {
            assert!(matches!(refused(code), DeliveryError::Unreachable(_)), "{code}");
        }
        for code in [10003, 50001, 50013, 50083] {
            assert!(matches!(refused(code), DeliveryError::PlaceGone(_)), "{code}");
        }
        assert!(matches!(refused(10008), DeliveryError::MessageGone(_)));
        assert!(matches!(refused(50006), DeliveryError::Refused(_)));
        assert!(matches!(refused(40003), DeliveryError::RetryAfter(_)));
    }

    #[test]
    fn outages_and_a_bad_token_are_waited_out() {
        assert!(matches!(
            answered(503, "<html>upstream</html>"),
            DeliveryError::Transient(_)
        ));
        let unauthorized = answered(401, r#"{"code":0,"message":"401: Unauthorized"}"#);
        assert!(matches!(unauthorized, DeliveryError::Transient(_)));
        let expired = Failure::from_answer(
            StatusCode::UNAUTHORIZED,
            &HeaderMap::new(),
            br#"{"code":50027,"message":"Invalid Webhook Token"}"#,
        );
        assert!(expired.is_too_late());
    }

    #[test]
    fn an_invalid_body_is_told_by_path_and_code_only() {
        let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"components":{"0":{"_errors":
            [{"code":"BASE_TYPE_BAD_LENGTH","message":"secret words"}]}}}}"#;
        let told = answered(400, body).to_string();
        assert!(told.contains("components.0: BASE_TYPE_BAD_LENGTH"), "{told}");
        assert!(!told.contains("secret"), "{told}");
    }
}
