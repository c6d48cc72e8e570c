//! What goes wrong between us and Telegram, and what that means for a delivery.
//!
//! teloxide knows errors by their exact sentence, and many sentences it doesn't know. So errors are kept as the
//! code and the words that Telegram gave, and recognised by parts of them.

use std::time::Duration;

use crate::domain::obstacle::Obstacle;
use crate::outbox::courier::{DeliveryError, Gone};
use crate::outbox::pacing::wait_asked_for;

/// How long to wait when Telegram asks to wait without saying how long.
const SOME_TIME: Duration = Duration::from_secs(5);

/// Why a call to Telegram failed. Its text carries no address, no token and nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Telegram was not reached, or its answer got lost.
    #[error("Telegram can't be reached: {0}")]
    Network(String),
    /// Its answer is no answer of the Bot API.
    #[error("Telegram's answer (status {0}) can't be read")]
    Garbled(u16),
    /// Too many requests, as Telegram says or as we count.
    #[error("Telegram's limits ask to wait {0:?}")]
    RetryAfter(Duration),
    /// The group has become a supergroup, with another id.
    #[error("the group has another id now")]
    Migrated(i64),
    /// The right to send ended while the request waited for its turn.
    #[error("the right to send ended")]
    NotOurs,
    /// A file that was to be sent is not in our store.
    #[error("a kept file can't be read: {0}")]
    File(String),
    /// It said no.
    #[error("Telegram says {code}: {description}")]
    Refused {
        /// The HTTP status.
        code: u16,
        /// Its words.
        description: String,
    },
}

impl Failure {
    /// From an error body of the Bot API.
    pub(super) fn from_answer(code: u16, description: &str, retry_after: Option<u64>, migrated: Option<i64>) -> Self {
        if code == 429 || retry_after.is_some() {
            let asked = retry_after.map_or(SOME_TIME, Duration::from_secs);
            return Self::RetryAfter(wait_asked_for(asked));
        }
        if let Some(to) = migrated {
            return Self::Migrated(to);
        }
        // What follows a quotation mark is quoted from what we sent.
        let description = description.split('"').next().unwrap_or_default();
        let description = description.chars().take(200).collect();
        Self::Refused { code, description }
    }

    /// Whether Telegram's words contain these, without regard to case.
    pub(super) fn says(&self, words: &str) -> bool {
        matches!(self, Self::Refused { description, .. } if description.to_lowercase().contains(words))
    }

    /// What Telegram's words mean, by the first of these that they contain.
    fn obstacle(&self, meanings: &[(&str, Obstacle)]) -> Option<Obstacle> {
        let meaning = meanings.iter().find(|(words, _)| self.says(words));
        meaning.map(|(_, obstacle)| *obstacle)
    }

    /// Whether updates can't be fetched because they are posted to a webhook.
    pub(super) fn is_webhook_in_the_way(&self) -> bool {
        matches!(self, Self::Refused { code: 409, .. }) && self.says("webhook")
    }

    /// Whether the token is not, or no longer, that of a bot.
    #[must_use]
    pub fn is_bad_token(&self) -> bool {
        matches!(self, Self::Refused { code: 401 | 404, .. })
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // The address holds the token.
        let error = error.without_url();
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        Self::Network(format!("{error}{}", cause.unwrap_or_default()))
    }
}

const PERSON_GONE: [(&str, Obstacle); 7] = [
    ("bot was blocked by the user", Obstacle::Blocked),
    ("user_is_blocked", Obstacle::Blocked),
    ("user is deactivated", Obstacle::AccountGone),
    ("can't send messages to bots", Obstacle::AccountGone),
    ("can't initiate conversation", Obstacle::NotStarted),
    ("can't send messages to the user", Obstacle::NotStarted),
    ("peer_id_invalid", Obstacle::NotStarted),
];
const PLACE_GONE: [(&str, Obstacle); 19] = [
    ("chat not found", Obstacle::Deleted),
    ("thread not found", Obstacle::Deleted),
    ("topic_closed", Obstacle::Deleted),
    ("topic_deleted", Obstacle::Deleted),
    ("topic_id_invalid", Obstacle::Deleted),
    ("topic closed", Obstacle::Deleted),
    ("group is deactivated", Obstacle::Deleted),
    ("chat was upgraded", Obstacle::Deleted),
    ("chat was deleted", Obstacle::Deleted),
    ("chat was deactivated", Obstacle::Deleted),
    ("was kicked", Obstacle::Removed),
    ("is not a member", Obstacle::Removed),
    ("not enough rights", Obstacle::NotAllowed),
    ("have no rights to send", Obstacle::NotAllowed),
    ("chat_write_forbidden", Obstacle::NotAllowed),
    ("chat_restricted", Obstacle::NotAllowed),
    ("chat_admin_required", Obstacle::NotAllowed),
    ("channel_private", Obstacle::NoAccess),
    ("chat is not a forum", Obstacle::NoTopics),
];
const MESSAGE_GONE: [&str; 5] = [
    "message to delete not found",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to react not found",
];

impl From<Failure> for DeliveryError {
    fn from(failure: Failure) -> Self {
        let text = failure.to_string();
        match &failure {
            Failure::RetryAfter(time) => Self::RetryAfter(*time),
            Failure::NotOurs => Self::NotOurs,
            Failure::Network(_) | Failure::Garbled(_) => Self::Transient(text),
            Failure::Migrated(to) => Self::Moved(to.to_string()),
            // A wrong token is mended by the operator; what waits is kept until then.
            Failure::Refused { code, .. } if *code >= 500 || matches!(code, 401 | 404 | 408 | 409) => {
                Self::Transient(text)
            }
            Failure::Refused { code, .. } => {
                if let Some(obstacle) = failure.obstacle(&PERSON_GONE) {
                    Self::Unreachable(Gone::new(obstacle, text))
                } else if let Some(obstacle) = failure.obstacle(&PLACE_GONE) {
                    Self::PlaceGone(Gone::new(obstacle, text))
                } else if MESSAGE_GONE.iter().any(|words| failure.says(words)) {
                    Self::MessageGone(text)
                } else if *code == 403 {
                    Self::PlaceGone(Gone::new(Obstacle::NoAccess, text))
                } else {
                    Self::Refused(text)
                }
            }
            Failure::File(_) => Self::Refused(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Failure;
    use crate::outbox::courier::DeliveryError;
    use crate::outbox::pacing::{LONGEST_WAIT, SHORTEST_WAIT};

    fn kind(code: u16, description: &str) -> &'static str {
        match Failure::from_answer(code, description, None, None).into() {
            DeliveryError::RetryAfter(_) => "wait",
            DeliveryError::Transient(_) => "transient",
            DeliveryError::NotOurs => "not ours",
            DeliveryError::Unreachable(_) => "unreachable",
            DeliveryError::PlaceGone(_) => "place gone",
            DeliveryError::Moved(_) => "moved",
            DeliveryError::MessageGone(_) => "message gone",
            DeliveryError::Refused(_) => "refused",
        }
    }

    #[test]
    fn every_refusal_has_its_meaning() {
        for (code, description, meaning) in [
            (403, "Forbidden: bot was blocked by the user", "unreachable"),
            (403, "Forbidden: user is deactivated", "unreachable"),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
                "unreachable",
            ),
            (400, "Bad Request: PEER_ID_INVALID", "unreachable"),
            (403, "Forbidden: bot was kicked from the supergroup chat", "place gone"),
            (
                403,
                "Forbidden: bot is not a member of the supergroup chat",
                "place gone",
            ),
            (400, "Bad Request: chat not found", "place gone"),
            (400, "Bad Request: message thread not found", "place gone"),
            (400, "Bad Request: TOPIC_CLOSED", "place gone"),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
                "place gone",
            ),
            (403, "Forbidden: something new", "place gone"),
            (400, "Bad Request: message to edit not found", "message gone"),
            (400, "Bad Request: message can't be edited", "message gone"),
            (400, "Bad Request: MESSAGE_ID_INVALID", "message gone"),
            (400, "Bad Request: BUTTON_DATA_INVALID", "refused"),
            (400, "Bad Request: the chat is not a forum", "place gone"),
            (413, "Request Entity Too Large", "refused"),
            (401, "Unauthorized", "transient"),
            (409, "Conflict: terminated by other getUpdates request", "transient"),
            (500, "Internal Server Error", "transient"),
            (502, "Bad Gateway", "transient"),
            (429, "Too Many Requests: retry after 3", "wait"),
        ] {
            assert_eq!(kind(code, description), meaning, "{description}");
        }
    }

    #[test]
    fn the_delay_asked_for_is_kept() {
        for (seconds, wait) in [
            (35, Duration::from_secs(35)),
            (0, SHORTEST_WAIT),
            (u64::MAX, LONGEST_WAIT),
        ] {
            let failure = Failure::from_answer(429, "Too Many Requests", Some(seconds), None);
            assert_eq!(DeliveryError::from(failure), DeliveryError::RetryAfter(wait));
        }
    }

    #[test]
    fn a_group_with_another_id_has_moved_there() {
        let failure = Failure::from_answer(400, "Bad Request: group chat was upgraded", None, Some(-100));
        assert_eq!(DeliveryError::from(failure), DeliveryError::Moved("-100".to_owned()));
    }

    #[test]
    fn nothing_that_we_sent_is_quoted() {
        let said = "Bad Request: can't parse entities: Unsupported start tag \"mot de passe\" at byte offset 2";
        assert!(
            !Failure::from_answer(400, said, None, None)
                .to_string()
                .contains("mot de passe")
        );
    }
}
