//! Somebody gives their password: what they read when it does not do.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::visit::Visit;
use super::{Site, Stop};
use crate::domain::password::{Password, PasswordError};
use crate::service::passwords::{Proof, Proved};

/// Why they are asked again.
pub(super) struct Refusal {
    status: StatusCode,
    /// What they read at the field.
    pub error: String,
    /// After how many minutes they may try again.
    minutes: Option<i64>,
}

impl Refusal {
    /// The page on which they are asked again, as the answer to a try.
    pub(super) fn on(&self, mut page: Response) -> Response {
        *page.status_mut() = self.status;
        if let Some(minutes) = self.minutes {
            page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(minutes * 60));
        }
        page
    }

    /// A new password that can't be taken.
    pub(super) fn of_choice(visit: &Visit, error: PasswordError) -> Self {
        let (min, max) = (("min", Password::MIN.into()), ("max", Password::MAX.into()));
        let say = |sentence: &str| visit.language.say(sentence, &[]);
        let error = match error {
            PasswordError::TooShort => visit.language.say("web-password-short", &[min]),
            PasswordError::TooLong => visit.language.say("web-password-long", &[max]),
            PasswordError::Common => say("web-password-common"),
            PasswordError::Own => say("web-password-own"),
        };
        Self::plain(error)
    }

    /// There were too many tries: until then.
    pub(super) fn wait(site: &Site, visit: &Visit, until: DateTime<Utc>) -> Self {
        let minutes = site.minutes_until(until);
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            error: visit.language.say("web-wait", &[("minutes", minutes.into())]),
            minutes: Some(minutes),
        }
    }

    /// What is wrong, and can be tried again at once.
    pub(super) fn plain(error: String) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            error,
            minutes: None,
        }
    }
}

/// Tries a password; `wrong` is the sentence for one that is not right.
pub(super) async fn prove(
    site: &Site,
    visit: &Visit,
    (email, typed): (&str, &str),
    wrong: &str,
) -> Result<Result<Proved, Refusal>, Stop> {
    let password = match Password::typed(typed.to_owned()) {
        Ok(password) => password,
        Err(error) => return Ok(Err(Refusal::of_choice(visit, error))),
    };
    Ok(match site.passwords.prove(email, &password, visit.client()).await? {
        Proof::Right(proved) => Ok(proved),
        Proof::Wrong => Err(Refusal::plain(visit.language.say(wrong, &[]))),
        Proof::Wait(until) => Err(Refusal::wait(site, visit, until)),
        Proof::Crowded => return Err(Stop::Crowded),
    })
}
